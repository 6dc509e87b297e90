"""`mash cases` takes only words that a case can have, and lists them when one is wrong."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

import pytest

import store.connect
from agents.coordinator import needs
from ops.case_filter import case_filter
from tests.support.command_line import Mash
from tests.support.procedure import PARTNERSHIP

_STAGE = re.compile(r'"([a-z]+)"')
_NEED = re.compile(r'yield (?:from \()?f?"([a-z_0-9]+)')


@pytest.fixture
async def empty_hub() -> None:
    """The store of a hub that has no case yet."""
    opened = store.connect.connect(f"sqlite:///{Path('mash-data') / 'store'}", agent="coordinator")
    await opened.provision()
    await opened.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--stage", "bogus"),
            "--stage takes one of threshold, rating, direction, checks, disclosure, pathway, agreement, ",
        ),
        (("--stage", ""), "--stage takes one of threshold"),
        (("--rag", "RED"), "--rag takes one of red, amber, blue"),
        (("--needs", "bogus"), "--needs takes one of threshold, belief, rating, direction, answer:AGENCY, "),
        (("--needs", "bogus:police"), "record:AGENCY"),
        (("--needs", "rating:police"), "--needs takes one of threshold"),
        (("--needs", "owner"), "--needs takes one of owner:accident_and_emergency, "),
        (("--needs", "owner:educatoin"), "owner:education"),
        (("--needs", "acknowledge:police"), "acknowledge:police_child_abuse_investigation"),
        (("--needs", "panel:"), "--needs panel:DISPUTE takes the id of a dispute"),
        (("--needs", "adult_threshold:health"), "adult_threshold:social_care, adult_threshold:police"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_word_that_no_case_has_is_answered_with_those_that_there_are(
    mash: Mash, words: tuple[str, ...], said: str
) -> None:
    result = mash("cases", *words)

    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "words",
    [("--stage", "closed"), ("--rag", "blue"), ("--needs", "owner:education"), ("--needs", "panel:D-1")],
)
def test_where_no_case_fits_this_is_said(mash: Mash, empty_hub: None, words: tuple[str, ...]) -> None:
    result = mash("cases", *words)

    assert (result.exit_code, result.stdout) == (0, "no case fits\n")


def test_where_there_are_no_cases_this_is_said(mash: Mash, empty_hub: None) -> None:
    assert mash("cases").stdout == "there are no cases yet\n"


def test_where_no_case_fits_a_script_gets_an_empty_list(mash: Mash, empty_hub: None) -> None:
    result = mash("cases", "--rag", "red", "--json")

    assert (result.exit_code, json.loads(result.stdout)) == (0, {"total": 0, "cases": []})


def test_every_word_that_the_procedure_gives_a_case_is_taken() -> None:
    assert set(_STAGE.findall(inspect.getsource(needs.stage))) == set(needs.STAGES)
    sources = inspect.getsource(needs._needs) + inspect.getsource(needs._adults_needs)
    assert set(_NEED.findall(sources)) == set(needs.NEEDS)


@pytest.mark.parametrize("stage", needs.STAGES)
def test_every_stage_can_be_asked_for(stage: str) -> None:
    assert case_filter(PARTNERSHIP, stage=stage, rag=None, needs_code=None) == {"stage": stage}
