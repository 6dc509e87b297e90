"""How the agencies answered and decided lately, counted over the cases that came last. [E14]

Counts and lengths of time only: nothing in them tells of one case. Whoever may see a case sees them for the
agencies that it waits for, also those counted in cases of others.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from agents.coordinator.case import Case, Rating
from agents.coordinator.checks import UNANSWERED
from agents.coordinator.elements import SETTLED, Authority, Element, standing
from messages.clock import Clock
from messages.words import Rag
from ops import case_views
from store.port import Store

MOST_CASES = 200
"""How many cases are counted: those that came last, so that the count costs the same however many there
are."""

_AT_ONCE = 50
_OWNERS_OWN = frozenset({Authority.OWNER, Authority.OWNERS_RULE, Authority.THIRD_PARTY_OWNER})

Kind = tuple[str, Rag]
"""An agency, and the rating under which it was asked."""


@dataclass(slots=True)
class Lately:
    """What one agency did under one rating. ``asked`` counts the requests that it answered or let run out,
    ``late`` those of them that were not answered in their time, ``lengths`` how long the answers took;
    ``revealed`` the elements that it had to decide on, ``undecided`` those not decided when the package was
    due."""

    asked: int = 0
    late: int = 0
    revealed: int = 0
    undecided: int = 0
    lengths: list[timedelta] = field(default_factory=list)

    @property
    def usual(self) -> timedelta | None:
        """Half of the answers came within this time; None before there is any."""
        if not self.lengths:
            return None
        return timedelta(seconds=median(one.total_seconds() for one in self.lengths))


def counted(cases: Iterable[Case], now: datetime) -> Mapping[Kind, Lately]:
    """What the agencies did in these cases, by now."""
    found: dict[Kind, Lately] = defaultdict(Lately)
    for case in cases:
        _count_answers(found, case, now)
        _count_decisions(found, case, now)
    return dict(found)


def _count_answers(found: dict[Kind, Lately], case: Case, now: datetime) -> None:
    for check in case.checks:
        silent = check.answered_at is None or check.state in UNANSWERED
        if silent and check.due_at >= min(now, case.closed_at or now):
            continue
        rating = _in_force(case, check.asked_at)
        one = found[check.agency, rating.rag]
        one.asked += 1
        if check.answered_at is not None and not silent:
            one.lengths.append(check.answered_at - check.asked_at)
        one.late += silent or (check.answered_at is not None and check.answered_at > check.due_at)


def _count_decisions(found: dict[Kind, Lately], case: Case, now: datetime) -> None:
    for element in case.elements:
        for at in _owner_decided(element, min(now, case.closed_at or now)):
            rating = _in_force(case, at)
            if element.revealed_at >= rating.due_at or at < element.revealed_at:
                continue  # no time was left for it, or it was decided in a round before
            open_still = standing(element) not in SETTLED and element.decision is None
            if open_still and at <= rating.due_at:
                continue
            one = found[element.owner, rating.rag]
            one.revealed += 1
            one.undecided += at > rating.due_at


def _owner_decided(element: Element, now: datetime) -> Iterator[datetime]:
    """When its owner decided on it; ``now`` while it has not."""
    made = (*element.earlier_decisions, *((element.decision,) if element.decision else ()))
    own = [one.at for one in made if one.authority in _OWNERS_OWN]
    yield from own or [now]


def _in_force(case: Case, at: datetime) -> Rating:
    """The rating by which somebody had to work then: no check is made before the first."""
    return next((one for one in reversed(case.ratings) if one.at <= at), case.ratings[0])


class LatelyCounted:
    """The counts over the last cases of the hub, made anew every few minutes of real time at most."""

    def __init__(self, store: Store, wall: Clock, keep: timedelta = timedelta(minutes=10)) -> None:
        self._store = store
        self._wall = wall
        self._keep = keep
        self._counted: Mapping[Kind, Lately] = {}
        self._at: datetime | None = None
        self._counting = asyncio.Lock()

    async def by(self, now: datetime) -> Mapping[Kind, Lately]:
        """The counts; ``now`` is the hub's time. Of many pages one counts: the others wait for the first
        counts, and get the last ones while they are made anew. Raises StoreError."""
        if self._at is not None and (self._is_new() or self._counting.locked()):
            return self._counted
        async with self._counting:
            if not self._is_new():
                self._counted = counted(await self._last_cases(), now)
                self._at = self._wall.now()
        return self._counted

    def _is_new(self) -> bool:
        return self._at is not None and self._wall.now() - self._at < self._keep

    async def _last_cases(self) -> list[Case]:
        cases: list[Case] = []
        while len(cases) < MOST_CASES:
            page = await self._store.find(
                {"kind": "case"}, sort=[("received_at", -1)], offset=len(cases), limit=_AT_ONCE
            )
            for kept in page.rows:
                cases.append(case_views.case_from(kept))
                await asyncio.sleep(0)  # others have their turn between cases
            if len(page.rows) < _AT_ONCE:
                break
        return cases
