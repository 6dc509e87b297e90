"""Every kind of problem that a refusal can name is on the contract's page, with what the place takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import messages
from messages.contract_page import page
from messages.contract_text import INTRODUCTION
from messages.refusal import PROBLEMS

_RAISED = re.compile(r'PydanticCustomError\(\s*"(\w+)"')


def test_every_problem_of_the_messages_own_is_in_the_table() -> None:
    (folder,) = messages.__path__
    raised = {code for file in Path(folder).glob("*.py") for code in _RAISED.findall(file.read_text("utf-8"))}

    assert len(raised) > 10
    assert sorted(raised - set(PROBLEMS)) == []


@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_problem_in_the_table_is_on_the_page(problem: str) -> None:
    assert f"| `{problem}` | {PROBLEMS[problem]} |" in INTRODUCTION


def test_the_page_says_how_an_answer_hangs_together() -> None:
    section = page().split("### mash.check.answered.v1\n")[1].split("\n### ")[0]

    for word in ("`elements`", "`found`", "`reason`", "`withheld`", "`unavailable`"):
        assert word in section
    assert "| `state` | `found`, `nothing_found`, " in section
    assert "`outstanding`" not in section


def test_the_page_says_that_an_element_id_is_unique_across_agencies() -> None:
    section = page().split("### ElementRevealed\n")[1].split("\n### ")[0]

    assert "unique in the case, across agencies" in section
    assert "`<case>/<agency>/<number>`" in section
