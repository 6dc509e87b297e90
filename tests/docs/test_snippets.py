"""The files that pages show are files that the hub takes."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.agency.layout import read_layout
from agents.agency.rules import read_rules
from agents.partnership import bundled, read_partnership
from ops.reading_input import read_decision
from ops.settings import read_settings
from tests.support.pages import PAGES, ROOT, Block, blocks

ALL = [block for page in PAGES for block in blocks(page)]
KNOWN = {"sh", "console", "toml", "json", "python", "text"}


def _marked(mark: str) -> list[Block]:
    found = [block for block in ALL if block.mark.startswith(f"test: {mark}")]
    assert found, f"no page has a block marked {mark}"
    return found


def test_every_block_says_what_language_it_is_in() -> None:
    assert [block.where for block in ALL if block.language not in KNOWN] == []


@pytest.mark.parametrize("block", [b for b in ALL if b.language == "toml"], ids=lambda b: b.where)
def test_every_toml_file_shown_can_be_parsed(block: Block) -> None:
    tomllib.loads(block.text)


@pytest.mark.parametrize("block", [b for b in ALL if b.language == "json"], ids=lambda b: b.where)
def test_every_json_file_shown_can_be_parsed(block: Block) -> None:
    json.loads(block.text)


@pytest.mark.parametrize("block", [b for b in ALL if b.language == "python"], ids=lambda b: b.where)
def test_all_python_shown_can_be_compiled(block: Block) -> None:
    compile(block.text, block.where, "exec")


@pytest.mark.parametrize("block", _marked("decision"), ids=lambda b: b.where)
def test_the_command_line_takes_every_decision_shown(block: Block) -> None:
    read_decision(block.text.encode())


@pytest.mark.parametrize("file", sorted((ROOT / "docs/tutorials/first-referral").glob("*.json")), ids=str)
def test_the_command_line_takes_every_file_of_the_first_referral(file: Path) -> None:
    read_decision(file.read_bytes())


@pytest.mark.parametrize("block", _marked("rules"), ids=lambda b: b.where)
def test_a_worker_takes_every_rule_shown(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(block.text)
    read_rules(file, "police")


@pytest.mark.parametrize("block", _marked("agency"), ids=lambda b: b.where)
def test_a_worker_takes_every_layout_shown(block: Block, tmp_path: Path) -> None:
    (tmp_path / "agency.toml").write_text(block.text)
    read_layout(tmp_path / "agency.toml")


@pytest.mark.parametrize("block", _marked("settings"), ids=lambda b: b.where)
def test_every_settings_file_shown_is_taken(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "mash.toml"
    file.write_text(block.text)
    read_settings(file)


@pytest.mark.parametrize("block", _marked("partnership"), ids=lambda b: b.where)
def test_a_partnership_takes_every_change_shown(block: Block, tmp_path: Path) -> None:
    folder = tmp_path / "partnership"
    shutil.copytree(bundled("staffordshire-2012"), folder)
    changed, shown = folder / f"{block.mark.split()[-1]}.toml", tomllib.loads(block.text)
    kept = changed.read_text() if changed.exists() else ""
    for table, entries in shown.items():
        for code in entries if isinstance(entries, dict) else ():
            kept = kept.replace(f"[{table}.{code}]", f"[{table}.{code}-as-it-was]")
    changed.write_text(f"{kept}\n{block.text}")
    read_partnership(folder)


def _actors(value: object) -> Iterator[tuple[str, str, str]]:
    """Everybody who is named as deciding in a decision."""
    if isinstance(value, dict):
        if value.keys() == {"person", "role", "agency"}:
            yield value["person"], value["role"], value["agency"]
        for inner in value.values():
            yield from _actors(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _actors(inner)


@pytest.mark.parametrize("block", _marked("decision"), ids=lambda b: b.where)
def test_everybody_who_decides_on_a_page_is_on_the_register_in_that_role(block: Block) -> None:
    register = read_partnership(bundled("staffordshire-2012"))
    for person, role, agency in _actors(json.loads(block.text)):
        assert role in register.roles_of(person, agency), f"{block.where}: {person} of {agency} as {role}"
