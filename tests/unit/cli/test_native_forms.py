"""``mash refer --source``: a source's own form, sent whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command_line import Mash

AS = "CSS-PR-01@csc_staffordshire"
FORMS = Path("ops/demo/world/forms").absolute()


def nothing_sent() -> bool:
    return not [file for file in Path("mash-data").rglob("*") if "box" in file.parent.name and file.is_file()]


def test_a_form_that_is_wrong_ends_with_exit_2_and_nothing_is_sent_or_kept(mash: Mash) -> None:
    mash("provision")
    filled = json.loads((FORMS / "first_response.json").read_text("utf-8"))
    filled["Contact received"] = "at Zebulon's"
    result = mash("refer", "-", "--source", "first_response", given=json.dumps(filled))
    assert result.exit_code == 2 and "Contact received: must be a date and time" in result.stderr
    assert "Zebulon" not in result.stderr and nothing_sent()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--source", "nobody"), "--source: must be one that has a form: emergency_duty, first_response"),
        (("--document", "ap1.pdf"), "add --source"),
        (("--complete", "authority=stoke"), "add --source"),
        (("--source", "first_response", "--complete", "authority", "--as", AS), "takes NAME=VALUE"),
        (("--source", "first_response", "--complete", "authority=stoke"), "--complete and --as go together"),
        (
            ("--source", "first_response", "--complete", "authority=stoke", "--as", "x"),
            "--as: must be PERSON",
        ),
        (("--source", "first_response", "--document", "not-there.pdf"), "no such file: not-there.pdf"),
    ],
)
def test_wrong_usage_is_told_and_ends_with_exit_2(mash: Mash, words: tuple[str, ...], told: str) -> None:
    result = mash("refer", str(FORMS / "first_response.json"), *words)
    assert result.exit_code == 2 and told in result.stderr and nothing_sent()


def test_a_form_dated_in_the_future_is_told_in_its_own_words(mash: Mash) -> None:
    filled = json.loads((FORMS / "first_response.json").read_text("utf-8"))
    filled["Contact received"] = "23/11/2099 09:15"
    result = mash("refer", "-", "--source", "first_response", given=json.dumps(filled))
    assert result.exit_code == 2 and "Contact received: is later than the clock here" in result.stderr


def test_a_form_waits_for_a_hub_that_does_not_run(mash: Mash) -> None:
    mash("provision")
    form = str(FORMS / "emergency_duty.json")
    words = ("--source", "emergency_duty", "--complete", "authority=stoke", "--as", AS, "--wait", "0")
    result = mash("refer", form, *words)
    assert result.exit_code == 0 and result.stdout.startswith("C-") and not nothing_sent()
