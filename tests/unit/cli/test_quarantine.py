"""`mash quarantine` knows whose quarantine there is, and shows every message id whole."""

from __future__ import annotations

import asyncio
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import store.connect
from store.port import Quarantined
from tests.support.command_line import Mash

MESSAGE = "0b6f52c1-44f0-4ad9-9a2e-8b6d4b6a1d7e"


@pytest.fixture
async def one_aside() -> None:
    """A hub with one message in quarantine."""
    opened = store.connect.connect(f"sqlite:///{Path('mash-data') / 'store'}", agent="coordinator")
    await opened.provision()
    item = Quarantined(
        message_id=MESSAGE,
        queue="hub.routine",
        type="mash.threshold.decided.v1",
        routing_key="hub.routine.mash.threshold.decided.v1",
        reason="person_unknown",
        fields=("data.by.person", "data.by.agency"),
        user="staff",
        at=datetime(2026, 7, 1, 11, 6, 44, 917789, tzinfo=UTC),
        attempts=1,
        headers={},
        body=b"sealed",
    )
    await opened.quarantine([item])
    await opened.close()


@pytest.mark.parametrize("words", [("list",), ("show", "m-1"), ("redrive", "m-1")], ids=" ".join)
@pytest.mark.parametrize("party", ["agency.circus", "police", "agency.", "../hub", "staff"])
def test_an_unknown_party_is_answered_with_those_that_there_are(
    mash: Mash, one_aside: None, words: tuple[str, ...], party: str
) -> None:
    result = mash("quarantine", *words, "--of", party)

    assert result.exit_code == 2
    assert result.stderr.startswith("mash: --of takes one of hub, agency.accident_and_emergency, ")
    assert "agency.police" in result.stderr


def test_an_agency_whose_worker_never_ran_here_is_said_to_keep_nothing(mash: Mash, one_aside: None) -> None:
    result = mash("quarantine", "list", "--of", "agency.police")

    assert result.exit_code == 1
    assert "no worker of agency.police has run" in result.stderr


@pytest.mark.parametrize("word", ["show", "redrive"])
def test_a_message_that_is_not_aside_is_said_to_be_none(mash: Mash, one_aside: None, word: str) -> None:
    mash("provision")

    result = mash("quarantine", word, "m-gone")

    assert result.exit_code == 1
    assert result.stderr == "mash: m-gone is not in quarantine; `mash quarantine list` shows what is\n"


def test_a_time_is_that_of_the_partnerships_clock_and_for_scripts_in_utc(mash: Mash, one_aside: None) -> None:
    shown = mash("quarantine", "list").stdout

    assert "2026-07-01 12:06:44" in shown
    assert "BST" in shown
    assert "2026-07-01T11:06:44.917789+00:00" in mash("quarantine", "list", "--json").stdout


def test_a_message_id_is_whole_in_a_pipe(mash: Mash, one_aside: None) -> None:
    assert MESSAGE in mash("quarantine", "list").stdout


@pytest.mark.parametrize("width", [20, 80, 200])
async def test_a_message_id_is_whole_on_a_terminal_of_any_width(one_aside: None, width: int) -> None:
    shown = await asyncio.to_thread(_on_a_terminal, width)

    assert MESSAGE in shown
    assert "staff" in shown
    assert "…" not in shown


def _on_a_terminal(width: int) -> str:
    """What the list shows on a terminal so many columns wide."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "ops.cli", "quarantine", "list"]
    surroundings = {**os.environ, "COLUMNS": str(width), "TERM": "xterm"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=surroundings) as listing:
        os.close(theirs)
        shown = b""
        try:
            while more := os.read(ours, 65536):
                shown += more
        except OSError:  # how a terminal says that everybody has left it
            pass
        os.close(ours)
    assert listing.returncode == 0
    return shown.decode()
