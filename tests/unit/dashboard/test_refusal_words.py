"""What the contract and the hub refuse, in words that people read."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

import agents.coordinator
from messages.refusal import PROBLEMS
from messages.words import Code, Id, Sha256
from ops.dashboard.refusal_words import problem_in_words, remedy_in_words
from ops.dashboard.tasks.asking import as_code
from tests.support.whole_hub import PARTNERSHIP

MACHINE_WORDS = ("schema", "quotation", "JSON", "{", "[", "UTC", "_", " id ")


class Asked(BaseModel):
    code: Code = "a"
    id: Id = "a"
    digest: Sha256 = "0" * 64


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"code": "2 visits"}, "begin with a letter"),
        ({"id": "no spaces"}, "without spaces"),
        ({"digest": "x"}, "enter 64 characters"),
    ],
)
def test_what_form_an_answer_takes_is_said_in_plain_words(said: dict[str, str], told: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        Asked.model_validate(said)
    (error,) = wrong.value.errors()
    assert told in problem_in_words(error)


@pytest.mark.parametrize("kind", sorted(set(PROBLEMS) - {"place_unknown", "not_sealed", "json_invalid"}))
def test_no_problem_that_a_person_is_told_speaks_of_messages(kind: str) -> None:
    told = problem_in_words({"type": kind, "loc": (), "msg": "", "input": None})
    assert not [word for word in MACHINE_WORDS if word in told], told


@pytest.mark.parametrize(
    ("remedy", "told"),
    [
        (
            "The panel needs one of csc_staffordshire: assistant_director_children.",
            "The panel needs one of Children’s Social Care, Staffordshire: assistant director children.",
        ),
        (
            "Nothing is decided without: senior_practitioner of csc_stoke.",
            "Nothing is decided without: senior practitioner of Children’s Social Care, Stoke-on-Trent.",
        ),
        ("Say why it is withheld (reason).", "Say why it is withheld."),
        ("Say it anew first (concern.sanitised).", "Say it anew first."),
        ("Has to be trained first (trained_until in staff.toml).", "Has to be trained first."),
        (
            "This repeats: C-ABC/primary_care/fb45_e of primary_care.",
            "This repeats: C-ABC/primary_care/fb45_e of Primary Health Care.",
        ),
        ("Use the checklist in force, complex-2012_a.", "Use the checklist in force, complex-2012_a."),
    ],
)
def test_a_refusal_names_agencies_and_roles_as_people_do_and_ids_as_they_are(remedy: str, told: str) -> None:
    assert remedy_in_words(remedy, PARTNERSHIP).replace("'", "’") == told


def _literals() -> list[str]:
    """Every text that a refusal of the coordinator is written with."""
    (folder,) = agents.coordinator.__path__
    calls = [
        node
        for file in sorted(Path(folder).glob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused"
    ]
    texts = [call.args[1] for call in calls if len(call.args) > 1]
    return [part.value for one in texts for part in ast.walk(one) if _is_text(part)]  # type: ignore[attr-defined]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_no_refusal_of_the_hub_shows_people_the_name_of_a_field_or_message() -> None:
    texts = _literals()
    assert len(texts) > 100
    told = [remedy_in_words(text, PARTNERSHIP) for text in texts]
    assert [text for text in told if "_" in text or ".toml" in text] == []


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Home visit", "home_visit"),
        ("Visit the home & check <i>", "visit_the_home_check_i"),
        ("school_history", "school_history"),
        ("Follow-up, at once.", "follow_up_at_once"),
        ("café", "cafe"),
    ],
)
def test_plain_words_are_taken_as_they_are_typed(written: str, code: str) -> None:
    assert as_code(written) == code
