"""A case as its page shows it: codes, ids, states and times, never content; and its record. [D14, D15]"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.coordinator.case import Case
from ops import case_views, retention
from ops.dashboard import case_rows
from ops.dashboard.board import Clock, Row, row_of
from ops.dashboard.forecast import Outlook, forecast
from ops.dashboard.given import Given
from ops.dashboard.lately import LatelyCounted
from ops.dashboard.moments import to_the_minute
from ops.dashboard.tasks import Situation, in_the_hub
from ops.dashboard.viewer import Viewer
from ops.dashboard.words import in_words
from store.audit_check import whole_chain
from store.port import Kept, Store

_LEFT_OUT = frozenset({"sha256", "form_hash", "document_digest", "span", "request_id", "author", "document"})
"""What of a record's detail only machines compare; `mash audit show` has it all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the record: what happened, when, by whom (None where no person did it), and its details,
    each with one value or several."""

    seq: int
    act: str
    at: datetime
    by: Mapping[str, str] | None
    detail: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The teams that were told of RED, or (``lowered``) that it is RED no longer. [E03, E11]"""

    at: datetime
    teams: tuple[str, ...]
    lowered: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the head of every page about a case. ``gone`` says when its content was destroyed and
    by whom, None while it is there [L09]; ``reads`` whether the viewer may read what is known of it. [D02]
    """

    case_id: str
    category: str
    authority: str
    stage: str
    rag: str | None
    clocks: tuple[Clock, ...]
    gone: str | None
    reads: bool

    @property
    def announced(self) -> str:
        """How it stands, for somebody who does not see the page."""
        late = [f"{clock.called}: late" for clock in self.clocks if clock.late]
        return ", ".join((in_words(self.rag or "not rated"), in_words(self.stage), *late))


@dataclass(frozen=True, slots=True)
class CasePage:
    """``row`` is the case as the board has it, ``shown`` everything about it that is no content; ``told`` and
    ``record`` have the latest first. ``readable`` says that the person's agency was asked, so that they may
    read its packages. [C10]"""

    head: Head
    row: Row
    shown: Mapping[str, Any]
    elements: tuple[case_rows.ElementRow, ...]
    discussions: tuple[case_rows.DiscussionRow, ...]
    disputes: tuple[case_rows.DisputeRow, ...]
    outlooks: tuple[Outlook, ...]
    told: tuple[Told, ...]
    record: tuple[Entry, ...]
    readable: bool
    digest: str


async def case_page(given: Given, case: Case, kept: Kept, viewer: Viewer, lately: LatelyCounted) -> CasePage:
    """The page of a case for a person who may see it. Raises StoreError."""
    now, record = given.now, await record_of(given.store, case.case_id)
    head = await case_head(given, case, kept, viewer)
    return CasePage(
        head=head,
        row=row_of(kept, now),
        shown=case_views.page(case, kept),
        elements=case_rows.element_rows(case),
        discussions=tuple(case_rows.discussion_rows(case)),
        disputes=tuple(case_rows.dispute_rows(case)),
        outlooks=forecast(case, given.partnership, now, await lately.by(now)),
        told=tuple(_told(record)),
        record=record,
        readable=head.reads and any(check.agency == viewer.agency for check in case.checks),
        digest=digest(kept, now),
    )


def _told(record: Sequence[Entry]) -> Iterator[Told]:
    for entry in record:
        if entry.act in ("red.notified", "red.lowered"):
            teams = dict(entry.detail).get("teams", ())
            yield Told(
                entry.at, tuple(team.removeprefix("team.") for team in teams), entry.act == "red.lowered"
            )


async def case_head(given: Given, case: Case, kept: Kept, viewer: Viewer) -> Head:
    """What every page about a case begins with, for this person. Raises StoreError."""
    row = row_of(kept, given.now)
    return Head(
        row.case,
        row.category,
        row.authority,
        row.stage,
        row.rag,
        row.clocks,
        await gone(given, case.case_id),
        in_the_hub.reads(Situation(case, viewer, given.partnership, given.now)),
    )


async def gone(given: Given, key: str) -> str | None:
    """When the content of a case was destroyed and by whom; None while it is there. Raises StoreError."""
    found = await retention.destroyed(key, given.store)
    return found.in_words(to_the_minute(found.at, given.zone)) if found is not None else None


def digest(kept: Kept, now: datetime) -> str:
    """Another one whenever the page of a case is another: after each step, and each minute while times run
    on in it."""
    minute = now.isoformat(timespec="minutes") if kept.facets.get("open") else "closed"
    return f"{kept.version} {minute}"


async def record_of(store: Store, key: str) -> tuple[Entry, ...]:
    """The record of a document, the latest entry first. Raises StoreError."""
    entries = await whole_chain(store, key)
    return tuple(_entry(entry.seq, json.loads(entry.body)) for entry in reversed(entries))


def _entry(seq: int, body: Mapping[str, Any]) -> Entry:
    return Entry(
        seq, body["act"], datetime.fromisoformat(body["at"]), body["by"], tuple(_said(body["detail"]))
    )


def _said(detail: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Codes and ids, and of people who took part who they were and what they held; what else is nested is for
    `mash audit show`."""
    for name, value in detail.items():
        if name in _LEFT_OUT or value in (None, [], ""):
            continue
        if isinstance(value, bool):
            yield name, ("yes" if value else "no",)
        elif isinstance(value, str | int):
            yield name, (str(value),)
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            yield name, tuple(value)
        elif isinstance(value, dict) and "person" in value:
            yield name, (_held(value),)
        elif isinstance(value, list) and all(isinstance(one, dict) and "person" in one for one in value):
            yield name, tuple(_held(one) for one in value)


def _held(one: Mapping[str, str]) -> str:
    """Who it was; of a panel and a discussion also what they held, of which element. [D22, K07]"""
    about = f" on {one['element_id']}" if "element_id" in one else ""
    return one["person"] + about + (f": {in_words(one['position'])}" if "position" in one else "")
