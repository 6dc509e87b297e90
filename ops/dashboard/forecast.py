"""Which agencies the package will have to wait for, and why: by rule, and by how they answered lately.
[C05, C06, E12, E14, K08]

READ: the procedure asks for warnings at half, three quarters and nine tenths of an agency's time. [E14] A
forecast is not in it. It is put no higher than what it rests on, which is shown with it, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agents.coordinator import checks, gaps, hate_crime
from agents.coordinator.case import Case, Check
from agents.coordinator.disputes import DisputeStage
from agents.coordinator.elements import SETTLED, Element, Standing, standing
from agents.partnership import Partnership
from messages.words import AnswerState
from ops.dashboard.lately import Kind, Lately

AT_RISK_PERCENT = 75
"""The share of its time after which a second warning goes out, by the guidance. [E14]"""

LEAST = 5
"""With fewer requests than this nothing is concluded from how an agency answered lately."""


class Way(StrEnum):
    """How it will go, as far as can be told."""

    LATE = "late"
    AT_RISK = "at_risk"
    UNKNOWN = "unknown"
    IN_TIME = "in_time"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that stands in the way. ``code`` is one of `OBSTACLES`; ``of`` are the elements or the
    dispute that it is about, ``stage`` that of a dispute."""

    code: str
    of: tuple[str, ...] = ()
    stage: str = ""


OBSTACLES: Mapping[str, str] = {
    "not_asked": "Not asked: the checks are not directed yet",
    "silent": "No answer",
    "unreadable": "Its answer could not be read, and it has not sent another",
    "result_owed": "The result of its check",
    "several_fit": "Several of its records fit: one of its people has to look. The package does not wait",
    "not_discussed": "To be discussed in the hub first",
    "undecided": "Its decision",
    "to_consider": "Fuller consideration, since release may do harm",
    "permission": "Its permission, as the owner of what another agency holds",
    "dispute": "A dispute",
}
"""What may stand in the way, in the order of the procedure."""

_BY_STANDING: Mapping[Standing, str] = {
    Standing.REVEALED: "not_discussed",
    Standing.AWAITING_OWNER: "undecided",
    Standing.CONSIDER: "to_consider",
    Standing.THIRD_PARTY_PENDING: "permission",
}

DISPUTES: Mapping[str, str] = {
    DisputeStage.RAISED: "with the line managers",
    DisputeStage.MANAGEMENT_FAILED: "the line managers did not agree: a panel has to be called",
    DisputeStage.PANEL_CONVENED: "with the panel",
    DisputeStage.PANEL_DISAGREED: "the panel did not agree: with the data controller",
}
"""Where a dispute is, until it is settled. [K01-K06]"""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be expected of one agency.

    ``used`` is how much of its time has gone, in per cent; None before it began. ``usual_at`` is when its
    answer would come if it took as long as half of its last ones. ``rests_on`` are codes of why the way is
    what it is: ``ran_out``, ``time_used``, ``usual_after_due``, ``often_late``, ``panel``.
    """

    agency: str
    due_at: datetime
    way: Way
    obstacles: tuple[Obstacle, ...]
    used: int | None
    usual_at: datetime | None
    rests_on: tuple[str, ...]
    lately: Lately | None


def forecast(
    case: Case, partnership: Partnership, now: datetime, lately: Mapping[Kind, Lately]
) -> tuple[Outlook, ...]:
    """An outlook for each agency that the case still waits for, those at risk first; none before it is rated
    and after it has ended."""
    rating = case.rating
    if case.closed_at is not None or rating is None:
        return ()
    found = []
    for agency, obstacles in _in_the_way(case, partnership).items():
        due_at, began = rating.due_at, _began(case, agency)
        record = lately.get((agency, rating.rag))
        usual_at = _usual_at(case, agency, record)
        used = None if began is None or due_at <= began else int((now - began) / (due_at - began) * 100)
        reasons = tuple(_reasons(obstacles, due_at, now, used, usual_at, record))
        way = _way(obstacles, reasons)
        found.append(Outlook(agency, due_at, way, obstacles, used, usual_at, reasons, record))
    order = list(Way)
    return tuple(sorted(found, key=lambda one: order.index(one.way)))


def _way(obstacles: tuple[Obstacle, ...], reasons: tuple[str, ...]) -> Way:
    if reasons:
        return Way.LATE if "ran_out" in reasons else Way.AT_RISK
    # Nothing can be seen of whoever has not been asked, while the time runs all the same.
    return Way.UNKNOWN if any(one.code == "not_asked" for one in obstacles) else Way.IN_TIME


def _in_the_way(case: Case, partnership: Partnership) -> Mapping[str, tuple[Obstacle, ...]]:
    """By agency, in the order of the procedure."""
    found: dict[str, list[Obstacle]] = {}
    if case.round.direction is None:
        for agency in checks.core_agencies(case, partnership):
            found.setdefault(agency, []).append(Obstacle("not_asked"))
    for check in case.round_checks:
        if code := _of_answer(check):
            found.setdefault(check.agency, []).append(Obstacle(code))
    for owner in gaps.undecided(case):
        found.setdefault(owner, []).extend(_of_decision(case, owner))
    return {agency: tuple(obstacles) for agency, obstacles in found.items()}


def _of_answer(check: Check) -> str | None:
    if check.state is AnswerState.UNREADABLE:
        return "unreadable"
    if check.state in checks.UNANSWERED:
        return "silent"
    if hate_crime.lacks_result(check):
        return "result_owed"
    return "several_fit" if check.state is AnswerState.SEVERAL_FIT else None


def _of_decision(case: Case, owner: str) -> Iterator[Obstacle]:
    open_ = _undecided(case, owner)
    for state, code in _BY_STANDING.items():
        if of := tuple(one.element_id for one in open_ if standing(one) is state):
            yield Obstacle(code, of)
    disputed = {one.dispute_id for one in open_ if standing(one) is Standing.DISPUTED}
    for dispute in case.disputes:
        if dispute.dispute_id in disputed:
            yield Obstacle("dispute", (dispute.dispute_id,), dispute.stage.value)


def _undecided(case: Case, owner: str) -> list[Element]:
    return [
        one
        for one in case.elements
        if one.owner == owner and one.round == case.round.number and standing(one) not in SETTLED
    ]


def _began(case: Case, agency: str) -> datetime | None:
    """When its time began: asked and silent, or, once it has answered, when what it owns was revealed."""
    asked = [one.asked_at for one in case.round_checks if one.agency == agency and _of_answer(one)]
    revealed = [one.revealed_at for one in _undecided(case, agency)]
    return min(asked or revealed, default=None)


def _usual_at(case: Case, agency: str, lately: Lately | None) -> datetime | None:
    """When an answer that is waited for would come; None where too few came lately to tell."""
    usual = lately.usual if lately is not None and len(lately.lengths) >= LEAST else None
    if usual is None:
        return None
    waited = (c.asked_at for c in case.round_checks if c.agency == agency and c.state in checks.UNANSWERED)
    asked_at = next(waited, None)
    return asked_at + usual if asked_at is not None else None


def _reasons(
    obstacles: tuple[Obstacle, ...],
    due_at: datetime,
    now: datetime,
    used: int | None,
    usual_at: datetime | None,
    lately: Lately | None,
) -> Iterator[str]:
    codes = {one.code for one in obstacles}
    if codes == {"several_fit"}:
        return
    if due_at < now:
        yield "ran_out"
    if used is not None and used >= AT_RISK_PERCENT:
        yield "time_used"
    if usual_at is not None and usual_at > due_at:
        yield "usual_after_due"
    if lately is not None and _often_late(codes, lately):
        yield "often_late"
    if any(one.stage in _TAKES_A_MEETING for one in obstacles):
        yield "panel"


def _often_late(codes: set[str], lately: Lately) -> bool:
    """Half of the times or more, in what is waited for."""
    answers = codes & {"silent", "unreadable", "not_asked"} and lately.asked >= LEAST
    decisions = codes & {"undecided", "to_consider", "permission"} and lately.revealed >= LEAST
    return bool(
        (answers and lately.late * 2 >= lately.asked)
        or (decisions and lately.undecided * 2 >= lately.revealed)
    )


_TAKES_A_MEETING = frozenset(
    {DisputeStage.MANAGEMENT_FAILED, DisputeStage.PANEL_CONVENED, DisputeStage.PANEL_DISAGREED}
)
