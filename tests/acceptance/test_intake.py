"""Threshold, cohorts and professional judgement: sections A and B of the requirements."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from agents.deciding import Refused
from messages.checks import CheckRequested
from messages.intake import ThresholdDecided
from messages.notices import OutcomeNotified
from messages.referral import NativeForm, ProfessionalJudgement
from messages.words import Actor, Category, Part, Rag
from tests.support import adult_pathway
from tests.support.procedure import (
    MANAGER,
    PARTNERSHIP,
    PRACTITIONER,
    SENIOR_PRACTITIONER,
    SERGEANT,
    Procedure,
    adult,
    disability_hate_crime,
    judged,
    of_type,
    one_package,
    referral,
    secret,
    why,
)


def test_there_are_exactly_the_seven_categories_of_the_guidance_b01() -> None:
    assert {c.value for c in Category} == {
        "adult_protection",
        "child_protection",
        "domestic_violence",
        "hate_crime",
        "child_sexual_exploitation",
        "missing_persons",
        "professional_concern",
    }
    with pytest.raises(ValidationError):
        referral(category="dog_fouling")


def test_the_partnership_has_the_six_sources_and_the_seven_cohorts_b03_b04() -> None:
    assert len(PARTNERSHIP.sources) == 6
    taken = [c for c in PARTNERSHIP.cohorts.values() if any(s.on for s in c.switches)]
    assert {c.category for c in taken} == set(Category)
    assert len(taken) == 7


@pytest.mark.parametrize("category", list(Category))
def test_every_category_enters_by_the_one_referral_message_a01(category: Category) -> None:
    hub = Procedure()
    hub.refer(
        category=category,
        police_response=True,
        professional_judgement=judged(),
        people=(adult("p1"),),
        hate_crime=disability_hate_crime() if category is Category.HATE_CRIME else None,
    )
    assert hub.case.cohort is not None
    assert hub.case.closed_at is None


def test_a_source_may_not_refer_in_the_name_of_another_b03() -> None:
    hub = Procedure()
    with pytest.raises(Refused, match="source_unknown"):
        hub.say(referral(source="first_response"), "source.police_cru")
    assert not hub.opened


def test_a_referral_that_no_live_cohort_takes_goes_back_to_its_source_with_a_reason_b05_b06_b08_b12() -> None:
    hub = Procedure()
    sent = hub.refer(section_47_belief=None)
    (notice,) = of_type(sent, OutcomeNotified)
    assert (notice.outcome, notice.redirected_to, notice.reason_code) == (
        "not_in_mash",
        "csc_staffordshire",
        "no_live_cohort",
    )
    assert [s.to for s in sent] == ["source.first_response"]
    assert hub.case.closed_at is not None
    assert hub.case.route is not None


def test_a_cohort_takes_cases_from_its_date_on_and_names_its_approver_b05() -> None:
    before = Procedure(start=datetime(2012, 2, 5, 23, 59, tzinfo=UTC))
    before.refer(category=Category.HATE_CRIME, section_47_belief=None, hate_crime=disability_hate_crime())
    assert before.case.route is not None and before.case.route.to == "not_in_mash"
    after = Procedure(start=datetime(2012, 2, 6, 0, 0, tzinfo=UTC))
    after.refer(category=Category.HATE_CRIME, section_47_belief=None, hate_crime=disability_hate_crime())
    assert after.case.cohort == "hate_crime"
    assert all(s.approved_by for c in PARTNERSHIP.cohorts.values() for s in c.switches)


def test_a_practitioner_brings_a_case_below_threshold_with_a_rationale_b09() -> None:
    hub = Procedure()
    hub.refer(section_47_belief=None, professional_judgement=judged())
    assert hub.case.cohort == "professional_concern"


def test_who_brought_a_case_by_judgement_or_belief_and_why_stays_with_it_b09_g06() -> None:
    hub = Procedure()
    hub.refer(professional_judgement=judged())
    judgement, belief = hub.case.professional_judgement, hub.case.section_47_belief
    assert judgement is not None and belief is not None
    assert judgement.by == belief.by == PRACTITIONER
    assert judgement.rationale.ref != belief.why.ref
    (fact,) = [f for f in hub.facts if f.what == "referral.received"]
    for by in ("professional_judgement_by", "section_47_belief_by"):
        assert fact.detail[by] == PRACTITIONER.model_dump(mode="json")


def test_a_professional_concern_without_rationale_is_refused_and_opens_no_case_b09() -> None:
    hub = Procedure()
    with pytest.raises(Refused, match="rationale_missing") as refused:
        hub.refer(category=Category.PROFESSIONAL_CONCERN, section_47_belief=None)
    assert refused.value.fields == ("data.professional_judgement",)
    assert not hub.opened


def test_professional_judgement_is_refused_from_somebody_who_is_not_on_the_register_b09() -> None:
    stranger = Actor(person="NOBODY-1", role="practitioner", agency="csc_staffordshire")
    hub = Procedure()
    with pytest.raises(Refused, match="person_unknown"):
        hub.refer(professional_judgement=ProfessionalJudgement(by=stranger, rationale=secret("I feel so")))


@pytest.mark.parametrize("by", [SENIOR_PRACTITIONER, SERGEANT])
def test_a_senior_practitioner_or_a_sergeant_decides_the_threshold_b11(by: Actor) -> None:
    hub = Procedure()
    hub.refer()
    hub.say(ThresholdDecided(by=by, met=True, rationale=why()))
    assert hub.case.threshold is not None and hub.case.threshold.by == by


@pytest.mark.parametrize("by", [MANAGER, PRACTITIONER])
def test_nobody_else_decides_the_threshold_b11(by: Actor) -> None:
    hub = Procedure()
    hub.refer()
    with pytest.raises(Refused, match="role_may_not"):
        hub.say(ThresholdDecided(by=by, met=True, rationale=why()))


def test_no_check_goes_out_before_threshold_rating_and_direction_b11_e01() -> None:
    hub = Procedure()
    hub.refer()
    with pytest.raises(Refused, match="not_rated"):
        hub.direct()
    with pytest.raises(Refused, match="threshold_not_met"):
        hub.rate(Rag.AMBER)
    hub.threshold_met()
    with pytest.raises(Refused, match="not_rated"):
        hub.direct()
    hub.rate(Rag.AMBER)
    assert not of_type(hub.sent, CheckRequested)
    hub.direct()
    assert of_type(hub.sent, CheckRequested)


def test_a_case_below_threshold_is_redirected_and_the_referrer_is_told_why_b12_a07() -> None:
    hub = Procedure()
    hub.refer()
    sent = hub.say(
        ThresholdDecided(by=SENIOR_PRACTITIONER, met=False, rationale=why(), redirect_to="csc_staffordshire")
    )
    (notice,) = of_type(sent, OutcomeNotified)
    assert notice.outcome == "redirected" and notice.reason is not None
    assert hub.case.route is not None and hub.case.route.destinations == ("csc_staffordshire",)


def test_a_redirection_needs_a_destination_and_changes_nothing_without_one_b12() -> None:
    hub = Procedure()
    hub.refer()
    with pytest.raises(Refused, match="redirect_missing"):
        hub.say(ThresholdDecided(by=SERGEANT, met=False, rationale=why()))
    assert hub.case.threshold is None


def test_a_decision_without_proportionality_is_refused_a02() -> None:
    with pytest.raises(ValidationError, match="proportionality"):
        ThresholdDecided.model_validate(
            {"by": SERGEANT, "met": True, "rationale": {"reason": secret("urgent")}}
        )


def test_facts_for_the_record_carry_no_personal_data() -> None:
    hub = Procedure()
    hub.refer()
    told = str([dataclasses.asdict(f) for f in hub.facts])
    assert "Thornquist" not in told and "bruises" not in told


def test_a_referral_about_nobody_who_can_be_asked_about_is_refused_c08() -> None:
    hub = Procedure()
    with pytest.raises(Refused, match="nobody_to_ask_about"):
        hub.refer(people=(adult("p1").model_copy(update={"part": Part.REFERRER}),))
    with pytest.raises(Refused, match="only_referrer_unnamed") as refused:
        hub.refer(people=(adult("p1").model_copy(update={"may_be_named": False}),))
    assert refused.value.fields == ("data.people.0.may_be_named",)
    assert not hub.opened


def test_the_sources_own_form_is_kept_as_it_came_and_goes_with_the_package_of_an_adult_a12_a13() -> None:
    hub = Procedure()
    form = NativeForm(form="ap1", media_type="text/plain", document=secret("AP1: as it came"))
    hub.until_directed(
        category=Category.ADULT_PROTECTION,
        source="staffordshire_adult_contact",
        people=(adult(),),
        section_47_belief=None,
        form=form,
    )
    adult_pathway.met(adult_pathway.answered(hub))
    package = one_package(hub.agree())
    assert package.form is not None and package.form.form == "ap1"
    (fact,) = [f for f in hub.facts if f.what == "referral.received"]
    assert fact.detail["form_hash"] and "as it came" not in str(fact.detail)
