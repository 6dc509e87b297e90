"""The end of the hub's part in a case, with the reason. [A07, C06, E12]"""

from __future__ import annotations

from collections.abc import Sequence

from agents.coordinator import adults, closing, gaps, re_review
from agents.coordinator.case import Case
from agents.coordinator.disputes import DisputeStage
from messages.package import CaseEnded
from ops.dashboard import words
from ops.dashboard.forms import Field
from ops.dashboard.tasks import asking
from ops.dashboard.tasks.task import About, Situation, Task


def _open(at: Situation) -> Sequence[About]:
    if at.case.closed_at is not None:
        return ()
    if at.case.packages:
        left = closing.open_because(at.case)
        return (About("", "although somebody is silent"),) if set(left) <= closing.SILENCES else ()
    return (About("", "no further action"),) if _goes_to_nobody(at.case) else ()


def _goes_to_nobody(case: Case) -> bool:
    """Whether it may end without a package: assessed on every answer, nothing promised or in dispute, and
    not for two signatories to decide. [A03, A07]"""
    assessed = case.assessment is not None and case.assessment.round == case.round.number
    promised = any(rating.promise_at is not None for rating in case.ratings)
    waiting = bool(gaps.unanswered(case) or gaps.to_look(case))
    disputed = any(dispute.stage is not DisputeStage.SETTLED for dispute in case.disputes)
    return assessed and not (adults.concerned(case) or promised or waiting or disputed)


def _know(at: Situation) -> Sequence[str]:
    case = at.case
    if not case.packages:
        return ("No field team gets this case, and its source is told the reason.",)
    silent = dict.fromkeys((*gaps.waiting_for(case), *gaps.to_look(case), *re_review.awaited(case)))
    names = "; ".join(words.agency_in_words(one, at.partnership) for one in silent)
    return (f"Still silent: {names}.",)


def _fields(at: Situation) -> Sequence[Field]:
    told = "" if at.case.packages else " The source of the referral is told this."
    return asking.rationale(hint=f"Why the hub’s part ends now.{told}")


TASKS = (
    Task(
        "end",
        "End the case",
        "end_case",
        CaseEnded,
        _fields,
        "The case has ended.",
        open_for=_open,
        managed=True,
        know=_know,
        final="You cannot open the case again. Only an answer that the hub still waits for does; a new "
        "concern is a new referral.",
    ),
)
