"""The ledgers of supervision calls and of breaches: codes, ids and times, never content. [J02-J07, L10]"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from agents.partnership import Partnership
from store.port import Facet, Store

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Call:
    """A call about a case: who called whom, when, why and to what end; ``consulted`` are the partners whom
    the caller had consulted before, with when. Nothing of what was said is anywhere. [J05]"""

    case: str
    call_id: str
    by: str
    agency: str
    supervisor: str
    called_at: datetime
    ground: str
    consulted: tuple[tuple[str, datetime], ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach that was referred to the agency ``of`` the person. Who it was and what happened stand in the
    case alone. [L10]"""

    case: str
    report_id: str
    by: str
    agency: str
    of: str
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Supervisor:
    """A supervisor on the register, and why they may not be called today; None when they may. [J02, J06]"""

    person: str
    agency: str
    above: bool
    vetted_until: date
    why_not: str | None


def supervisors(partnership: Partnership, today: date) -> list[Supervisor]:
    """All that are on the register, by agency, the first line first."""
    found = []
    for one in partnership.supervisors:
        why_not = None
        if today < one.designated_on:
            why_not = f"designated from {one.designated_on}"
        elif today > one.vetted_until:
            why_not = "vetting has run out"
        elif today < one.signed_on or not partnership.signed(one.agency, today):
            why_not = "the Memorandum is not signed"
        found.append(Supervisor(one.person, one.agency, one.line != "first", one.vetted_until, why_not))
    return sorted(found, key=lambda one: (one.agency, one.above, one.person))


async def calls(store: Store, scope: Mapping[str, Facet]) -> list[Call]:
    """The calls about the cases of a scope, the latest first. Raises StoreError."""
    found = [
        Call(
            case,
            one["call_id"],
            one["by"]["person"],
            one["by"]["agency"],
            one["supervisor"]["person"],
            datetime.fromisoformat(one["called_at"]),
            one["ground"],
            tuple((each["agency"], datetime.fromisoformat(each["at"])) for each in one["consulted"]),
            one["outcome"],
        )
        async for case, one in _entries(store, scope, "supervision")
    ]
    return sorted(found, key=lambda call: call.called_at, reverse=True)


async def breaches(store: Store, scope: Mapping[str, Facet]) -> list[Breach]:
    """The breaches reported in the cases of a scope, the latest first. Raises StoreError."""
    found = [
        Breach(
            case,
            one["report_id"],
            one["by"]["person"],
            one["by"]["agency"],
            one["agency"],
            one["kind"],
            datetime.fromisoformat(one["at"]),
        )
        async for case, one in _entries(store, scope, "breaches")
    ]
    return sorted(found, key=lambda breach: breach.at, reverse=True)


async def _entries(
    store: Store, scope: Mapping[str, Facet], part: str
) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """What the cases of a scope have in one part. They are read as they are kept, which is quick enough for
    every case of a hub, and the texts in them stay in the vault."""
    offset = 0
    while rows := (await store.find({"kind": "case", **scope}, offset=offset, limit=_PAGE)).rows:
        offset += len(rows)
        for kept in rows:
            for one in json.loads(kept.state).get(part, ()):  # what is empty is not kept
                yield kept.key, one
