"""What of a case, a DIAL or a missing person is content, laid out for whoever may read it. [D01, D02, D14]

Everything here is an outline with references to the vault (`ops.content`); `ops.reading` fills it, on record.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from agents.coordinator import release_gate
from agents.coordinator.case import Case
from agents.coordinator.dial_record import Dial
from agents.coordinator.disputes import Dispute
from agents.coordinator.elements import Element, OwnersDecision, standing
from agents.coordinator.missing_record import MissingPerson
from agents.coordinator.people import who_may_be_named
from ops.content import outline, reference
from ops.who_reads import Seat

Outline = dict[str, Any]

FOR_SEARCHES = frozenset(
    {
        "source_hashes", "shows_source", "words", "text_words", "text_bytes", "question_words",
        "sanitised_words", "sanitised_bytes", "conditions_words", "conditions_bytes", "repeated",
    }
)  # fmt: skip
"""What is kept of texts so that they can be searched and measured without the vault: nothing to read."""

_OF_ELEMENT = frozenset({"decision", "earlier_decisions", "permission", *FOR_SEARCHES})


def content_of(case: Case, seat: Seat) -> Outline:
    """What this seat shows of a case: all of it in the hub, a panel's disputes, or the RED notice of a team.

    A referrer who must stay unnamed is left out of the people; the words of a referral, and of its form, are
    shown as they came, inside the hub alone. [D13]
    """
    if seat.sees == "notice":
        return _notice(case, seat)
    head = {"case_id": case.case_id, "category": case.category.value, "authority": case.authority}
    if seat.sees == "disputes":
        disputes = [d for d in case.disputes if d.dispute_id in seat.disputes]
        at_issue = {d.element_id for d in disputes}
        return {
            **head,
            "elements": [_element(e) for e in case.elements if e.element_id in at_issue],
            "disputes": [outline(d) for d in disputes],
        }
    return {
        **head,
        **_referral(case),
        "questions": list(_questions(case)),
        "elements": [_element(element) for element in case.elements],
        "discussions": [outline(one) for one in case.discussions],
        "disputes": [outline(one) for one in case.disputes],
        "leaving": _leaving(case),
    }


def reasons_of(case: Case, seat: Seat, until: datetime | None = None) -> list[Outline]:
    """Why everything that was decided was decided, in the order of time, up to a moment. [D14, D15]

    Each entry has ``what`` was decided, ``at``, and the reasons with whoever gave them. Of an assessment that
    another one replaced the hub keeps what went out with a package.
    """
    found = [one for one in _reasons(case, seat, until) if until is None or _moment(one) <= until]
    return sorted(found, key=_moment)


def content_of_dial(dial: Dial) -> Outline:
    """A DIAL with its three tiers, and who of its people may be named. [H03, H08]"""
    people = [outline(p) for p in dial.people if p.may_be_named]
    return {**outline(dial, without=frozenset({"people"})), "people": people}


def content_of_missing(state: MissingPerson) -> Outline:
    """Somebody who was reported missing, with the times of the reports. [I08, I09]"""
    return outline(state)


def _referral(case: Case) -> Outline:
    """What came in. [A05, A13]"""
    return {
        "people": [outline(person) for person in who_may_be_named(case)],
        "somebody_unnamed": len(who_may_be_named(case)) < len(case.people),
        "concern": outline_of(case, "concern"),
        "form": outline(case.form) if case.form else None,
        "section_47_belief": _or_none(case.section_47_belief),
        "professional_judgement": _or_none(case.professional_judgement),
    }


def outline_of(part: BaseModel, name: str) -> Any:
    """One field of a part, in the outline."""
    return outline(part, without=frozenset(type(part).model_fields) - {name})[name]


def _or_none(part: BaseModel | None) -> Outline | None:
    return outline(part) if part is not None else None


def _questions(case: Case) -> Iterator[Outline]:
    """What field teams asked, and what was put to the agencies in each direction. [C08, D20]"""
    for one in case.rounds:
        said = outline(one)
        for question in said["questions"]:
            yield {"round": one.number, "asked_by": list(one.asked_by), "question": question}
        for direction in said["directions"]:
            if direction["question"] is not None:
                by = [direction["by"]["person"]]
                yield {"round": one.number, "asked_by": by, "question": direction["question"]}
    for waiting in case.task_backs:
        yield {"round": None, "asked_by": [waiting.team], "question": outline_of(waiting, "question")}


def _element(element: Element) -> Outline:
    permission = element.permission
    return {
        **outline(element, without=_OF_ELEMENT),
        "standing": standing(element).value,
        "decision": _decision(element.decision) if element.decision else None,
        "earlier_decisions": [_decision(one) for one in element.earlier_decisions],
        "why_needed": outline_of(permission, "why_needed") if permission else None,
    }


def _leaving(case: Case) -> Outline:
    """What a package of this round would say, were it issued now: its texts in the form in which they leave.
    [A03, D14]"""
    passing = [(e, release_gate.passing(e)) for e in case.elements if e.round == case.round.number]
    concern, assessment = case.leaving_concern, case.assessment
    return {
        "concern": reference(concern) if concern else None,
        "assessment": outline(assessment, without=FOR_SEARCHES) if assessment else None,
        "elements": [
            {"element_id": e.element_id, "holder": e.holder, "kind": e.kind, "text": reference(text)}
            for e, text in passing
            if text is not None
        ],
    }


def _decision(decision: OwnersDecision) -> Outline:
    """A decision with its five tests, or its reason, and the text that it made safe to leave. [D03, D15]"""
    return outline(decision, without=FOR_SEARCHES)


def _notice(case: Case, seat: Seat) -> Outline:
    """What the RED notice told the team, from the case as the notice was made of it. [E03, E05]"""
    red = [rating for rating in case.ratings if rating.promise_at is not None]
    told = red[-1]
    return {
        "case_id": case.case_id,
        "category": case.category.value,
        "rag": told.rag.value,
        "rag_now": case.rating.rag.value if case.rating else None,
        "received_at": case.received_at.isoformat(),
        "told_at": told.at.isoformat(),
        "promised_by": told.promise_at.isoformat() if told.promise_at else None,
        "teams": sorted(seat.teams),
        "people": [outline(person) for person in who_may_be_named(case)],
        "concern": outline_of(case, "concern"),
    }


def _moment(one: Outline) -> datetime:
    return datetime.fromisoformat(one["at"])


def _reasons(case: Case, seat: Seat, until: datetime | None) -> Iterator[Outline]:
    for dispute in case.disputes:
        if seat.sees == "case" or dispute.dispute_id in seat.disputes:
            yield _said("dispute", _as_far_as(dispute, until))
    for element in case.elements:
        if seat.sees == "case" or any(
            d.element_id == element.element_id and d.dispute_id in seat.disputes for d in case.disputes
        ):
            decisions = (*element.earlier_decisions, *((element.decision,) if element.decision else ()))
            yield from (_said("element", one) | {"element_id": element.element_id} for one in decisions)
    if seat.sees != "case":
        return
    yield from (_said("threshold", one) for one in (case.threshold,) if one is not None)
    yield from (_said("rating", one) for one in case.ratings if one.carried_to is None)
    yield from (_said("direction", one) for each in case.rounds for one in each.directions)
    yield from (_said("discussion", one) for one in case.discussions)
    yield from _of_the_adult_pathway(case)
    yield from (_said("hate_response", one) for one in case.hate_responses)
    yield from (_said("cse_completion", one) for one in (case.completion,) if one is not None)
    yield from (_said("advice", one) for one in case.advice)
    yield from (_said("concern_sanitised", one) for one in case.sanitised_concerns)
    yield from (_said("assessment", one) for one in (case.assessment,) if one is not None)
    for package in case.packages:
        if package.issued.suggestion is not None:
            sent = _said("assessment_sent", package.issued.suggestion)
            yield {**sent, "at": package.issued_at.isoformat(), "version": package.version}
    yield from (_said("agreement", one) for one in (case.agreement,) if one is not None)
    yield from (_said("ending", one) for one in case.endings)


def _of_the_adult_pathway(case: Case) -> Iterator[Outline]:
    """Every signature, and what followed from each joint decision. [F01, F03-F07]"""
    if case.adult is None:
        return
    yield from (_said("adult_threshold", one) for one in case.adult.signatures)
    for decision in case.adult.decisions:
        for what, step in (
            ("adult_strategy", decision.strategy),
            ("adult_plan", decision.plan),
            ("adult_route", decision.route),
        ):
            if step is not None:
                yield _said(what, step)


def _as_far_as(dispute: Dispute, until: datetime | None) -> Dispute:
    """The dispute as it stood then, with what had been said by then."""
    open_then = dispute.settled_at is None or (until is not None and dispute.settled_at > until)
    if until is None or not open_then:
        return dispute
    said = tuple(one for one in dispute.reasons if one.at <= until)
    then = {"reasons": said, "managers": (), "attended": (), "settled_by": None, "settled_at": None}
    return dispute.model_copy(update=then)


def _said(what: str, part: BaseModel) -> Outline:
    return {"what": what, **outline(part, without=FOR_SEARCHES)}
