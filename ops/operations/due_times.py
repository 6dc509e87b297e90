"""What the clock has to do next, and what it should have done already. [E04, E13, E14]"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from agents.coordinator import timers
from agents.partnership import Clocks
from ops import case_views
from store.port import Kept, Store

_MOST_COUNTED = 1000
_AHEAD = timedelta(days=366)
GRACE = timedelta(seconds=30)
"""How long after its time something may wait before it counts as not done: coordinators take it in turn."""


@dataclass(frozen=True, slots=True)
class DueTime:
    """A moment at which something happens to a document. ``what`` is the code of a clock, None for what is no
    case's; ``percent`` of it for a warning. ``late`` says that the moment has passed and nothing happened."""

    document: str
    is_case: bool
    at: datetime
    what: str | None
    agency: str | None
    percent: int | None
    late: bool


@dataclass(frozen=True, slots=True)
class DueTimes:
    """The earliest of them. ``late`` counts all that are late, ``more`` says that there are even more."""

    first: tuple[DueTime, ...]
    late: int
    more: bool


async def due_times(store: Store, clocks: Clocks, now: datetime, most: int) -> DueTimes:
    """What is due, the earliest ``most``. Raises StoreError."""
    late = await store.due(now - GRACE, _MOST_COUNTED)
    keys = await store.due(now + _AHEAD, most)
    kept = await store.load(keys)
    first = [_due_time(kept[key], clocks, now) for key in keys if key in kept and kept[key].due is not None]
    return DueTimes(tuple(first), len(late), more=len(late) == _MOST_COUNTED)


def _due_time(kept: Kept, clocks: Clocks, now: datetime) -> DueTime:
    at = kept.due or now
    pending = None
    is_case = kept.facets.get("kind") == "case"
    if is_case:
        case = case_views.case_from(kept)
        pending = min(timers.pending(case, clocks), key=lambda one: (one.at, one.key), default=None)
    return DueTime(
        kept.key,
        is_case,
        at,
        pending.timer if pending else None,
        pending.agency if pending else None,
        pending.percent if pending else None,
        late=at < now - GRACE,
    )
