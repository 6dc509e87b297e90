"""`mash quarantine` knows whose quarantine there is, and shows every message id whole."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

import store.connect
from ops.engines import keys_of
from ops.settings import read_settings
from store.port import AuditEntry, Quarantined
from store.quarantine import Quarantine
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


CASE = "C-ABCDEFGHIJKL"


@pytest.fixture
def decided_since(mash: Mash) -> Callable[..., None]:
    """A staff message about a case in quarantine, and a case in which people have decided, or have not."""
    mash("provision")

    def made(*, acts: Sequence[tuple[str, str, str | None]]) -> None:
        asyncio.run(_made(acts))

    return made


async def _made(acts: Sequence[tuple[str, str, str | None]]) -> None:
    opened = store.connect.connect(f"sqlite:///{Path('mash-data') / 'store'}", agent="coordinator")
    item = Quarantined(
        message_id="m-early",
        queue="hub.routine",
        type="mash.risk.rated.v1",
        routing_key="hub.routine.risk.rated.v1",
        reason="threshold_not_met",
        fields=(),
        user="staff",
        at=datetime(2026, 7, 1, 11, tzinfo=UTC),
        attempts=1,
        headers={},
        body=json.dumps({"id": "m-early", "subject": CASE}).encode(),
    )
    await Quarantine(opened, keys_of(read_settings(), "hub").quarantine).put([item])
    entries = [AuditEntry(CASE, seq, json.dumps(_act(*act)), "", "") for seq, act in enumerate(acts, start=1)]
    await opened.append_audit(entries)
    await opened.close()


def _act(what: str, at: str, person: str | None) -> dict[str, object]:
    by = {"person": person, "role": "mash_manager", "agency": "police"} if person else None
    return {"act": what, "at": at, "by": by, "detail": {"rag": "red"}, "message": None}


def test_the_case_of_a_message_is_named(mash: Mash, decided_since: Callable[..., None]) -> None:
    decided_since(acts=[])
    assert CASE in mash("quarantine", "list").stdout
    assert CASE in mash("quarantine", "show", "m-early").stdout


def test_the_list_can_be_narrowed_to_a_sender_and_a_reason(
    mash: Mash, decided_since: Callable[..., None]
) -> None:
    decided_since(acts=[])
    assert "m-early" in mash("quarantine", "list", "--sender", "staff").stdout
    assert "m-early" not in mash("quarantine", "list", "--sender", "agency.police").stdout
    assert "m-early" in mash("quarantine", "list", "--reason", "threshold_not_met").stdout
    assert "m-early" not in mash("quarantine", "list", "--reason", "too_large").stdout


def test_a_decision_is_not_redriven_over_a_later_one_unasked(
    mash: Mash, decided_since: Callable[..., None]
) -> None:
    decided_since(acts=[("risk.rated", "2026-07-01T11:00:01+00:00", "P-1")])
    result = mash("quarantine", "redrive", "m-early")
    assert result.exit_code == 1
    assert f"people have decided in case {CASE} since this was refused (risk.rated)" in result.stderr
    assert "--anyway" in result.stderr


@pytest.mark.parametrize(
    "act",
    [
        ("risk.rated", "2026-07-01T10:59:59+00:00", "P-1"),
        ("deadline.warned", "2026-07-01T11:30:00+00:00", None),
    ],
)
def test_what_came_before_and_what_the_clock_did_holds_up_no_redriving(
    mash: Mash,
    decided_since: Callable[..., None],
    act: tuple[str, str, str | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ops.operations.redriving.ANSWER_LIMIT_S", 0.1)
    decided_since(acts=[act])
    assert "the hub did not answer" in mash("quarantine", "redrive", "m-early").stderr


def test_the_record_of_a_case_can_be_read(mash: Mash, decided_since: Callable[..., None]) -> None:
    decided_since(acts=[("risk.rated", "2026-07-01T11:00:01+00:00", "P-1")])
    shown = json.loads(mash("audit", "show", CASE, "--json").stdout)
    assert [(act["seq"], act["act"], act["by"]["person"]) for act in shown] == [(1, "risk.rated", "P-1")]
    assert "rag=red" in mash("audit", "show", CASE).stdout


@pytest.mark.parametrize(
    ("key", "act", "told"),
    [
        (
            "dashboard/redriven",
            {"act": "redriven", "message": "m-early", "mark": "0a1b", "anyway": True},
            "message=m-early, mark=0a1b, anyway=true",
        ),
        (
            "dashboard/refused",
            {"act": "refused", "page": "board", "why": "role_may_not", "case": None},
            "page=board, why=role_may_not, case=null",
        ),
    ],
)
def test_what_the_dashboard_has_on_record_can_be_read(
    mash: Mash, key: str, act: dict[str, object], told: str
) -> None:
    mash("provision")

    async def recorded() -> None:
        opened = store.connect.connect(f"sqlite:///{Path('mash-data') / 'store'}", agent="coordinator")
        by = {"person": "P-1", "agency": "police", "roles": ["mash_manager", "practitioner"]}
        body = json.dumps({**act, "at": "2026-07-01T11:00:01+00:00", "id": "1", "by": by})
        await opened.append_audit([AuditEntry(key, 1, body, "", "")])
        await opened.close()

    asyncio.run(recorded())
    shown = mash("audit", "show", key)

    assert (shown.exit_code, shown.stderr) == (0, "")
    for one in ("P-1", "mash_manager, practitioner", "police", told):
        assert one in shown.stdout


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
