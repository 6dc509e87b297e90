"""After the package: acknowledgement, record-back, task-back, outcome. [A07, D20, G03, L12]"""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.coordinator.package import fingerprint
from agents.deciding import Refused
from messages.checks import CheckAnswered, CheckRequested
from messages.codec import MAX_BYTES, plain_wire
from messages.disclosure import ReviewRequested
from messages.envelope import Envelope
from messages.escalation import DisclosureDisputed
from messages.notices import DeadlineBreached, OutcomeNotified
from messages.package import (
    InformationRequested,
    OutcomeReported,
    PackageAcknowledged,
    PackageIssued,
    RecordAcknowledged,
    RecordRequested,
)
from messages.words import Actor, AnswerState, CaseStatus, Course, Rag
from tests.support.procedure import (
    CHILDRENS_TEAM,
    CORE_CHILD,
    DETECTIVE,
    KEYS,
    POLICE_TEAM,
    PRACTITIONER,
    WORKER,
    Procedure,
    child,
    element,
    of_type,
    one_package,
    release,
    sanitised,
    secret,
    withhold,
)

pytestmark = pytest.mark.also_on_servers


def issued() -> Procedure:
    """A package with one element of the police released and one of education withheld."""
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", element("e1", "police"))
    hub.answer("education", element("e2", "education"))
    hub.nothing_from(*CORE_CHILD[2:])
    hub.discuss("e1", "e2")
    hub.decide("e1", release())
    hub.decide("e2", withhold())
    hub.assess()
    hub.agree()
    return hub


def test_the_package_goes_to_police_and_social_work_and_the_referrer_hears_of_it_a07_d19() -> None:
    hub = issued()
    assert hub.case.route is not None
    assert set(hub.case.route.destinations) == {
        "police_child_abuse_investigation",
        "children_social_work_staffordshire",
    }
    (notice,) = of_type(hub.sent, OutcomeNotified)
    assert notice.outcome == "passed_to_teams"


def test_a_package_has_the_same_fingerprint_in_a_hub_that_knows_one_more_optional_field_d14() -> None:
    class OfALaterHub(PackageIssued):
        remark: str | None = None

    now = issued().case.packages[0].issued
    later = OfALaterHub.model_construct(**{name: getattr(now, name) for name in type(now).model_fields})
    assert fingerprint(later) == fingerprint(now) == now.sha256
    assert fingerprint(later.model_copy(update={"remark": "more"})) != now.sha256


def test_the_suggested_course_is_labelled_as_binding_nobody_g02() -> None:
    package = one_package(issued().sent)
    assert package.suggestion is not None
    assert package.suggestion.course is Course.STRATEGY_DISCUSSION and package.suggestion.binding is False


def test_each_agency_records_its_own_and_the_released_elements_and_never_others_l12() -> None:
    hub = issued()
    recorded = {
        s.to: {e.element_id for e in s.payload.elements}
        for s in hub.sent
        if isinstance(s.payload, RecordRequested)
    }
    assert recorded == {
        "agency.police": {"e1"},
        "agency.education": {"e1", "e2"},
        "agency.primary_care": {"e1"},
        "agency.csc_staffordshire": {"e1"},
    }


def test_a_record_that_is_not_acknowledged_raises_an_alarm_l12() -> None:
    hub = issued()
    for record in hub.case.records[1:]:
        said = RecordAcknowledged(record_id=record.record_id, agency=record.agency, entry="N-1")
        hub.say(said, f"agency.{record.agency}")
    (breach,) = of_type(hub.wait(timedelta(hours=48)), DeadlineBreached)
    assert (breach.timer, breach.agency) == ("record_back", hub.case.records[0].agency)


def test_an_agency_acknowledges_its_own_records_only_l12() -> None:
    hub = issued()
    record = hub.case.records[0]
    said = RecordAcknowledged(record_id=record.record_id, agency="education", entry="N-1")
    with pytest.raises(Refused, match="record_unknown"):
        hub.say(said, "agency.education")


def test_a_team_acknowledges_a_package_it_received_once() -> None:
    hub = issued()
    said = PackageAcknowledged(package_id=hub.case.packages[0].package_id, by=WORKER)
    with pytest.raises(Refused, match="package_unknown"):
        hub.say(said.model_copy(update={"by": DETECTIVE}), "team.police_adult_investigation")
    hub.say(said, CHILDRENS_TEAM)
    assert hub.case.packages[0].acknowledged_by == ("children_social_work_staffordshire",)
    with pytest.raises(Refused, match="already_acknowledged"):
        hub.say(said, CHILDRENS_TEAM)


def tasked_back() -> Procedure:
    hub = issued()
    hub.wait(timedelta(hours=3))
    hub.say(
        InformationRequested(
            request_id="T-1",
            package_id=hub.case.packages[0].package_id,
            by=WORKER,
            question=secret("who else lives there now?"),
            why=secret("a man was seen"),
        ),
        CHILDRENS_TEAM,
    )
    return hub


def test_a_task_back_is_a_fresh_round_that_needs_direction_first_d20_b11() -> None:
    hub = tasked_back()
    assert hub.case.round.number == 2
    assert hub.case.round_checks == ()
    requests = of_type(hub.direct(), CheckRequested)
    assert {r.case_status for r in requests} == {CaseStatus.TASK_BACK}
    assert {r.round for r in requests} == {2}
    assert all(len(r.questions) == 1 for r in requests)


def test_a_task_back_has_its_own_clock_with_the_allowance_of_the_rating_d20() -> None:
    hub = tasked_back()
    assert hub.case.rating is not None
    assert hub.case.rating.due_at == hub.now + timedelta(hours=24)


def test_an_earlier_decision_is_not_used_again_without_a_second_one_d20() -> None:
    hub = tasked_back()
    hub.direct()
    hub.answer("police", element("e1", "police"), element("e3", "police"))
    hub.nothing_from(*CORE_CHILD[1:])
    (review,) = of_type(hub.discuss("e1", "e3", discussion_id="D-2"), ReviewRequested)
    assert review.cause == "task_back"
    hub.decide("e3", release())
    hub.assess()
    with pytest.raises(Refused, match="not_complete"):
        hub.agree()
    hub.decide("e1", withhold())
    package = one_package(hub.agree())
    assert (package.kind, package.round) == ("supplement", 2)
    assert [e.element_id for e in package.elements] == ["e3"]
    assert len(hub.element("e1").earlier_decisions) == 1


def reports(hub: Procedure, team: str = CHILDRENS_TEAM, by: Actor = WORKER) -> None:
    course = Course.JOINT_INVESTIGATION
    hub.say(OutcomeReported(package_id=hub.case.packages[0].package_id, by=by, course=course), team)


def all_report(hub: Procedure) -> None:
    reports(hub)
    reports(hub, POLICE_TEAM, DETECTIVE)


def test_the_course_taken_is_recorded_as_the_teams_own_beside_the_suggestion_g03() -> None:
    hub = issued()
    reports(hub)
    assert hub.case.outcomes[0].course is Course.JOINT_INVESTIGATION
    assert hub.case.assessment is not None
    assert hub.case.assessment.course is Course.STRATEGY_DISCUSSION


def test_nobody_of_another_agency_speaks_for_a_team_g03() -> None:
    hub = issued()
    for team, by in ((CHILDRENS_TEAM, DETECTIVE), (POLICE_TEAM, WORKER)):
        with pytest.raises(Refused, match="not_of_the_team"):
            reports(hub, team, by)
    assert not hub.case.outcomes
    all_report(hub)
    assert [outcome.by for outcome in hub.case.outcomes] == [WORKER, DETECTIVE]


def test_a_case_closes_when_every_team_has_reported_and_not_before_a07() -> None:
    hub = issued()
    reports(hub)
    assert hub.case.closed_at is None
    with pytest.raises(Refused, match="already_reported"):
        reports(hub)
    reports(hub, POLICE_TEAM, DETECTIVE)
    assert hub.case.closed_at is not None
    with pytest.raises(Refused, match="case_closed"):
        hub.agree()


def test_an_open_dispute_keeps_the_case_open_until_it_is_settled_k07() -> None:
    hub = issued()
    hub.say(
        DisclosureDisputed(
            by=PRACTITIONER, dispute_id="X-1", element_id="e2", ground="necessity", position=secret("needed")
        )
    )
    all_report(hub)
    assert hub.case.closed_at is None


def test_an_agency_may_still_acknowledge_a_record_of_a_closed_case_l12() -> None:
    hub = issued()
    all_report(hub)
    record = hub.case.records[0]
    said = RecordAcknowledged(record_id=record.record_id, agency=record.agency, entry="N-1")
    hub.say(said, f"agency.{record.agency}")
    assert hub.case.records[0].acknowledged_at is not None


def test_a_supplement_asks_nobody_to_record_the_same_element_twice_l12() -> None:
    hub = tasked_back()
    hub.direct()
    hub.answer("police", element("e3", "police"))
    hub.nothing_from(*CORE_CHILD[1:])
    hub.discuss("e3", discussion_id="D-2")
    hub.decide("e3", release())
    hub.assess()
    recorded = [
        (s.to, {e.element_id for e in s.payload.elements})
        for s in hub.agree()
        if isinstance(s.payload, RecordRequested)
    ]
    assert dict(recorded) == {f"agency.{agency}": {"e3"} for agency in CORE_CHILD}
    assert len(recorded) == len(CORE_CHILD)


def test_more_than_fits_into_one_message_goes_out_in_a_package_and_supplements() -> None:
    hub = Procedure()
    hub.until_directed()
    long = "x" * 19_000
    hub.answer("police", *(element(f"e{n}", "police", long) for n in range(8)))
    hub.nothing_from(*CORE_CHILD[1:])
    hub.discuss(*(f"e{n}" for n in range(8)))
    for n in range(8):
        hub.decide(f"e{n}", release())
    hub.assess()
    hub.agree()
    assert [(p.kind, len(p.elements)) for p in hub.case.packages] == [
        ("full", 3),
        ("supplement", 3),
        ("supplement", 2),
    ]
    for sending in hub.sent:
        if not isinstance(sending.payload, PackageIssued | RecordRequested):
            continue
        envelope = Envelope("m", "hub", sending.to, "C-1", hub.now, sending.payload)
        assert len(plain_wire(envelope, KEYS)) <= MAX_BYTES


def test_a_referral_too_long_for_a_package_is_refused_on_its_way_in() -> None:
    hub = Procedure()
    earlier = tuple(secret("y" * 19_000) for _ in range(4))
    with pytest.raises(Refused, match="texts_too_long"):
        hub.refer(people=(child().model_copy(update={"earlier_addresses": earlier}),))


def test_an_agency_that_answers_late_records_what_had_left_before_l12() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", element("e1", "police"))
    hub.nothing_from("education", "primary_care")
    hub.discuss("e1")
    hub.decide("e1", release())
    hub.assess()
    hub.agree("partial_at_due")
    hub.wait(timedelta(hours=24))
    hub.answer("csc_staffordshire")
    recorded = {
        s.to: {e.element_id for e in s.payload.elements}
        for s in hub.agree()
        if isinstance(s.payload, RecordRequested)
    }
    assert recorded == {"agency.csc_staffordshire": {"e1"}}


def ask_for_more(hub: Procedure, team: str = CHILDRENS_TEAM, by: Actor = WORKER) -> None:
    hub.say(
        InformationRequested(
            request_id=f"T-{len(hub.sent)}",
            package_id=hub.case.packages[0].package_id,
            by=by,
            question=secret("and what else?"),
            why=secret("more is needed"),
        ),
        team,
    )


def test_a_second_team_that_asks_joins_the_round_that_is_not_yet_directed_d20() -> None:
    hub = tasked_back()
    ask_for_more(hub, POLICE_TEAM, DETECTIVE)
    assert hub.case.round.number == 2
    requests = of_type(hub.direct(), CheckRequested)
    assert all(len(r.questions) == 2 for r in requests)


def test_a_second_task_back_waits_for_the_round_under_way_and_then_begins_d20() -> None:
    hub = tasked_back()
    hub.direct()
    ask_for_more(hub, POLICE_TEAM, DETECTIVE)
    assert hub.case.round.number == 2
    hub.nothing_from(*CORE_CHILD)
    hub.assess()
    hub.agree()
    assert hub.case.round.number == 3
    assert hub.case.round.asked_by == ("police_child_abuse_investigation",)


def test_a_late_answer_of_the_first_round_counts_in_the_second_and_goes_out_c07() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.nothing_from(*CORE_CHILD[:3])
    hub.assess()
    hub.agree("partial_at_due")
    hub.wait(timedelta(hours=24))
    ask_for_more(hub)
    hub.answer("csc_staffordshire", element("e1", "csc_staffordshire"))
    assert hub.element("e1").round == 2
    hub.direct()
    hub.nothing_from(*CORE_CHILD[:3])
    hub.answer("csc_staffordshire", element("e1", "csc_staffordshire"))
    hub.discuss("e1")
    hub.decide("e1", release())
    hub.assess()
    assert [e.element_id for e in one_package(hub.agree()).elements] == ["e1"]


def test_a_late_answer_replaces_nothing_that_a_later_round_revealed_d20() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.nothing_from(*CORE_CHILD[:3])
    hub.assess()
    hub.agree("partial_at_due")
    hub.wait(timedelta(hours=24))
    first = next(c for c in hub.case.checks if c.agency == "csc_staffordshire")
    ask_for_more(hub)
    hub.direct()
    hub.answer("csc_staffordshire", element("e1", "csc_staffordshire"))
    hub.discuss("e1")
    hub.decide("e1", release())
    late = CheckAnswered(
        request_id=first.request_id,
        agency="csc_staffordshire",
        state=AnswerState.FOUND,
        elements=(element("e1", "csc_staffordshire"),),
    )
    hub.say(late, "agency.csc_staffordshire")
    assert hub.element("e1").decision is not None


def test_what_was_decided_otherwise_after_issue_goes_out_again_in_its_new_form_c07() -> None:
    hub = issued()
    hub.decide("e1", sanitised("known", harm=None))
    package = one_package(hub.agree())
    assert [(e.element_id, e.sanitised) for e in package.elements] == [("e1", True)]


def test_a_supplement_names_what_may_no_longer_leave_d15() -> None:
    hub = issued()
    hub.decide("e1", withhold())
    package = one_package(hub.agree())
    assert (package.elements, package.withdrawn) == ((), ("e1",))


def test_a_rating_raised_after_issue_runs_its_clocks_until_a_further_package_e03_e04() -> None:
    hub = issued()
    hub.wait(timedelta(hours=1))
    hub.rate(Rag.RED)
    breached = {b.timer for b in of_type(hub.wait(timedelta(hours=5)), DeadlineBreached)}
    assert breached == {"hub_target", "outer_promise"}


def test_a_supplement_agreed_with_a_gap_goes_out_in_time_e12() -> None:
    hub = issued()
    hub.direct("housing")
    hub.agree("partial_at_due")
    package = one_package(hub.wait(timedelta(hours=24)))
    assert (package.kind, package.waiting_for, package.on_time) == ("supplement", ("housing",), True)
