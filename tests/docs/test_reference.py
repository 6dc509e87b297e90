"""Reference pages leave nothing out, and say nothing that is not so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from agents import partnership, registers
from agents.coordinator.elements import Standing
from agents.partnership import Partnership, model, source_forms
from messages.words import AnswerState, Category
from ops.reference.__main__ import main
from tests.support.pages import ROOT

REFERENCE = ROOT / "docs" / "reference"
_ACT = re.compile(r'(?:Fact|_fact)\(\s*"([a-z_.]+)"|"act": "([a-z_.]+)"')
_FIRST_CELL = re.compile(r"^\| ([^|]+) \|", re.MULTILINE)


def test_the_generated_pages_are_current() -> None:
    assert main(["--check"], REFERENCE) == 0


def test_a_page_that_is_not_current_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], tmp_path) == 0
    page = tmp_path / "settings.md"
    page.write_text(page.read_text().replace("mash-data", "elsewhere"))
    assert main(["--check"], tmp_path) == 1
    assert "settings.md is stale" in capsys.readouterr().err


def test_every_act_that_goes_on_record_is_described_and_no_other() -> None:
    recorded = {
        first or second
        for folder in ("agents", "store", "ops")
        for file in (ROOT / folder).rglob("*.py")
        for first, second in _ACT.findall(file.read_text("utf-8"))
    }
    page = (REFERENCE / "audit-entries.md").read_text("utf-8")
    described = {name for cell in _FIRST_CELL.findall(page) for name in re.findall(r"`([a-z_.]+)`", cell)}
    assert described == recorded


def _parts_of_a_partnership() -> list[type[BaseModel]]:
    return [
        found
        for module in (model, source_forms, registers)
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, BaseModel) and found.__module__ == module.__name__
    ]


@pytest.mark.parametrize("part", _parts_of_a_partnership(), ids=lambda part: part.__name__)
def test_every_key_of_a_partnership_is_described(part: type[BaseModel]) -> None:
    page = (REFERENCE / "partnership-folder.md").read_text("utf-8")
    assert [key for key in part.model_fields if f"`{key}`" not in page] == []


def test_every_file_of_the_bundled_partnership_has_only_keys_that_the_page_names() -> None:
    for file in partnership.bundled("staffordshire-2012").glob("*.toml"):
        assert set(tomllib.loads(file.read_text("utf-8"))) <= set(Partnership.model_fields)


@pytest.mark.parametrize("words", [AnswerState, Category, Standing], ids=lambda words: words.__name__)
def test_the_glossary_knows_the_words_that_the_code_uses(words: type[AnswerState]) -> None:
    glossary = (REFERENCE / "glossary.md").read_text("utf-8").lower()
    assert [word for word in words if word.value.replace("_", " ") not in glossary] == []
