"""The direction of the checks: who is asked, what for and on what basis. [B10, B11, C01-C04, D16]"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agents.coordinator.checks import core_agencies
from messages.intake import EnquiryDirected
from ops.dashboard import words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks import asking, managing
from ops.dashboard.tasks.task import About, Situation, Task, once


def _open(at: Situation) -> Sequence[About]:
    if at.case.rating is None or at.case.closed_at is not None:
        return ()
    if at.case.round.direction is None:
        return once(at)
    return (About("", "further agencies"),) if _further(at) else ()


def _open_outside(at: Situation) -> Sequence[About]:
    """For a manager who may ask agencies outside the hub, and does not direct. [C04]"""
    directs = managing.roles("direct", at.case, at.partnership, at.now, at.viewer)
    begun = at.case.rating is not None and at.case.round.direction is not None
    return once(at) if begun and at.case.closed_at is None and not directs and _further(at) else ()


def _further(at: Situation) -> tuple[Option, ...]:
    """The signatories that can still be asked in this round: those outside the hub by a manager alone, and
    inside it by who directs. [B10, C04, C09]"""
    asked = {check.agency for check in at.case.checks if check.round == at.case.round.number}
    if at.case.round.direction is None:
        asked |= set(core_agencies(at.case, at.partnership))
    today = at.partnership.clocks.day_of(at.now)
    may = {
        outside: bool(managing.roles(right, at.case, at.partnership, at.now, at.viewer))
        for outside, right in ((False, "direct"), (True, "enquire_outside"))
    }
    return tuple(
        Option(code, agency.title, hint="Outside the hub." if agency.outside(at.case.category) else "")
        for code, agency in sorted(at.partnership.agencies.items(), key=lambda item: item[1].title)
        if code not in asked and at.partnership.signed(code, today) and may[agency.outside(at.case.category)]
    )


def _know(at: Situation) -> Sequence[str]:
    began = at.case.round.direction
    if began is not None:
        return (f"This round is for: {words.in_words(began.purpose)}. Another purpose takes another round.",)
    core = core_agencies(at.case, at.partnership)
    always = "; ".join(words.agency_in_words(code, at.partnership) for code in core)
    return (f"Always asked in such a case: {always}.",)


def _fields(at: Situation) -> Sequence[Field]:
    began = at.case.round.direction
    hidden = began is None and any(at.case.shows_source(asked) for asked in at.case.round.questions_words)
    further = Field(
        "also_ask",
        "Agencies to ask" if began else "Agencies to ask besides",
        Kind.CHECKBOXES,
        options=_further(at),
        needed="Choose at least one agency" if began else "",
    )
    question = Field(
        "question",
        "What they are asked in particular",
        hint="The question of the team would give a source away and is not passed on: put it in other words."
        if hidden
        else "Sent to every agency that is asked now.",
        needed="Put the question of the team in other words" if hidden else "",
        rows=3,
    )
    return (
        *(() if began else (asking.purpose(at),)),
        asking.legal_basis(at),
        *((further,) if further.options else ()),
        question,
        *asking.rationale(),
    )


def _data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    began = at.case.round.direction
    return {**said, "purpose": began.purpose} if began else said


TASKS = (
    Task(
        "direction",
        "Direct the checks",
        "direct",
        EnquiryDirected,
        _fields,
        "The checks are directed.",
        open_for=_open,
        data=_data,
        managed=True,
        know=_know,
    ),
    Task(
        "enquiry_outside",
        "Ask agencies outside the hub",
        "enquire_outside",
        EnquiryDirected,
        _fields,
        "The agencies are asked.",
        open_for=_open_outside,
        data=_data,
        managed=True,
        know=_know,
    ),
)
