"""The clocks: places that there are, and lengths that go together. [E02-E14, K08]"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from agents.partnership.checks.finding import Found
from agents.partnership.model import Partnership


def places(p: Partnership) -> Iterator[Found]:
    """A time zone and a calendar that there are. [E08]"""
    clocks = p.clocks
    try:
        ZoneInfo(clocks.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder, such as Europe
        yield "clocks.timezone", "is no time zone; give one such as Europe/London"
    try:
        holidays.country_holidays(clocks.holidays_country, subdiv=clocks.holidays_subdivision)
    except NotImplementedError:  # what the library raises for a place that it has no calendar of
        yield (
            "clocks.holidays_subdivision",
            "has no calendar of bank holidays with holidays_country; give for instance GB with ENG, WLS, SCT "
            "or NIR",
        )


def lengths(p: Partnership) -> Iterator[Found]:
    """RED is the shortest and BLUE the longest, and nothing is told after it is due. [E02, E03, E06, E07]"""
    clocks = p.clocks
    if not all(0 < percent < 100 for percent in clocks.warn_at_percent):
        yield "clocks.warn_at_percent", "takes whole numbers from 1 to 99"
    if clocks.issue_ahead_minutes >= clocks.red_minutes:
        yield "clocks.issue_ahead_minutes", "must be less than red_minutes, the shortest clock"
    if clocks.red_promise_minutes < clocks.red_minutes:
        yield (
            "clocks.red_promise_minutes",
            "must not be less than red_minutes: the promise is the outer clock",
        )
    if clocks.red_minutes >= clocks.amber_hours * 60:
        yield "clocks.red_minutes", "must be less than amber_hours: RED is the shortest clock"
    elif clocks.red_promise_minutes >= clocks.amber_hours * 60:
        yield "clocks.red_promise_minutes", "must be less than amber_hours: RED is before AMBER"
    if clocks.amber_hours >= clocks.blue_working_days * 24:
        yield "clocks.amber_hours", "must be less than blue_working_days: AMBER is before BLUE"
    if clocks.escalation_red_minutes > clocks.escalation_hours * 60:
        yield (
            "clocks.escalation_red_minutes",
            "must not be more than escalation_hours: disputes are settled sooner for RED",
        )
