"""The daily rounds as lists and pages show them: when held or missed, what waits; no content. [H02, I01]"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from agents.coordinator.daily_rounds import Listed, Round, key_of
from store.port import Store


@dataclass(frozen=True, slots=True)
class Standing:
    """How a round stands. ``waiting`` counts what is before it, ``next_agenda`` is the day of its next
    agenda; ``last_held`` and ``last_missed`` are None where that has not been in the days that are kept."""

    code: str
    waiting: int
    next_agenda: date
    last_held: date | None
    last_missed: date | None


async def rounds(store: Store, codes: Iterable[str]) -> list[Round]:
    """The rounds that have begun, of these, in their order. Raises StoreError."""
    keys = [key_of(code) for code in codes]
    kept = await store.load(keys)
    return [Round.model_validate_json(kept[key].state) for key in keys if key in kept]


def carried_over(item: Listed, one: Round) -> int:
    """How often something was on the agenda of a day and left there. The last agenda counts as soon as its
    day was missed, or held without it. [H02, I08]"""
    last = one.agenda_day - timedelta(days=1)
    over = last in one.missed or any(held.day == last for held in one.held)
    return item.agendas if over else max(item.agendas - 1, 0)


def standing(one: Round) -> Standing:
    """How a round stands now."""
    return Standing(
        one.code,
        len(one.items),
        one.agenda_day,
        max((held.day for held in one.held), default=None),
        max(one.missed, default=None),
    )
