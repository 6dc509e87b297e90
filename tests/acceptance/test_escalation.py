"""Dispute, management action, panel, controller: section K of the requirements."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.coordinator.elements import Authority, Standing, standing
from agents.deciding import Refused
from messages.disclosure import DiscussionRecorded, Position
from messages.escalation import (
    ControllerDecided,
    DisclosureDisputed,
    EscalationConvened,
    EscalationDecided,
    EscalationRaised,
    ManagementActed,
    SettlementConfirmed,
    View,
)
from messages.notices import DeadlineBreached
from messages.package import InformationRequested
from messages.words import Actor, Choice, ElementChoice, Mode, Rag
from tests.support.procedure import (
    CORE_CHILD,
    PRACTITIONER,
    SENIOR_PRACTITIONER,
    SERGEANT,
    Procedure,
    controller,
    decision_maker,
    element,
    line_manager,
    of_type,
    one_package,
    panel_member,
    release,
    secret,
    withhold,
)

pytestmark = pytest.mark.also_on_servers

OWNER, REQUESTER = "police", "csc_staffordshire"


def withheld(rag: Rag = Rag.AMBER) -> Procedure:
    """A case with one element of the police, discussed and withheld."""
    hub = Procedure()
    hub.until_directed(rag)
    hub.answer("police", element("e1", "police"))
    hub.nothing_from(*CORE_CHILD[1:])
    hub.discuss("e1")
    hub.decide("e1", withhold())
    hub.assess()
    return hub


def disputed(rag: Rag = Rag.AMBER) -> Procedure:
    hub = withheld(rag)
    dispute(hub)
    return hub


def dispute(hub: Procedure, by: Actor = PRACTITIONER) -> None:
    hub.say(
        DisclosureDisputed(
            by=by,
            dispute_id="X-1",
            element_id="e1",
            ground="necessity",
            position=secret("we cannot act without it"),
        )
    )


def manage(hub: Procedure, outcome: ElementChoice | None = None, other: str = REQUESTER) -> None:
    hub.say(
        ManagementActed(
            by=line_manager(OWNER),
            other_side=line_manager(other),
            dispute_id="X-1",
            settled=outcome is not None,
            outcome=outcome,
            reason=secret("talked it over"),
        )
    )


def confirm(hub: Procedure, by: Actor) -> None:
    hub.say(SettlementConfirmed(by=by, dispute_id="X-1"))


def settle(hub: Procedure, outcome: ElementChoice) -> None:
    """The owner's manager records it, and the other side's says so too."""
    manage(hub, outcome)
    confirm(hub, line_manager(REQUESTER))


def convene(hub: Procedure, *panel: Actor) -> list[EscalationRaised]:
    members = panel or (panel_member(OWNER), panel_member(REQUESTER))
    said = EscalationConvened(
        by=line_manager(REQUESTER), dispute_id="X-1", panel=members, mode=Mode.FACE_TO_FACE
    )
    return of_type(hub.say(said), EscalationRaised)


def decide(hub: Procedure, outcome: ElementChoice | None, *attending: Actor, **positions: Choice) -> None:
    """The first member records what all of them hold: release, or what ``positions`` has for an agency."""
    members = attending or (panel_member(OWNER), panel_member(REQUESTER))
    hub.say(
        EscalationDecided(
            by=members[0],
            dispute_id="X-1",
            mode=Mode.FACE_TO_FACE,
            views=tuple(
                View(actor=m, position=positions.get(m.agency, Choice.RELEASE), view=secret("my view"))
                for m in members
            ),
            agreed=outcome is not None,
            outcome=outcome,
            reason=secret("heard all"),
        )
    )


def test_a_dispute_keeps_the_element_out_and_the_position_is_recorded_d22() -> None:
    hub = disputed()
    assert standing(hub.element("e1")) is Standing.DISPUTED
    assert hub.case.disputes[0].position.ref is not None


def test_the_owner_does_not_dispute_its_own_decision_d22() -> None:
    hub = withheld()
    with pytest.raises(Refused, match="own_decision"):
        dispute(hub, decision_maker("police"))


def test_only_a_decision_can_be_disputed_k01() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", element("e1", "police"))
    with pytest.raises(Refused, match="nothing_to_dispute"):
        dispute(hub)


def test_managers_of_the_two_sides_settle_it_k01() -> None:
    hub = disputed()
    manage(hub, release())
    assert standing(hub.element("e1")) is Standing.DISPUTED
    confirm(hub, line_manager(REQUESTER))
    decision = hub.element("e1").decision
    assert decision is not None and decision.authority is Authority.MANAGEMENT
    assert decision.by == line_manager(OWNER)
    assert [e.element_id for e in one_package(hub.agree()).elements] == ["e1"]


def test_management_action_takes_both_sides_k01() -> None:
    hub = disputed()
    with pytest.raises(Refused, match="both_sides_needed"):
        manage(hub, release(), other="education")


def test_what_one_manager_says_that_both_agreed_is_not_in_force_k01_k07() -> None:
    hub = disputed()
    manage(hub, release())
    for by, why in (
        (line_manager(OWNER), "not_yours_to_confirm"),
        (line_manager("education"), "not_yours_to_confirm"),
        (PRACTITIONER, "role_may_not"),
    ):
        with pytest.raises(Refused, match=why):
            confirm(hub, by)
    with pytest.raises(Refused, match="settlement_proposed"):
        manage(hub, withhold())
    hub.agree("partial_at_due")
    assert one_package(hub.wait(timedelta(hours=24))).elements == ()


def test_the_other_sides_manager_says_that_it_was_not_settled_k01() -> None:
    hub = disputed()
    manage(hub, release())
    manage(hub)
    with pytest.raises(Refused, match="dispute_stage"):
        confirm(hub, line_manager(REQUESTER))
    convene(hub)
    with pytest.raises(Refused, match="nothing_to_confirm"):
        confirm(hub, panel_member(REQUESTER))


def test_what_was_agreed_lapses_when_more_is_known_before_it_is_confirmed_a03_k01() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer(OWNER, element("e1", OWNER))
    hub.discuss("e1")
    hub.decide("e1", withhold())
    dispute(hub)
    manage(hub, release())
    hub.answer("education", element("e2", "education"))
    with pytest.raises(Refused, match="nothing_to_confirm"):
        confirm(hub, line_manager(REQUESTER))
    settle(hub, release())
    assert standing(hub.element("e1")) is Standing.RELEASED


def test_a_settlement_needs_the_same_grounds_as_any_release_c10() -> None:
    hub = disputed()
    with pytest.raises(Refused, match="grounds_missing"):
        manage(hub, release(tests=None))
    assert standing(hub.element("e1")) is Standing.DISPUTED


def test_a_panel_is_called_only_after_management_action_failed_k01() -> None:
    hub = disputed()
    with pytest.raises(Refused, match="dispute_stage"):
        convene(hub)
    manage(hub)
    (call,) = convene(hub)
    assert (call.owner, call.requester) == (OWNER, REQUESTER)


def test_a_panel_needs_a_role_holder_of_each_side_k02_k03() -> None:
    hub = disputed()
    manage(hub)
    with pytest.raises(Refused, match="panel_incomplete"):
        convene(hub, panel_member(OWNER))
    with pytest.raises(Refused, match="role_may_not"):
        convene(hub, panel_member(OWNER), line_manager(REQUESTER))


def test_the_panel_agrees_and_its_decision_stands_k03_k07() -> None:
    hub = disputed()
    manage(hub)
    convene(hub)
    decide(hub, release())
    assert standing(hub.element("e1")) is Standing.DISPUTED
    confirm(hub, panel_member(REQUESTER))
    decision = hub.element("e1").decision
    assert decision is not None and decision.authority is Authority.PANEL
    (fact,) = [f for f in hub.facts if f.what == "escalation.decided"]
    assert {v["agency"] for v in fact.detail["views"]} == {OWNER, REQUESTER}
    with pytest.raises(Refused, match="settled"):
        hub.decide("e1", withhold())


def test_a_panel_does_not_agree_against_the_view_of_one_of_it_k03_k06() -> None:
    hub = disputed()
    manage(hub)
    convene(hub)
    with pytest.raises(Refused, match="not_of_one_mind") as refused:
        decide(hub, release(), **{OWNER: Choice.WITHHOLD})
    assert refused.value.fields == ("data.views.0.position",)
    decide(hub, None, **{OWNER: Choice.WITHHOLD})
    hub.say(ControllerDecided(by=controller(OWNER), dispute_id="X-1", outcome=withhold()))
    assert standing(hub.element("e1")) is Standing.WITHHELD


def test_what_each_member_of_the_panel_held_is_kept_with_the_name_k07() -> None:
    hub = disputed()
    manage(hub)
    convene(hub)
    decide(hub, None, **{OWNER: Choice.WITHHOLD})
    of_managers, of_panel = hub.case.disputes[0].reasons
    assert (of_managers.by, of_managers.views) == (line_manager(OWNER), ())
    assert of_panel.by == panel_member(OWNER) and of_panel.at == hub.now
    assert {one.actor: one.position for one in of_panel.views} == {
        panel_member(OWNER): Choice.WITHHOLD,
        panel_member(REQUESTER): Choice.RELEASE,
    }
    assert all(one.view.ref is not None for one in of_panel.views)


def test_a_view_that_differs_in_a_discussion_is_kept_with_the_name_d22() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", element("e1", "police"))
    differs = Position(actor=SERGEANT, element_id="e1", position="withhold", view=secret("it would warn him"))
    hub.say(
        DiscussionRecorded(
            by=SENIOR_PRACTITIONER,
            discussion_id="D-1",
            elements=("e1",),
            participants=(SENIOR_PRACTITIONER, SERGEANT),
            mode=Mode.PHONE,
            summary=secret("two views"),
            positions=(differs,),
        )
    )
    (kept,) = hub.case.discussions[0].positions
    assert (kept.actor, kept.element_id, kept.position) == (SERGEANT, "e1", "withhold")
    assert kept.view.ref is not None


def test_a_panel_cannot_agree_without_one_of_the_sides_k03() -> None:
    hub = disputed()
    manage(hub)
    convene(hub)
    with pytest.raises(Refused, match="panel_incomplete"):
        decide(hub, release(), panel_member(OWNER))


def test_nobody_who_was_not_convened_decides_in_the_panel_k02() -> None:
    hub = disputed()
    manage(hub)
    convene(hub)
    with pytest.raises(Refused, match="not_on_panel"):
        decide(hub, release(), panel_member(OWNER), panel_member(REQUESTER), panel_member("education"))


def test_without_agreement_only_the_controller_of_the_element_decides_finally_k06() -> None:
    hub = disputed()
    manage(hub)
    convene(hub)
    with pytest.raises(Refused, match="dispute_stage"):
        hub.say(ControllerDecided(by=controller(OWNER), dispute_id="X-1", outcome=release()))
    decide(hub, None)
    with pytest.raises(Refused, match="not_your_agencys"):
        hub.say(ControllerDecided(by=controller(REQUESTER), dispute_id="X-1", outcome=release()))
    hub.say(ControllerDecided(by=controller(OWNER), dispute_id="X-1", outcome=release()))
    decision = hub.element("e1").decision
    assert decision is not None and decision.authority is Authority.CONTROLLER
    with pytest.raises(Refused, match="settled"):
        dispute(hub)


def test_escalation_does_not_stop_the_clock_and_the_package_goes_without_e13_k08() -> None:
    hub = disputed()
    hub.agree("partial_at_due")
    package = one_package(hub.wait(timedelta(hours=24)))
    assert package.elements == () and package.waiting_for == (OWNER,)
    breach = [b for b in of_type(hub.sent, DeadlineBreached) if b.timer == "escalation"]
    assert len(breach) == 1


def test_a_settlement_after_the_partial_package_goes_out_as_a_supplement_c07_k06() -> None:
    hub = disputed()
    hub.agree("partial_at_due")
    hub.wait(timedelta(hours=24))
    settle(hub, release())
    supplement = one_package(hub.agree())
    assert (supplement.kind, [e.element_id for e in supplement.elements]) == ("supplement", ["e1"])


def test_a_red_dispute_gets_an_expedited_target_k08() -> None:
    hub = disputed(Rag.RED)
    assert hub.case.disputes[0].due_at == hub.now + timedelta(minutes=60)
    assert hub.case.disputes[0].expedited


def test_an_element_in_dispute_stays_in_dispute_when_a_task_back_reveals_it_again_d20_k01() -> None:
    hub = disputed()
    hub.agree("partial_at_due")
    hub.wait(timedelta(hours=24))
    hub.say(
        InformationRequested(
            request_id="T-1",
            package_id=hub.case.packages[0].package_id,
            by=Actor(person="CSS-SW-01", role="social_worker", agency="csc_staffordshire"),
            question=secret("anything more?"),
            why=secret("circumstances changed"),
        ),
        "team.children_social_work_staffordshire",
    )
    hub.direct()
    hub.answer("police", element("e1", "police"))
    assert standing(hub.element("e1")) is Standing.DISPUTED
    settle(hub, release())
    hub.nothing_from(*CORE_CHILD[1:])
    hub.assess()
    assert [e.element_id for e in one_package(hub.agree()).elements] == ["e1"]


def test_nobody_settles_a_dispute_by_leaving_it_undecided_k06() -> None:
    hub = disputed()
    with pytest.raises(Refused, match="choice_needed"):
        manage(hub, release(choice=Choice.CANNOT_DECIDE))


def test_a_case_that_becomes_red_hastens_its_disputes_k08() -> None:
    hub = disputed()
    hub.rate(Rag.RED)
    assert hub.case.disputes[0].expedited
    assert hub.case.disputes[0].due_at == hub.now + timedelta(minutes=60)


def test_an_owner_does_not_undo_what_the_managers_settled_k01() -> None:
    hub = disputed()
    settle(hub, release())
    with pytest.raises(Refused, match="settled"):
        hub.decide("e1", withhold())
