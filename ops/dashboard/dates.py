"""Days as people enter and read them, as GOV.UK has it: ``5 March 2012``. Files and messages keep ISO."""

from __future__ import annotations

import re
from datetime import date

PARTS = ("day", "month", "year")
"""What a day is entered in, each at the name of its field with a hyphen before it."""

_DAY = re.compile(r"[0-9]{1,2} [0-9]{1,2} [0-9]{4}")
"""In plain digits alone: ``int`` reads more than people mean."""


def entered(day: str, month: str, year: str) -> date | None:
    """The day that somebody means; None where there is none such, or its year has not four digits."""
    if not _DAY.fullmatch(f"{day.strip()} {month.strip()} {year.strip()}"):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def in_words(day: date | str) -> str:
    """``5 March 2012``; ``day`` may be in ISO 8601."""
    read = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{read.day} {read:%B %Y}"


def span_in_words(first: date, last: date) -> str:
    """``5 to 11 March 2012``, ``27 February to 4 March 2012``: both days, and nothing said twice."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {in_words(last)}"
    begins = f"{first.day} {first:%B}" if first.year == last.year else in_words(first)
    return f"{begins} to {in_words(last)}"
