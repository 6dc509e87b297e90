"""Hate crime: what is reviewed, what adult social care checks, the level of response. [I02-I04, G3.20]"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest
from pydantic import ValidationError

from agents.coordinator import needs
from agents.coordinator.cases import case_id_for
from agents.deciding import Refused
from agents.partnership import PartnershipInvalid, bundled, read_partnership
from messages.checks import CheckAnswered, CheckRequested
from messages.hate_crime import HateCrime, HateResponseDecided, HateStrand
from messages.intake import ThresholdDecided
from messages.notices import OutcomeNotified
from messages.rounds import ItemListed
from messages.words import Actor, AnswerState, Category, Part, Rag
from ops.case_views import page, route_in_words
from store.port import Kept
from tests.support.procedure import (
    PARTNERSHIP,
    SENIOR_PRACTITIONER,
    SERGEANT,
    Procedure,
    adult,
    disability_hate_crime,
    judged,
    one_package,
    referral,
    secret,
    why,
)

COORDINATOR = Actor(person="POL-PPC-01", role="public_protection_coordinator", agency="police")
ADULT_SOCIAL_CARE = Actor(person="ASS-SP-01", role="senior_practitioner", agency="asc_staffordshire")
CORE = ("police", "education", "primary_care", "csc_staffordshire")
DISABILITY = [
    strands
    for n in range(1, len(HateStrand) + 1)
    for strands in combinations(HateStrand, n)
    if HateStrand.DISABILITY in strands
]
"""Every combination of strands with disability among them."""

EARLIER = ("R-EARLIER-1", "R-EARLIER-2")

VICTIM = adult().model_copy(update={"part": Part.VICTIM})


def referred(crime: HateCrime | None = None, **changes: object) -> Procedure:
    hub = Procedure()
    for earlier in EARLIER:
        hub.whole.say(referral(referral_id=earlier), "source.first_response")
    said = {
        "category": Category.HATE_CRIME,
        "source": "police_cru",
        "people": (adult(),),
        "section_47_belief": None,
        "hate_crime": crime or disability_hate_crime(),
    }
    hub.refer(**{**said, **changes})
    return hub


def directed(rag: Rag = Rag.AMBER, crime: HateCrime | None = None, **changes: object) -> Procedure:
    hub = referred(crime, **changes)
    hub.threshold_met()
    hub.rate(rag, by=SERGEANT)
    hub.direct(by=SERGEANT)
    return hub


def response(level: str = "joint_response", by: Actor = COORDINATOR) -> HateResponseDecided:
    return HateResponseDecided(by=by, adult_social_care=ADULT_SOCIAL_CARE, level=level, rationale=why())


def complete() -> Procedure:
    """Everybody has answered and the case is assessed; only the level of response is missing."""
    hub = directed()
    hub.nothing_from(*CORE, "asc_staffordshire")
    hub.assess()
    return hub


@pytest.mark.parametrize("authority", PARTNERSHIP.authorities)
@pytest.mark.parametrize("strands", DISABILITY)
@pytest.mark.parametrize("vulnerable", [True, False])
def test_every_disability_hate_crime_goes_to_adult_social_care_i02(
    authority: str, strands: tuple[HateStrand, ...], vulnerable: bool
) -> None:
    people = (adult(),) if vulnerable else (VICTIM,)
    crime = HateCrime(strands=strands, vulnerable_person=vulnerable)
    hub = referred(crime, authority=authority, people=people)
    assert hub.case.closed_at is None
    with pytest.raises(Refused, match="disability_always_referred") as refused:
        hub.say(ThresholdDecided(by=SERGEANT, met=False, rationale=why(), redirect_to="housing"))
    assert refused.value.fields == ("data.met",) and hub.case.threshold is None
    hub.threshold_met()
    hub.rate(Rag.AMBER, by=SERGEANT)
    asked = [s.to for s in hub.direct(by=SERGEANT) if isinstance(s.payload, CheckRequested)]
    assert f"agency.asc_{authority}" in asked


def test_a_partnership_that_would_not_ask_adult_social_care_of_each_authority_is_refused_i02(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("partnership")
    for file in bundled("staffordshire-2012").glob("*.toml"):
        text = file.read_text("utf-8")
        if file.name == "agencies.toml":
            text = text.replace(
                'categories = ["adult_protection", "hate_crime"', 'categories = ["adult_protection"'
            )
        (folder / file.name).write_text(text, "utf-8")
    with pytest.raises(PartnershipInvalid) as invalid:
        read_partnership(folder)
    assert str(invalid.value).count("about hate crime in") == len(PARTNERSHIP.authorities)


def test_adult_social_care_alone_is_told_the_strands_and_the_hubs_earlier_cases_i02() -> None:
    hub = directed()
    told = {s.to: s.payload.hate_crime for s in hub.sent if isinstance(s.payload, CheckRequested)}
    crime = told.pop("agency.asc_staffordshire")
    assert crime is not None
    assert crime.strands == (HateStrand.DISABILITY,)
    assert set(crime.earlier_cases) == {case_id_for("first_response", earlier) for earlier in EARLIER}
    assert set(told.values()) == {None}
    (fact,) = [f for f in hub.facts if f.what == "referral.received"]
    assert fact.detail["earlier_cases"] == list(crime.earlier_cases)


@pytest.mark.parametrize("strand", [s for s in HateStrand if s is not HateStrand.DISABILITY])
def test_another_strand_is_referred_where_a_vulnerable_person_is_identified_i04(strand: HateStrand) -> None:
    hub = directed(crime=HateCrime(strands=(strand,), vulnerable_person=True))
    assert "asc_staffordshire" in {check.agency for check in hub.case.checks}


@pytest.mark.parametrize("strand", [s for s in HateStrand if s is not HateStrand.DISABILITY])
def test_another_strand_is_only_reviewed_where_none_is_and_the_referrer_is_told_i01_i04(
    strand: HateStrand,
) -> None:
    hub = referred(HateCrime(strands=(strand,), vulnerable_person=False), people=(VICTIM,))
    assert hub.case.route is not None and hub.case.closed_at is not None
    assert (hub.case.route.to, hub.case.route.destinations) == ("reviewed", ())
    notice, listed = hub.sent
    assert notice.to == "source.police_cru" and isinstance(notice.payload, OutcomeNotified)
    assert (notice.payload.outcome, notice.payload.redirected_to) == ("reviewed", None)
    assert notice.payload.reason_code == "no_vulnerable_person"
    assert listed.payload == ItemListed(round="hate_crime_review", item=hub.case.case_id)
    assert route_in_words(hub.case.route.model_dump()) == "reviewed only: no_vulnerable_person"


def test_a_practitioner_may_bring_such_a_crime_all_the_same_b09_i04() -> None:
    crime = HateCrime(strands=(HateStrand.FAITH,), vulnerable_person=False)
    hub = referred(crime, people=(VICTIM,), professional_judgement=judged())
    assert hub.case.closed_at is None


@pytest.mark.parametrize("part", [Part.CHILD, Part.VULNERABLE_ADULT])
def test_a_crime_that_names_somebody_vulnerable_is_not_closed_as_if_it_did_not_i04(part: Part) -> None:
    crime = HateCrime(strands=(HateStrand.RACE,), vulnerable_person=False)
    with pytest.raises(Refused, match="vulnerable_person_named") as refused:
        referred(crime, people=(adult().model_copy(update={"part": part}),))
    assert refused.value.fields == ("data.hate_crime.vulnerable_person",)


def test_a_hate_crime_that_does_not_say_its_strands_is_refused_and_opens_no_case_i02_i04() -> None:
    hub = Procedure()
    with pytest.raises(Refused, match="hate_crime_missing") as refused:
        hub.refer(category=Category.HATE_CRIME, section_47_belief=None)
    assert refused.value.fields == ("data.hate_crime",) and not hub.opened
    with pytest.raises(ValidationError):
        HateCrime(strands=(), vulnerable_person=True)


def test_a_referral_of_another_category_does_not_say_them_i02() -> None:
    """Else a disability hate crime in another category would go past adult social care."""
    with pytest.raises(Refused, match="not_a_hate_crime"):
        Procedure().refer(hate_crime=disability_hate_crime())


def test_no_level_of_response_before_the_check_of_adult_social_care_is_answered_i03() -> None:
    hub = directed()
    hub.nothing_from(*CORE)
    refuse_level(hub)
    hub.say(unavailable(hub), "agency.asc_staffordshire")
    refuse_level(hub)
    hub.answer("asc_staffordshire")
    hub.say(response())
    assert hub.case.hate_responses[-1].level == "joint_response"


def refuse_level(hub: Procedure) -> None:
    with pytest.raises(Refused, match="checks_not_answered"):
        hub.say(response())
    assert not hub.case.hate_responses


def unavailable(hub: Procedure) -> CheckAnswered:
    """Adult social care says that it cannot say: that is no result."""
    check = next(c for c in hub.case.checks if c.agency == "asc_staffordshire")
    return CheckAnswered(
        request_id=check.request_id,
        agency=check.agency,
        state=AnswerState.UNAVAILABLE,
        reason=secret("the system is down"),
    )


def test_both_authorities_adult_social_care_have_to_answer_where_both_were_asked_i03() -> None:
    hub = directed(earlier_authorities=("stoke",))
    hub.answer("asc_staffordshire")
    refuse_level(hub)
    hub.answer("asc_stoke")
    hub.say(response())
    assert hub.case.hate_responses


def test_the_level_is_set_with_the_adult_social_care_that_was_asked_and_no_other_i03() -> None:
    hub = complete()
    elsewhere = Actor(person="ASK-SP-01", role="senior_practitioner", agency="asc_stoke")
    childrens = SENIOR_PRACTITIONER
    for somebody in (elsewhere, childrens):
        with pytest.raises(Refused, match="not_adult_social_care"):
            hub.say(response().model_copy(update={"adult_social_care": somebody}))


def test_the_level_is_one_of_the_partnerships_i03() -> None:
    with pytest.raises(Refused, match="level_unknown") as refused:
        complete().say(response("a_stern_letter"))
    assert "joint_response" in refused.value.remedy


def test_a_level_may_be_set_again_and_the_record_keeps_both_with_who_set_them_d15_i03() -> None:
    hub = complete()
    hub.say(response("single_agency_response"))
    hub.say(response("joint_response"))
    assert [r.level for r in hub.case.hate_responses] == ["single_agency_response", "joint_response"]
    facts = [f for f in hub.facts if f.what == "hate_response.decided"]
    assert [f.detail["level"] for f in facts] == ["single_agency_response", "joint_response"]
    assert {f.by for f in facts} == {COORDINATOR}
    assert facts[0].detail["adult_social_care"] == ADULT_SOCIAL_CARE.model_dump(mode="json")


def test_the_package_and_the_page_of_the_case_wait_for_the_level_and_show_it_i03() -> None:
    hub = complete()
    assert "response" in needs.needs(hub.case)
    with pytest.raises(Refused, match="response_not_decided"):
        hub.agree()
    hub.say(response())
    assert "response" not in needs.needs(hub.case)
    shown = one_package(hub.agree()).response
    assert shown is not None
    assert (shown.level, shown.by, shown.adult_social_care) == (
        "joint_response",
        COORDINATOR,
        ADULT_SOCIAL_CARE,
    )
    (on_the_page,) = page(hub.case, Kept(hub.case.case_id, 1, ""))["hate_responses"]
    assert on_the_page["level"] == "joint_response"


def test_a_silent_adult_social_care_does_not_hold_up_a_partial_package_and_the_level_follows_i03_e12() -> (
    None
):
    hub = directed(Rag.RED)
    hub.nothing_from(*CORE)
    hub.assess()
    assert "response" not in needs.needs(hub.case)
    hub.agree("partial_at_due")
    first = one_package(hub.wait(timedelta(hours=2)))
    assert (first.kind, first.response, first.waiting_for) == ("partial", None, ("asc_staffordshire",))
    hub.answer("asc_staffordshire")
    hub.say(response())
    second = one_package(hub.agree())
    assert second.kind == "supplement" and second.response is not None


def test_a_level_set_after_the_package_makes_a_supplement_i03() -> None:
    hub = complete()
    hub.say(response("single_agency_response"))
    hub.agree()
    with pytest.raises(Refused, match="nothing_new"):
        hub.agree()
    hub.say(response("joint_response"))
    supplement = one_package(hub.agree())
    assert supplement.response is not None and supplement.response.level == "joint_response"


def test_a_case_that_is_no_hate_crime_has_no_level_of_response_i03() -> None:
    hub = Procedure()
    hub.until_directed()
    with pytest.raises(Refused, match="not_a_hate_crime"):
        hub.say(response())


@pytest.mark.parametrize("state", [AnswerState.SEVERAL_FIT, AnswerState.UNAVAILABLE])
def test_an_answer_without_a_result_sets_no_level_and_the_package_waits_for_one_i03(
    state: AnswerState,
) -> None:
    hub = directed()
    check = next(c for c in hub.case.checks if c.adult_social_care)
    reason = secret("not today") if state is AnswerState.UNAVAILABLE else None
    hub.say(
        CheckAnswered(request_id=check.request_id, agency=check.agency, state=state, reason=reason),
        f"agency.{check.agency}",
    )
    hub.nothing_from(*CORE)
    hub.assess()
    with pytest.raises(Refused, match="checks_not_answered"):
        hub.say(response())
    with pytest.raises(Refused, match="not_complete"):
        hub.agree()


def test_adult_social_care_that_keeps_its_result_to_itself_has_a_result_i03() -> None:
    hub = directed()
    check = next(c for c in hub.case.checks if c.adult_social_care)
    hub.say(
        CheckAnswered(
            request_id=check.request_id,
            agency=check.agency,
            state=AnswerState.WITHHELD,
            reason=secret("an inquiry of ours"),
        ),
        f"agency.{check.agency}",
    )
    hub.say(response())
    assert hub.case.hate_responses[-1].level == "joint_response"


def test_a_package_agreed_with_gaps_waits_for_the_level_once_all_have_answered_i03() -> None:
    hub = directed()
    hub.nothing_from(*CORE)
    hub.assess()
    hub.agree("partial_at_due", by=SERGEANT)
    hub.answer("asc_staffordshire")
    assert not hub.case.packages and "response" in needs.needs(hub.case)
    hub.say(response())
    assert hub.case.agreement is None
    hub.agree(by=SERGEANT)
    (package,) = hub.case.packages
    assert package.kind == "full" and package.issued.response is not None


def test_without_its_level_at_the_due_time_a_package_is_partial_i03_e12() -> None:
    hub = directed()
    hub.nothing_from(*CORE)
    hub.assess()
    hub.agree("partial_at_due", by=SERGEANT)
    hub.answer("asc_staffordshire")
    hub.wait(timedelta(hours=24))
    (package,) = hub.case.packages
    assert (package.kind, package.on_time, package.issued.response) == ("partial", True, None)


def test_a_level_set_again_ends_an_agreement_i03_d19() -> None:
    hub = complete()
    hub.say(response())
    hub.direct("housing", by=SERGEANT)
    hub.agree("partial_at_due", by=SERGEANT)
    hub.say(response("single_agency_response"))
    assert hub.case.agreement is None
