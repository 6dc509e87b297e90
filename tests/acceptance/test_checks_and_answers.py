"""Whom the hub asks, and what an answer does: section C of the requirements."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.deciding import Refused
from messages.checks import CheckAnswered, CheckRequested
from messages.envelope import Lane
from messages.package import PackageIssued
from messages.referral import PersonConcerned
from messages.words import Actor, AnswerState, CaseStatus, Category, Part, Rag
from tests.support.procedure import (
    CORE_CHILD,
    PARTNERSHIP,
    SERGEANT,
    Procedure,
    adult,
    child,
    disability_hate_crime,
    element,
    of_type,
    one_package,
    secret,
)

pytestmark = pytest.mark.also_on_servers


def asked(hub: Procedure) -> set[str]:
    return {c.agency for c in hub.case.checks}


def test_the_core_agencies_of_a_child_are_each_asked_once_c01() -> None:
    hub = Procedure()
    sent = hub.until_directed()
    assert sorted(s.to for s in sent) == sorted(f"agency.{a}" for a in CORE_CHILD)


def test_adult_social_care_is_a_core_agency_of_adult_and_hate_crime_cases_c02() -> None:
    for category, crime in (
        (Category.ADULT_PROTECTION, None),
        (Category.HATE_CRIME, disability_hate_crime()),
    ):
        hub = Procedure()
        hub.until_directed(category=category, people=(adult(),), section_47_belief=None, hate_crime=crime)
        assert "asc_staffordshire" in asked(hub)


def test_both_authorities_are_asked_when_the_addresses_span_them_c03() -> None:
    hub = Procedure()
    hub.until_directed(earlier_authorities=("stoke",))
    assert {"csc_staffordshire", "csc_stoke"} <= asked(hub)
    alone = Procedure()
    alone.until_directed()
    assert "csc_stoke" not in asked(alone)


def test_agencies_outside_the_hub_are_asked_only_when_directed_and_flagged_so_c04() -> None:
    hub = Procedure()
    sent = hub.until_directed(Rag.AMBER, "camhs", "probation")
    assert {r.off_hub for s in sent if s.to == "agency.camhs" for r in of_type([s], CheckRequested)} == {True}
    assert {"camhs", "probation"} <= asked(hub)


def test_directing_an_enquiry_outside_the_hub_needs_the_managers_right_c04() -> None:
    rights = {**PARTNERSHIP.rights, "enquire_outside": ("mash_manager",)}
    hub = Procedure(PARTNERSHIP.model_copy(update={"rights": rights}))
    hub.refer()
    hub.threshold_met()
    hub.rate(Rag.AMBER)
    with pytest.raises(Refused, match="role_may_not"):
        hub.direct("camhs", by=SERGEANT)
    assert not hub.case.checks


def test_an_agency_of_nobody_knows_where_cannot_be_directed_c04() -> None:
    hub = Procedure()
    hub.refer()
    hub.threshold_met()
    hub.rate(Rag.AMBER)
    with pytest.raises(Refused, match="agency_unknown"):
        hub.direct("water_board")


def test_further_agencies_can_be_directed_later_and_nobody_is_asked_twice_c04() -> None:
    hub = Procedure()
    hub.until_directed()
    sent = hub.direct("camhs", "police")
    assert [s.to for s in sent] == ["agency.camhs"]


def test_a_request_carries_subject_purpose_basis_true_status_and_deadline_c08() -> None:
    hub = Procedure()
    (request, *_) = of_type(hub.until_directed(), CheckRequested)
    assert request.case_status is CaseStatus.NEW_REFERRAL
    assert (request.purpose, request.legal_basis) == ("safeguarding_children", "children_act_2004")
    assert hub.case.rating is not None and request.due_at == hub.case.rating.due_at
    assert [p.person_id for p in request.people] == ["p1"]


def test_a_request_never_names_the_referrer_c08_d13() -> None:
    referrer = PersonConcerned(
        person_id="r1", part=Part.REFERRER, family_name=secret("Neighbour"), may_be_named=False
    )
    hub = Procedure()
    for request in of_type(hub.until_directed(people=(child(), referrer)), CheckRequested):
        assert [p.person_id for p in request.people] == ["p1"]


def test_red_requests_travel_in_the_urgent_lane() -> None:
    hub = Procedure()
    assert {s.lane for s in hub.until_directed(Rag.RED)} == {Lane.URGENT}


def test_nothing_is_asked_of_or_revealed_by_an_agency_that_has_not_signed_c09() -> None:
    unsigned = PARTNERSHIP.agencies["camhs"].model_copy(update={"signed_on": None})
    agencies = {**PARTNERSHIP.agencies, "camhs": unsigned}
    hub = Procedure(PARTNERSHIP.model_copy(update={"agencies": agencies}))
    hub.refer()
    hub.threshold_met()
    hub.rate(Rag.AMBER)
    with pytest.raises(Refused, match="agency_not_signed"):
        hub.direct("camhs")


def test_silence_is_never_nothing_found_c06() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.nothing_from("police")
    states = {c.agency: c.state for c in hub.case.checks}
    assert states["police"] is AnswerState.NOTHING_FOUND
    assert {states[a] for a in CORE_CHILD[1:]} == {AnswerState.OUTSTANDING}


def test_an_agency_that_answers_for_another_is_refused() -> None:
    hub = Procedure()
    hub.until_directed()
    check = next(c for c in hub.case.checks if c.agency == "education")
    for claimed in ("education", "police"):
        said = CheckAnswered(request_id=check.request_id, agency=claimed, state=AnswerState.NOTHING_FOUND)
        with pytest.raises(Refused, match="agency_mismatch"):
            hub.say(said, "agency.police")
    assert hub.case.answers == 0


def test_an_answer_given_by_hand_names_a_person_of_the_agency() -> None:
    hub = Procedure()
    hub.until_directed()
    check = next(c for c in hub.case.checks if c.agency == "education")
    said = CheckAnswered(request_id=check.request_id, agency="education", state=AnswerState.NOTHING_FOUND)
    with pytest.raises(Refused, match="person_missing"):
        hub.say(said, "staff")
    by = Actor(person="EDU-PR-01", role="practitioner", agency="education")
    hub.say(said.model_copy(update={"by": by}), "staff")
    assert hub.case.answers == 1


def test_a_person_of_another_agency_may_not_answer_by_hand() -> None:
    hub = Procedure()
    hub.until_directed()
    check = next(c for c in hub.case.checks if c.agency == "education")
    by = Actor(person="PHC-PR-01", role="practitioner", agency="primary_care")
    said = CheckAnswered(
        request_id=check.request_id, agency="education", state=AnswerState.NOTHING_FOUND, by=by
    )
    with pytest.raises(Refused, match="not_your_agencys"):
        hub.say(said, "staff")


def test_a_second_answer_to_the_same_request_changes_nothing() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police")
    with pytest.raises(Refused, match="already_answered"):
        hub.answer("police", element("e1", "police"))
    assert not hub.case.elements


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"about": ("p9",)}, "person_not_asked"),
        ({"owner": "water_board"}, "owner_unknown"),
        ({"marking": "eyes_only"}, "marking_unknown"),
    ],
)
def test_an_element_that_does_not_fit_the_case_is_refused_whole(
    changes: dict[str, object], reason: str
) -> None:
    hub = Procedure()
    hub.until_directed()
    with pytest.raises(Refused, match=reason):
        hub.answer("police", element("e1", "police"), element("e2", "police").model_copy(update=changes))
    assert not hub.case.elements


def test_one_agency_cannot_overwrite_the_element_of_another_l05() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", element("e1", "police"))
    with pytest.raises(Refused, match="element_taken"):
        hub.answer("education", element("e1", "education"))


def test_the_package_has_a_line_for_every_agency_asked_c05() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER, "camhs")
    hub.answer("police", state=AnswerState.NOTHING_RELEVANT)
    hub.answer("education", state=AnswerState.SEVERAL_FIT)
    hub.nothing_from("primary_care", "csc_staffordshire")
    check = next(c for c in hub.case.checks if c.agency == "camhs")
    hub.say(
        CheckAnswered(
            request_id=check.request_id,
            agency="camhs",
            state=AnswerState.UNAVAILABLE,
            reason=secret("system down"),
        ),
        "agency.camhs",
    )
    hub.assess()
    package = one_package(hub.agree())
    assert {line.agency: line.state for line in package.agencies} == {
        "police": AnswerState.NOTHING_RELEVANT,
        "education": AnswerState.SEVERAL_FIT,
        "primary_care": AnswerState.NOTHING_FOUND,
        "csc_staffordshire": AnswerState.NOTHING_FOUND,
        "camhs": AnswerState.UNAVAILABLE,
    }


def test_an_unreadable_response_shows_and_its_clock_runs_on() -> None:
    hub = Procedure()
    hub.until_directed()
    due = hub.due
    check = next(c for c in hub.case.checks if c.agency == "police")
    answer = CheckAnswered(request_id=check.request_id, agency="police", state=AnswerState.NOTHING_FOUND)
    hub.whole.unreadable(answer, "agency.police", hub.case.case_id)
    assert next(c for c in hub.case.checks if c.agency == "police").state is AnswerState.UNREADABLE
    assert hub.due == due


def test_an_answer_for_an_unknown_or_closed_case_is_refused() -> None:
    hub = Procedure()
    with pytest.raises(Refused, match="case_unknown"):
        hub.say(
            CheckAnswered(request_id="x", agency="police", state=AnswerState.NOTHING_FOUND), "agency.police"
        )
    hub.refer(section_47_belief=None)
    with pytest.raises(Refused, match="case_closed"):
        hub.say(
            CheckAnswered(request_id="x", agency="police", state=AnswerState.NOTHING_FOUND), "agency.police"
        )


def test_a_late_answer_becomes_a_numbered_supplement_and_the_first_package_stays_c07() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.nothing_from(*CORE_CHILD[:3])
    hub.assess()
    hub.agree("partial_at_due")
    first = one_package(hub.wait(timedelta(hours=24)))
    kept = hub.case.packages[0]
    hub.answer(CORE_CHILD[3])
    second = one_package(hub.agree())
    assert (first.version, first.kind, second.version, second.kind) == (1, "partial", 2, "supplement")
    assert hub.case.packages[0] == kept
    with pytest.raises(Refused, match="nothing_new"):
        hub.agree()
    assert len({p.package_id for p in of_type(hub.sent, PackageIssued)}) == 2
