"""Dispute, management action, panel, controller. [D22, K01-K08, M2.8, M6]

Nothing here stops a clock: an element in dispute stays out of the package until it is settled. [E13]
"""

from __future__ import annotations

from datetime import timedelta

from agents.coordinator import disclosure, watch
from agents.coordinator.authority import require_agency, require_right
from agents.coordinator.case import Case
from agents.coordinator.checks import require_basis
from agents.coordinator.disputes import Dispute, DisputeStage, HeldView, Proposal, Tried
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
    SettlementConfirmed,
)
from messages.words import Actor, Choice, ElementChoice


def dispute(case: Case, said: DisclosureDisputed, setting: Setting) -> Decided[Case]:
    """Staff in the hub of another signatory agency dispute a decision: the element waits. [D22, K01]"""
    require_right("dispute", said.by, setting)
    if setting.partnership.agencies[said.by.agency].outside(case.category):
        raise Refused(
            "not_in_hub",
            "A decision is disputed by staff of an agency that works in the hub in cases like this.",
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
    """Line managers of the two sides agree, for the other to confirm, or record that they could not. [K01]

    Raises `Refused`: not by a manager of each side, what was proposed and waits for its confirmation, or what
    `disclosure.require_grounds` refuses.
    """
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
    tried = Tried(by=said.by, at=setting.now, reason=said.reason)
    acted = raised.model_copy(update={"managers": managers, "reasons": (*raised.reasons, tried)})
    fact = _fact(
        "management.acted", said.by, raised, {"settled": said.settled, "with": said.other_side.person}
    )
    if said.outcome is None:
        failed = acted.model_copy(update={"stage": DisputeStage.MANAGEMENT_FAILED, "proposal": None})
        return Decided(case.with_dispute(failed), (), (fact,))
    owners_manager = next(m for m in managers if m.agency == element.owner)
    taker = disclosure.Taker(owners_manager, None, Authority.MANAGEMENT)
    return _propose(case, acted, element, said.outcome, taker, managers, said.by, fact, setting)


def confirm(case: Case, said: SettlementConfirmed, setting: Setting) -> Decided[Case]:
    """Another of those who agreed says so too; with one of each side it comes into force. [K01, K03, K07]

    Raises `Refused`: nothing that waits for it, or somebody who is not the one to confirm it.
    """
    stages = (DisputeStage.RAISED, DisputeStage.PANEL_CONVENED)
    raised, element = _open(case, said.dispute_id, stages, said.by)
    if raised.stage is DisputeStage.RAISED:
        require_right("management", said.by, setting)
    else:
        _require_seat(said.by, setting, field="data.by")
    proposal = raised.proposed(case.round.number, case.answers)
    if proposal is None:
        raise Refused(
            "nothing_to_confirm",
            "Nothing was agreed, or answers came since: record anew what was agreed.",
            fields=("data.dispute_id",),
            by=said.by,
        )
    if said.by not in proposal.named or said.by in proposal.confirmed_by:
        raise Refused(
            "not_yours_to_confirm",
            "Somebody else of those who agreed, of the other side, confirms it.",
            fields=("data.by",),
            by=said.by,
        )
    confirmed = proposal.model_copy(update={"confirmed_by": (*proposal.confirmed_by, said.by)})
    fact = _fact("settlement.confirmed", said.by, raised, {"choice": proposal.decision.choice.choice})
    if not {element.owner, raised.by.agency} <= {one.agency for one in confirmed.confirmed_by}:
        waiting = raised.model_copy(update={"proposal": confirmed})
        return Decided(case.with_dispute(waiting), (), (fact,))
    if (basis := proposal.decision.choice.legal_basis) is not None:
        require_basis(case, basis, setting, field="data.dispute_id", by=said.by)
    decision = proposal.decision.model_copy(update={"at": setting.now})
    settled = raised.model_copy(
        update={
            "stage": DisputeStage.SETTLED,
            "proposal": confirmed,
            "settled_by": decision.authority,
            "settled_at": setting.now,
        }
    )
    after, decided = disclosure.write(case.with_dispute(settled), element, decision)
    return Decided(after, (), (fact, decided))


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
    return Decided(
        case.with_dispute(convened),
        (Sending("staff", call, lane(case)), watch.counting(raised.dispute_id, setting.now)),
        (fact,),
    )


def panel_decides(case: Case, said: EscalationDecided, setting: Setting) -> Decided[Case]:
    """The panel agrees, for the others to confirm, or leaves it to the data controller. [K03, K04, K06, K07]

    Raises `Refused`: not by members who were convened, of both sides; agreed against somebody's view; what
    was proposed and waits for its confirmation; or what `disclosure.require_grounds` refuses.
    """
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
    held = tuple(HeldView(actor=v.actor, position=v.position, view=v.view) for v in said.views)
    tried = Tried(by=said.by, at=setting.now, reason=said.reason, views=held)
    heard = raised.model_copy(
        update={"attended": attended, "met_by": said.mode, "reasons": (*raised.reasons, tried)}
    )
    views = [{"person": v.actor.person, "agency": v.actor.agency, "position": v.position} for v in said.views]
    fact = _fact(
        "escalation.decided", said.by, raised, {"agreed": said.agreed, "views": views, "mode": said.mode}
    )
    if said.outcome is None:
        disagreed = heard.model_copy(update={"stage": DisputeStage.PANEL_DISAGREED, "proposal": None})
        return Decided(case.with_dispute(disagreed), (), (fact,))
    if against := [n for n, view in enumerate(said.views) if view.position is not said.outcome.choice]:
        raise Refused(
            "not_of_one_mind",
            "A view differs: record that the panel does not agree; then the data controller decides.",
            fields=tuple(f"data.views.{n}.position" for n in against),
            by=said.by,
        )
    taker = disclosure.Taker(said.by, None, Authority.PANEL)
    return _propose(case, heard, element, said.outcome, taker, attended, said.by, fact, setting)


def controller_decides(case: Case, said: ControllerDecided, setting: Setting) -> Decided[Case]:
    """The data controller of the disputed element decides; this is final. [K06]"""
    require_right("final_decision", said.by, setting)
    raised, element = _open(case, said.dispute_id, (DisputeStage.PANEL_DISAGREED,), said.by)
    require_agency(said.by, element.owner)
    fact = _fact("controller.decided", said.by, raised, {"choice": said.outcome.choice})
    _require_settling(case, element, said.outcome, said.by, setting)
    settled = raised.model_copy(
        update={
            "stage": DisputeStage.SETTLED,
            "settled_by": Authority.CONTROLLER,
            "settled_at": setting.now,
        }
    )
    taker = disclosure.Taker(said.by, None, Authority.CONTROLLER)
    decision = disclosure.made(case, element, said.outcome, taker, setting, conditions=_conditions(element))
    after, decided = disclosure.write(case.with_dispute(settled), element, decision)
    return Decided(after, (), (fact, decided))


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


def _propose(
    case: Case,
    raised: Dispute,
    element: Element,
    outcome: ElementChoice,
    taker: disclosure.Taker,
    named: tuple[Actor, ...],
    by: Actor,
    fact: Fact,
    setting: Setting,
) -> Decided[Case]:
    """Keep what one of those named says that they agreed; the element stays as it is. [K01, K03]"""
    if raised.proposed(case.round.number, case.answers) is not None:
        raise Refused(
            "settlement_proposed",
            "The other side confirms what was agreed (settlement.confirmed), or records that it was not.",
            fields=("data.dispute_id",),
            by=by,
        )
    _require_settling(case, element, outcome, by, setting)
    decision = disclosure.made(case, element, outcome, taker, setting, conditions=_conditions(element))
    proposal = Proposal(decision=decision, named=named, confirmed_by=(by,))
    return Decided(case.with_dispute(raised.model_copy(update={"proposal": proposal})), (), (fact,))


def _require_settling(
    case: Case, element: Element, outcome: ElementChoice, by: Actor, setting: Setting
) -> None:
    if outcome.choice is Choice.CANNOT_DECIDE:
        raise Refused(
            "choice_needed",
            "Settle it: release, release sanitised or withhold.",
            fields=("data.outcome.choice",),
            by=by,
        )
    disclosure.require_grounds(case, element, outcome, setting, field="data.outcome", by=by)


def _conditions(element: Element) -> tuple[Confidential, ...]:
    """Those under which its owner let it go, which a settlement keeps."""
    return element.decision.conditions if element.decision else ()


def _fact(what: str, by: Actor, raised: Dispute, detail: dict[str, object]) -> Fact:
    return Fact(what, by, {"dispute_id": raised.dispute_id, "element_id": raised.element_id, **detail})
