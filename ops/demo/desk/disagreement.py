"""A decision is disputed: line managers, the panel, the data controller. [K, M6]"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from agents.coordinator.disputes import Dispute, DisputeStage, Proposal
from agents.coordinator.elements import Authority, Element
from messages.confidential import Confidential
from messages.escalation import (
    ControllerDecided,
    DisclosureDisputed,
    EscalationConvened,
    EscalationDecided,
    ManagementActed,
    SettlementConfirmed,
    View,
)
from messages.parties import STAFF
from messages.words import Actor, Choice, ElementChoice, Mode
from ops.demo.desk.acts import A_MOMENT, A_WHILE, Act, Scene
from ops.demo.desk.script import DisputePlay
from ops.demo.desk.wording import choice_of

USUAL = timedelta(minutes=20)
"""How long management, panel or controller take, unless the script says otherwise."""

OWNERS = (Authority.OWNER, Authority.OWNERS_RULE, Authority.THIRD_PARTY_OWNER)


def acts(scene: Scene) -> Iterator[Act]:
    """The next step of each disagreement."""
    for element in scene.case.elements:
        play = scene.script.of_record(element.record.document)
        if play is None or play.dispute is None:
            continue
        raised = next((d for d in scene.case.disputes if d.element_id == element.element_id), None)
        if raised is None:
            yield from _disputed(scene, element, play.dispute)
        elif (agreed := raised.proposed(scene.case.round.number, scene.case.answers)) is not None:
            yield _confirmed(raised, agreed)
        elif raised.stage is not DisputeStage.SETTLED:
            yield _next_step(scene, element, raised, play.dispute)


def _disputed(scene: Scene, element: Element, play: DisputePlay) -> Iterator[Act]:
    if element.decision is None or element.decision.authority not in OWNERS:
        return
    number = len(scene.case.disputes) + 1
    yield Act(
        f"dispute/{number}",
        element.decision.at + A_MOMENT,
        STAFF,
        DisclosureDisputed(
            by=scene.cast.with_right(play.by, "dispute"),
            dispute_id=f"{scene.case.case_id}/dispute/{number}",
            element_id=element.element_id,
            ground=play.ground,
            position=Confidential(play.position),
        ),
    )


def _next_step(scene: Scene, element: Element, raised: Dispute, play: DisputePlay) -> Act:
    """The case keeps no time of each stage, so all are counted from the dispute."""

    def length(stage: str) -> timedelta:
        return play.settled_after if play.settled_by == stage else USUAL

    managed = raised.at + length("management")
    convened = managed + A_WHILE
    decided = convened + length("panel")
    number = raised.dispute_id.rpartition("/")[2]
    match raised.stage:
        case DisputeStage.RAISED:
            return Act(f"management/{number}", managed, STAFF, _management(scene, element, raised, play))
        case DisputeStage.MANAGEMENT_FAILED:
            return Act(f"convened/{number}", convened, STAFF, _convened(scene, element, raised))
        case DisputeStage.PANEL_CONVENED:
            return Act(f"panel/{number}", decided, STAFF, _panel(scene, element, raised, play))
        case _:
            at = decided + length("controller")
            return Act(f"controller/{number}", at, STAFF, _controller(scene, element, raised, play))


def _management(scene: Scene, element: Element, raised: Dispute, play: DisputePlay) -> ManagementActed:
    settled = play.settled_by == "management"
    by = scene.cast.with_right(element.owner, "management")
    return ManagementActed(
        by=by,
        other_side=scene.cast.with_right(raised.by.agency, "management"),
        dispute_id=raised.dispute_id,
        settled=settled,
        outcome=_outcome(scene, element, play, by.person) if settled else None,
        reason=Confidential(play.why or "Heard both sides." if settled else "The two sides do not agree."),
    )


def _confirmed(raised: Dispute, agreed: Proposal) -> Act:
    """The other side's manager, or the other side of the panel, says for themselves that it was agreed."""
    sides = {actor.agency for actor in agreed.confirmed_by}
    by = next(actor for actor in agreed.named if actor.agency not in sides)
    return Act(
        f"confirmed/{raised.dispute_id.rpartition('/')[2]}",
        agreed.decision.at + A_MOMENT,
        STAFF,
        SettlementConfirmed(by=by, dispute_id=raised.dispute_id),
    )


def _convened(scene: Scene, element: Element, raised: Dispute) -> EscalationConvened:
    return EscalationConvened(
        by=scene.cast.manager(),
        dispute_id=raised.dispute_id,
        panel=tuple(scene.cast.panel_member(agency) for agency in (element.owner, raised.by.agency)),
        mode=Mode.FACE_TO_FACE,
    )


def _panel(scene: Scene, element: Element, raised: Dispute, play: DisputePlay) -> EscalationDecided:
    agreed = play.settled_by == "panel"
    views = tuple(
        View(
            actor=member,
            position=play.choice if agreed else _own_view(element, member),
            view=Confidential("Heard the others, and weighed the risk of saying it against that of not."),
        )
        for member in raised.panel
    )
    by = raised.panel[0]
    return EscalationDecided(
        by=by,
        dispute_id=raised.dispute_id,
        mode=Mode.FACE_TO_FACE,
        views=views,
        agreed=agreed,
        outcome=_outcome(scene, element, play, by.person) if agreed else None,
        reason=Confidential(play.why or "Agreed." if agreed else "The panel could not agree."),
    )


def _own_view(element: Element, member: Actor) -> Choice:
    """The owner's side holds to its decision, the other to its wish to have it let go."""
    if element.decision is not None and member.agency == element.owner:
        return element.decision.choice.choice
    return Choice.RELEASE


def _controller(scene: Scene, element: Element, raised: Dispute, play: DisputePlay) -> ControllerDecided:
    by = scene.cast.with_right(element.owner, "final_decision")
    return ControllerDecided(
        by=by, dispute_id=raised.dispute_id, outcome=_outcome(scene, element, play, by.person)
    )


def _outcome(scene: Scene, element: Element, play: DisputePlay, author: str) -> ElementChoice:
    return choice_of(element, play.choice, scene.case.round, text=play.text, why=play.why, author=author)
