"""Dates of birth: how two of them stand to each other."""

from __future__ import annotations

from datetime import date
from enum import Enum

_A_GENERATION = 12
"""Years between the births of a parent and a child, at the very least."""


class Born(Enum):
    """How near two dates of birth are."""

    SAME = "same"
    SWAPPED = "swapped"
    NEAR = "near"
    UNKNOWN = "unknown"
    DIFFERENT = "different"
    A_GENERATION_APART = "a_generation_apart"


def swapped(born: date) -> date | None:
    """The date with day and month exchanged, when that is another date."""
    if born.day > 12 or born.day == born.month:
        return None
    return date(born.year, born.day, born.month)


def is_stand_in(born: date) -> bool:
    """Whether systems often write this date for one that they do not know: 1 January."""
    return born.month == 1 and born.day == 1


def compare_births(one: date | None, other: date | None) -> Born:
    """``NEAR`` is one slip of the pen: one of day, month and year differs, and only in one digit or by two
    digits changing places; a year only by one, because a father and a son with the same name may
    share a birthday.
    """
    if one is None or other is None:
        return Born.UNKNOWN
    if one == other:
        return Born.SAME
    if swapped(one) == other:
        return Born.SWAPPED
    parts = [(a, b) for a, b in ((one.day, other.day), (one.month, other.month)) if a != b]
    if one.year == other.year and len(parts) == 1 and _one_slip(f"{parts[0][0]:02}", f"{parts[0][1]:02}"):
        return Born.NEAR
    if abs(one.year - other.year) == 1 and not parts:
        return Born.NEAR
    return Born.DIFFERENT if abs(one.year - other.year) < _A_GENERATION else Born.A_GENERATION_APART


def _one_slip(one: str, other: str) -> bool:
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1 or one == other[::-1]
