"""What an operations manager counts over the cases: how people meet, how often they escalate. [J01, K05]"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agents.coordinator.case import Case
from agents.registers import EscalationAlarm
from messages.words import Mode
from ops.case_views import case_from
from store.port import Store

_PAGE = 200


@dataclass(slots=True)
class Figures:
    """``modes`` counts how discussions and panels met, over all cases; ``escalations`` the panels convened
    in the last ``days``, which should be ``at_most`` so many."""

    days: int
    at_most: int
    cases: int = 0
    escalations: int = 0
    modes: Counter[str] = field(default_factory=Counter)

    @property
    def phone_share(self) -> float | None:
        """The share of discussions and panels by telephone; None before there is any. [J01]"""
        held = self.modes.total()
        return self.modes[Mode.PHONE] / held if held else None

    @property
    def alarm(self) -> bool:
        """Whether there were more escalations than is meant. [K05, M6.1]"""
        return self.escalations > self.at_most


async def counted(store: Store, level: EscalationAlarm, now: datetime) -> Figures:
    """The figures over all cases. Raises StoreError."""
    found = Figures(level.days, level.at_most)
    async for case in _cases(store):
        add(found, case, now)
    return found


def add(found: Figures, case: Case, now: datetime) -> None:
    """Count one case."""
    found.cases += 1
    found.modes.update(discussion.mode for discussion in case.discussions)
    found.modes.update(dispute.met_by for dispute in case.disputes if dispute.met_by is not None)
    since = now - timedelta(days=found.days)
    convened = (d.convened_at for d in case.disputes if d.convened_at is not None)
    found.escalations += sum(since < at <= now for at in convened)


async def _cases(store: Store) -> AsyncIterator[Case]:
    offset = 0
    while rows := (await store.find({"kind": "case"}, offset=offset, limit=_PAGE)).rows:
        for kept in rows:
            yield case_from(kept)
        offset += len(rows)
