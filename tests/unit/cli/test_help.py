"""Everybody finds out by --help how a command is used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from ops.cli import app
from tests.support.command_line import Mash

COMMANDS = {
    "demo", "up", "coordinator", "worker", "provision", "refer", "decide", "cases", "case", "watch",
    "dashboard",
    "package", "audit", "partnership", "quarantine",
    "intake",
    "rounds", "contract", "settings", "doctor", "version",
    "registers", "figures", "retention", "read", "alarms",
}  # fmt: skip


def every_command() -> Iterator[tuple[str, ...]]:
    def walk(group: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield path
        for name, one in getattr(group, "commands", {}).items():
            yield from walk(one, (*path, name))

    return walk(typer.main.get_command(app), ())


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
def test_the_help_of_every_command_has_an_example(mash: Mash, words: tuple[str, ...]) -> None:
    result = mash(*words, "--help")

    assert result.exit_code == 0
    assert f"Example: mash {' '.join(words)}".rstrip() in result.output


def test_all_commands_are_there() -> None:
    assert {path[0] for path in every_command() if path} == COMMANDS


def test_an_unknown_command_is_wrong_usage(mash: Mash) -> None:
    assert mash("relocate").exit_code == 2
