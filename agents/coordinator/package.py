"""Assessment, agreement, and the issue of the package and its supplements. [A04, C05, C07, D19, E12, G02]"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from functools import partial

from agents.coordinator import (
    adults,
    child_sexual_exploitation,
    concern,
    gaps,
    hate_crime,
    hidden_words,
    length,
    promises,
    record_back,
    release_gate,
    source_protection,
    superseded,
    teams,
    unreleased,
)
from agents.coordinator.authority import require_relevant_manager, require_right
from agents.coordinator.case import Case, Rating, Route
from agents.coordinator.clocks import is_upgrade
from agents.coordinator.elements import Element
from agents.coordinator.package_record import Agreement, Assessment, PackageRecord
from agents.coordinator.people import lane, who_may_be_named
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from agents.partnership import Clocks
from messages.confidential import Confidential
from messages.notices import OutcomeNotified
from messages.package import AssessmentMade, PackageAgreed, PackageIssued, ReleasedElement, Suggestion
from messages.sealing import KeepingContext
from messages.words import Actor


def assess(case: Case, said: AssessmentMade, setting: Setting) -> Decided[Case]:
    """Record the hub's assessment and suggested course. [A02, G02]

    Raises `Refused`: not a Senior Practitioner or manager, nothing directed yet, a rationale that does not
    show early risk, timeliness and co-ordination, words that give a source away, or what is not released.
    """
    require_relevant_manager("assess", case, said.by, setting)
    if case.round.direction is None:
        raise Refused("not_directed", "Checks have to be directed before the assessment.", by=said.by)
    missing = [n for n in ("early_risk", "timeliness", "coordination") if getattr(said.rationale, n) is None]
    if missing:
        raise Refused(
            "vision_missing",
            "An assessment shows early risk identification, timeliness, co-ordination and proportionality.",
            fields=tuple(f"data.rationale.{name}" for name in missing),
            by=said.by,
        )
    length.require_at_most(length.ASSESSMENT_BYTES, said, by=said.by)
    texts = _texts_of(said)
    source_protection.require_hidden_in(case, texts.values(), setting, field="data", by=said.by)
    repeated = unreleased.require_released(case, texts, setting, by=said.by)
    assessment = Assessment(
        by=said.by,
        at=setting.now,
        round=case.round.number,
        evidence=case.answers,
        course=said.suggested_course,
        urgent_facts=said.urgent_facts,
        rationale=said.rationale,
        words=hidden_words.searchable(texts.values(), setting),
        repeated=repeated,
    )
    fact = Fact("assessment.made", said.by, {"course": said.suggested_course, "evidence": case.answers})
    return Decided(case.model_copy(update={"assessment": assessment}), (), (fact,))


def agree(case: Case, said: PackageAgreed, setting: Setting) -> Decided[Case]:
    """A manager agrees that the package goes out: now when nothing is waited for, else at the hub's
    target with its gaps named, where that is what the manager said. [D19, E12, E13]

    Raises `Refused`: no right to it, no assessment, nothing new to say, gaps and no leave for a partial, or
    what the pathway of the category wants first. [F, I03, I06]
    """
    require_right("agree_package", said.by, setting)
    if case.rating is None or case.round.direction is None:
        raise Refused("not_directed", "Rate the case and direct the checks first.", by=said.by)
    if case.assessment is None or case.assessment.round != case.round.number:
        raise Refused("not_assessed", "Make the assessment of this round first.", by=said.by)
    if case.shows_source(case.assessment.words):
        raise Refused(
            "assessment_shows_source",
            "Make the assessment anew: it has words that have since been marked as a source's.",
            by=said.by,
        )
    if not release_gate.all_pass(case.elements, case.assessment.repeated):
        raise Refused(
            "assessment_not_released",
            "Make the assessment anew: it repeats what its owner does not let go any more.",
            by=said.by,
        )
    concern.require_that_it_leaves(case, said.by)
    child_sexual_exploitation.require_completed(case, said.by)
    hate_crime.require_response(case, said.by)
    if case.round_packages and not has_news(case):
        raise Refused("nothing_new", "Nothing has changed since the last package of this round.", by=said.by)
    adults.require_route(case, said.by)
    waiting = gaps.waiting_for(case)
    if waiting and said.if_incomplete == "wait":
        raise Refused(
            "not_complete",
            f"Still waiting for {', '.join(waiting)}; or agree a partial package at the due time.",
            fields=("data.if_incomplete",),
            by=said.by,
        )
    if waiting:
        require_relevant_manager("agree_partial", case, said.by, setting)
    agreement = Agreement(
        by=said.by,
        at=setting.now,
        round=case.round.number,
        if_incomplete=said.if_incomplete,
        rationale=said.rationale,
    )
    agreed = case.model_copy(update={"agreement": agreement})
    fact = Fact(
        "package.agreed",
        said.by,
        {
            "waiting_for": list(waiting),
            "if_incomplete": said.if_incomplete,
            "superseded_evidence": list(superseded.superseded(case)),
        },
    )
    issued = issue_if_due(agreed, setting)
    return Decided(issued.state, issued.sending, (fact, *issued.facts))


def issue_if_due(case: Case, setting: Setting) -> Decided[Case]:
    """Issue what has been agreed, as soon as it is complete, or with gaps in time for the deadline.
    [D19, E12, I03]"""
    agreement, rating = case.agreement, case.rating
    if agreement is None or rating is None or agreement.round != case.round.number:
        return Decided(case)
    incomplete = gaps.waiting_for(case) or pathway_is_open(case)
    if incomplete and setting.now < issue_at(rating, setting.partnership.clocks):
        return Decided(case)
    return _issue(case, agreement.by, setting)


def assessment_leaves(case: Case) -> bool:
    """Whether the assessment, if there is one, may leave as it stands: it gives no source away, and repeats
    nothing that its owner does not let go. [A05, D13]"""
    made = case.assessment
    if made is None:
        return True
    return not case.shows_source(made.words) and release_gate.all_pass(case.elements, made.repeated)


def pathway_is_open(case: Case) -> bool:
    """Whether the pathway of the category wants something before the package is agreed, or after an answer
    that came since. [F03, I03, I06]"""
    return (
        adults.open_step(case) is not None
        or hate_crime.wants_response(case)
        or child_sexual_exploitation.wants_completion(case)
    )


def lapse(before: Case, after: Case) -> Decided[Case]:
    """An agreement stands only for what it was given for: a new rating, direction, element, dispute,
    assessment, decision of a pathway, form, concern or words of a source to hide end it, and so does a text
    that repeats what is not released any more. The manager is asked again. [A03, A05, D13, D19, F07, I03]"""
    if before.agreement is None or after.agreement is not before.agreement:
        return Decided(after)

    def given_for(case: Case) -> tuple[object, ...]:
        found = tuple((e.element_id, e.round) for e in case.elements)
        counts = len(case.ratings), len(case.checks), len(case.disputes)
        # Words that were marked since may stand in any text that was agreed on, and in another concern. [D13]
        hidden = case.to_hide, case.sanitised_concerns, case.leaving_concern is None, assessment_leaves(case)
        pathways = case.adult, case.hate_responses, case.completion
        return counts, found, case.assessment, pathways, case.forms, hidden

    if given_for(before) == given_for(after):
        return Decided(after)
    fact = Fact("agreement.lapsed", detail={"agreed_by": before.agreement.by.person})
    return Decided(after.model_copy(update={"agreement": None}), (), (fact,))


def issue_at(rating: Rating, clocks: Clocks) -> datetime:
    """When a package agreed with its gaps goes out: shortly before the deadline, so that it is there by
    then. READ: "within two hours" is kept by a package that has arrived, not by one that leaves. [E12]"""
    return rating.due_at - clocks.issue_ahead


def leaves_at(case: Case, clocks: Clocks) -> datetime | None:
    """When the package that is agreed goes out with its gaps, if it is not complete before; None while none
    is agreed. [E12]"""
    if case.agreement is None or case.rating is None:
        return None
    return issue_at(case.rating, clocks)


def has_news(case: Case) -> bool:
    """Whether a further package of this round would say anything that the last one did not. [C07]"""
    last = case.round_packages[-1] if case.round_packages else None
    if last is None or case.rating is None:
        return True
    return (
        bool(_not_sent_yet(case))
        or gaps.agency_lines(case) != last.issued.agencies
        or _withdrawn(case) != last.issued.withdrawn
        or hate_crime.shown(case) != last.issued.response
        or is_upgrade(last.issued.rag, case.rating.rag)
    )


def _not_sent_yet(case: Case) -> list[Element]:
    """What passes the gate and has not left in this form: decided otherwise since, it goes out again."""
    sent = {text for package in case.round_packages for text in package.texts}
    passing = ((e, release_gate.passing(e)) for e in case.elements if e.round == case.round.number)
    return [e for e, text in passing if text is not None and text.ref not in sent]


def _withdrawn(case: Case) -> tuple[str, ...]:
    """Elements that left in an earlier package of the round, and that may not leave now. [D15]"""
    sent = dict.fromkeys(e for package in case.round_packages for e in package.elements)
    found = ((element_id, case.element(element_id)) for element_id in sent)
    return tuple(i for i, element in found if element is not None and release_gate.passing(element) is None)


def _texts_of(said: AssessmentMade) -> dict[str, Confidential]:
    """The texts of an assessment by their place in the message."""
    why = said.rationale
    texts = {
        "data.urgent_facts": said.urgent_facts,
        "data.rationale.reason": why.reason,
        "data.rationale.proportionality": why.proportionality,
        "data.rationale.early_risk": why.early_risk,
        "data.rationale.timeliness": why.timeliness,
        "data.rationale.coordination": why.coordination,
    }
    return {place: text for place, text in texts.items() if text is not None}


def _issue(case: Case, agreed_by: Actor, setting: Setting) -> Decided[Case]:
    """Issue what is new, in as many packages as it takes to stay under the size of a message."""
    sending: list[Sending] = []
    facts: list[Fact] = []
    released = [one for element in _not_sent_yet(case) if (one := release_gate.release(element))]
    for elements in length.in_parts(released, partial(_bytes_of, case)):
        issued = _issue_one(case, elements, agreed_by, setting)
        case = issued.state
        sending.extend(issued.sending)
        facts.extend(issued.facts)
    return Decided(case, tuple(sending), tuple(facts))


def _bytes_of(case: Case, released: ReleasedElement) -> int:
    element = case.element(released.element_id)
    if element is None or element.decision is None:
        raise ValueError("a released element is one of the case")
    decision = element.decision
    return (
        decision.sanitised_bytes if released.sanitised else element.text_bytes
    ) + decision.conditions_bytes


def _issue_one(
    case: Case, elements: tuple[ReleasedElement, ...], agreed_by: Actor, setting: Setting
) -> Decided[Case]:
    rating, direction = case.rating, case.round.direction
    leaving = case.leaving_concern
    if rating is None or direction is None or leaving is None:
        raise ValueError("a package follows rating and direction, and has a concern")
    waiting = gaps.waiting_for(case)
    missed_at = promises.first_missed(case, setting.now)
    version = len(case.packages) + 1
    kind = "supplement" if case.packages else ("partial" if waiting or pathway_is_open(case) else "full")
    recipients = teams.package_teams(case, setting.partnership)
    suggestion = None
    if case.assessment is not None:
        made = case.assessment
        suggestion = Suggestion(
            course=made.course, by=made.by, urgent_facts=made.urgent_facts, rationale=made.rationale
        )
    draft = PackageIssued(
        package_id=f"{case.case_id}/package/{version}",
        version=version,
        kind=kind,
        round=case.round.number,
        recipient="draft",
        category=case.category,
        rag=rating.rag,
        received_at=case.received_at,
        due_at=rating.due_at,
        issued_at=setting.now,
        on_time=setting.now <= rating.due_at and missed_at is None,
        missed_at=missed_at,
        marking=setting.partnership.marking_of_package(tuple(e.marking for e in elements)),
        purpose=direction.purpose,
        people=who_may_be_named(case),
        concern=leaving,
        suggestion=suggestion,
        agencies=gaps.agency_lines(case),
        elements=elements,
        waiting_for=waiting,
        withdrawn=_withdrawn(case),
        form=adults.form_for(case),
        response=hate_crime.shown(case),
        agreed_by=agreed_by,
        sha256="0" * 64,
    )
    package = draft.model_copy(update={"sha256": fingerprint(draft)})
    record = PackageRecord(issued=package, recipients=recipients)
    issued = case.model_copy(update={"packages": (*case.packages, record), "agreement": None})
    sending = [
        Sending(f"team.{team}", package.model_copy(update={"recipient": team}), lane(case))
        for team in recipients
    ]
    facts = [
        Fact(
            "package.issued",
            agreed_by,
            {
                "package_id": record.package_id,
                "version": version,
                "kind": kind,
                "recipients": list(recipients),
                "elements": list(record.elements),
                "waiting_for": list(waiting),
                "withdrawn": list(package.withdrawn),
                "due_at": rating.due_at.isoformat(),
                "on_time": record.on_time,
                "sha256": record.sha256,
            },
        )
    ]
    issued, recording = record_back.ask(issued, record, setting)
    sending.extend(recording)
    if case.route is None:
        route = Route(
            to="passed_to_teams", destinations=recipients, reason_code="package_issued", at=setting.now
        )
        issued = issued.model_copy(update={"route": route})
        notice = OutcomeNotified(
            referral_id=case.referral_id, outcome="passed_to_teams", reason_code="package_issued"
        )
        sending.append(Sending(f"source.{case.source}", notice))
    return Decided(issued, tuple(sending), tuple(facts))


def fingerprint(package: PackageIssued) -> str:
    """SHA-256 of what the package says to every team, each text by its reference in the vault, which never
    changes. What it leaves out is not in it, so that an optional field of a later hub changes no package."""
    what = package.model_copy(update={"recipient": "any", "sha256": ""})
    said = what.model_dump(mode="json", context=KeepingContext(package.package_id), exclude_defaults=True)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
