"""Adult protection cases, and what the two signatories say about them."""

from __future__ import annotations

from agents.deciding import Sending
from messages.adults import (
    AdultRouteDecided,
    AdultStrategyRecorded,
    AdultThresholdSigned,
    FormSupplied,
    InvestigationPlanRecorded,
)
from messages.referral import NativeForm
from messages.words import Actor, Category, Mode, Rag
from tests.support.procedure import SERGEANT, Procedure, adult, secret, why

ADVANCED_PRACTITIONER = Actor(person="ASS-AP-01", role="advanced_practitioner", agency="asc_staffordshire")
PAIR = (ADVANCED_PRACTITIONER, SERGEANT)
DUTY_WORKER = Actor(person="ASS-PR-01", role="duty_worker", agency="asc_staffordshire")
AP1 = NativeForm(form="ap1", media_type="text/plain", document=secret("AP1: as it came"))


def refer(hub: Procedure, **changes: object) -> None:
    """An adult protection referral with its AP1, unless changed."""
    said = {
        "category": Category.ADULT_PROTECTION,
        "source": "staffordshire_adult_contact",
        "people": (adult(),),
        "section_47_belief": None,
        "form": AP1,
    }
    hub.refer(**{**said, **changes})


def directed(hub: Procedure, rag: Rag = Rag.AMBER, **changes: object) -> Procedure:
    """The checks are directed."""
    refer(hub, **changes)
    hub.threshold_met()
    hub.rate(rag, by=SERGEANT)
    hub.direct(by=SERGEANT)
    return hub


def answered(hub: Procedure) -> Procedure:
    """Every agency has answered that it holds nothing, and the assessment is made."""
    hub.nothing_from(*(check.agency for check in hub.case.checks))
    hub.assess()
    return hub


def sign(hub: Procedure, by: Actor, met: bool) -> list[Sending]:
    return hub.say(AdultThresholdSigned(by=by, met=met, rationale=why()))


def both_sign(hub: Procedure, met: bool, pair: tuple[Actor, Actor] = PAIR) -> Procedure:
    for by in pair:
        sign(hub, by, met)
    return hub


def strategy(by: Actor, other: Actor) -> AdultStrategyRecorded:
    return AdultStrategyRecorded(
        by=by, other_signatory=other, mode=Mode.FACE_TO_FACE, summary=secret("who sees her, and when")
    )


def plan(by: Actor, other: Actor) -> InvestigationPlanRecorded:
    return InvestigationPlanRecorded(
        by=by, other_signatory=other, mode=Mode.FACE_TO_FACE, plan=secret("a visit today, then the bank")
    )


def route(by: Actor, other: Actor, /, **changes: object) -> AdultRouteDecided:
    """Not complex, and without police, unless changed."""
    said = {"by": by, "other_signatory": other, "complex": False, "rationale": why()}
    return AdultRouteDecided.model_validate({**said, **changes})


def met(hub: Procedure, **changes: object) -> Procedure:
    """Both sign that the threshold is met, and do all that follows, up to the route."""
    both_sign(hub, True)
    for step in (strategy(*PAIR), plan(*PAIR), route(*PAIR, **changes)):
        hub.say(step)
    return hub


def supplied(by: Actor = DUTY_WORKER, form: NativeForm = AP1) -> FormSupplied:
    return FormSupplied(by=by, form=form)
