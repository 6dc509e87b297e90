"""What a case needs next, and from whom: what desks, lists and views show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum

from agents.coordinator import (
    adults,
    brought,
    child_sexual_exploitation,
    gaps,
    hate_crime,
    package,
    re_review,
    sent_to_teams,
    superseded,
    threshold,
)
from agents.coordinator.case import Case
from agents.coordinator.disputes import DisputeStage
from agents.coordinator.elements import Standing, standing
from agents.partnership import Partnership
from store.port import Facet

STAGES = (
    "threshold", "rating", "direction", "checks", "disclosure", "pathway", "agreement", "issued", "closed",
)  # fmt: skip
"""Every stage, in the order of the procedure. ``pathway`` is the joint decision about an adult. [F]"""


class About(StrEnum):
    """What stands after the colon of a need: whose it is.

    Line managers are needed for a dispute by its id, and for ``adult_threshold`` when the two signatories
    differ. [F07] ``superseded`` names a decision after which an agency found something. [A03]
    """

    AGENCY = "agency"
    TEAM = "team"
    DISPUTE = "dispute"
    DECISION = "decision"
    SIDE = "side"


NEEDS: Mapping[str, About | None] = {
    "threshold": None,
    "belief": None,
    "rating": None,
    "direction": None,
    "answer": About.AGENCY,
    "look": About.AGENCY,
    "discussion": None,
    "owner": About.AGENCY,
    "consideration": None,
    "permission": About.AGENCY,
    "owner_again": About.AGENCY,
    "management": About.DISPUTE,
    "confirmation": About.DISPUTE,
    "panel": About.DISPUTE,
    "panel_decision": About.DISPUTE,
    "controller": About.DISPUTE,
    "adult_threshold": About.SIDE,
    "adult_strategy": None,
    "adult_plan": None,
    "adult_route": None,
    "adult_ap1": None,
    "response": None,
    "completion": None,
    "concern": None,
    "assessment": None,
    "superseded": About.DECISION,
    "agreement": None,
    "acknowledge": About.TEAM,
    "record": About.AGENCY,
    "handover": About.AGENCY,
}
"""Every kind of need, in the order of the procedure."""


def stage(case: Case) -> str:
    """Where the case stands in the procedure, as one word."""
    if case.closed_at is not None:
        return "closed"
    if case.threshold is None:
        return "threshold"
    if case.rating is None:
        return "rating"
    if case.round.direction is None:
        return "direction"
    if case.round_packages and not package.has_news(case):
        return "issued"
    if gaps.unanswered(case):
        return "checks"
    if gaps.undecided(case):
        return "disclosure"
    return "pathway" if package.pathway_is_open(case) else "agreement"


def needs(case: Case) -> tuple[str, ...]:
    """Everything that somebody has to do now, as codes: ``threshold``, ``answer:police``,
    ``owner:education``, ``panel:D-1`` and so on."""
    return tuple(dict.fromkeys(_needs(case)))


def _needs(case: Case) -> Iterator[str]:
    yield from (f"record:{r.agency}" for r in case.records if r.acknowledged_at is None)
    if threshold.is_to_be_handed_over(case) and case.route is not None:
        yield from (f"handover:{agency}" for agency in case.route.destinations)
    if case.closed_at is not None:
        return
    if case.threshold is None:
        yield "threshold"
        if case.belief_unconfirmed is not None:
            yield "belief"
        return
    if case.rating is None:
        yield "rating"
        return
    if case.round.direction is None:
        yield "direction"
        return
    yield from (f"answer:{agency}" for agency in gaps.unanswered(case))
    yield from (f"look:{agency}" for agency in gaps.to_look(case))
    for element in case.elements:
        if element.round != case.round.number:
            continue
        match standing(element):
            case Standing.REVEALED:
                yield "discussion"
            case Standing.AWAITING_OWNER:
                yield f"owner:{element.owner}"
            case Standing.CONSIDER:
                yield "consideration"
            case Standing.THIRD_PARTY_PENDING:
                yield f"permission:{element.owner}"
    yield from (f"owner_again:{owner}" for owner in re_review.awaited(case))
    for dispute in case.disputes:
        if dispute.proposed(case.round.number, case.answers) is not None:
            yield f"confirmation:{dispute.dispute_id}"
            continue
        match dispute.stage:
            case DisputeStage.RAISED:
                yield f"management:{dispute.dispute_id}"
            case DisputeStage.MANAGEMENT_FAILED:
                yield f"panel:{dispute.dispute_id}"
            case DisputeStage.PANEL_CONVENED:
                yield f"panel_decision:{dispute.dispute_id}"
            case DisputeStage.PANEL_DISAGREED:
                yield f"controller:{dispute.dispute_id}"
    yield from _adults_needs(case)
    if hate_crime.wants_response(case):
        yield "response"
    if child_sexual_exploitation.wants_completion(case):
        yield "completion"
    if case.leaving_concern is None:
        yield "concern"
    made = case.assessment
    if made is None or made.round != case.round.number or not package.assessment_leaves(case):
        yield "assessment"
    elif case.agreement is None and package.has_news(case) and not package.pathway_is_open(case):
        yield "agreement"
    yield from (f"superseded:{decision}" for decision in superseded.superseded(case))
    for issued in case.packages:
        yield from (f"acknowledge:{team}" for team in issued.recipients if team not in issued.acknowledged_by)


def _adults_needs(case: Case) -> Iterator[str]:
    """What the two signatories still have to do before the package goes. [F01, F03, F04, F06, F07]"""
    if adults.open_step(case) is None:
        return
    record = adults.record_of(case)
    if record.held:
        yield "management:adult_threshold"
    yield from (f"adult_threshold:{side}" for side in record.unsigned)
    if record.decision is None:
        return
    if record.decision.strategy is None:
        yield "adult_strategy"
    if record.decision.plan is None:
        yield "adult_plan"
    elif record.decision.route is None:
        yield "adult_route"
    if adults.form_for(case) is None:
        yield "adult_ap1"


def facets(case: Case, partnership: Partnership) -> Mapping[str, Facet]:
    """What lists filter and sort by: codes, ids and times, never personal data."""
    rating, leaves_at = case.rating, package.leaves_at(case, partnership.clocks)
    return {
        "referral_id": case.referral_id,
        "source": case.source,
        "category": case.category.value,
        "cohort": case.cohort,
        "authority": case.authority,
        "rag": rating.rag.value if rating else None,
        "stage": stage(case),
        "open": case.closed_at is None,
        "needs": needs(case),
        "need_kinds": tuple(sorted({need.partition(":")[0] for need in needs(case)})),
        "waiting_for": gaps.waiting_for(case),
        "unanswered": gaps.unanswered(case),
        "undecided": gaps.undecided(case),
        "leaves_at": leaves_at.isoformat() if leaves_at else None,
        "owed": gaps.owed(case),
        "received_at": case.received_at.isoformat(),
        "due_at": rating.due_at.isoformat() if rating else None,
        "promise_at": rating.promise_at.isoformat() if rating and rating.promise_at else None,
        "urgent_at": _urgent_at(case, partnership.clocks.red),
        "agencies": tuple(sorted({check.agency for check in case.checks})),
        "owners": tuple(sorted({element.owner for element in case.elements})),
        "sides": tuple(sorted(set(_sides(case)))),
        "panel": tuple(sorted(set(_on_panels(case)))),
        "packages": len(case.packages),
        "people": case.identity_hashes,
        **brought.facets(case),
        **sent_to_teams.facets(case, partnership),
    }


def _sides(case: Case) -> Iterator[str]:
    """The agencies of both sides of every dispute that is not settled. [K01]"""
    for dispute in case.disputes:
        element = case.element(dispute.element_id)
        if dispute.stage is not DisputeStage.SETTLED and element is not None:
            yield from (dispute.by.agency, element.owner)


def _on_panels(case: Case) -> Iterator[str]:
    """Those who were called to the panel of a dispute that is not settled. [K02]"""
    for dispute in case.disputes:
        if dispute.stage is not DisputeStage.SETTLED:
            yield from (f"{member.person}@{member.agency}" for member in dispute.panel)


def _urgent_at(case: Case, red: timedelta) -> str:
    """By which lists put the most urgent first, and with that what is late before all else: when what the hub
    owes is due; while nobody has rated the case, when it would be if it were RED; and after all of these,
    what owes nothing more. [E02, E04, E11]"""
    due = case.rating.due_at if case.rating else case.received_at + red
    return due.isoformat() if gaps.owed(case) != "nothing" else f"stopped {due.isoformat()}"
