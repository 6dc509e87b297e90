"""What the hub does not take, and what it takes all the same. [A07, A12, B08, B12, G03, G06]"""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.coordinator import needs
from agents.deciding import Refused
from messages.intake import ReferralHandedOver, ThresholdDecided
from messages.notices import OutcomeNotified
from messages.package import InformationRequested, OutcomeReported, PackageAcknowledged
from messages.referral import Belief
from messages.words import Actor, Course, Said
from ops.case_views import route_in_words
from tests.support.procedure import (
    CORE_CHILD,
    DETECTIVE,
    POLICE_TEAM,
    PRACTITIONER,
    SENIOR_PRACTITIONER,
    WORKER,
    Procedure,
    of_type,
    secret,
    why,
)

STRANGER = Actor(person="CSS-PR-99", role="practitioner", agency="csc_staffordshire")


def referred(**changes: object) -> Procedure:
    hub = Procedure()
    hub.refer(**changes)
    return hub


def threshold(**changes: object) -> ThresholdDecided:
    said = {"by": SENIOR_PRACTITIONER, "met": False, "rationale": why()}
    return ThresholdDecided.model_validate({**said, **changes})


def test_a_referral_that_calls_for_nothing_ends_without_further_action_and_its_source_hears_why_a07() -> None:
    hub = referred()
    hub.say(threshold(no_further_action=True))
    route = hub.case.route
    assert hub.case.closed_at is not None and route is not None and route.to == "no_further_action"
    (notice,) = of_type(hub.sent, OutcomeNotified)
    assert notice.outcome == "no_further_action" and notice.reason is not None
    assert route_in_words(route.model_dump()) == "no further action: threshold_not_met"


@pytest.mark.parametrize("both", [{}, {"redirect_to": "housing", "no_further_action": True}])
def test_a_threshold_not_met_names_an_agency_or_says_that_there_is_none_a07_b12(
    both: dict[str, object],
) -> None:
    with pytest.raises(Refused, match="redirect_missing"):
        referred().say(threshold(**both))


def redirected() -> Procedure:
    hub = referred()
    hub.say(threshold(redirect_to="education"))
    return hub


def test_the_source_of_a_redirected_referral_is_told_to_hand_it_over_and_that_is_waited_for_b12() -> None:
    hub = redirected()
    (notice,) = of_type(hub.sent, OutcomeNotified)
    assert (notice.outcome, notice.redirected_to) == ("redirected", "education")
    assert needs.needs(hub.case) == ("handover:education",)


@pytest.mark.parametrize("sender", ["source.first_response", "staff"])
def test_a_handover_is_on_record_by_the_source_or_by_staff_b12(sender: str) -> None:
    hub = redirected()
    by = PRACTITIONER if sender == "staff" else None
    with pytest.raises(Refused, match="nothing_to_hand_over"):
        hub.say(ReferralHandedOver(agency="housing", by=by), sender)
    hub.say(ReferralHandedOver(agency="education", by=by), sender)
    assert needs.needs(hub.case) == ()
    assert hub.facts[-1].what == "referral.handed_over"
    with pytest.raises(Refused, match="nothing_to_hand_over"):
        hub.say(ReferralHandedOver(agency="education", by=by), sender)


def test_no_other_source_says_that_a_referral_was_handed_over_b12() -> None:
    with pytest.raises(Refused, match="person_missing"):
        redirected().say(ReferralHandedOver(agency="education"), "source.police_cru")


def test_a_child_is_taken_whoever_the_register_does_not_know_believes_section_47_is_met_a12_b08() -> None:
    hub = referred(section_47_belief=Belief(by=STRANGER, why=secret("injuries unexplained")))
    assert hub.case.cohort is not None and hub.case.closed_at is None
    assert hub.case.belief_unconfirmed == "person_unknown"
    assert set(needs.needs(hub.case)) == {"threshold", "belief"}
    fact = next(f for f in hub.facts if f.what == "referral.received")
    assert fact.detail["belief_unconfirmed"] == "person_unknown"


def test_another_practitioner_believes_it_before_the_threshold_is_met_b08_g06() -> None:
    hub = referred(section_47_belief=Belief(by=STRANGER, why=secret("injuries unexplained")))
    with pytest.raises(Refused, match="belief_unconfirmed"):
        hub.say(threshold(met=True))
    again = Belief(by=STRANGER, why=secret("still so"))
    with pytest.raises(Refused, match="person_unknown"):
        hub.say(threshold(met=True, section_47_belief=again))
    belief = Belief(by=PRACTITIONER, why=secret("I saw the child"))
    hub.say(threshold(met=True, section_47_belief=belief))
    assert hub.case.belief_confirmed is not None and hub.case.belief_confirmed.by == PRACTITIONER
    fact = next(f for f in hub.facts if f.what == "threshold.decided")
    assert fact.detail["section_47_belief_by"] == PRACTITIONER.model_dump(mode="json")


def test_an_unconfirmed_belief_holds_up_no_redirection_b12() -> None:
    hub = referred(section_47_belief=Belief(by=STRANGER, why=secret("injuries unexplained")))
    hub.say(threshold(redirect_to="education"))
    assert hub.case.closed_at is not None


@pytest.mark.parametrize("what", ["acknowledge", "task_back", "report"])
def test_only_its_own_agencys_staff_speak_for_a_team_g03(what: str) -> None:
    hub = Procedure()
    hub.until_directed()
    hub.nothing_from(*CORE_CHILD)
    hub.assess()
    hub.agree()
    hub.wait(timedelta(hours=1))
    package_id = hub.case.packages[0].package_id

    def said(by: Actor) -> Said:
        if what == "acknowledge":
            return PackageAcknowledged(package_id=package_id, by=by)
        if what == "report":
            return OutcomeReported(package_id=package_id, by=by, course=Course.JOINT_INVESTIGATION)
        return InformationRequested(
            request_id="T-1", package_id=package_id, by=by, question=secret("who?"), why=secret("news")
        )

    with pytest.raises(Refused, match="not_of_the_team"):
        hub.say(said(WORKER), POLICE_TEAM)
    hub.say(said(DETECTIVE), POLICE_TEAM)
