"""Moments as pages show them: to the minute, by the partnership's clock, and how far away they are."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ops.dashboard import dates, words


def to_the_minute(moment: datetime | str, zone: ZoneInfo) -> str:
    """``5 Mar 2012, 09:14 GMT``; ``moment`` has an offset, and may be in ISO 8601.

    Seconds are left out, so that nothing seems due later than it is.
    """
    when = _read(moment).astimezone(zone)
    return f"{when.day} {when:%b %Y, %H:%M %Z}"


def how_far(moment: datetime | str, now: datetime) -> str:
    """``25 min ago``, ``in 1 h 05 min`` or ``now``."""
    away = _read(moment) - now
    if abs(away) < timedelta(minutes=1):
        return "now"
    return f"in {words.length(away)}" if away > timedelta(0) else f"{words.length(-away)} ago"


def born(said: str, today: date) -> str:
    """A day of birth in ISO 8601 with the age that it makes: ``1 April 2005, 6 years old``; nothing for none.
    ``today`` is the day of reading."""
    if not said:
        return ""
    day = date.fromisoformat(said)
    years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    return dates.in_words(day) + (f", {years} years old" if years >= 0 else "")


def _read(moment: datetime | str) -> datetime:
    return datetime.fromisoformat(moment) if isinstance(moment, str) else moment
