"""Dispute, management action, panel, controller. [D22, K01-K08, M2.8, M6]

Nothing here stops a clock: an element in dispute stays out of the package until it is settled. [E13]
"""

from __future__ import annotations

from datetime import timedelta

from agents.coordinator import disclosure
from agents.coordinator.authority import require_agency, require_right
from agents.coordinator.case import Case
from agents.coordinator.disputes import Dispute, DisputeStage
from agents.coordinator.elements import Authority, Element
from agents.coordinator.people import lane
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from messages.confidential import Confidential
from messages.envelope import Lane
from messages.escalation import (
    ControllerDecided,
    DisclosureDisputed,
    EscalationConvened,
    EscalationDecided,
    EscalationRaised,
    ManagementActed,
)
from messages.words import Actor, Choice, ElementChoice


def dispute(case: Case, said: DisclosureDisputed, setting: Setting) -> Decided[Case]:
    """Staff in the hub of another signatory agency dispute a decision: the element waits. [D22, K01]"""
    require_right("dispute", said.by, setting)
    if setting.partnership.agencies[said.by.agency].off_hub:
        raise Refused(
            "not_in_hub",
            "A decision is disputed by staff of an agency that works in the hub.",
            fields=("data.by.agency",),
            by=said.by,
        )
    element = case.element(said.element_id)
    if element is None or element.decision is None:
        raise Refused(
            "nothing_to_dispute",
            "Dispute an element that was decided.",
            fields=("data.element_id",),
            by=said.by,
        )
    if element.decision.authority in (Authority.PANEL, Authority.CONTROLLER):
        raise Refused("settled", "An escalation has settled this element.", by=said.by)
    if element.dispute_id is not None or any(d.dispute_id == said.dispute_id for d in case.disputes):
        raise Refused("in_dispute", "A dispute about this element, or with this id, is there.", by=said.by)
    if said.by.agency == element.owner:
        raise Refused("own_decision", "The owner changes its own decision; others dispute it.", by=said.by)
    expedited = lane(case) is Lane.URGENT
    rules = setting.partnership.clocks
    target = (
        timedelta(minutes=rules.escalation_red_minutes)
        if expedited
        else timedelta(hours=rules.escalation_hours)
    )
    raised = Dispute(
        dispute_id=said.dispute_id,
        element_id=said.element_id,
        ground=said.ground,
        by=said.by,
        position=said.position,
        at=setting.now,
        due_at=setting.now + target,
        expedited=expedited,
    )
    after = case.with_dispute(raised).with_element(element.model_copy(update={"dispute_id": said.dispute_id}))
    fact = _fact(
        "disclosure.disputed", said.by, raised, {"ground": said.ground, "due_at": raised.due_at.isoformat()}
    )
    return Decided(after, (), (fact,))


def act(case: Case, said: ManagementActed, setting: Setting) -> Decided[Case]:
    """Line managers of the two sides settle it, or record that they could not. [K01]"""
    raised, element = _open(case, said.dispute_id, (DisputeStage.RAISED,), said.by)
    for actor, field in ((said.by, "data.by"), (said.other_side, "data.other_side")):
        require_right("management", actor, setting, field=field)
    if {said.by.agency, said.other_side.agency} != {element.owner, raised.by.agency}:
        raise Refused(
            "both_sides_needed",
            "A line manager of the owner and one of the agency that disputes have to act together.",
            fields=("data.by.agency", "data.other_side.agency"),
            by=said.by,
        )
    managers = (said.by, said.other_side)
    acted = raised.model_copy(update={"managers": managers, "reasons": (*raised.reasons, said.reason)})
    fact = _fact(
        "management.acted", said.by, raised, {"settled": said.settled, "with": said.other_side.person}
    )
    if said.outcome is None:
        failed = acted.model_copy(update={"stage": DisputeStage.MANAGEMENT_FAILED})
        return Decided(case.with_dispute(failed), (), (fact,))
    owners_manager = next(m for m in managers if m.agency == element.owner)
    return _settle(case, acted, element, said.outcome, owners_manager, Authority.MANAGEMENT, fact, setting)


def convene(case: Case, said: EscalationConvened, setting: Setting) -> Decided[Case]:
    """Call the panel, after management action failed, with both sides' role-holders. [K01-K04]"""
    require_right("convene", said.by, setting)
    raised, element = _open(case, said.dispute_id, (DisputeStage.MANAGEMENT_FAILED,), said.by)
    for n, member in enumerate(said.panel):
        _require_seat(member, setting, field=f"data.panel.{n}")
    _require_both_sides(said.panel, raised, element, setting, field="data.panel", by=said.by)
    convened = raised.model_copy(
        update={
            "stage": DisputeStage.PANEL_CONVENED,
            "panel": said.panel,
            "convened_at": setting.now,
        }
    )
    call = EscalationRaised(
        dispute_id=raised.dispute_id,
        element_id=element.element_id,
        owner=element.owner,
        requester=raised.by.agency,
        panel=said.panel,
        expedited=raised.expedited,
        due_at=raised.due_at,
    )
    panel = [member.model_dump(mode="json") for member in said.panel]
    fact = _fact("escalation.convened", said.by, raised, {"panel": panel, "mode": said.mode})
    return Decided(case.with_dispute(convened), (Sending("staff", call, lane(case)),), (fact,))


def panel_decides(case: Case, said: EscalationDecided, setting: Setting) -> Decided[Case]:
    """The panel agrees, or leaves it to the data controller. [K03, K04, K06, K07]"""
    _require_seat(said.by, setting, field="data.by")
    raised, element = _open(case, said.dispute_id, (DisputeStage.PANEL_CONVENED,), said.by)
    attended = tuple(view.actor for view in said.views)
    for n, member in enumerate(attended):
        _require_seat(member, setting, field=f"data.views.{n}.actor")
    if said.by not in attended or not set(attended) <= set(raised.panel):
        raise Refused(
            "not_on_panel",
            "Only members of the panel that was convened decide and give views.",
            fields=("data.views",),
            by=said.by,
        )
    _require_both_sides(attended, raised, element, setting, field="data.views", by=said.by)
    heard = raised.model_copy(
        update={
            "attended": attended,
            "met_by": said.mode,
            "reasons": (*raised.reasons, said.reason),
        }
    )
    views = [{"person": v.actor.person, "agency": v.actor.agency, "position": v.position} for v in said.views]
    fact = _fact(
        "escalation.decided", said.by, raised, {"agreed": said.agreed, "views": views, "mode": said.mode}
    )
    if said.outcome is None:
        disagreed = heard.model_copy(update={"stage": DisputeStage.PANEL_DISAGREED})
        return Decided(case.with_dispute(disagreed), (), (fact,))
    return _settle(case, heard, element, said.outcome, said.by, Authority.PANEL, fact, setting)


def controller_decides(case: Case, said: ControllerDecided, setting: Setting) -> Decided[Case]:
    """The data controller of the disputed element decides; this is final. [K06]"""
    require_right("final_decision", said.by, setting)
    raised, element = _open(case, said.dispute_id, (DisputeStage.PANEL_DISAGREED,), said.by)
    require_agency(said.by, element.owner)
    fact = _fact("controller.decided", said.by, raised, {"choice": said.outcome.choice})
    return _settle(case, raised, element, said.outcome, said.by, Authority.CONTROLLER, fact, setting)


def hasten(case: Case, setting: Setting) -> Case:
    """A case that becomes RED gives its open disputes the expedited target. [K08]"""
    target = setting.now + timedelta(minutes=setting.partnership.clocks.escalation_red_minutes)
    for raised in case.disputes:
        if raised.stage is not DisputeStage.SETTLED:
            hastened = {"due_at": min(raised.due_at, target), "expedited": True}
            case = case.with_dispute(raised.model_copy(update=hastened))
    return case


def _open(
    case: Case, dispute_id: str, stages: tuple[DisputeStage, ...], by: Actor
) -> tuple[Dispute, Element]:
    raised = next((d for d in case.disputes if d.dispute_id == dispute_id), None)
    element = case.element(raised.element_id) if raised is not None else None
    if raised is None or element is None:
        raise Refused("dispute_unknown", "Name a dispute of this case.", fields=("data.dispute_id",), by=by)
    if raised.stage not in stages:
        raise Refused(
            "dispute_stage",
            f"The dispute stands at {raised.stage}; management, panel and controller act in this order.",
            fields=("data.dispute_id",),
            by=by,
        )
    return raised, element


def _require_seat(member: Actor, setting: Setting, *, field: str) -> None:
    """A member of the panel speaks for the own agency, in the role that it named for this, and is vetted.
    [K02, L04]"""
    require_right("panel", member, setting, field=field)
    seats = setting.partnership.agencies[member.agency].panel_roles
    if member.role not in seats:
        raise Refused(
            "role_may_not",
            f"For this agency sits on the panel: {', '.join(seats) or 'nobody'}.",
            fields=(f"{field}.role",),
            by=member,
        )


def _require_both_sides(
    actors: tuple[Actor, ...], raised: Dispute, element: Element, setting: Setting, *, field: str, by: Actor
) -> None:
    """The owner's and the requester's role-holders at least. [K03]"""
    for agency in (element.owner, raised.by.agency):
        roles = setting.partnership.agencies[agency].panel_roles
        if not any(actor.agency == agency and actor.role in roles for actor in actors):
            raise Refused(
                "panel_incomplete",
                f"The panel needs a role-holder of {agency}: {' or '.join(roles)}.",
                fields=(field,),
                by=by,
            )


def _settle(
    case: Case,
    raised: Dispute,
    element: Element,
    outcome: ElementChoice,
    by: Actor,
    authority: Authority,
    fact: Fact,
    setting: Setting,
) -> Decided[Case]:
    if outcome.choice is Choice.CANNOT_DECIDE:
        raise Refused(
            "choice_needed",
            "Settle it: release, release sanitised or withhold.",
            fields=("data.outcome.choice",),
            by=by,
        )
    disclosure.require_grounds(case, element, outcome, setting, field="data.outcome", by=by)
    settled = raised.model_copy(
        update={"stage": DisputeStage.SETTLED, "settled_by": authority, "settled_at": setting.now}
    )
    conditions: tuple[Confidential, ...] = element.decision.conditions if element.decision else ()
    after, decided = disclosure.settle(
        case.with_dispute(settled),
        element,
        outcome,
        disclosure.Taker(by, None, authority),
        setting,
        conditions=conditions,
    )
    return Decided(after, (), (fact, decided))


def _fact(what: str, by: Actor, raised: Dispute, detail: dict[str, object]) -> Fact:
    return Fact(what, by, {"dispute_id": raised.dispute_id, "element_id": raised.element_id, **detail})
