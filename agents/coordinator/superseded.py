"""Which decisions rest on less than what agencies have found since. [A03, F01, G02, I03]

Nothing is undone by a later finding: whoever decided sees that it came, before the package is agreed, and
decides anew or lets it be. Elements have a way of their own, see `re_review`.
"""

from __future__ import annotations

from collections.abc import Iterator

from agents.coordinator.adult_record import Side
from agents.coordinator.case import Case


def superseded(case: Case) -> tuple[str, ...]:
    """The decisions of the round that rest on superseded evidence: ``assessment``, ``adult_threshold``,
    ``response``."""
    return tuple(_superseded(case))


def _superseded(case: Case) -> Iterator[str]:
    last = case.last_finding
    made = case.assessment
    if made is not None and made.round == case.round.number and made.evidence < last:
        yield "assessment"
    # What follows a first package goes the way of that one, so that signing anew would change nothing.
    if case.adult is not None and case.adult.decision is not None and not case.packages:
        signatures = [s for side in Side if (s := case.adult.latest(side)) is not None]
        if any(signature.evidence < last for signature in signatures):
            yield "adult_threshold"
    if case.hate_responses and case.hate_responses[-1].evidence < last:
        yield "response"
