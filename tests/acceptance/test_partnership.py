"""What is a partnership's own: cohorts and their history, local routes, agencies that take part in some
categories, and the hub's suggestions beside what the teams did."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agents.coordinator import suggestions
from agents.deciding import Refused, Sending
from agents.partnership import Partnership
from messages.checks import CheckRequested
from messages.child_sexual_exploitation import CseReferralCompleted
from messages.notices import DeadlineBreached, OutcomeNotified
from messages.package import OutcomeReported
from messages.words import Actor, Category, Course, Rag
from tests.support.procedure import (
    CORE_CHILD,
    DETECTIVE,
    PARTNERSHIP,
    SERGEANT,
    Procedure,
    adult,
    child,
    disability_hate_crime,
    judged,
    of_type,
    one_package,
    why,
)

STOKE: dict[str, Any] = {"source": "stoke_children_duty", "authority": "stoke", "section_47_belief": None}
REMINDER = PARTNERSHIP.clocks.outcome_reminder
STOKE_PRACTITIONER = Actor(person="CSK-PR-01", role="practitioner", agency="csc_stoke")
STOKE_SENIOR = Actor(person="CSK-SP-01", role="senior_practitioner", agency="csc_stoke")
SOCIAL_WORKER = Actor(person="CSS-SW-01", role="social_worker", agency="csc_staffordshire")


def with_cohort(code: str, **changes: object) -> Partnership:
    everything = PARTNERSHIP.model_dump()
    everything["cohorts"][code].update(changes)
    return Partnership.model_validate(everything)


# Cohorts.


def test_all_welfare_is_a_dated_cohort_that_is_off_until_the_steering_group_switches_it_on_b08() -> None:
    (off,) = PARTNERSHIP.cohorts["all_welfare"].switches
    assert (off.on, off.approved_by) == (False, "steering-group-2012-01")
    before = Procedure()
    before.refer(section_47_belief=None)
    assert before.case.route is not None and before.case.route.to == "not_in_mash"

    on = {"since": datetime(2013, 1, 7, tzinfo=UTC), "on": True, "approved_by": "steering-group-2012-12"}
    grown = with_cohort("all_welfare", switches=(off.model_dump(), on))
    eve = Procedure(grown, start=datetime(2013, 1, 6, 23, 59, tzinfo=UTC))
    eve.refer(section_47_belief=None)
    assert eve.case.cohort is None
    day = Procedure(grown, start=datetime(2013, 1, 7, tzinfo=UTC))
    day.refer(section_47_belief=None)
    assert day.case.cohort == "all_welfare"


def test_all_welfare_is_for_staffordshires_children_alone_b08() -> None:
    on = {"since": datetime(2012, 1, 3, tzinfo=UTC), "on": True, "approved_by": "steering-group-2012-12"}
    hub = Procedure(Partnership.model_validate(
        with_cohort("all_welfare", switches=(on,)).model_dump() | {"local_routes": ()}
    ))  # fmt: skip
    hub.refer(**STOKE)
    assert hub.case.route is not None and hub.case.route.to == "not_in_mash"


def test_a_cohort_that_is_switched_off_keeps_its_history_and_takes_nothing_more_b05_b06() -> None:
    taken = PARTNERSHIP.cohorts["hate_crime"].switches[0].model_dump()
    off = {"since": datetime(2012, 3, 1, tzinfo=UTC), "on": False, "approved_by": "steering-group-2012-03"}
    changed = with_cohort("hate_crime", switches=(taken, off))
    assert [(s.on, s.approved_by) for s in changed.cohorts["hate_crime"].switches] == [
        (True, "steering-group-2012-02"),
        (False, "steering-group-2012-03"),
    ]
    hub = Procedure(changed)
    crime = {"hate_crime": disability_hate_crime(), "people": (adult(),)}
    sent = hub.refer(category=Category.HATE_CRIME, section_47_belief=None, **crime)
    (notice,) = of_type(sent, OutcomeNotified)
    assert (notice.outcome, notice.reason_code) == ("not_in_mash", "no_live_cohort")


# The local route.


def test_a_stoke_child_and_no_domestic_abuse_goes_by_the_local_police_link_b07_g05() -> None:
    hub = Procedure()
    sent = hub.refer(**STOKE)
    (notice,) = of_type(sent, OutcomeNotified)
    assert [s.to for s in sent] == ["source.stoke_children_duty"]
    assert (notice.outcome, notice.redirected_to, notice.reason_code) == (
        "local_route",
        "police",
        "stoke_children_local_link",
    )
    assert hub.case.closed_at is not None and not hub.case.packages and not hub.case.checks
    (fact,) = [f for f in hub.facts if f.what == "case.routed"]
    assert fact.detail == {
        "to": "local_route",
        "destination": "police",
        "reason": "stoke_children_local_link",
    }


def test_belief_in_the_section_47_threshold_makes_no_package_of_a_stoke_child_b07_g05() -> None:
    hub = Procedure()
    hub.refer(source="stoke_children_duty", authority="stoke")
    assert hub.case.section_47_belief is not None
    assert hub.case.route is not None and hub.case.route.to == "local_route"


def test_what_police_bring_of_a_stoke_child_goes_to_the_other_end_of_the_link_b07() -> None:
    hub = Procedure()
    (notice,) = of_type(hub.refer(**{**STOKE, "source": "police_cru"}), OutcomeNotified)
    assert notice.redirected_to == "csc_stoke"


def test_domestic_abuse_with_a_stoke_child_is_the_hubs_with_their_childrens_service_in_it_b07() -> None:
    hub = Procedure()
    sent = hub.until_directed(
        category=Category.DOMESTIC_VIOLENCE,
        source="police_cru",
        authority="stoke",
        section_47_belief=None,
        police_response=True,
    )
    assert hub.case.cohort == "domestic_abuse"
    assert not request_to("csc_stoke", sent).off_hub


def test_a_staffordshire_child_has_no_local_route_b07() -> None:
    hub = Procedure()
    hub.refer()
    assert hub.case.cohort == "high_risk_children"


@pytest.mark.parametrize(
    ("category", "cohort"),
    [
        (Category.CHILD_SEXUAL_EXPLOITATION, "child_sexual_exploitation"),
        (Category.MISSING_PERSONS, "missing_children"),
    ],
)
def test_what_police_lead_covers_a_stoke_child_whose_service_is_asked_off_the_hub_b10(
    category: Category, cohort: str
) -> None:
    hub = Procedure()
    sent = hub.until_directed(category=category, **STOKE)
    assert hub.case.cohort == cohort
    assert request_to("csc_stoke", sent).off_hub
    assert not request_to("police", sent).off_hub
    hub.nothing_from(*(c.agency for c in hub.case.checks))
    hub.assess()
    if category is Category.CHILD_SEXUAL_EXPLOITATION:
        hub.say(
            CseReferralCompleted(by=STOKE_PRACTITIONER, senior_practitioner=STOKE_SENIOR, rationale=why())
        )
    lines = {line.agency: line.off_hub for line in one_package(hub.agree()).agencies}
    assert lines["csc_stoke"] and not lines["police"]


@pytest.mark.parametrize("category", [Category.CHILD_PROTECTION, Category.PROFESSIONAL_CONCERN])
def test_professional_concern_covers_a_stoke_child_b09_b10(category: Category) -> None:
    hub = Procedure()
    sent = hub.until_directed(category=category, professional_judgement=judged(), **STOKE)
    assert hub.case.cohort == "professional_concern"
    assert request_to("csc_stoke", sent).off_hub


def test_a_staffordshire_practitioner_does_not_ask_an_agency_off_the_hub_b10_c04() -> None:
    hub = Procedure()
    hub.until_directed(category=Category.CHILD_SEXUAL_EXPLOITATION, section_47_belief=None)
    senior_of_adults = Actor(person="ASS-SP-01", role="senior_practitioner", agency="asc_staffordshire")
    with pytest.raises(Refused, match="service_not_concerned"):
        hub.direct("csc_stoke", by=senior_of_adults)
    hub.direct("csc_stoke", by=SERGEANT)
    assert next(c for c in hub.case.checks if c.agency == "csc_stoke").off_hub


def request_to(agency: str, sent: list[Sending]) -> CheckRequested:
    (request,) = [s.payload for s in sent if s.to == f"agency.{agency}"]
    assert isinstance(request, CheckRequested)
    return request


# Suggestion and outcome.


def issued() -> Procedure:
    hub = Procedure()
    hub.until_directed()
    hub.nothing_from(*CORE_CHILD)
    hub.assess()
    hub.agree()
    return hub


def reported(hub: Procedure, team: str, by: Actor, course: Course) -> None:
    package_id = hub.case.packages[-1].package_id
    hub.say(OutcomeReported(package_id=package_id, by=by, course=course), f"team.{team}")


def test_staff_are_reminded_of_teams_that_have_not_said_what_they_did_g04() -> None:
    hub = issued()
    early = of_type(hub.wait(REMINDER - timedelta(minutes=1)), DeadlineBreached)
    assert [b for b in early if b.timer == "outcome"] == []
    sent = hub.wait(timedelta(minutes=2))
    (reminder,) = [b for b in of_type(sent, DeadlineBreached) if b.timer == "outcome"]
    assert (reminder.cause, reminder.severity) == ("outcome_not_reported", "manager_alert")
    assert reminder.waiting_for == ("children_social_work_staffordshire", "police_child_abuse_investigation")
    assert {s.to for s in sent if s.payload == reminder} == {"staff"}
    assert not [b for b in of_type(hub.wait(REMINDER), DeadlineBreached) if b.timer == "outcome"]


def test_the_reminder_names_only_the_team_that_is_missing_g04() -> None:
    hub = issued()
    reported(hub, "police_child_abuse_investigation", DETECTIVE, Course.STRATEGY_DISCUSSION)
    sent = hub.wait(REMINDER + timedelta(minutes=1))
    (reminder,) = [b for b in of_type(sent, DeadlineBreached) if b.timer == "outcome"]
    assert reminder.waiting_for == ("children_social_work_staffordshire",)


def test_nobody_is_reminded_when_every_team_has_reported_g04() -> None:
    hub = issued()
    reported(hub, "police_child_abuse_investigation", DETECTIVE, Course.STRATEGY_DISCUSSION)
    reported(hub, "children_social_work_staffordshire", SOCIAL_WORKER, Course.OTHER_SERVICES)
    assert hub.case.closed_at is not None
    assert not [b for b in of_type(hub.wait(2 * REMINDER), DeadlineBreached) if b.timer == "outcome"]


def test_what_was_suggested_stands_beside_what_each_team_did_g03_g04() -> None:
    hub = issued()
    reported(hub, "police_child_abuse_investigation", DETECTIVE, Course.JOINT_INVESTIGATION)
    rows = {row.team: row for row in suggestions.compared(hub.case)}
    police = rows["police_child_abuse_investigation"]
    assert (police.suggested, police.taken) == (Course.STRATEGY_DISCUSSION, Course.JOINT_INVESTIGATION)
    assert police.as_suggested is False
    silent = rows["children_social_work_staffordshire"]
    assert (silent.suggested, silent.taken, silent.as_suggested) == (Course.STRATEGY_DISCUSSION, None, None)


# Roles.


def test_which_roles_are_bound_to_their_own_service_is_configuration_e01() -> None:
    unbound = Partnership.model_validate(PARTNERSHIP.model_dump() | {"service_roles": ()})
    senior_of_adults = Actor(person="ASS-SP-01", role="senior_practitioner", agency="asc_staffordshire")
    for partnership, refused in ((PARTNERSHIP, True), (unbound, False)):
        hub = Procedure(partnership)
        hub.refer(people=(child(),))
        hub.threshold_met()
        if refused:
            with pytest.raises(Refused, match="service_not_concerned") as why:
                hub.rate(Rag.AMBER, by=senior_of_adults)
            assert "police_sergeant, mash_manager" in why.value.remedy
        else:
            hub.rate(Rag.AMBER, by=senior_of_adults)
