"""Whether two mentions are one person: a table, strict enough to be wrong hardly ever.

Telling the hub about somebody else is the worst thing a worker can do, so a match is sure only when a name
stands together with a date of birth or a checked number, and nothing speaks against it. What is
neither sure nor excluded is left open ("several fit"), for a person to look at. A name alone, or a name
and an address, is never sure: fathers and sons share both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations

from agents.agency.evidence import AT_HOME, Evidence, NameFit, PlaceFit, compare
from agents.agency.ports import NOBODY, SAME_PERSON, SEVERAL_FIT
from agents.identity import Identity
from agents.identity.dates import Born
from agents.identity.numbers import ONE_EACH


class Verdict(IntEnum):
    """What the evidence comes to."""

    NOT_THEM = 0
    POSSIBLE = 1
    SURE = 2


_WORTH_NAME = {
    NameFit.FULL: 40,
    NameFit.FAMILY_CLOSE: 30,
    NameFit.GIVEN_CLOSE: 25,
    NameFit.PARTLY: 15,
    NameFit.GIVEN_ONLY: 15,
}
_WORTH_BORN = {Born.SAME: 30, Born.SWAPPED: 20, Born.NEAR: 15}
_WORTH_PLACE = {PlaceFit.HOUSE: 20, PlaceFit.EARLIER_HOUSE: 15, PlaceFit.POSTCODE: 10}
_WORTH_NUMBER = 40
MOST_NAMESAKES = 30
"""Bearers of a name among whom a date of birth still tells a person apart: with 30 of them, in 80 years of
365 days, it is shared by chance once in a thousand times."""

MOST_NAMESAKES_ELSEWHERE = 5
"""The same when the addresses differ, which moving house explains less often than chance would then."""

_RANGES = {Verdict.NOT_THEM: (0, 39), Verdict.POSSIBLE: (40, 84), Verdict.SURE: (85, 100)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in the records beside the person asked about: a reference and codes."""

    key: str
    evidence: Evidence
    verdict: Verdict
    score: int

    @property
    def by_number(self) -> bool:
        """Whether a number that is given once for life agrees."""
        return bool(self.evidence.agree & ONE_EACH)


@dataclass(frozen=True, slots=True)
class Match:
    """The outcome for one person asked about; ``keys`` are the records of that person when it is sure."""

    outcome: str
    score: int = 0
    reasons: tuple[str, ...] = ()
    candidates: int = 0
    keys: tuple[str, ...] = ()


def weigh(key: str, asked: Identity, held: Identity, *, namesakes: float) -> Candidate:
    """Judge one candidate among ``namesakes`` people who bear the name asked for."""
    evidence = compare(asked, held)
    verdict = judge(evidence, namesakes=namesakes)
    points = (
        _WORTH_NAME.get(evidence.name, 0)
        + _WORTH_BORN.get(evidence.born, 0)
        + _WORTH_PLACE.get(evidence.place, 0)
        + _WORTH_NUMBER * bool(evidence.agree)
        - _WORTH_NUMBER * bool(evidence.differ)
    )
    low, high = _RANGES[verdict]
    return Candidate(key, evidence, verdict, max(low, min(high, points)))


def judge(evidence: Evidence, *, namesakes: float) -> Verdict:
    """The table. Two different numbers of a kind that people have one of are never sure.

    ``namesakes`` counts the bearers of the name in the records; infinity when the date of birth proves
    nothing either.
    """
    for_life = evidence.agree & ONE_EACH
    if evidence.differ:
        full = evidence.name is NameFit.FULL and evidence.born is Born.SAME
        return Verdict.POSSIBLE if for_life or full else Verdict.NOT_THEM
    if for_life:
        return Verdict.SURE if _number_is_borne_out(evidence) else Verdict.POSSIBLE
    near_by = evidence.place in _WORTH_PLACE or bool(evidence.agree)
    at_home = evidence.place in AT_HOME
    match evidence.name, evidence.born:
        case NameFit.FULL, Born.SAME:
            most = MOST_NAMESAKES_ELSEWHERE if evidence.place is PlaceFit.DIFFERENT else MOST_NAMESAKES
            return Verdict.SURE if near_by or namesakes <= most else Verdict.POSSIBLE
        case NameFit.FULL, Born.SWAPPED:
            return Verdict.SURE if near_by else Verdict.POSSIBLE
        case NameFit.FULL, Born.NEAR:
            return Verdict.SURE if at_home else Verdict.POSSIBLE
        case NameFit.FULL, Born.UNKNOWN:
            return Verdict.POSSIBLE
        case NameFit.FULL, Born.DIFFERENT:
            return Verdict.POSSIBLE if at_home else Verdict.NOT_THEM
        case NameFit.FAMILY_CLOSE | NameFit.GIVEN_CLOSE, Born.SAME:
            return Verdict.SURE if near_by else Verdict.POSSIBLE
        case NameFit.FAMILY_CLOSE | NameFit.GIVEN_CLOSE, Born.SWAPPED | Born.NEAR | Born.UNKNOWN:
            return Verdict.POSSIBLE if near_by else Verdict.NOT_THEM
        case NameFit.PARTLY, Born.SAME:
            return Verdict.POSSIBLE if near_by or namesakes < math.inf else Verdict.NOT_THEM
        case NameFit.PARTLY, Born.SWAPPED | Born.NEAR | Born.UNKNOWN:
            return Verdict.POSSIBLE if at_home else Verdict.NOT_THEM
        case NameFit.GIVEN_ONLY, Born.SAME:
            return Verdict.POSSIBLE if near_by else Verdict.NOT_THEM
    return Verdict.NOT_THEM


def _number_is_borne_out(evidence: Evidence) -> bool:
    """A number may be written into the wrong record (a twin's, a mother's), so something else must agree."""
    match evidence.born:
        case Born.SAME:
            return evidence.name is not NameFit.DIFFERENT
        case Born.SWAPPED | Born.NEAR | Born.UNKNOWN:
            return evidence.name in (NameFit.FULL, NameFit.FAMILY_CLOSE, NameFit.GIVEN_CLOSE)
        case _:
            return False


def settle(candidates: Sequence[Candidate], identity_at: Callable[[str], Identity]) -> Match:
    """One outcome from all candidates: one of them, several, or nobody; never the likelier of two."""
    open_ = [c for c in candidates if c.verdict is not Verdict.NOT_THEM]
    if not open_:
        return Match(NOBODY)
    sure = [c for c in open_ if c.verdict is Verdict.SURE]
    best = max(open_, key=lambda c: c.score)
    if sure and _one_person(sure, identity_at) and not _rivalled(sure, open_):
        reasons = best.evidence.reasons + (("entered_more_than_once",) if len(sure) > 1 else ())
        return Match(SAME_PERSON, best.score, reasons, len(sure), tuple(c.key for c in sure))
    score = min(best.score, _RANGES[Verdict.POSSIBLE][1])
    return Match(SEVERAL_FIT, score, best.evidence.reasons, len(open_))


def _one_person(sure: Sequence[Candidate], identity_at: Callable[[str], Identity]) -> bool:
    """Whether all records that surely fit are surely one another: somebody who was entered twice."""
    known = [identity_at(c.key) for c in sure]
    return all(surely_one(one, other) for one, other in combinations(known, 2))


def surely_one(one: Identity, other: Identity) -> bool:
    """Whether two mentions are one person, even if many had that name."""
    return judge(compare(one, other), namesakes=math.inf) is Verdict.SURE


def _rivalled(sure: Sequence[Candidate], open_: Sequence[Candidate]) -> bool:
    """Whether somebody else bears the number asked for, or was born the same day and may be the one meant
    while the given name of the sure one has a slip in it (twins)."""
    others = [c for c in open_ if c.verdict is not Verdict.SURE]
    if any(c.by_number for c in others):
        return True
    slip = all(c.evidence.name is NameFit.GIVEN_CLOSE and not c.by_number for c in sure)
    return slip and any(c.evidence.born is Born.SAME for c in others)
