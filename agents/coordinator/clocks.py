"""The RAG clocks as pure functions of receipt, ratings and calendar. [E02-E11, G3.6]

Two hours and 24 hours are elapsed time in UTC; working days are local dates with the bank holidays of
England, turned into UTC at the end.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.metadata import version

import holidays

from agents.partnership import Clocks
from messages.words import Rag

HORIZON_YEARS = 5
"""Bank holidays are proclaimed year by year; further ahead than this nobody can know them."""

_URGENCY = {Rag.BLUE: 0, Rag.AMBER: 1, Rag.RED: 2}


class CalendarEnds(Exception):
    """A due time would fall where the calendar of bank holidays is not known yet."""


def is_upgrade(before: Rag, after: Rag) -> bool:
    """Whether a re-rating makes the case more urgent. [E11]"""
    return _URGENCY[after] > _URGENCY[before]


def due_after(rag: Rag, start: datetime, clocks: Clocks) -> datetime:
    """When a package is due whose clock began at ``start`` (UTC). [E02, E06, E07, E08]"""
    match rag:
        case Rag.RED:
            return start.astimezone(UTC) + clocks.red
        case Rag.AMBER:
            return start.astimezone(UTC) + clocks.amber
        case Rag.BLUE:
            return working_days_after(start, clocks.blue_working_days, clocks)


def promised_after(start: datetime, clocks: Clocks) -> datetime:
    """By when the field teams are promised a RED package whose clock began at ``start`` (UTC). [E03, E04]"""
    return start.astimezone(UTC) + clocks.red_promise


def working_days_after(start: datetime, days: int, clocks: Clocks) -> datetime:
    """The due hour on the n-th working day after the local day of ``start``, which is day 0. [E08]

    Raises `CalendarEnds` when that day is not in the known years.
    """
    zone = clocks.zone
    received = start.astimezone(zone).date()
    day = _working_day_after(received, days, clocks.holidays_country, clocks.holidays_subdivision)
    return datetime.combine(day, clocks.blue_due_at, tzinfo=zone).astimezone(UTC)


def is_working_day(day: date, country: str, subdivision: str) -> bool:
    """Monday to Friday, less the bank holidays of a country and its part. [E08]"""
    return day.weekday() < 5 and day not in _bank_holidays(country, subdivision, day.year)


def calendar_name(clocks: Clocks) -> str:
    """Which calendar decided, for the record: ``gb-eng-holidays-0-109``."""
    return _calendar_name(clocks.holidays_country, clocks.holidays_subdivision)


@lru_cache(maxsize=64)
def _calendar_name(country: str, subdivision: str) -> str:
    # Reading a distribution's metadata takes longer than the rest of a step.
    return f"{country}-{subdivision}-holidays-{version('holidays')}".lower().replace(".", "-")


@lru_cache(maxsize=64)
def _working_day_after(day: date, days: int, country: str, subdivision: str) -> date:
    # Whatever is received on one day has the same last day.
    last_year = day.year + HORIZON_YEARS
    while days:
        day += timedelta(days=1)
        if day.year > last_year:
            raise CalendarEnds(f"no bank holidays known after {last_year}")
        if is_working_day(day, country, subdivision):
            days -= 1
    return day


@lru_cache(maxsize=64)
def _bank_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
