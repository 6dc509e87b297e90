"""``mash intake``: a day's DIALs and missing reports, taken whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from messages.dial import DialReceived
from messages.missing import MissingReported
from messages.words import Part
from ops.intake_files import read_batch
from ops.problem import WrongInput
from tests.support.command_line import Mash

DIALS = Path("ops/demo/world/batches/dials.csv").read_bytes()
MISSING = Path("ops/demo/world/batches/missing.csv").read_bytes()
AUTHORITIES = ("staffordshire", "stoke")


def dials(text: bytes) -> list[DialReceived]:
    read = read_batch(text, "dials", "police_cru", AUTHORITIES, is_csv=True)
    assert all(isinstance(one, DialReceived) for one in read)
    return [one for one in read if isinstance(one, DialReceived)]


def problems(text: bytes, kind: str = "dials", *, is_csv: bool = True) -> str:
    with pytest.raises(WrongInput) as wrong:
        read_batch(text, kind, "police_cru", AUTHORITIES, is_csv=is_csv)
    return str(wrong.value) + " ".join(wrong.value.places)


def test_rows_of_one_id_are_one_dial_with_its_people() -> None:
    first, second = dials(DIALS)
    assert [p.part for p in first.people] == [Part.CHILD, Part.PARENT_OR_CARER]
    assert first.at_the_scene is not None and first.at_the_scene.officer == "PC-1"
    assert first.children_of == ("staffordshire",) and not first.adult_at_risk
    assert second.adult_at_risk and second.at_the_scene is None and second.children_of == ()


def test_a_dial_is_kept_as_its_rows_came_a13() -> None:
    text = DIALS.decode()
    header, rows = text.splitlines(keepends=True)[0], text.splitlines(keepends=True)[1:]
    forms = [dial.form for dial in dials(DIALS)]
    assert [(f.form, f.media_type) for f in forms if f] == [("dial", "text/csv")] * 2
    assert [f.document.reveal() for f in forms if f] == [header + "".join(rows[:2]), header + rows[2]]


def test_a_row_of_several_lines_is_kept_as_it_came_a13() -> None:
    header, first = DIALS.splitlines(keepends=True)[:2]
    account = next(d.account.reveal() for d in dials(DIALS)).encode()
    row = first.replace(account, b'"shouting\n""again"""').replace(b"\n", b"\r\n")
    (one,) = dials(header + row)
    assert one.account.reveal() == 'shouting\r\n"again"' and one.form is not None
    assert one.form.document.reveal().encode() == header + row


def test_each_missing_report_is_an_entry() -> None:
    read = read_batch(MISSING, "missing", "police_cru", AUTHORITIES, is_csv=True)
    assert [one.person_ref for one in read if isinstance(one, MissingReported)] == ["MP-7"] * 6 + ["MP-8"]


def test_json_is_one_entry_or_a_list_of_them() -> None:
    entry = {
        "report_id": "MR-1",
        "person_ref": "MP-1",
        "reported_at": "2026-11-20T23:15:00Z",
        "authority": "stoke",
        "circumstances": "not home",
        "person": {"person_id": "p1", "part": "child"},
    }
    for said in (entry, {"entries": [entry]}):
        (read,) = read_batch(json.dumps(said).encode(), "missing", "police_cru", AUTHORITIES, is_csv=False)
        assert read.authority == "stoke"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b",no,", b",perhaps,", "line 2: adult_at_risk: must be yes or no"),
        (b"no,Shouting", b"yes,Shouting", "line 3: adult_at_risk: differs from an earlier row of the same"),
        (b"staffordshire,no,Sh", b"stoke,no,Sh", "line 3: children_of: differs from an earlier row"),
        (b",Neighbour heard a fall,", b",,", "line 4: account: is empty; fill it in"),
        (b"1985-04-01", b"spring", "line 3: date_of_birth: must be a date"),
        (b",stoke,,yes,Neighbour heard a fall,vul", b",crewe,,yes,,daughter,vul", "fewer fields"),
        (b",vulnerable_adult,", b",child,", "line 4: part: a child is among the people: give"),
        (b"2026-11-22T23:10:00Z", b"last night", "line 4: incident_at"),
        (b",stoke,,yes", b",crewe,,yes", "line 4: authority: must be one of staffordshire, stoke"),
        (b",child,Ann", b",daughter,Ann", "line 2: part"),
        (b"2015-04-01", b"April", "line 2: date_of_birth: must be a date"),
        (b"account,part", b"account,colour", "columns are missing: part"),
        (b"family_name,date", b"family_name,colour,date", "no such column: number 10"),
        (b"Taken to a sister", b"Taken to a sister,and more", "line 2: has more or fewer fields"),
        (b"Neighbour heard", b"\xff\xfe heard", "CSV in UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_nothing_of_it(old: bytes, new: bytes, told: str) -> None:
    assert old in DIALS
    said = problems(DIALS.replace(old, new, 1))
    assert told in said
    assert "perhaps" not in said and "crewe" not in said and "daughter" not in said


def test_two_reports_of_one_id_are_two_entries_i09() -> None:
    """The hub says of the second that it is known, if it is about the same child; nobody drops it unseen."""
    text = MISSING.replace(b"MR-107", b"MR-106")
    read = read_batch(text, "missing", "police_cru", AUTHORITIES, is_csv=True)
    assert [one.person_ref for one in read if isinstance(one, MissingReported)] == ["MP-7"] * 6 + ["MP-8"]


def test_what_a_later_row_says_of_a_dial_is_not_dropped_h10() -> None:
    header, first, second, *_ = DIALS.splitlines(keepends=True)
    (one,) = dials(header + first.replace(b",no,", b",,") + second.replace(b",no,", b",yes,"))
    assert one.adult_at_risk


def test_an_authority_that_is_wrong_is_told_with_everything_else_that_is() -> None:
    wrong = DIALS.replace(b",stoke,,yes,Neighbour heard a fall", b",crewe,,yes,")
    said = problems(wrong)
    assert "line 4: authority: must be one of" in said and "line 4: account: is empty" in said


@pytest.mark.parametrize("text", [b"", b"[]", b'{"entries": 5}', b'{"entries": [5]}', b"{"])
def test_what_is_no_batch_is_wrong_input(text: bytes) -> None:
    assert problems(text, is_csv=False)


def test_nothing_is_sent_while_anything_is_wrong(mash: Mash, tmp_path: Path) -> None:
    mash("provision")
    file = tmp_path / "dials.csv"
    file.write_bytes(DIALS.replace(b",no,", b",perhaps,", 1))
    result = mash("intake", str(file), "--kind", "dials")
    assert result.exit_code == 2 and "nothing was sent" in result.stderr
    assert not list(Path("mash-data").rglob("inbox/*"))


@pytest.mark.parametrize("wrong", [("--kind", "incidents"), ("--kind", "dials", "--source", "nobody")])
def test_a_kind_or_source_that_is_none_is_wrong_usage(mash: Mash, wrong: tuple[str, ...]) -> None:
    result = mash("intake", "-", *wrong, given="{}")
    assert result.exit_code == 2 and "must be one of" in result.stderr


def test_a_round_that_is_none_is_wrong_usage(mash: Mash) -> None:
    result = mash("rounds", "tea_break")
    assert result.exit_code == 2 and "no such round" in result.stderr
