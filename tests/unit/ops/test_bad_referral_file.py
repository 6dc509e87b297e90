"""A referral file that cannot be sent: exit code 2, the places and what each takes, never what is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ops.cli import app
from tests.support.bad_shapes import TEXT, WORDS

SOUND: dict[str, Any] = {
    "referral_id": "R-1",
    "source": "first_response",
    "category": "child_protection",
    "made_at": "2012-03-05T09:00:00Z",
    "authority": "staffordshire",
    "people": [{"person_id": "p1", "part": "child", "date_of_birth": "2005-04-01"}],
    "concern": TEXT,
}


def ended_badly(tmp_path: Path, text: str) -> str:
    """What is said on standard error when this file is to be sent."""
    file = tmp_path / "referral.json"
    file.write_text(text)
    ended = CliRunner().invoke(app, ["refer", str(file), "--data", str(tmp_path)])
    assert ended.exit_code == 2
    assert ended.stdout == ""
    assert WORDS.found_in(ended.output.encode()) == set()
    return ended.stderr


@pytest.mark.parametrize("date", [pytest.param(TEXT, id="a remark"), "2005-02-30", "01/04/2005"])
def test_a_bad_date_of_birth_is_named_by_its_place(tmp_path: Path, date: str) -> None:
    people = [{"person_id": "p1", "part": "child", "date_of_birth": date}]
    said = ended_badly(tmp_path, json.dumps({**SOUND, "people": people}))
    assert "people.0.date_of_birth: must be a date, YYYY-MM-DD" in said
    assert date not in said


@pytest.mark.parametrize(
    "moment", [pytest.param(TEXT, id="a remark"), "2012-03-05", "2012-03-05T09:00:00", 1330938000]
)
def test_a_bad_moment_is_named_by_its_place(tmp_path: Path, moment: object) -> None:
    assert "made_at: " in ended_badly(tmp_path, json.dumps({**SOUND, "made_at": moment}))


@pytest.mark.parametrize("field", ["referral_id", "source", "category", "people", "concern"])
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    without = {name: value for name, value in SOUND.items() if name != field}
    assert f"{field}: is missing; add it" in ended_badly(tmp_path, json.dumps(without))


def test_an_unknown_source_is_answered_with_those_that_there_are(tmp_path: Path) -> None:
    assert "first_response" in ended_badly(tmp_path, json.dumps({**SOUND, "source": "circus"}))


def test_what_is_no_json_is_said_to_be_none(tmp_path: Path) -> None:
    assert "not_json" in ended_badly(tmp_path, f"no JSON, but {TEXT}")


def test_a_key_given_twice_is_refused(tmp_path: Path) -> None:
    assert "duplicate_key" in ended_badly(tmp_path, '{"source": "a", "source": "b"}')
