"""Direction of the checks, and the agencies' answers. [B11, C01-C09, E11, G3.1, G3.4, G3.5]"""

from __future__ import annotations

from agents.coordinator import hate_crime, hidden_words, length, purpose, source_protection, superseded
from agents.coordinator.authority import (
    require_agency,
    require_relevant_manager,
    require_right,
    require_speaks_for,
)
from agents.coordinator.case import Case, Check, Direction, Rating, Round
from agents.coordinator.elements import Element
from agents.coordinator.people import lane, whom_to_ask_about
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from agents.partnership import Partnership
from messages.checks import CheckAnswered, CheckRequested, ElementRevealed
from messages.confidential import Confidential
from messages.intake import EnquiryDirected
from messages.words import Actor, AnswerState, CaseStatus, RiskFlag

UNANSWERED = frozenset({AnswerState.OUTSTANDING, AnswerState.UNREADABLE})
"""The states of a check that the hub still waits for."""

LOOKED_AT_AGAIN = frozenset({AnswerState.SEVERAL_FIT, AnswerState.NOTHING_FOUND})
"""The answers of a search after which a person of the agency may still find somebody. [C06]"""


def direct(case: Case, said: EnquiryDirected, setting: Setting) -> Decided[Case]:
    """Ask the core agencies, and further ones where directed. [B11, C01-C04, E01]

    Raises `Refused`: what `_require_right_to_ask` refuses, no rating yet, an unknown agency, a purpose that
    cases of the category do not have, or other than the round's, or a legal basis not in force for them.
    """
    _require_right_to_ask(case, said, setting)
    if case.rating is None:
        raise Refused("not_rated", "The manager rates the case before checks start.", by=said.by)
    if case.round.direction is not None and not said.also_ask:
        raise Refused("already_directed", "Name further agencies to ask (also_ask).", by=said.by)
    _require_known(case, said, setting)
    purpose.require_of_round(case, said)
    _require_question(case, said, setting)
    direction = Direction(
        by=said.by,
        at=setting.now,
        purpose=said.purpose,
        legal_basis=said.legal_basis,
        question=said.question,
        question_words=hidden_words.searchable((said.question,), setting),
        rationale=said.rationale,
    )
    asked_before = {check.agency for check in case.checks if check.round == case.round.number}
    core = core_agencies(case, setting.partnership) if case.round.direction is None else ()
    agencies = [a for a in dict.fromkeys((*core, *said.also_ask)) if a not in asked_before]
    if said.also_ask and not agencies:
        raise Refused(
            "already_asked",
            "These agencies have been asked in this round; their staff may answer the request again.",
            fields=("data.also_ask",),
            by=said.by,
        )
    unsigned = [a for a in agencies if not setting.partnership.signed(a, setting.today)]
    if unsigned:
        raise Refused(
            "agency_not_signed",
            f"Not yet signatories of the Memorandum: {', '.join(unsigned)}.",
            fields=("data.also_ask",),
            by=said.by,
        )
    new = tuple(_check(case, agency, setting) for agency in agencies)
    directions = (*case.round.directions, direction)
    directed = case.with_round(case.round.model_copy(update={"directions": directions}))
    directed = directed.model_copy(update={"checks": (*case.checks, *new)})
    directed = purpose.decide_anew_for_another(directed, said.purpose)
    fact = Fact(
        "enquiry.directed",
        said.by,
        {
            "round": case.round.number,
            "agencies": agencies,
            "purpose": said.purpose,
            "legal_basis": said.legal_basis,
        },
    )
    return Decided(directed, tuple(_request(directed, check) for check in new), (fact,))


def core_agencies(case: Case, partnership: Partnership) -> tuple[str, ...]:
    """The agencies that every check of this category asks, for where the people live and lived.
    [C01-C03]"""
    places = {case.authority, *case.earlier_authorities}
    return tuple(
        core.agency
        for core in partnership.core_checks
        if case.category in core.categories and (not core.authorities or places & set(core.authorities))
    )


def move_due(case: Case, rating: Rating, setting: Setting) -> tuple[Case, tuple[Sending, ...]]:
    """After a re-rating: outstanding checks get the new due time, and their agencies are told. [E11]"""
    moved, sending = case, []
    for check in case.round_checks:
        if check.state in UNANSWERED:
            check = check.model_copy(update={"due_at": rating.due_at, "asked_at": setting.now})
            moved = moved.with_check(check)
            sending.append(_request(moved, check))
    return moved, tuple(sending)


def answer(case: Case, said: CheckAnswered, setting: Setting) -> Decided[Case]:
    """Take an agency's answer: its elements are revealed inside the hub, and nothing leaves. [C06, C09]

    Raises `Refused`: an agency that answers for another, a request that was not made, an answer given
    already, an element about somebody else, or an unknown owner or marking.
    """
    require_speaks_for(setting, said.agency, "data.agency")
    if said.by is not None:
        require_right("answer_check", said.by, setting)
        require_agency(said.by, said.agency)
    elif setting.sender == "staff":
        raise Refused("person_missing", "Say who answers for the agency (by).", fields=("data.by",))
    check = next((c for c in case.checks if c.request_id == said.request_id), None)
    if check is None:
        raise Refused("request_unknown", "Answer with the request_id of a request of this case.")
    if check.agency != said.agency:
        raise Refused("agency_mismatch", "Answer your own agency's request.", fields=("data.agency",))
    by_a_person = said.by is not None and check.state in LOOKED_AT_AGAIN
    if check.state not in UNANSWERED | {AnswerState.UNAVAILABLE} and not by_a_person:
        raise Refused("already_answered", "This request has been answered; a new round is needed for more.")
    _require_sound(case, said, setting)
    late = bool(case.round_packages)
    answered = case.with_check(check.model_copy(update={"state": said.state, "answered_at": setting.now}))
    answers = case.answers + 1
    answered = answered.model_copy(update={"answers": answers})
    if said.elements:
        answered = answered.model_copy(update={"last_finding": answers})
    for revealed in said.elements:
        answered = answered.with_element(_element(answered, check, revealed, setting))
    fact = Fact(
        "check.answered",
        said.by,
        {
            "agency": said.agency,
            "state": said.state,
            "elements": [e.element_id for e in said.elements],
            "after_package": late,
            "superseded_evidence": [
                e.element_id for e in case.elements if e.decision is not None and said.elements
            ],
            "superseded_decisions": list(superseded.superseded(answered)),
        },
    )
    return Decided(answered, (), (fact,))


def unreadable(case: Case, agency: str) -> Case | None:
    """The case when an agency's answer could not be read: the outstanding check says so, its clock runs
    on. None when the agency owes no answer."""
    for check in case.round_checks:
        if check.agency == agency and check.state is AnswerState.OUTSTANDING:
            return case.with_check(check.model_copy(update={"state": AnswerState.UNREADABLE}))
    return None


def _check(case: Case, agency: str, setting: Setting) -> Check:
    if case.rating is None:
        raise ValueError("checks start after the rating")
    return Check(
        request_id=f"{case.case_id}/check/{case.round.number}/{agency}",
        agency=agency,
        round=case.round.number,
        off_hub=setting.partnership.agencies[agency].outside(case.category),
        adult_social_care=hate_crime.is_for_adult_social_care(case, agency, setting.partnership),
        directed=len(case.round.directions),
        asked_at=setting.now,
        due_at=case.rating.due_at,
    )


def _request(case: Case, check: Check) -> Sending:
    if case.rating is None:
        raise ValueError("checks start after the rating")
    began = next(r for r in case.rounds if r.number == check.round)
    direction = began.directions[check.directed]
    request = CheckRequested(
        request_id=check.request_id,
        round=check.round,
        category=case.category,
        rag=case.rating.rag,
        due_at=check.due_at,
        purpose=direction.purpose,
        legal_basis=direction.legal_basis,
        case_status=_status(case),
        people=whom_to_ask_about(case),
        questions=_questions(case, began, direction),
        off_hub=check.off_hub,
        hate_crime=hate_crime.told(case, check),
    )
    return Sending(f"agency.{check.agency}", request, lane(case))


def _questions(case: Case, began: Round, direction: Direction) -> tuple[Confidential, ...]:
    """The teams' questions and the hub's own, but for one that would give a source away. [D13, D20]"""
    asked = [*zip(began.questions, began.questions_words, strict=True)]
    if direction.question is not None:
        asked.append((direction.question, direction.question_words))
    return tuple(question for question, words in asked if not case.shows_source(words))


def _require_question(case: Case, said: EnquiryDirected, setting: Setting) -> None:
    """A question leaves the hub, so it gives nobody away; one of a team that does is put in other words.
    Raises `Refused`. [D13, D20]"""
    source_protection.require_hidden_in(case, (said.question,), setting, field="data.question", by=said.by)
    held = any(case.shows_source(words) for words in case.round.questions_words)
    if held and case.round.direction is None and said.question is None:
        raise Refused(
            "question_shows_source",
            "The team's question would give a source away and is not passed on: put it in other words "
            "(question).",
            fields=("data.question",),
            by=said.by,
        )


def _status(case: Case) -> CaseStatus:
    """What is true of the case, so that a request never implies more. [C08]"""
    if case.round.number > 1:
        return CaseStatus.TASK_BACK
    return CaseStatus.OPEN_TO_A_WORKER if case.routine else CaseStatus.NEW_REFERRAL


def _element(case: Case, check: Check, revealed: ElementRevealed, setting: Setting) -> Element:
    """An element as revealed. One revealed again in a later round needs a new decision. [D20]

    A late answer of an earlier round counts in the round under way, and replaces nothing newer.
    """
    now = case.round.number
    before = case.element(revealed.element_id)
    if before is not None and before.round == now and check.round < now:
        return before
    if before is not None and before.dispute_id is not None:
        # What is in dispute stays so, with the decision that is disputed, until it is settled. [E13, K]
        return before.model_copy(update={"round": now})
    earlier = before.earlier_decisions if before else ()
    if before is not None and before.decision is not None:
        earlier = (*earlier, before.decision)
    return Element(
        element_id=revealed.element_id,
        round=now,
        holder=check.agency,
        owner=revealed.owner,
        about=revealed.about,
        kind=revealed.kind,
        marking=revealed.marking,
        risks=_risks(revealed),
        text=revealed.text,
        source_hashes=hidden_words.phrases(revealed.source_words, setting),
        record=revealed.record,
        suggestion=revealed.suggestion,
        text_bytes=length.of(revealed.text),
        text_words=hidden_words.searchable((revealed.text,), setting),
        revealed_at=setting.now,
        earlier_decisions=earlier,
    )


def _risks(revealed: ElementRevealed) -> tuple[RiskFlag, ...]:
    """A source that must be protected is a risk, whether flagged or not. [D13]"""
    risks = dict.fromkeys(revealed.risks)
    if revealed.source_words:
        risks[RiskFlag.SOURCE_AT_RISK] = None
    return tuple(risks)


def _require_sound(case: Case, said: CheckAnswered, setting: Setting) -> None:
    people = {person.person_id for person in case.people}
    for n, element in enumerate(said.elements):
        place = f"data.elements.{n}"
        before = case.element(element.element_id)
        if not set(element.about) <= people:
            raise Refused(
                "person_not_asked", "Answer about the people asked for.", fields=(f"{place}.about",)
            )
        if element.owner not in setting.partnership.agencies:
            raise Refused("owner_unknown", "Name an owner of the partnership.", fields=(f"{place}.owner",))
        if element.marking not in setting.partnership.markings:
            raise Refused(
                "marking_unknown",
                f"Mark it as one of: {', '.join(setting.partnership.markings)}.",
                fields=(f"{place}.marking",),
            )
        if before is not None and (before.holder != said.agency or before.owner != element.owner):
            raise Refused(
                "element_taken",
                "Use an element_id of your own; owner never changes.",
                fields=(f"{place}.element_id",),
            )


def _require_right_to_ask(case: Case, said: EnquiryDirected, setting: Setting) -> None:
    """Inside the hub who directs, outside it a manager. [B10, B11, C04]"""
    known = setting.partnership.agencies
    outside = [a for a in said.also_ask if a in known and known[a].outside(case.category)]
    begins = case.round.direction is None
    if begins or len(outside) < len(said.also_ask) or not outside:
        require_relevant_manager("direct", case, said.by, setting)
    if outside:
        require_relevant_manager("enquire_outside", case, said.by, setting)


def _require_known(case: Case, said: EnquiryDirected, setting: Setting) -> None:
    unknown = [a for a in said.also_ask if a not in setting.partnership.agencies]
    if unknown:
        raise Refused(
            "agency_unknown",
            f"The partnership has no {', '.join(unknown)}.",
            fields=("data.also_ask",),
            by=said.by,
        )
    purposes = setting.partnership.purposes_for(case.category)
    if said.purpose not in purposes:
        known = said.purpose in setting.partnership.purposes
        raise Refused(
            "purpose_not_of_category" if known else "purpose_unknown",
            f"A case of {_in_words(case)} is asked about for one of: {', '.join(purposes)}.",
            fields=("data.purpose",),
            by=said.by,
        )
    require_basis(case, said.legal_basis, setting, field="data.legal_basis", by=said.by)


def require_basis(case: Case, basis: str, setting: Setting, *, field: str, by: Actor | None) -> None:
    """A legal basis must be on the register, for cases of this category, and in force today. [L08]"""
    today = setting.today
    usable = setting.partnership.bases_for(case.category, today)
    if basis not in usable:
        known = setting.partnership.legal_bases.get(basis)
        elsewhere = known is not None and known.in_force(today)
        raise Refused(
            "basis_not_of_category" if elsewhere else "basis_not_in_force",
            f"A case of {_in_words(case)} rests today on one of: {', '.join(usable)}.",
            fields=(field,),
            by=by,
        )


def _in_words(case: Case) -> str:
    return case.category.value.replace("_", " ")
