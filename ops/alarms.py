"""What the hub has told its staff's desk to see to: warnings, breaches, panels, missed rounds, agendas.

Told from the records of what is still open, so that looking takes nothing from anybody's queue.
[E04, E13, E14, H02, K02]
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.coordinator import daily_rounds
from agents.partnership import Partnership
from store.port import Kept, Store

Act = Mapping[str, Any]
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that staff were told: of which document, when, and in words that hold no content."""

    at: datetime
    document: str
    alarm: str
    whom: tuple[str, ...]
    due_at: datetime | None
    detail: str


async def alarms(store: Store, partnership: Partnership, since: datetime) -> list[Alarm]:
    """Everything that was told since a moment about cases that are open or still owe a record-back, and by
    the daily rounds; the newest first. Raises StoreError."""
    found: list[Alarm] = []
    async for kept in _watched(store, partnership):
        entries = {entry.seq: entry for entry in await store.audit(kept.key)}
        entries |= {entry.seq: entry for entry in kept.audit_pending}
        acts = (json.loads(entries[seq].body) for seq in sorted(entries))
        found += [one for one in told_in(kept.key, acts) if one.at >= since]
    return sorted(found, key=lambda one: (one.at, one.document), reverse=True)


def told_in(document: str, acts: Iterable[Act]) -> list[Alarm]:
    """The alarms on the record of one document."""
    found = []
    for act in acts:
        if worded := _WORDED.get(act["act"]):
            alarm, whom, detail = worded(act["detail"])
            due_at = act["detail"].get("due_at")
            found.append(
                Alarm(
                    at=datetime.fromisoformat(act["at"]),
                    document=document,
                    alarm=alarm,
                    whom=tuple(whom),
                    due_at=datetime.fromisoformat(due_at) if due_at else None,
                    detail=detail,
                )
            )
    return found


async def _watched(store: Store, partnership: Partnership) -> AsyncIterator[Kept]:
    """The rounds, the open cases, and the closed ones whose record-back is not acknowledged."""
    seen = set()
    offset = 0
    while rows := (await store.find({"kind": "case", "open": True}, offset=offset, limit=_PAGE)).rows:
        offset += len(rows)
        for row in rows:
            seen.add(row.key)
            yield row
    owing = await store.keys_with_any(
        "needs", [f"record:{agency}" for agency in sorted(partnership.agencies)], limit=_PAGE * 10
    )
    keys = [key for key in owing if key not in seen]
    keys += [daily_rounds.key_of(code) for code in sorted(partnership.rounds)]
    for kept in (await store.load(keys)).values():
        yield kept


def _warned(said: Act) -> tuple[str, list[str], str]:
    return "time running out", [said["agency"]], f"{said['percent']} per cent of the time is used up"


def _breached(said: Act) -> tuple[str, list[str], str]:
    whom = [said["agency"]] if said["agency"] else said["waiting_for"]
    return _CLOCKS[said["timer"]], whom, said["cause"].replace("_", " ")


def _panel(said: Act) -> tuple[str, list[str], str]:
    members = [f"{member['person']} of {member['agency']}" for member in said["panel"]]
    return "panel called", members, f"dispute {said['dispute_id']} about {said['element_id']}"


def _missed(said: Act) -> tuple[str, list[str], str]:
    return "round missed", [], f"{said['day']}: {said['waiting']} waiting"


def _agenda(said: Act) -> tuple[str, list[str], str]:
    carried = len(said["carried_over"])
    return "agenda", [], f"{said['day']}: {len(said['items'])} before it, {carried} carried over"


_CLOCKS: Mapping[str, str] = {
    "hub_target": "late: the hub's target",
    "outer_promise": "broken: the promise to the field teams",
    "agency_answer": "late: an agency's answer",
    "owner_decision": "late: an owner's decision",
    "escalation": "late: a dispute",
    "record_back": "late: a record-back",
    "outcome": "late: the field teams' outcome",
}

_WORDED: Mapping[str, Callable[[Act], tuple[str, list[str], str]]] = {
    "deadline.warned": _warned,
    "deadline.breached": _breached,
    "escalation.convened": _panel,
    "review.missed": _missed,
    "agenda.built": _agenda,
}
"""What goes on record with a message to the staff's desk, and how it reads."""
