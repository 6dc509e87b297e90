"""Counts so small that they could point to a person are not told. [D02, L04]

One disability hate crime in one week, or one element that the police withheld, can be enough for somebody to
know whose it was. So a count from 1 to 4 is told as "fewer than 5" in what is counted by category and week,
and by agency and what it decided. None at all is told: it points to nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

LEAST = 5
FEW = f"fewer than {LEAST}"
NOT_TOLD = "not shown"


def told(counts: Sequence[int], *, with_sum: bool = False) -> list[int | str]:
    """The counts of a row as they are told.

    ``with_sum``: their sum is told beside them. Where one alone is hidden it would follow from the sum, so
    the smallest of the others is then not shown either.
    """
    few = [place for place, count in enumerate(counts) if 0 < count < LEAST]
    shown: list[int | str] = [FEW if place in few else count for place, count in enumerate(counts)]
    others = [place for place, count in enumerate(counts) if count >= LEAST]
    if with_sum and len(few) == 1 and others:
        shown[min(others, key=lambda place: counts[place])] = NOT_TOLD
    return shown
