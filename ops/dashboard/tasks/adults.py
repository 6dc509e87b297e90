"""The adult pathway: what adult social care and police decide together. [F01-F07, G3.8-3.11]

Each side has its own tasks, because each has a right of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agents.coordinator import adults, superseded
from agents.coordinator.adult_record import JointDecision, Side
from messages.adults import (
    AdultRouteDecided,
    AdultStrategyRecorded,
    AdultThresholdSigned,
    InvestigationPlanRecorded,
)
from messages.words import Actor, Said
from ops.dashboard import moments, words
from ops.dashboard.forms import YES_NO, Field, Kind, Option
from ops.dashboard.tasks import asking
from ops.dashboard.tasks.task import About, Situation, Task, nothing_more

_SIDES: Mapping[Side, str] = {Side.SOCIAL_CARE: "Adult social care", Side.POLICE: "Police"}


def _under_way(at: Situation) -> bool:
    directed = at.case.round.direction is not None and at.case.closed_at is None
    return adults.concerned(at.case) and directed and not at.case.packages


def _sign_open(at: Situation) -> Sequence[About]:
    if not _under_way(at):
        return ()
    if "adult_threshold" in superseded.superseded(at.case):
        return (About("", "more has been found since"),)
    return (About("", "the two differ" if adults.record_of(at.case).held else ""),)


def _sign_know(at: Situation) -> Sequence[str]:
    """What each side has signed, and what it takes when the two differ. [F01, F07, A03]"""
    record = adults.record_of(at.case)
    said = []
    for side, title in _SIDES.items():
        mine = record.latest(side)
        if mine is None:
            said.append(f"{title} has not signed.")
            continue
        when = moments.to_the_minute(mine.at, at.partnership.clocks.zone)
        met = "met" if mine.met else "not met"
        said.append(f"{title}: {met}, signed by {mine.by.person}, {when}, on {_answers(mine.evidence)}.")
    if record.held:
        said.append(
            "The two differ. After supervision or line management who signed may sign anew; for somebody "
            "else a call to the agency’s supervisor has to be on record first."
        )
    if "adult_threshold" in superseded.superseded(at.case):
        said.append("An agency has found something since. Sign anew, or let the signatures stand.")
    return said


def _answers(count: int) -> str:
    return f"{count} answer{'' if count == 1 else 's'} of agencies"


def _sign_fields(at: Situation) -> Sequence[Field]:
    met = Field(
        "met", "Is the Adult Protection threshold met?", Kind.RADIOS, options=YES_NO,
        needed="Choose whether the threshold is met",
    )  # fmt: skip
    return (met, *asking.rationale())


def _met(at: Situation) -> JointDecision | None:
    """What the two signed, while it is met, this person is one of them, and no package has gone. [F03]"""
    decision = adults.record_of(at.case).decision
    mine = (at.viewer.person, at.viewer.agency)
    if decision is None or not decision.met or not _under_way(at):
        return None
    return decision if mine in {(one.person, one.agency) for one in decision.signatories} else None


def _step(
    done_before: Callable[[JointDecision], object], done: Callable[[JointDecision], object]
) -> Callable[[Situation], Sequence[About]]:
    """Open once what comes before is done; done already, it may be done again until the package goes."""

    def open_for(at: Situation) -> Sequence[About]:
        decision = _met(at)
        if decision is None or done_before(decision) is None:
            return ()
        return (About("", "again" if done(decision) is not None else ""),)

    return open_for


def _other(at: Situation) -> Actor:
    """The signatory with whom this person takes the step."""
    decision = adults.record_of(at.case).decision
    if decision is None:
        raise ValueError("a step of the two signatories follows their decision")
    mine = (at.viewer.person, at.viewer.agency)
    return next(one for one in decision.signatories if (one.person, one.agency) != mine)


def _step_know(at: Situation) -> Sequence[str]:
    other = words.person_in_words(_other(at), at.partnership)
    return (f"You take this step together with the other signatory: {other}.",)


def _with_the_other(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**said, "other_signatory": _other(at).model_dump(mode="json")}


def _strategy_fields(at: Situation) -> Sequence[Field]:
    summary = Field(
        "summary", "What was agreed", hint="Who does what, and what may not wait.",
        needed="Enter what was agreed", rows=8,
    )  # fmt: skip
    return (asking.how_met(), summary)


def _plan_fields(at: Situation) -> Sequence[Field]:
    return (asking.how_met(), Field("plan", "The plan", needed="Enter the plan", rows=10))


def _route_fields(at: Situation) -> Sequence[Field]:
    """Complex by the checklist in use, or, while there is none, for a reason. [F04-F06]"""
    police = Field(
        "involve_police",
        "Does the package also go to the Police Investigation Unit?",
        Kind.RADIOS,
        options=YES_NO,
        needed="Choose whether it also goes to the Police Investigation Unit",
    )
    checklist = at.partnership.complex_checklist(at.partnership.clocks.day_of(at.now))
    if checklist is None:
        grounds = Field(
            "complex_because",
            "Why it is complex",
            hint="The partnership has no checklist of complex investigations.",
            needed="Enter why it is complex",
        )
    else:
        grounds = Field(
            "criteria",
            "Which criteria it meets",
            Kind.CHECKBOXES,
            hint=f"The checklist in use, version {checklist.version}.",
            options=tuple(Option(code, text) for code, text in checklist.criteria.items()),
            needed="Choose the criteria that it meets",
        )
    return (
        Field(
            "complex",
            "Is it a complex investigation?",
            Kind.RADIOS,
            options=(
                Option("yes", "Yes", data=True, fields=(grounds,)),
                Option("no", "No", data=False, fields=(police,)),
            ),
            needed="Choose whether it is complex",
        ),
        *asking.rationale(),
    )


def _route_data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    checklist = at.partnership.complex_checklist(at.partnership.clocks.day_of(at.now))
    version = {"checklist": checklist.version} if "criteria" in said and checklist is not None else {}
    return {**_with_the_other(at, said), **version}


def _of_each_side(
    name: str,
    title: str,
    payload: type[Said],
    fields: Callable[[Situation], Sequence[Field]],
    done: str,
    open_for: Callable[[Situation], Sequence[About]],
    data: Callable[[Situation, Mapping[str, Any]], Mapping[str, Any]] = _with_the_other,
    know: Callable[[Situation], Sequence[str]] = _step_know,
) -> tuple[Task, ...]:
    return tuple(
        Task(
            f"{name}_{side.value}", title, right, payload, fields, done,
            open_for=open_for, data=data, know=know,
        )
        for side, right in adults.RIGHTS.items()
    )  # fmt: skip


TASKS = (
    *_of_each_side(
        "adult_threshold",
        "Sign the adult threshold",
        AdultThresholdSigned,
        _sign_fields,
        "Your signature is on record.",
        _sign_open,
        data=nothing_more,
        know=_sign_know,
    ),
    *_of_each_side(
        "adult_strategy",
        "Record the Strategy Discussion",
        AdultStrategyRecorded,
        _strategy_fields,
        "The Strategy Discussion is recorded.",
        _step(lambda decision: decision, lambda decision: decision.strategy),
    ),
    *_of_each_side(
        "adult_plan",
        "Record the Initial Investigation Plan",
        InvestigationPlanRecorded,
        _plan_fields,
        "The Initial Investigation Plan is recorded.",
        _step(lambda decision: decision.strategy, lambda decision: decision.plan),
    ),
    *_of_each_side(
        "adult_route",
        "Decide whether it is complex",
        AdultRouteDecided,
        _route_fields,
        "Whose investigation it is has been decided.",
        _step(lambda decision: decision.plan, lambda decision: decision.route),
        data=_route_data,
    ),
)
