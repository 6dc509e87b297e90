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

    ``with_sum``: their sum is told beside them, by the same rule. Where a small count would follow from it,
    the small ones and the smallest of the others are not shown, as many as it takes, so that nothing says
    which of them are small; where that is not enough, no count of the row is shown.
    """
    few = [place for place, count in enumerate(counts) if 0 < count < LEAST]
    shown: list[int | str] = [FEW if place in few else count for place, count in enumerate(counts)]
    if not (with_sum and few) or (sum(counts) < LEAST and len(few) == 1):
        return shown
    rest = sorted((count, place) for place, count in enumerate(counts) if count >= LEAST)
    for hidden in range(len(rest) + 1):
        if 0 < hidden < len(rest) and rest[hidden][0] == rest[hidden - 1][0]:
            continue  # of two that are alike neither is hidden alone
        if _is_open(counts, len(few), [count for count, _ in rest], hidden):
            for place in (*few, *(place for _, place in rest[:hidden])) if hidden else ():
                shown[place] = NOT_TOLD
            return shown
    return [NOT_TOLD] * len(counts)


def _is_open(counts: Sequence[int], few: int, rest: Sequence[int], hidden: int) -> bool:
    """Whether a small count can be at least two numbers when so many of the ``rest``, which rise, are hidden
    beside them: by the sum, what is shown, and that everything hidden is below what is shown."""
    if sum(counts) < 2 * LEAST and few > 1:  # nearly as few as the counts in it: they would be one each
        return False
    beside = sum(counts) - sum(rest[hidden:])
    highest = rest[hidden] - 1 if hidden < len(rest) else beside
    least = few - 1 + LEAST * hidden
    most = (LEAST - 1) * (few - 1) + highest * hidden
    return sum(least <= beside - count <= most for count in range(1, LEAST)) > 1
