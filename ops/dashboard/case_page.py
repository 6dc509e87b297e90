"""A case as its page shows it: codes, ids, states and times, never content; and its record. [D14, D15]"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.coordinator import gaps
from agents.coordinator.case import Case
from ops import case_views
from ops.dashboard.board import Clock, clocks
from ops.dashboard.viewer import Viewer
from store.audit_check import whole_chain
from store.port import Kept, Store

_LEFT_OUT = frozenset({"sha256", "form_hash", "document_digest", "span", "request_id", "author", "document"})
"""What of a record's detail only machines compare; `mash audit show` has it all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the record: what happened, when, by whom (None where no person did it), and its details."""

    seq: int
    act: str
    at: datetime
    by: Mapping[str, str] | None
    detail: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """``shown`` is everything about the case that is no content; ``record`` has the latest entry first.
    ``readable`` says that the person's agency was asked, so that they may read its packages. [C10]"""

    shown: Mapping[str, Any]
    clocks: tuple[Clock, ...]
    record: tuple[Entry, ...]
    readable: bool


async def case_page(store: Store, case: Case, kept: Kept, viewer: Viewer, now: datetime) -> CasePage:
    """The page of a case for a person who may see it. Raises StoreError."""
    shown = case_views.page(case, kept)
    rating = shown["ratings"][-1] if shown["ratings"] else {}
    times = (shown["received_at"], rating.get("due_at"), rating.get("promise_at"))
    entries = await whole_chain(store, case.case_id)
    return CasePage(
        shown,
        tuple(clocks(*times, gaps.owed(case), now)),
        tuple(_entry(entry.seq, json.loads(entry.body)) for entry in reversed(entries)),
        readable=any(check.agency == viewer.agency for check in case.checks),
    )


def _entry(seq: int, body: Mapping[str, Any]) -> Entry:
    return Entry(
        seq, body["act"], datetime.fromisoformat(body["at"]), body["by"], tuple(_said(body["detail"]))
    )


def _said(detail: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Codes and ids alone; what is nested is for `mash audit show`."""
    for name, value in detail.items():
        if name in _LEFT_OUT or value in (None, [], ""):
            continue
        if isinstance(value, bool):
            yield name, "yes" if value else "no"
        elif isinstance(value, str | int):
            yield name, str(value)
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            yield name, ", ".join(value)
