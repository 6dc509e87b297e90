"""The ledgers of supervision calls and of breaches: codes, ids and times, never content. [J02-J07, L10]"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Generic, TypeVar

from agents.coordinator.ledgers import BREACHED, BREACHED_AT, SUPERVISED, SUPERVISED_AT
from agents.partnership import Partnership
from ops import case_views
from store.port import Facet, Kept, Page, Store

_Entry = TypeVar("_Entry")


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
class Ledger(Generic[_Entry]):
    """A page of a ledger: every entry of its cases, those of one case together, the latest first. ``cases``
    is how many have an entry in all, ``number`` counts from 1 of ``pages``."""

    entries: tuple[_Entry, ...]
    cases: int
    number: int
    pages: int


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


async def calls(store: Store, scope: Mapping[str, Facet], number: int, rows: int) -> Ledger[Call]:
    """The calls about the cases of a scope, the case that was called about last first. Raises StoreError."""
    page, number, pages = await _page(store, {SUPERVISED: True, **scope}, SUPERVISED_AT, number, rows)
    found = (
        sorted(_calls(kept), key=lambda call: (call.called_at, call.call_id), reverse=True)
        for kept in page.rows
    )
    return Ledger(tuple(chain.from_iterable(found)), page.total, number, pages)


async def breaches(store: Store, scope: Mapping[str, Facet], number: int, rows: int) -> Ledger[Breach]:
    """The breaches in the cases of a scope, the case in which one was reported last first. Raises
    StoreError."""
    page, number, pages = await _page(store, {BREACHED: True, **scope}, BREACHED_AT, number, rows)
    found = (
        sorted(_breaches(kept), key=lambda breach: (breach.at, breach.report_id), reverse=True)
        for kept in page.rows
    )
    return Ledger(tuple(chain.from_iterable(found)), page.total, number, pages)


async def _page(
    store: Store, where: Mapping[str, Facet], at: str, number: int, rows: int
) -> tuple[Page, int, int]:
    """A page of the cases with an entry, or the last one when there are not so many, with its number and how
    many pages there are."""
    number = max(number, 1)
    while True:
        page = await store.find(where, sort=[(at, -1)], offset=(number - 1) * rows, limit=rows)
        pages = max(-(-page.total // rows), 1)
        if number <= pages:
            return page, number, pages
        number = pages


def _calls(kept: Kept) -> Iterator[Call]:
    for one in case_views.case_from(kept).supervision:
        yield Call(
            kept.key,
            one.call_id,
            one.by.person,
            one.by.agency,
            one.supervisor.person,
            one.called_at,
            one.ground,
            tuple((each.agency, each.at) for each in one.consulted),
            one.outcome,
        )


def _breaches(kept: Kept) -> Iterator[Breach]:
    for one in case_views.case_from(kept).breaches:
        yield Breach(kept.key, one.report_id, one.by.person, one.by.agency, one.agency, one.kind, one.at)
