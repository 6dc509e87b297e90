"""What became of an agency's information: revealed, read, let go, withheld. [A10, D02, D11, D15, L05]

Codes, ids and times, and never what it says.

READ: a case is an agency's to account for as soon as one of its elements was revealed there, whoever held it.
What was read is known text by text, so that a reading of the sanitised text is told from one of the original.
A reading that was refused concerns the case as a whole, since nothing of it was opened.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agents.coordinator.case import Case
from agents.coordinator.elements import Element, standing
from ops import case_views
from ops.content import outline
from store.audit_check import whole_chain
from store.port import Facet, Kept, Store
from store.vault import access_key

COLUMNS = (
    "case", "element", "event", "what", "at", "person", "role", "agency", "purpose", "choice", "authority",
    "legal_basis", "package",
)  # fmt: skip
"""Of the table for spreadsheets, a line for each event."""

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an element, or was tried in its case; what does not apply is empty.

    ``what`` is the text that was read: the original, the one suggested or a sanitised one. ``person`` may
    be a dated rule of the owner.
    """

    event: str
    at: datetime
    what: str = ""
    person: str = ""
    role: str = ""
    agency: str = ""
    purpose: str = ""
    choice: str = ""
    authority: str = ""
    legal_basis: str = ""
    package: str = ""

    def values(self) -> Mapping[str, str]:
        """By the name of the column, times in ISO 8601."""
        found = {name: str(getattr(self, name)) for name in COLUMNS if hasattr(self, name)}
        return {**found, "at": self.at.isoformat()}


@dataclass(frozen=True, slots=True)
class OfElement:
    """An element and everything that happened to it, in order of time."""

    element: Element
    standing: str
    events: tuple[Event, ...]

    @property
    def readings(self) -> tuple[Event, ...]:
        return tuple(event for event in self.events if event.event == "read")


@dataclass(frozen=True, slots=True)
class OfCase:
    """The elements of an agency in a case, and the readings in that case that were refused."""

    case: Case
    elements: tuple[OfElement, ...]
    refused: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: one by its id, or those received in a span of days, both of them included."""

    case: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the agency's cases: ``number`` from 1 of ``pages``, and how many there are in all."""

    cases: tuple[OfCase, ...]
    total: int
    number: int
    pages: int


async def page_of(store: Store, agency: str, want: Wanted, zone: ZoneInfo, number: int, rows: int) -> Found:
    """A page of what became of the agency's information, the latest case first. Raises StoreError."""
    if want.case:
        kept = await _one(store, agency, want.case)
        cases = (await of_case(store, kept, agency),) if kept else ()
        return Found(cases, len(cases), 1, 1)
    first, last = await _span(store, agency, want, zone)
    pages = max(-(-(last - first) // rows), 1)
    number = min(max(number, 1), pages)
    begin = first + (number - 1) * rows
    shown = await store.find(_owned(agency), sort=_LATEST, offset=begin, limit=min(rows, last - begin))
    rows_ = shown.rows if last > begin else ()
    return Found(tuple([await of_case(store, kept, agency) for kept in rows_]), last - first, number, pages)


async def lines(store: Store, agency: str, want: Wanted, zone: ZoneInfo) -> AsyncIterator[Mapping[str, str]]:
    """Every event that is wanted, as lines of a table. Raises StoreError."""
    if want.case:
        kept = await _one(store, agency, want.case)
        for line in _lines(await of_case(store, kept, agency)) if kept else ():
            yield line
        return
    first, last = await _span(store, agency, want, zone)
    for begin in range(first, last, _PAGE):
        found = await store.find(_owned(agency), sort=_LATEST, offset=begin, limit=min(_PAGE, last - begin))
        for kept in found.rows:
            for line in _lines(await of_case(store, kept, agency)):
                yield line


async def of_case(store: Store, kept: Kept, agency: str) -> OfCase:
    """What became of an agency's elements in a case. Raises StoreError."""
    case = case_views.case_from(kept)
    access = [json.loads(entry.body) for entry in await whole_chain(store, access_key(case.case_id))]
    refused = (one for one in access if one["act"] == "vault.refused")
    owned = [element for element in case.elements if element.owner == agency]
    return OfCase(
        case,
        tuple(_of_element(case, element, access) for element in owned),
        tuple(_read("refused", one, one.get("reason", "")) for one in refused),
    )


def _lines(found: OfCase) -> Iterator[Mapping[str, str]]:
    head = {"case": found.case.case_id, "element": ""}
    for one in found.elements:
        for event in one.events:
            yield {**event.values(), **head, "element": one.element.element_id}
    for event in found.refused:
        yield {**event.values(), **head}


_LATEST = [("received_at", -1)]


def _owned(agency: str) -> Mapping[str, Facet]:
    return {"kind": "case", "owners": agency}


async def _one(store: Store, agency: str, case_id: str) -> Kept | None:
    """A case by its id, if something of the agency's was revealed in it."""
    kept = (await store.load([case_id])).get(case_id)
    owners = kept.facets.get("owners") if kept else None
    return kept if isinstance(owners, tuple) and agency in owners else None


async def _span(store: Store, agency: str, want: Wanted, zone: ZoneInfo) -> tuple[int, int]:
    """Where, in the order of the list, the cases of those days begin and end: looked for by halves, since the
    store finds what has a value and not what lies between two."""
    total = (await store.find(_owned(agency), limit=1)).total

    async def before(day: date) -> int:
        """How many cases of the list were received on this day or later."""
        begins = datetime.combine(day, time(), zone)
        low, high = 0, total
        while low < high:
            middle = (low + high) // 2
            (kept,) = (await store.find(_owned(agency), sort=_LATEST, offset=middle, limit=1)).rows
            if datetime.fromisoformat(str(kept.facets["received_at"])) >= begins:
                low = middle + 1
            else:
                high = middle
        return low

    first = await before(want.until + timedelta(days=1)) if want.until else 0
    last = await before(want.since) if want.since else total
    return first, max(first, last)


def _of_element(case: Case, element: Element, access: Iterable[Mapping[str, Any]]) -> OfElement:
    events = [
        Event("revealed", element.revealed_at, agency=element.holder),
        *_decisions(element),
        *_disputes(case, element),
        *_packages(case, element),
        *_readings(element, access),
    ]
    ordered = sorted(events, key=lambda event: event.at)
    return OfElement(element, standing(element).value, tuple(ordered))


def _decisions(element: Element) -> Iterator[Event]:
    current = (element.decision,) if element.decision else ()
    for decision in (*element.earlier_decisions, *current):
        by, choice = decision.by, decision.choice
        yield Event(
            "decided",
            decision.at,
            person=by.person if by else decision.rule.rule if decision.rule else "",
            role=by.role if by else "owners_rule",
            agency=by.agency if by else decision.rule.agency if decision.rule else "",
            purpose=choice.purpose or "",
            choice=choice.choice.value,
            authority=decision.authority.value,
            legal_basis=choice.legal_basis or "",
        )


def _disputes(case: Case, element: Element) -> Iterator[Event]:
    for dispute in case.disputes:
        if dispute.element_id == element.element_id:
            by = dispute.by
            yield Event("disputed", dispute.at, person=by.person, role=by.role, agency=by.agency)


def _packages(case: Case, element: Element) -> Iterator[Event]:
    """What left the hub, in which version, and to which teams."""
    for package in case.packages:
        if element.element_id in package.elements:
            for team in package.recipients:
                yield Event(
                    "sent",
                    package.issued_at,
                    agency=team,
                    purpose=package.issued.purpose,
                    package=str(package.version),
                )


def _readings(element: Element, access: Iterable[Mapping[str, Any]]) -> Iterator[Event]:
    texts = dict(_texts(element))
    for one in access:
        read = {texts[ref] for ref in one["refs"] if ref in texts}
        if one["act"] == "vault.read" and read:
            yield _read("read", one, ", ".join(sorted(read)))
        elif one["act"] == "vault.forgotten":
            yield _read("destroyed", one, "")


def _texts(element: Element) -> Iterator[tuple[str, str]]:
    """The references of its texts in the vault, each with what it is."""
    laid_out = outline(element)
    yield laid_out["text"]["kept"], "original"
    if laid_out["suggestion"]:
        yield laid_out["suggestion"]["text"]["kept"], "suggestion"
    for decision in (laid_out["decision"], *laid_out["earlier_decisions"]):
        if decision and decision["choice"]["sanitised"]:
            yield decision["choice"]["sanitised"]["text"]["kept"], "sanitised"


def _read(event: str, one: Mapping[str, Any], what: str) -> Event:
    return Event(
        event,
        datetime.fromisoformat(one["at"]),
        what=what,
        person=one["person"],
        role=one["role"],
        agency=one["agency"],
        purpose=one["purpose"],
    )
