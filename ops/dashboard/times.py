"""A day and a time as somebody enters them by the partnership's clock, read as the one moment they mean."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

HOW = "enter a day, month, year and time, such as 5 3 2012 and 14:30"

_DAY = re.compile(r"[0-9]{1,2} [0-9]{1,2} [0-9]{4}")
_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?: ?([A-Za-z]{3,5}))?")


class NoSuchTime(Exception):
    """What was entered means no moment, or two. ``problem`` says what to enter."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__("no_such_time")


def entered(day: str, month: str, year: str, time: str, zone: ZoneInfo) -> datetime:
    """The moment in UTC. ``time`` is ``14:30`` or ``14.30``, and may say which clock it is by: ``1:30 BST``.

    Nothing is guessed: an hour that the clocks passed over when they went forward is none, and one that they
    showed twice when they went back has to be said with its clock. Raises `NoSuchTime`.
    """
    in_day, in_time = _DAY.fullmatch(f"{day} {month} {year}"), _TIME.fullmatch(time)
    if not (in_day and in_time):
        raise NoSuchTime(HOW)
    hour, minute, clock = in_time.groups()
    try:
        shown = datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=zone)
        moments = _moments(shown)
    except (ValueError, OverflowError):
        raise NoSuchTime(HOW) from None
    said = f"{shown:%H:%M} on {shown.day} {shown:%B %Y}"
    if not moments:
        raise NoSuchTime(f"there was no {said}, as the clocks went forward; enter another time")
    names = {str(one.astimezone(zone).tzname()): one for one in moments}
    if clock is None and len(moments) == 1:
        return moments[0]
    if clock is None:
        either = " or ".join(f"{hour}:{minute} {name}" for name in names)
        raise NoSuchTime(f"it was {said} twice, as the clocks went back; enter {either}")
    if clock.upper() not in names:
        raise NoSuchTime(f"the clock that showed {said} was {' and '.join(names)}")
    return names[clock.upper()]


def _moments(shown: datetime) -> list[datetime]:
    """Those at which the clock showed this, the earlier one first: as a rule one."""
    either = {shown.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(one for one in either if one.astimezone(shown.tzinfo) == shown)
