"""The adult pathway: the Advanced Practitioner and the Sergeant sign, talk, plan and decide the route.

[F01-F07, G3.8-3.11]
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from agents.coordinator import adults, gaps
from agents.coordinator.adult_record import JointDecision, Side
from messages.adults import (
    AdultRouteDecided,
    AdultStrategyRecorded,
    AdultThresholdSigned,
    FormSupplied,
    InvestigationPlanRecorded,
)
from messages.confidential import Confidential
from messages.parties import STAFF
from messages.referral import NativeForm
from messages.words import Mode
from ops.demo.desk.acts import A_MOMENT, A_WHILE, Act, Scene
from ops.demo.desk.hub_staff import ASSESS_AT, last_word
from ops.demo.desk.wording import rationale


def acts(scene: Scene) -> Iterator[Act]:
    """What the pair does next, and the AP1 that comes after the referral."""
    case = scene.case
    if not adults.concerned(case) or case.packages or case.round.direction is None:
        return
    yield from _form(scene)
    decision = adults.record_of(case).decision
    if decision is None:
        yield from _signatures(scene)
    elif decision.met:
        yield from _next_step(scene, decision)


def _form(scene: Scene) -> Iterator[Act]:
    late, kind = scene.script.adult.late_ap1, scene.cast.partnership.adult_form
    if late is None or kind is None or any(kept.leaves for kept in scene.case.forms):
        return
    yield Act(
        "late-ap1",
        scene.case.received_at + late.after,
        STAFF,
        FormSupplied(
            by=scene.cast.with_right(scene.cast.services["adult"][scene.case.authority], "supply_form"),
            form=NativeForm(form=kind, media_type="text/plain", document=Confidential(late.document)),
        ),
    )


def _signatures(scene: Scene) -> Iterator[Act]:
    """Both consider the package, one after the other; who differs signs anew after supervision."""
    case, play = scene.case, scene.script.adult
    record = adults.record_of(case)
    at = _when_to_consider(scene)
    for side in Side:
        signed, differs = record.latest(side), play.differs
        otherwise = differs is not None and differs.side is side
        if signed is None:
            why = differs.why if differs and otherwise else play.why
            yield _signature(scene, side, play.met is not otherwise, why, at)
            at += A_MOMENT
        elif differs and otherwise and not record.unsigned:
            yield _signature(scene, side, play.met, play.why, signed.at + differs.settled_after)


def _signature(scene: Scene, side: Side, met: bool, why: str | None, at: datetime) -> Act:
    before = sum(s.side is side for s in adults.record_of(scene.case).signatures)
    said = AdultThresholdSigned(
        by=scene.cast.signatory(scene.case, side),
        met=met,
        rationale=rationale(why or "What the agencies know points to abuse of a vulnerable adult."),
    )
    return Act(f"adult-threshold/{side}/{before + 1}", at, STAFF, said)


def _when_to_consider(scene: Scene) -> datetime:
    at = scene.part_of_time(ASSESS_AT)
    return at if gaps.waiting_for(scene.case) else min(at, last_word(scene.case) + A_MOMENT)


def _next_step(scene: Scene, decision: JointDecision) -> Iterator[Act]:
    play, (by, other) = scene.script.adult, decision.signatories
    number = len(adults.record_of(scene.case).decisions)
    if decision.strategy is None:
        held = AdultStrategyRecorded(
            by=by,
            other_signatory=other,
            mode=Mode.FACE_TO_FACE,
            summary=Confidential("Who sees the adult first, who is told, and what may not wait."),
        )
        yield Act(f"adult-strategy/{number}", decision.at + A_MOMENT, STAFF, held)
    elif decision.plan is None:
        made = InvestigationPlanRecorded(
            by=by,
            other_signatory=other,
            mode=Mode.FACE_TO_FACE,
            plan=Confidential("A visit without those who may do harm, then those who know the adult."),
        )
        yield Act(f"adult-plan/{number}", decision.strategy.at + A_WHILE, STAFF, made)
    elif decision.route is None:
        because = play.complex_because
        decided = AdultRouteDecided(
            by=by,
            other_signatory=other,
            complex=because is not None,
            complex_because=Confidential(because) if because else None,
            involve_police=play.involve_police,
            rationale=rationale(because or "One team can investigate it."),
        )
        yield Act(f"adult-route/{number}", decision.plan.at + A_MOMENT, STAFF, decided)
