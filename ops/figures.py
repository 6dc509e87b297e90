"""What an operations manager counts over the cases: how people meet, how often they escalate. [J01, K05]"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agents.coordinator.case import Case
from agents.coordinator.counted import modes
from agents.coordinator.daily_rounds import Round
from agents.coordinator.dial_record import Dial
from agents.registers import EscalationAlarm
from messages.sealing import KeptContext
from messages.words import Mode
from ops.case_views import case_from
from store.port import Kept, Store

_PAGE = 200


@dataclass(slots=True)
class Figures:
    """``modes`` counts how people met, wherever a mode is on record: discussions, panels, strategy
    discussions and investigation plans about adults, the meeting's outcome on each DIAL, and the daily
    reviews of the last month, which is how long these are kept. ``escalations`` are the panels convened in
    the last ``days``, which should be ``at_most`` so many.

    READ: no mode is asked for where two persons confirm one decision on record and need not meet: the adult
    threshold's signatures and its route, a response to hate crime, the completion of a referral of
    exploitation, management action, a professional's advice.
    """

    days: int
    at_most: int
    cases: int = 0
    escalations: int = 0
    modes: Counter[str] = field(default_factory=Counter)

    @property
    def phone_share(self) -> float | None:
        """The share of meetings by telephone; None before there is any. [J01]"""
        held = self.modes.total()
        return self.modes[Mode.PHONE] / held if held else None

    @property
    def alarm(self) -> bool:
        """Whether there were more escalations than is meant. [K05, M6.1]"""
        return self.escalations > self.at_most


async def counted(store: Store, level: EscalationAlarm, now: datetime) -> Figures:
    """The figures over everything that the hub keeps. Raises StoreError."""
    found = Figures(level.days, level.at_most)
    async for kept in _all(store, "case"):
        add(found, case_from(kept), now)
    async for kept in _all(store, "dial"):
        add_dial(found, Dial.model_validate_json(kept.state, context=KeptContext()))
    async for kept in _all(store, "round"):
        add_round(found, Round.model_validate_json(kept.state))
    return found


def add(found: Figures, case: Case, now: datetime) -> None:
    """Count one case."""
    found.cases += 1
    found.modes.update(modes(case))
    since = now - timedelta(days=found.days)
    convened = (d.convened_at for d in case.disputes if d.convened_at is not None)
    found.escalations += sum(since < at <= now for at in convened)


def add_dial(found: Figures, dial: Dial) -> None:
    """Count how the meeting met that decided on a DIAL."""
    if dial.tier_3 is not None:
        found.modes[dial.tier_3.mode] += 1


def add_round(found: Figures, round_: Round) -> None:
    """Count how the reviews of a daily round were held."""
    found.modes.update(held.mode for held in round_.held)


async def _all(store: Store, kind: str) -> AsyncIterator[Kept]:
    offset = 0
    while rows := (await store.find({"kind": kind}, offset=offset, limit=_PAGE)).rows:
        for kept in rows:
            yield kept
        offset += len(rows)
