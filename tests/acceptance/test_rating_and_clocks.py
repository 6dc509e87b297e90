"""Ratings, due times, notices, warnings and breaches: section E of the requirements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from agents.coordinator.clocks import CalendarEnds, due_after, working_days_after
from agents.deciding import Refused
from messages.checks import CheckRequested
from messages.disclosure import PermissionRequested, ReviewRequested
from messages.envelope import Lane
from messages.notices import AlertRaised, DeadlineBreached, DeadlineWarned
from messages.package import PackageIssued
from messages.words import Actor, Category, Rag
from tests.support.procedure import (
    CORE_CHILD,
    MONDAY,
    PARTNERSHIP,
    PRACTITIONER,
    SENIOR_PRACTITIONER,
    SERGEANT,
    Procedure,
    adult,
    decision_maker,
    element,
    judged,
    of_type,
    one_package,
    release,
)

pytestmark = pytest.mark.also_on_servers

CLOCKS = PARTNERSHIP.clocks
HOURS = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize("by", [PRACTITIONER, decision_maker("police")])
def test_only_the_relevant_manager_sets_the_rating_e01(by: Actor) -> None:
    hub = Procedure()
    hub.refer()
    hub.threshold_met()
    with pytest.raises(Refused, match="role_may_not"):
        hub.rate(Rag.RED, by=by)
    hub.rate(Rag.RED, by=SERGEANT)
    assert hub.case.rating is not None


def test_red_is_due_two_hours_after_receipt_not_after_rating_a06_e02_e11() -> None:
    hub = Procedure()
    hub.refer()
    hub.threshold_met()
    hub.wait(timedelta(minutes=25))
    hub.rate(Rag.RED)
    assert hub.case.rating is not None
    assert hub.case.rating.due_at == MONDAY + 2 * HOURS
    assert hub.case.rating.promise_at == MONDAY + 4 * HOURS


def test_a_red_child_referral_alerts_police_and_social_work_in_the_step_of_the_rating_e03() -> None:
    hub = Procedure()
    hub.refer()
    hub.threshold_met()
    sent = hub.rate(Rag.RED)
    alerts = [s for s in sent if isinstance(s.payload, AlertRaised)]
    assert {s.to for s in alerts} == {
        "team.police_child_abuse_investigation",
        "team.children_social_work_staffordshire",
    }
    assert all(s.lane is Lane.URGENT for s in alerts)
    assert {a.package_within_minutes for a in of_type(sent, AlertRaised)} == {240}
    assert not hub.case.checks


def test_a_red_adult_referral_alerts_the_adult_units_and_never_the_child_unit_alone_e05() -> None:
    hub = Procedure()
    hub.refer(
        category=Category.ADULT_PROTECTION,
        source="staffordshire_adult_contact",
        people=(adult(),),
        section_47_belief=None,
    )
    hub.threshold_met()
    sent = hub.rate(Rag.RED)
    assert {s.to for s in sent} == {"team.police_adult_investigation", "team.adult_social_work_staffordshire"}


def test_amber_is_24_elapsed_hours_nights_and_weekends_included_e06() -> None:
    assert due_after(Rag.AMBER, utc("2012-03-09T16:00Z"), CLOCKS) == utc("2012-03-10T16:00Z")
    assert due_after(Rag.AMBER, utc("2012-03-24T23:30Z"), CLOCKS) == utc("2012-03-25T23:30Z")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2012-03-05T09:00Z", "2012-03-08T17:00Z"),  # a Monday
        ("2012-03-09T19:30Z", "2012-03-14T17:00Z"),  # Friday evening: Monday is day one
        ("2012-03-10T11:00Z", "2012-03-14T17:00Z"),  # Saturday
        ("2012-04-05T12:00Z", "2012-04-12T16:00Z"),  # before Easter, and summer time
        ("2012-06-01T10:00Z", "2012-06-08T16:00Z"),  # spring bank holiday moved, Diamond Jubilee
        ("2012-12-24T10:00Z", "2012-12-31T17:00Z"),  # Christmas and Boxing Day
        ("2011-12-23T10:00Z", "2011-12-30T17:00Z"),  # substitute days for Christmas on a Sunday
        ("2012-03-22T12:00Z", "2012-03-27T16:00Z"),  # the clocks go forward on the Sunday
    ],
)
def test_blue_is_three_working_days_by_17_local_time_e08(received: str, due: str) -> None:
    assert due_after(Rag.BLUE, utc(received), CLOCKS) == utc(due)


def test_working_days_past_the_known_calendar_are_refused_not_guessed() -> None:
    with pytest.raises(CalendarEnds):
        working_days_after(MONDAY, 2000, CLOCKS)


def test_the_record_says_which_calendar_decided_e08() -> None:
    hub = Procedure()
    hub.refer(routine=True)
    hub.threshold_met()
    hub.rate(Rag.BLUE, open_case_worker="W-7")
    assert hub.case.rating is not None and hub.case.rating.calendar.startswith("gb-eng-holidays-")


def test_a_new_referral_is_never_blue_e09() -> None:
    hub = Procedure()
    hub.refer()
    hub.threshold_met()
    with pytest.raises(Refused, match="blue_for_new_referral"):
        hub.rate(Rag.BLUE, open_case_worker="W-7")
    assert hub.case.rating is None


@pytest.mark.parametrize("rag", [Rag.RED, Rag.AMBER, Rag.BLUE])
def test_a_professional_concern_is_red_or_amber_and_never_blue_i12(rag: Rag) -> None:
    hub = Procedure()
    hub.refer(category=Category.PROFESSIONAL_CONCERN, section_47_belief=None, professional_judgement=judged())
    hub.threshold_met()
    if rag is Rag.BLUE:
        with pytest.raises(Refused, match="blue_for_new_referral"):
            hub.rate(rag, open_case_worker="W-7")
        assert hub.case.rating is None
    else:
        hub.rate(rag)
        assert hub.case.rating is not None and hub.case.rating.rag is rag


def test_blue_needs_the_worker_that_the_case_is_open_to_e07() -> None:
    hub = Procedure()
    hub.refer(routine=True)
    hub.threshold_met()
    with pytest.raises(Refused, match="blue_needs_open_case_worker"):
        hub.rate(Rag.BLUE)


def test_an_upgrade_is_due_at_the_earlier_of_the_old_time_and_the_new_allowance_e11() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    hub.wait(10 * HOURS)
    sent = hub.rate(Rag.RED)
    assert hub.case.rating is not None
    assert hub.case.rating.due_at == MONDAY + 12 * HOURS
    assert hub.case.rating.promise_at == MONDAY + 14 * HOURS
    assert len(of_type(sent, AlertRaised)) == 2
    assert {r.due_at for r in of_type(sent, CheckRequested)} == {MONDAY + 12 * HOURS}
    assert {s.lane for s in sent} == {Lane.URGENT}


def test_an_upgrade_tells_owners_that_have_not_decided_the_new_due_time_e11() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    hub.answer("police", element("e1", "police"), element("e2", "police"), element("e3", "probation"))
    asked = hub.discuss("e1", "e2", "e3")
    hub.decide("e2", release())
    hub.wait(10 * HOURS)
    sent = hub.rate(Rag.RED)
    (review,) = of_type(sent, ReviewRequested)
    (permission,) = of_type(sent, PermissionRequested)
    assert review.review_id == of_type(asked, ReviewRequested)[0].review_id
    assert [e.element_id for e in review.elements] == ["e1"]
    assert review.due_at == permission.due_at == MONDAY + 12 * HOURS
    assert permission.element_id == "e3"
    assert permission.why_needed.reveal() == of_type(asked, PermissionRequested)[0].why_needed.reveal()
    assert of_type(hub.rate(Rag.RED), ReviewRequested) == []


def test_an_upgrade_late_in_the_day_keeps_the_earlier_due_time_e11() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    hub.wait(23 * HOURS)
    hub.rate(Rag.RED)
    assert hub.case.rating is not None and hub.case.rating.due_at == MONDAY + 24 * HOURS


def test_a_downgrade_counts_from_commencement_and_the_history_is_kept_e10_e11() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    hub.wait(HOURS)
    hub.rate(Rag.AMBER)
    assert [r.rag for r in hub.case.ratings] == [Rag.RED, Rag.AMBER]
    assert hub.case.ratings[-1].due_at == MONDAY + 24 * HOURS
    with pytest.raises(Refused, match="blue_for_new_referral"):
        hub.rate(Rag.BLUE, open_case_worker="W-7")


def test_each_agency_is_warned_once_at_50_75_and_90_per_cent_and_the_breach_names_its_cause_e14() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    hub.nothing_from("police", "education")
    sent = hub.wait(48 * HOURS)
    warned = Counter((w.agency, w.percent) for w in of_type(sent, DeadlineWarned))
    # one goes to the staff, one to the agency itself
    assert warned == {(a, p): 2 for a in ("primary_care", "csc_staffordshire") for p in (50, 75, 90)}
    breaches = of_type(sent, DeadlineBreached)
    assert {(b.timer, b.agency, b.cause) for b in breaches} == {
        ("agency_answer", "primary_care", "agency_silent"),
        ("agency_answer", "csc_staffordshire", "agency_silent"),
        ("hub_target", None, "agency_silent"),
    }
    assert hub.wait(48 * HOURS) == []


def test_nothing_fires_a_moment_early_e14() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    assert hub.wait(12 * HOURS - timedelta(microseconds=1)) == []
    assert {w.percent for w in of_type(hub.wait(timedelta(microseconds=1)), DeadlineWarned)} == {50}


def test_the_two_red_clocks_are_measured_separately_e04() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    first = hub.wait(2 * HOURS)
    assert [(b.timer, b.severity) for b in of_type(first, DeadlineBreached) if b.agency is None] == [
        ("hub_target", "manager_alert")
    ]
    second = hub.wait(2 * HOURS)
    promise = [s for s in second if isinstance(s.payload, DeadlineBreached)]
    assert {s.to for s in promise} == {
        "staff",
        "team.police_child_abuse_investigation",
        "team.children_social_work_staffordshire",
    }
    assert {b.severity for b in of_type(second, DeadlineBreached)} == {"escalated_failure"}


def test_a_referral_that_nobody_rates_raises_an_alarm_after_the_red_allowance_e01() -> None:
    hub = Procedure()
    hub.refer()
    (breach,) = of_type(hub.wait(2 * HOURS), DeadlineBreached)
    assert breach.cause == "not_rated"


def test_a_partial_package_goes_out_in_time_for_the_deadline_and_names_who_is_missing_e12() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    hub.nothing_from("police", "education")
    hub.assess()
    assert of_type(hub.agree("partial_at_due"), PackageIssued) == []
    ahead = CLOCKS.issue_ahead
    before = hub.wait(24 * HOURS - ahead - timedelta(seconds=1))
    assert of_type(before, PackageIssued) == []
    package = one_package(hub.wait(timedelta(seconds=1)))
    assert (package.kind, package.on_time) == ("partial", True)
    assert set(package.waiting_for) == {"primary_care", "csc_staffordshire"}
    assert package.due_at == MONDAY + 24 * HOURS
    assert package.issued_at == package.due_at - ahead
    assert not [b for b in of_type(hub.wait(HOURS), DeadlineBreached) if b.timer == "hub_target"]


def test_a_partial_package_needs_a_manager_e12() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    hub.assess()
    with pytest.raises(Refused, match="role_may_not"):
        hub.agree("partial_at_due", by=PRACTITIONER)


def test_what_was_agreed_as_partial_goes_out_in_full_as_soon_as_all_is_there_e12() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    hub.nothing_from(*CORE_CHILD[:3])
    hub.assess()
    hub.agree("partial_at_due")
    package = one_package(hub.answer(CORE_CHILD[3]))
    assert (package.kind, package.waiting_for) == ("full", ())


def test_the_same_rating_again_changes_no_clock_e11() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    hub.wait(20 * HOURS)
    hub.rate(Rag.RED)
    hub.wait(timedelta(minutes=15))
    hub.rate(Rag.RED)
    assert hub.case.rating is not None
    assert hub.case.rating.due_at == MONDAY + 22 * HOURS
    assert hub.case.rating.promise_at == MONDAY + 24 * HOURS


def test_an_agreement_stands_only_for_what_it_was_given_for_d19_a03() -> None:
    changes: tuple[Callable[[Procedure], object], ...] = (
        lambda hub: hub.rate(Rag.RED),
        lambda hub: hub.answer("police", element("e1", "police")),
        lambda hub: hub.direct("housing"),
        lambda hub: hub.assess(),
    )
    for change in changes:
        hub = Procedure()
        hub.until_directed(Rag.AMBER)
        hub.assess()
        hub.agree("partial_at_due")
        change(hub)
        assert hub.case.agreement is None
        assert "agreement.lapsed" in {f.what for f in hub.facts}


def test_a_senior_practitioner_rates_the_referrals_of_the_own_service_e01() -> None:
    hub = Procedure()
    hub.refer()
    hub.threshold_met()
    adults = Actor(person="ASS-SP-01", role="senior_practitioner", agency="asc_staffordshire")
    with pytest.raises(Refused, match="service_not_concerned"):
        hub.rate(Rag.AMBER, by=adults)
    hub.rate(Rag.AMBER, by=SENIOR_PRACTITIONER)


def test_the_worker_that_a_blue_case_is_open_to_is_on_record_e07() -> None:
    hub = Procedure()
    hub.refer(routine=True)
    hub.threshold_met()
    hub.rate(Rag.BLUE, open_case_worker="W-7")
    assert hub.case.rating is not None and hub.case.rating.open_case_worker == "W-7"
