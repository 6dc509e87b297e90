"""The rating of the risk, at commencement and again as it changes. [E01-E07, E09-E11, I12]"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agents.coordinator import gaps, promises
from agents.coordinator.rating import due_when_rated
from messages.intake import RiskRated
from messages.words import Category, Rag
from ops.dashboard import moments
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks import asking
from ops.dashboard.tasks.managing import setting_of
from ops.dashboard.tasks.task import About, Situation, Task, once

_MEANING = {
    Rag.RED: "Immediate risk of significant harm.",
    Rag.AMBER: "Significant harm, and nothing that has to be done at once.",
    Rag.BLUE: "Routine involvement in a case that is open to a worker.",
}


def _open(at: Situation) -> Sequence[About]:
    taken = at.case.threshold is not None and at.case.threshold.met
    if not taken or at.case.closed_at is not None:
        return ()
    return once(at) if at.case.rating is None else (About("", "again"),)


def _fields(at: Situation) -> Sequence[Field]:
    worker = Field(
        "open_case_worker",
        "Worker of the open case",
        Kind.LINE,
        hint="Their number, not a name.",
        needed="Enter the number of the worker",
        filled=(at.case.open_case_worker,) if at.case.open_case_worker else (),
    )
    ratings = tuple(rag for rag in Rag if rag is not Rag.BLUE or _may_be_blue(at))
    return (
        Field(
            "rag",
            "Rating",
            Kind.RADIOS,
            options=tuple(
                Option(
                    rag.value,
                    rag.value.upper(),
                    hint=_what_it_changes(at, rag),
                    fields=(worker,) if rag is Rag.BLUE else (),
                )
                for rag in ratings
            ),
            needed="Choose the rating",
        ),
        *asking.rationale(),
    )


def _may_be_blue(at: Situation) -> bool:
    """BLUE is for routine involvement, never for a new referral or a professional concern. [E07, E09, I12]"""
    cohort = at.partnership.cohorts.get(at.case.cohort or "")
    concern = cohort is not None and cohort.category is Category.PROFESSIONAL_CONCERN
    return at.case.routine and not concern


def _what_it_changes(at: Situation, rag: Rag) -> str:
    """What the rating means, and what follows from it in this case by the hub's own rule. [E03, E04, E11]"""
    before = at.case.rating
    if before is not None and before.rag is rag:
        return f"{_MEANING[rag]} The rating now: no due time changes."
    due = due_when_rated(at.case, rag, setting_of(at.partnership, at.now))
    said = [_MEANING[rag], f"The package is then due {_time(at, due)}."]
    if before is not None and gaps.unanswered(at.case):
        said.append("Agencies that have not answered are asked again with that time.")
    if rag is Rag.RED:
        said.append("Police and social work teams are told at once.")
    elif before is not None and before.rag is Rag.RED:
        said.append("The teams that were told of RED are told that it is not any more.")
        if (promised := promises.open_promise(at.case)) is not None:
            said.append(f"The package that they were promised by {_time(at, promised)} stays promised.")
    return " ".join(said)


def _know(at: Situation) -> Sequence[str]:
    now = at.case.rating
    if now is None:
        return ()
    return (f"Rated {now.rag.value.upper()} now, with the package due {_time(at, now.due_at)}.",)


def _time(at: Situation, moment: datetime) -> str:
    return moments.to_the_minute(moment, at.partnership.clocks.zone)


TASKS = (
    Task(
        "rating",
        "Rate the risk",
        "rate",
        RiskRated,
        _fields,
        "The case is rated.",
        open_for=_open,
        managed=True,
        know=_know,
        final="RED tells police and social work teams at once. What they were told cannot be called back.",
    ),
)
