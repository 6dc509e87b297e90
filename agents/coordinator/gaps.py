"""What a package still waits for, and how each agency stands in it. [C05, C06, D10, E12]"""

from __future__ import annotations

from typing import Literal

from agents.coordinator import adults, checks, hate_crime
from agents.coordinator.case import Case
from agents.coordinator.clocks import is_upgrade
from agents.coordinator.elements import SETTLED, Standing, standing
from messages.package import AgencyLine
from messages.words import AnswerState


def unanswered(case: Case) -> tuple[str, ...]:
    """Agencies of this round that have not answered, or not readably; adult social care owes a hate crime the
    result of its check. [C06, I02, I03]"""
    return tuple(
        c.agency for c in case.round_checks if c.state in checks.UNANSWERED or hate_crime.lacks_result(c)
    )


def to_look(case: Case) -> tuple[str, ...]:
    """Agencies of this round in whose records several people fit: a person of theirs has to look. [C06]"""
    return tuple(c.agency for c in case.round_checks if c.state is AnswerState.SEVERAL_FIT)


def undecided(case: Case) -> tuple[str, ...]:
    """Owners of elements of this round that are not settled, in dispute included."""
    return tuple(
        dict.fromkeys(
            e.owner for e in case.elements if e.round == case.round.number and standing(e) not in SETTLED
        )
    )


def waiting_for(case: Case) -> tuple[str, ...]:
    """Everybody whom the package waits for."""
    return tuple(dict.fromkeys((*unanswered(case), *undecided(case))))


def owed(case: Case) -> Literal["rating", "package", "nothing"]:
    """What the hub's target runs for: a rating, then a package of the urgency in force. [E02, E04, E11]"""
    if case.closed_at is not None:
        return "nothing"
    rating = case.rating
    if rating is None:
        return "rating"
    wanting = all(is_upgrade(one.issued.rag, rating.rag) for one in case.round_packages)
    return "package" if wanting else "nothing"


def cause(case: Case) -> str:
    """Why a package is not out, as a code: the first thing in the order of the procedure."""
    if case.rating is None:
        return "not_rated"
    if case.round.direction is None:
        return "not_directed"
    if unanswered(case):
        return "agency_silent"
    standings = {standing(e) for e in case.elements if e.round == case.round.number}
    for state, code in (
        (Standing.REVEALED, "not_discussed"),
        (Standing.DISPUTED, "dispute_open"),
        (Standing.THIRD_PARTY_PENDING, "third_party_silent"),
        (Standing.AWAITING_OWNER, "owner_undecided"),
        (Standing.CONSIDER, "owner_undecided"),
    ):
        if state in standings:
            return code
    if case.leaving_concern is None:
        return "concern_shows_source"
    if hate_crime.wants_response(case):
        return "response_not_decided"
    return adults.open_step(case) or "not_agreed"


def agency_lines(case: Case) -> tuple[AgencyLine, ...]:
    """A line for every agency asked in this round; silence never reads as nothing known. [C05, C06]"""
    return tuple(
        AgencyLine(
            agency=check.agency,
            state=check.state,
            off_hub=check.off_hub,
            **_counts(case, check.agency),
        )
        for check in case.round_checks
    )


def _counts(case: Case, agency: str) -> dict[str, int]:
    states = [standing(e) for e in case.elements if e.holder == agency and e.round == case.round.number]
    return {
        "released": states.count(Standing.RELEASED) + states.count(Standing.PRESUMED_USABLE),
        "sanitised": states.count(Standing.SANITISED),
        "withheld": states.count(Standing.WITHHELD),
        "waiting": sum(state not in SETTLED for state in states),
    }
