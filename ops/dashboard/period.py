"""The period that figures are about, as an address asks for it: codes and dates alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ops.dashboard.dates import PARTS, entered

LENGTHS: Mapping[str, int] = {"7": 7, "28": 28, "90": 90}
"""Days, today included, by the code in an address."""

BETWEEN = "between"
USUAL = "28"
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``first`` to ``last``, both included. ``chosen`` is the code; ``said`` what was written of the two
    dates, ``problems`` what is wrong with it by the name of its field. With problems the period is the usual
    one."""

    chosen: str
    first: date
    last: date
    said: Mapping[str, str]
    problems: Mapping[str, str]

    @property
    def query(self) -> Mapping[str, str]:
        """The same period in an address."""
        return {"period": self.chosen} | (dict(self.said) if self.chosen == BETWEEN else {})


def asked(said: Mapping[str, str], today: date) -> Period:
    """What an address asks for. What there is not is a problem."""
    names = [f"{end}-{part}" for end in ("from", "to") for part in PARTS]
    dates = {name: said[name].strip()[:8] for name in names if name in said}
    chosen = said.get("period", USUAL)
    if chosen in LENGTHS:
        return Period(chosen, _first(LENGTHS[chosen], today), today, dates, {})
    usual = _first(LENGTHS[USUAL], today)
    if chosen != BETWEEN:
        return Period(USUAL, usual, today, dates, {"period": "Choose one of these periods"})
    first, last = (_day(dates, end) for end in ("from", "to"))
    problems = {}
    if first is None:
        problems["from"] = "From must be a real date, such as 5 3 2026"
    if last is None:
        problems["to"] = "To must be a real date, such as 28 3 2026"
    if first is None or last is None:
        return Period(BETWEEN, usual, today, dates, problems)
    if last < first:
        problems["to"] = "To must be the same day as From, or after it"
    elif last - first > LONGEST:
        problems["to"] = "To must be at most three years after From"
    return Period(BETWEEN, *((usual, today) if problems else (first, last)), dates, problems)


def _first(days: int, today: date) -> date:
    return today - timedelta(days=days - 1)


def _day(said: Mapping[str, str], end: str) -> date | None:
    return entered(*(said.get(f"{end}-{part}", "") for part in PARTS))
