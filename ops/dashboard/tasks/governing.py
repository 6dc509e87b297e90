"""Supervision calls, breaches of the Memorandum, and the end of content. [J02-J07, L09, L10, M5, M8, M9]"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from agents.coordinator.case import Case
from agents.coordinator.dial_record import Dial
from agents.coordinator.governance import is_decided
from agents.coordinator.missing_record import MissingPerson
from agents.coordinator.retention import Keeping, term_of
from messages.governance import (
    BreachKind,
    BreachReported,
    CasePurgeRequested,
    CaseStayDecided,
    StayGround,
    SupervisionRecorded,
)
from ops.dashboard import words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks.task import About, Situation, Task, once

_CALLS: Mapping[str, str] = {
    "unable_to_decide": "I could not decide",
    "need_for_escalation": "I weighed an escalation",
}
_OUTCOMES: Mapping[str, str] = {
    "advice_given": "Advice was given",
    "escalation_advised": "Escalation was advised",
    "referred_above": "I was referred to a supervisor above",
    "no_advice": "No advice was given",
}


def _call_open(at: Situation) -> Sequence[About]:
    """Where the own agency has a supervisor. A call before the closing may be recorded after it. [J05]"""
    own = any(one.agency == at.viewer.agency for one in at.partnership.supervisors)
    return once(at) if own and at.case.purge is None else ()


def _call_fields(at: Situation) -> Sequence[Field]:
    supervisors = tuple(
        Option(
            one.person,
            f"{one.person}, {'first line' if one.line == 'first' else 'above the first line'}",
            data={"person": one.person, "agency": one.agency},
        )
        for one in at.partnership.supervisors
        if one.agency == at.viewer.agency
    )
    today = at.partnership.clocks.day_of(at.now)
    partners = tuple(
        Option(
            code,
            agency.title,
            fields=(
                Field(
                    f"consulted_at.{code}",
                    f"When you consulted {agency.title}",
                    Kind.MOMENT,
                    needed="Enter when you consulted them",
                ),
            ),
        )
        for code, agency in sorted(at.partnership.agencies.items())
        if code != at.viewer.agency and at.partnership.signed(code, today)
    )
    return (
        Field(
            "supervisor",
            "Whom you called",
            Kind.RADIOS,
            hint="The designated supervisors of your agency. Nothing of what was said is recorded.",
            options=supervisors,
            needed="Choose whom you called",
        ),
        Field("called_at", "When you called", Kind.MOMENT, needed="Enter when you called"),
        Field("ground", "Why you called", Kind.RADIOS, options=_options(_CALLS), needed="Choose why"),
        Field(
            "consulted",
            "Partners you consulted before the call",
            Kind.CHECKBOXES,
            options=partners,
            needed="Choose whom you consulted before the call",
        ),
        Field(
            "outcome",
            "What came of it",
            Kind.RADIOS,
            options=_options(_OUTCOMES),
            needed="Choose what came of it",
        ),
    )


def _call(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = {name: answer for name, answer in said.items() if not name.startswith("consulted")}
    consulted = [{"agency": code, "at": said[f"consulted_at.{code}"]} for code in said["consulted"]]
    return {**kept, "consulted": consulted, "call_id": f"S-{at.new_number()}"}


_BREACHES: Mapping[BreachKind, str] = {
    "misuse_by_supervisor": "A supervisor misused what they heard",
    "use_beyond_purpose": "Information was used beyond its purpose",
    "disclosed_without_release": "Information was disclosed without release",
    "other": "Something else",
}


def _breach_open(at: Situation) -> Sequence[About]:
    return () if is_decided(at.case.purge) else once(at)


def _breach_fields(at: Situation) -> Sequence[Field]:
    staff = {(one.agency, one.person) for one in at.partnership.staff}
    registered = staff | {(one.agency, one.person) for one in at.partnership.supervisors}
    people = tuple(
        Option(
            f"{person}@{agency}",
            f"{person}, {words.agency_in_words(agency, at.partnership)}",
            data={"person": person, "agency": agency},
        )
        for agency, person in sorted(registered)
    )
    return (
        Field(
            "person",
            "Who did not keep to the Memorandum",
            Kind.SELECT,
            hint="Staff of the hub, or a supervisor. Their own agency alone is told, in codes.",
            options=people,
            needed="Choose who it was",
        ),
        Field(
            "kind",
            "What was not kept",
            Kind.RADIOS,
            options=_options(_BREACHES),
            needed="Choose what was not kept",
        ),
        Field(
            "account",
            "What happened",
            hint="It stays in the hub; the agency’s liaison officer hears it here.",
            needed="Enter what happened",
        ),
    )


def _breach(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**said, **said["person"], "report_id": f"B-{at.new_number()}"}


def _purge_open(at: Situation) -> Sequence[About]:
    """What a rule no longer keeps, and no stay; a DIAL or a missing person that brought cases, when neither
    keeps these. [L09]"""
    document = _retained(at)
    purge, term = document.purge, at.term
    own = purge is not None and any(one.by.agency == at.viewer.agency for one in purge.consents)
    if is_decided(purge) or own:
        return ()
    if term is None and (isinstance(document, Case) or not document.brought):
        term = term_of(document, (), at.partnership, at.partnership.clocks.day_of(at.now))
    return once(at) if term and term.keeping is Keeping.OVER and not term.stayed_for else ()


def _purge_fields(at: Situation) -> Sequence[Field]:
    return (
        Field(
            "sure",
            "For good",
            Kind.CHECKBOXES,
            hint="It is decided with the last champion who has to agree. The content cannot be had back.",
            options=(Option("yes", "I agree that the content is destroyed"),),
            needed="Confirm that you agree",
        ),
    )


def _stay_open(at: Situation) -> Sequence[About]:
    return once(at) if len(_own_stays(at)) < len(get_args(StayGround)) else ()


def _stay_fields(at: Situation) -> Sequence[Field]:
    own = _own_stays(at)
    grounds = {code: words.in_words(code).capitalize() for code in get_args(StayGround) if code not in own}
    return (
        Field(
            "ground",
            "What the content is needed for",
            Kind.RADIOS,
            hint="While a stay is on nothing is destroyed. What champions agreed to so far ends with it.",
            options=_options(grounds),
            needed="Choose what it is needed for",
        ),
    )


def _lift_open(at: Situation) -> Sequence[About]:
    return tuple(About(ground, words.in_words(ground)) for ground in _own_stays(at))


def _own_stays(at: Situation) -> list[str]:
    return [one.ground for one in _retained(at).stays if one.by.agency == at.viewer.agency]


def _retained(at: Situation) -> Case | Dial | MissingPerson:
    if not isinstance(at.document, _OF):
        raise TypeError("a daily round has no content of its own")
    return at.document


def _options(texts: Mapping[Any, str]) -> tuple[Option, ...]:
    return tuple(Option(code, text) for code, text in texts.items())


_OF = (Case, Dial, MissingPerson)

TASKS = (
    Task(
        "supervision",
        "Record a call to a supervisor",
        "consult_supervisor",
        SupervisionRecorded,
        _call_fields,
        "The call is recorded.",
        open_for=_call_open,
        data=_call,
        reads=False,
    ),
    Task(
        "breach",
        "Report a breach of the Memorandum",
        "report_breach",
        BreachReported,
        _breach_fields,
        "The breach is reported to the agency of the person.",
        open_for=_breach_open,
        data=_breach,
        reads=False,
    ),
    Task(
        "purge",
        "Agree that the content is destroyed",
        "purge",
        CasePurgeRequested,
        _purge_fields,
        "Your agreement is on record.",
        open_for=_purge_open,
        data=lambda at, said: {},
        reads=False,
        of=_OF,
    ),
    Task(
        "stay",
        "Stay the destruction",
        "stay_purge",
        CaseStayDecided,
        _stay_fields,
        "The destruction is stayed.",
        open_for=_stay_open,
        data=lambda at, said: {**said, "stay": True},
        reads=False,
        of=_OF,
    ),
    Task(
        "lift_stay",
        "Lift the stay",
        "stay_purge",
        CaseStayDecided,
        lambda at: (),
        "The stay is lifted.",
        open_for=_lift_open,
        data=lambda at, said: {"ground": at.about, "stay": False},
        reads=False,
        of=_OF,
    ),
)
