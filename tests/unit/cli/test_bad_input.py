"""A file that cannot be used ends with exit code 2, the places in it, and what to do; never with content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import PRACTITIONER, Mash, as_text, referral

SECRET = "token-77aa"
RATIONALE = {"reason": f"because {SECRET}", "proportionality": "the least"}


def child(**changes: Any) -> dict[str, Any]:
    return {"person_id": "p1", "part": "child", "given_name": "Zebedee", **changes}


@pytest.mark.parametrize(
    ("form", "place", "takes"),
    [
        (referral(category="arson"), "category", "adult_protection"),
        (referral(source="the_pub"), "source", "first_response"),
        (referral(authority="atlantis"), "authority", "must be one of staffordshire, stoke"),
        (
            referral(earlier_authorities=["stoke", "atlantis"]),
            "earlier_authorities.1",
            "one of staffordshire",
        ),
        (referral(made_at="9999-03-02T09:00:00Z"), "made_at", "later than the clock here"),
        (referral(made_at="yesterday"), "made_at", "ISO 8601"),
        (referral(made_at="2026-03-02T09:00:00"), "made_at", "offset"),
        (referral(people=[child(date_of_birth="31/02/2015")]), "people.0.date_of_birth", "YYYY-MM-DD"),
        (referral(people=[]), "people", "at least one"),
        (referral(people=[child(), child()]), "people", "person_id of their own"),
        (referral(people=[child(part="hero")]), "people.0.part", "parent_or_carer"),
        (referral(people=[child(colour="blue")]), "people.0.colour", "no field"),
        (referral(concern=""), "concern", "empty"),
        (referral(concern=5), "concern", "text"),
        (referral(routine="yes"), "routine", "true or false"),
        ({k: v for k, v in referral().items() if k != "authority"}, "authority", "missing"),
    ],
)
def test_a_bad_referral_names_the_field_and_what_it_takes(
    mash: Mash, form: dict[str, Any], place: str, takes: str
) -> None:
    result = mash("refer", "-", given=as_text(form))

    assert result.exit_code == 2
    line = next(line for line in result.stderr.splitlines() if place in line)
    assert takes in line
    assert SECRET not in result.output
    assert "Zebedee" not in result.output


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "[1]",
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        "[" * 500 + "]" * 500,
        '{"a": "' + "x" * 300_000 + '"}',
    ],
    ids=["no json", "no object", "twice", "nan", "deep", "300 KB"],
)
def test_what_is_no_message_is_wrong_input(mash: Mash, text: str) -> None:
    result = mash("refer", "-", given=text)

    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert len(result.stderr) < 500


def test_a_key_that_is_no_name_is_not_repeated(mash: Mash) -> None:
    result = mash("refer", "-", given=as_text(referral(**{"Zebedee Quillfeather, 4 High Street": 1})))

    assert result.exit_code == 2
    assert "Quillfeather" not in result.output


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("hello", "line 1, column 1)"),
        ('{"concern": "token-77aa",\n "source" 5}', "line 2, column 11)"),
        ('{"concern": "token-77aa \\q"}', "line 1, column 25)"),
        ("", "line 1, column 1)"),
        ("[1]", "(not_json)"),
        ('{"a": ' + "9" * 5000 + "}", "(not_json)"),
    ],
    ids=["no json", "second line", "escape", "empty", "a list", "a long number"],
)
def test_json_that_does_not_parse_is_said_by_line_and_column_without_its_text(
    mash: Mash, text: str, place: str
) -> None:
    result = mash("refer", "-", given=text)

    assert result.exit_code == 2
    assert place in result.stderr
    assert SECRET not in result.output
    assert "\\q" not in result.output


def test_a_text_that_is_no_utf_8_is_said_by_line_and_column(mash: Mash) -> None:
    Path("form.json").write_bytes('{"category": "é",\n "concern": "'.encode() + b"caf\xe9")

    assert "(not_json at line 2, column 17)" in mash("decide", "form.json").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("refer", "nowhere.json"), "no such file: nowhere.json"),
        (("decide", "nowhere.json"), "no such file: nowhere.json"),
        (("settings", "--config", "nowhere.toml"), "no such file: nowhere.toml"),
        (("refer", "."), ".: cannot be read: Is a directory"),
    ],
    ids=" ".join,
)
def test_a_file_that_cannot_be_read_is_named_in_plain_words(
    mash: Mash, words: tuple[str, ...], said: str
) -> None:
    result = mash(*words)

    assert result.exit_code == 2
    assert said in result.stderr
    assert "Error" not in result.stderr


def test_a_folder_that_cannot_be_used_is_named_in_plain_words(mash: Mash) -> None:
    Path("taken").touch()

    result = mash("contract", "schemas", "--out", "taken")

    assert (result.exit_code, result.stderr) == (1, "mash: taken/schemas: Not a directory\n")


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        ("POL-SGT-01", "a person on the register"),
        ("@police", "a person on the register"),
        ("POL-SGT-01@", "a person on the register"),
        ("POL-SGT-01@circus", "circus is none of the agencies accident_and_emergency, "),
    ],
)
def test_a_reader_who_is_nobody_is_told_how_a_reader_is_given(mash: Mash, reader: str, said: str) -> None:
    result = mash("package", "C-1", "--as", reader, "--purpose", "safeguarding_children")

    assert result.exit_code == 2
    assert "--as takes PERSON@AGENCY, such as POL-SGT-01@police" in result.stderr
    assert said in result.stderr


def test_a_file_in_another_encoding_is_wrong_input(mash: Mash) -> None:
    Path("form.json").write_bytes(as_text(referral(concern="caf\u00e9")).encode("utf-16"))

    assert mash("refer", "form.json").exit_code == 2


@pytest.mark.parametrize(
    ("decision", "place"),
    [
        ({"case": "C-1", "data": {}}, "type"),
        ({"type": "risk.rated.v1", "data": {}}, "case"),
        ({"type": "risk.rated.v1", "case": "C-1", "data": {}, "more": 1}, "more"),
        ({"type": "risk.guessed.v1", "case": "C-1", "data": {}}, "type"),
        ({"type": "package.issued.v1", "case": "C-1", "data": {}}, "type"),
        ({"type": "package.acknowledged.v1", "case": "C-1", "data": {}}, "sender"),
        ({"type": "risk.rated.v1", "case": "C-1", "data": {}, "sender": "team.nobody"}, "sender"),
        ({"type": "risk.rated.v1", "case": "C-1", "data": {"by": PRACTITIONER, "rag": "green"}}, "data.rag"),
    ],
)
def test_a_bad_decision_names_the_field(mash: Mash, decision: dict[str, Any], place: str) -> None:
    result = mash("decide", "-", given=as_text(decision))

    assert result.exit_code == 2
    assert place in result.stderr


def test_only_a_field_that_may_be_left_out_is_said_to_be_one(mash: Mash) -> None:
    blank = referral(
        concern=" ",
        people=[child(given_name="", also_known_as=[" "], identifiers=[{"scheme": "nhs", "value": ""}])],
        section_47_belief={"by": PRACTITIONER, "why": ""},
    )

    said = mash("refer", "-", given=as_text(blank)).stderr.splitlines()

    empty = "must not be empty or blank; fill it in"
    assert [line.strip() for line in said[1:]] == [
        f"people.0.given_name: {empty} or leave it out",
        f"people.0.also_known_as.0: {empty} or leave it out",
        f"people.0.identifiers.0.value: {empty}",
        f"concern: {empty}",
        f"section_47_belief.why: {empty}",
    ]


def test_the_words_that_a_field_takes_are_listed_and_no_names_of_the_code(mash: Mash) -> None:
    data = {"request_id": "R", "agency": "police", "state": "outstanding"}

    said = mash(
        "decide", "-", given=as_text({"type": "check.answered.v1", "case": "C-1", "data": data})
    ).stderr

    assert "data.state: must be one of 'found', 'nothing_found', 'nothing_relevant', " in said
    assert "AnswerState" not in said


def test_a_list_with_a_wrong_entry_is_not_called_empty(mash: Mash) -> None:
    def said(*decisions: Any) -> str:
        data = {"by": PRACTITIONER, "discussion_id": "D-1", "decisions": decisions}
        given = as_text({"type": "disclosure.decided.v1", "case": "C-1", "data": data})
        return str(mash("decide", "-", given=given).stderr)

    wrong = said({"element_id": "E-1", "choice": "reveal"})

    assert "data.decisions.0.choice: must be an object" in wrong
    assert "at least one" not in wrong
    assert "data.decisions: needs at least one entry" in said()


def test_a_key_that_no_decision_has_is_named_in_words(mash: Mash) -> None:
    given = as_text({"type": "risk.rated.v1", "case": "C-1", "data": {}, "more": 1})

    assert "  more: no such key; correct the spelling" in mash("decide", "-", given=given).stderr


def test_a_wrong_type_is_answered_with_what_staff_say_and_apart_from_it_what_others_say(mash: Mash) -> None:
    given = as_text({"type": "risk.guessed.v1", "case": "C-1", "data": {}})

    staff, _, others = mash("decide", "-", given=given).stderr.partition("; nor, ")

    assert "risk.rated.v1" in staff
    assert "record.acknowledged.v1" not in staff
    assert "package.acknowledged.v1" not in staff
    assert "package.acknowledged.v1" in others


def test_a_decision_where_there_is_no_hub_fails(mash: Mash) -> None:
    data = {"by": PRACTITIONER, "rag": "red", "rationale": RATIONALE}

    result = mash("decide", "-", given=as_text({"type": "risk.rated.v1", "case": "C-1", "data": data}))

    assert result.exit_code == 1
    assert "there is no hub" in result.stderr
    assert SECRET not in result.output


@pytest.mark.parametrize(
    "words",
    [
        ("worker", "the_pub", "--broker", "amqp://agency.the_pub:x@nowhere/"),
        ("worker", "police", "--broker", "amqp://agency.police:x@nowhere/"),
        ("worker", "police", "--partnership", "atlantis"),
        ("package", "C-1", "--as", "POL-SGT-01@police", "--purpose", "curiosity"),
        ("package", "C-1"),
        ("provision", "--definitions", "x.json"),
        ("demo", "--broker", "amqp://a:b@nowhere/"),
        ("case",),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(mash: Mash, words: tuple[str, ...]) -> None:
    result = mash(*words)

    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "words",
    [
        ("cases",),
        ("case", "C-1"),
        ("watch", "C-1"),
        ("audit", "verify"),
        ("quarantine", "show", "m-1"),
        ("coordinator", "--broker", "amqp://hub:x@nowhere/"),
        ("doctor",),
        ("contract", "check", "--committed", "nowhere"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_ends_with_1_and_a_clear_line(mash: Mash, words: tuple[str, ...]) -> None:
    result = mash(*words)

    assert result.exit_code == 1
    assert result.stderr.startswith("mash: ")
    assert "should not have happened" not in result.stderr


def test_a_broken_command_says_so_in_one_line_without_the_text_of_the_error(
    mash: Mash, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError(f"choked on {SECRET}")

    monkeypatch.setattr("ops.cli.show_settings.shown", broken)

    result = mash("settings")

    assert result.exit_code == 1
    assert "RuntimeError" in result.stderr
    assert SECRET not in result.output


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"\xef\xbb\xbf{}", "byte-order mark"),
        ('{"a": 1}'.encode("utf-16"), "byte-order mark"),
        ("{\u201ctype\u201d: \u201ctoken-77aa\u201d}".encode(), "curly quotation marks"),
    ],
    ids=["utf-8 mark", "utf-16 mark", "curly quotes"],
)
def test_what_an_editor_did_to_a_file_is_named(mash: Mash, body: bytes, why: str) -> None:
    Path("decision.json").write_bytes(body)
    result = mash("decide", "decision.json")
    assert result.exit_code == 2
    assert why in result.stderr
    assert SECRET not in result.output


def test_curly_quotes_are_not_blamed_for_another_slip(mash: Mash) -> None:
    assert "curly" not in mash("decide", "-", given='{"a": "\u201cso\u201d" 5}').stderr


@pytest.mark.parametrize("said", ["threshold.decided", "mash.threshold.decided"])
def test_a_type_without_its_version_is_told_the_one_meant(mash: Mash, said: str) -> None:
    given = f'{{"type": "{said}", "case": "C-1", "data": {{}}}}'
    assert "did you mean threshold.decided.v1?" in mash("decide", "-", given=given).stderr


def test_what_is_wrong_with_a_message_as_a_whole_is_said_of_its_data(mash: Mash) -> None:
    given = (
        '{"type": "disclosure.decided.v1", "case": "C-1", "data": {"discussion_id": "D-1", "decisions": '
        '[{"element_id": "e1", "choice": {"choice": "withhold", "reason": "an operation"}}]}}'
    )
    result = mash("decide", "-", given=given)
    assert "data: give either by, a person, or rule" in result.stderr
