"""`mash case ID --at TIME` tells from the record how a case stood, once the record has been verified."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

import store.connect
from agents.coordinator.coordinator import Coordinator
from ops.engines import keys_of
from ops.settings import read_settings
from store import audit
from store.port import Kept, Step
from tests.support.command_line import Mash
from tests.support.procedure import MONDAY, PARTNERSHIP, Procedure

ACTS = (
    ("threshold.decided", "2026-07-01T11:00:00+00:00", {"met": True, "redirect_to": None}),
    ("risk.rated", "2026-07-01T11:30:00+00:00", {"rag": "amber", "due_at": "2026-07-02T11:00:00+00:00"}),
    ("risk.rated", "2026-07-01T12:30:00+00:00", {"rag": "red", "due_at": "2026-07-01T14:30:00+00:00"}),
)


@pytest.fixture
def case_id(mash: Mash) -> str:
    """A case with three entries on its record."""
    mash("provision")
    return asyncio.run(_kept())


async def _kept() -> str:
    hub = Procedure()
    hub.refer()
    coordinator = Coordinator(PARTNERSHIP, store=None, index_key=b"i" * 32)  # type: ignore[arg-type]
    opened = store.connect.connect(f"sqlite:///{Path('mash-data') / 'store'}", agent="coordinator")
    key, secret = hub.case.case_id, keys_of(read_settings(), "hub").audit
    by = {"person": "P-1", "role": "mash_manager", "agency": "police"}
    bodies = [
        audit.canonical({"act": act, "at": at, "by": by, "detail": detail, "message": None})
        for act, at, detail in ACTS
    ]
    chain = audit.link(0, "", key, bodies, secret)
    nothing = Kept(key, 0, "")
    after = replace(
        nothing,
        version=1,
        state=coordinator.dump(hub.case),
        facets=coordinator.facets(hub.case),
        audit_seq=3,
        audit_hash=chain[-1].hash,
        audit_pending=chain[2:],
    )
    await opened.commit([Step(nothing, after, "token", MONDAY)])
    await opened.append_audit(chain[:2])
    await opened.close()
    return key


@pytest.mark.parametrize(
    ("moment", "rag", "entries"),
    [
        ("2026-07-01T11:29:59Z", None, 1),
        ("2026-07-01T11:30:00Z", "amber", 2),
        ("2026-07-01T13:29", "amber", 2),
        ("2026-07-01T13:30", "red", 3),
    ],
)
def test_a_time_without_an_offset_is_that_of_the_partnerships_clock(
    mash: Mash, case_id: str, moment: str, rag: str | None, entries: int
) -> None:
    view = json.loads(mash("case", case_id, "--at", moment, "--json").stdout)
    assert ((view["rating"] or {}).get("rag"), view["entries"]) == (rag, entries)


def test_a_person_reads_the_moment_and_what_held_then(mash: Mash, case_id: str) -> None:
    shown = mash("case", case_id, "--at", "2026-07-01T12:45").stdout
    assert f"{case_id}  as at 2026-07-01 12:45:00 BST" in shown
    assert "amber" in shown and "red" not in shown.replace("record", "")


@pytest.mark.parametrize("moment", ["yesterday", "2026-07-01T10:00", "2026-13-01"])
def test_a_moment_that_says_nothing_is_wrong_input(mash: Mash, case_id: str, moment: str) -> None:
    result = mash("case", case_id, "--at", moment)
    assert result.exit_code == 2
    assert "--at takes a time" in result.stderr or "it begins 2026-07-01 12:00:00 BST" in result.stderr


def test_a_moment_and_a_trace_do_not_go_together(mash: Mash, case_id: str) -> None:
    result = mash("case", case_id, "--at", "2026-07-01T12:45", "--trace")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "leave out --at, or --trace" in result.stderr


def test_a_record_that_was_changed_tells_nothing(mash: Mash, case_id: str) -> None:
    asyncio.run(_changed(case_id))
    result = mash("case", case_id, "--at", "2026-07-01T13:30")
    assert result.exit_code == 1
    assert "cannot be relied on: entry 3 is altered" in result.stderr
    assert result.stdout == ""


async def _changed(key: str) -> None:
    opened = store.connect.connect(f"sqlite:///{Path('mash-data') / 'store'}", agent="coordinator")
    kept = (await opened.load([key]))[key]
    forged = replace(kept.audit_pending[0], body=kept.audit_pending[0].body.replace("red", "blue"))
    await opened.commit([Step(kept, replace(kept, version=2, audit_pending=(forged,)), "other", MONDAY)])
    await opened.close()


def test_a_person_reads_who_decided(mash: Mash, case_id: str) -> None:
    shown = mash("case", case_id, "--at", "2026-07-01T12:45").stdout
    assert "met by P-1 (mash manager), 2026-07-01 12:00:00 BST" in shown
    assert "amber by P-1 (mash manager), 2026-07-01 12:30:00 BST" in shown


def test_a_moment_to_come_is_wrong_input(mash: Mash, case_id: str) -> None:
    result = mash("case", case_id, "--at", "2126-07-01T12:45")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "2126-07-01 12:45:00 BST is still to come" in result.stderr


def test_a_reading_that_is_refused_is_on_the_record_of_readings(mash: Mash, case_id: str) -> None:
    said = ("--as", "HOU-DM-01@housing", "--purpose", "safeguarding_children")
    for command in ("read", "package"):
        result = mash(command, case_id, *said)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "does not work in the hub" in result.stderr
    entries = json.loads(mash("audit", "show", case_id, "--reads", "--json").stdout)
    assert [(e["act"], e["person"], e["reason"]) for e in entries] == [
        ("vault.refused", "HOU-DM-01", "off_hub")
    ] * 2
    assert "off_hub" in mash("audit", "show", case_id, "--reads").stdout


def test_a_stranger_who_wants_to_read_is_told_how_a_reader_is_given_and_is_on_record(
    mash: Mash, case_id: str
) -> None:
    result = mash("package", case_id, "--as", "NOBODY@police", "--purpose", "safeguarding_children")
    assert result.exit_code == 2
    assert "--as takes PERSON@AGENCY" in result.stderr and "has no NOBODY of police" in result.stderr
    (entry,) = json.loads(mash("audit", "show", case_id, "--reads", "--json").stdout)
    assert (entry["person"], entry["role"], entry["reason"]) == ("NOBODY", "none", "person_unknown")
