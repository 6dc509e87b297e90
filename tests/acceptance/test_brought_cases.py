"""What a DIAL or a missing child brings is never lost: refused when it comes, or told when it is not taken.
[H07, H09, H10, I09, I10]"""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.coordinator.missing_children import key_of as missing_key
from agents.deciding import Refused
from agents.partnership import Partnership
from messages.dial import DialAlerted, DialPassedOn
from messages.hate_crime import HateCrime, HateStrand
from messages.intake import RiskRated, ThresholdDecided
from messages.missing import MissingChildFlagged
from messages.notices import MessageRejected, OutcomeNotified
from messages.own import OwnMessageRefused, OwnReferralSentAway
from messages.referral import PersonConcerned
from messages.rounds import HateCrimeFlagged
from messages.words import Category, Part, Rag, Rationale
from tests.acceptance.test_daily_reviews import KEY, MISPER, PUBLIC_PROTECTION, reported
from tests.acceptance.test_domestic_abuse import RESEARCHER, Desk, incident
from tests.support.grounds import whole_hub
from tests.support.procedure import MANAGER, SERGEANT, child, of_type, referral, secret, why
from tests.support.whole_hub import PARTNERSHIP, TUESDAY, WholeHub

UNNAMED = child().model_copy(update={"may_be_named": False})
REFERRER = child("p2").model_copy(update={"part": Part.REFERRER})


def without(authority: str) -> Partnership:
    return PARTNERSHIP.model_copy(
        update={"authorities": tuple(one for one in PARTNERSHIP.authorities if one != authority)}
    )


def without_source(code: str) -> Partnership:
    """What was taken from a source stays when the partnership has it no more."""
    return PARTNERSHIP.model_copy(
        update={"sources": {c: one for c, one in PARTNERSHIP.sources.items() if c != code}}
    )


def without_cohort(code: str) -> Partnership:
    return PARTNERSHIP.model_copy(
        update={"cohorts": {c: one for c, one in PARTNERSHIP.cohorts.items() if c != code}}
    )


@pytest.mark.parametrize(
    ("people", "reason"),
    [((UNNAMED,), "only_referrer_unnamed"), ((REFERRER,), "nobody_to_ask_about")],
    ids=["unnamed", "referrer-alone"],
)
def test_a_dial_that_could_become_no_case_is_refused_when_it_comes_h07_h09(
    people: tuple[PersonConcerned, ...], reason: str
) -> None:
    desk = Desk()
    with pytest.raises(Refused, match=reason) as refused:
        desk.receive(people=people)
    assert all(field.startswith("data.people") for field in refused.value.fields)
    assert desk.waiting() == []


def test_the_people_of_a_dial_have_ids_of_their_own_h07() -> None:
    with pytest.raises(ValueError, match="person_id"):
        incident(people=(child(), child()))


@pytest.mark.parametrize(
    ("person", "reason"), [(UNNAMED, "only_referrer_unnamed"), (REFERRER, "nobody_to_ask_about")]
)
def test_a_missing_report_that_could_become_no_case_is_refused_when_it_comes_i09(
    person: PersonConcerned, reason: str
) -> None:
    hub = whole_hub()
    with pytest.raises(Refused, match=reason) as refused:
        reported(hub, 0, timedelta(0), person=person)
    assert all(field.startswith("data.person") for field in refused.value.fields)
    assert missing_key("police_cru", "MP-1") not in hub.documents


def long_rationale(length: int) -> Rationale:
    return Rationale.model_validate({name: secret("x" * length) for name in Rationale.model_fields})


def test_a_long_dial_with_a_reasoned_alert_becomes_a_case_all_the_same_h07_h09() -> None:
    """Texts that each fit are not too long together only when somebody needs them at once."""
    desk = Desk()
    people = tuple(
        child(f"p{n}").model_copy(update={"also_known_as": tuple(secret("n" * 1_900) for _ in range(10))})
        for n in range(2)
    )
    key = desk.receive(people=people, account=secret("a" * 19_000))
    alert = {"by": RESEARCHER, "rag": Rag.RED, "action": "officers_sent_back"}
    desk.hub.say(DialAlerted.model_validate({**alert, "rationale": long_rationale(5_000)}), about=key)
    (case,) = desk.hub.cases()
    assert case.rating is not None and case.rating.rag is Rag.RED


def test_when_the_hub_refuses_its_own_alert_staff_are_told_and_it_can_be_said_again_h07_h09() -> None:
    desk = Desk()
    key = desk.receive()
    desk.hub.under(without_source("police_cru"))

    with pytest.raises(Refused, match="source_unknown"):  # said to the hub, which said it
        desk.alert(key)

    (told,) = of_type(desk.hub.sent, OwnMessageRefused)
    assert (told.document, told.reason, told.put_back) == (key, "source_unknown", ("dial_alert",))
    assert desk.hub.cases() == [] and desk.dial(key).tier_2 is None
    desk.hub.under(PARTNERSHIP)
    desk.alert(key)
    (case,) = desk.hub.cases()
    assert case.rating is not None and case.rating.rag is Rag.RED


def test_when_the_hub_refuses_what_a_missing_child_brings_the_next_report_brings_it_i09() -> None:
    hub = whole_hub()
    for n in range(6):
        reported(hub, n, timedelta(days=100 * (n == 5) + n))
    hub.under(without_source("police_cru"))
    with pytest.raises(Refused, match="source_unknown"):
        hub.say(MissingChildFlagged(by=MISPER, rationale=why()), about=KEY)
    (told,) = of_type(hub.sent, OwnMessageRefused)
    assert (told.document, told.put_back) == (KEY, ("of_concern",))
    assert hub.cases() == []
    hub.under(PARTNERSHIP)
    for n in range(5):
        reported(hub, 10 + n, timedelta(days=106 + n))
    (case,) = hub.cases()
    assert case.brought_by is not None and case.brought_by.because == "reports_qualify"


def test_who_alerts_is_told_at_once_when_the_hub_takes_no_such_case_any_more_h07() -> None:
    desk = Desk()
    key = desk.receive(authority="stoke")
    desk.hub.under(without("stoke"))
    with pytest.raises(Refused, match="authority_unknown"):
        desk.alert(key)
    assert desk.dial(key).tier_2 is None


def test_what_an_agency_does_not_take_alarms_nobody_h07() -> None:
    desk = Desk()
    key = desk.receive()
    said = MessageRejected(
        rejected_id="m-1", rejected_type="referral.received.v1", reason="odd", remedy="none", at=TUESDAY
    )
    assert of_type(desk.hub.say(said, "agency.police", key), OwnMessageRefused) == []


def test_a_red_alert_that_no_cohort_takes_alarms_staff_h07_h09() -> None:
    desk = Desk()
    key = desk.receive()
    desk.hub.under(without_cohort("domestic_abuse"))

    sent = desk.alert(key)

    (case,) = desk.hub.cases()
    (alarm,) = of_type(sent, OwnReferralSentAway)
    assert (alarm.document, alarm.case, alarm.rag) == (key, case.case_id, Rag.RED)


ADULT = child().model_copy(update={"part": Part.VULNERABLE_ADULT})


def test_the_case_of_a_vulnerable_adult_in_a_dial_is_not_sent_elsewhere_h10() -> None:
    desk = Desk()
    desk.receive(adult_at_risk=True, people=(ADULT,), children_of=())
    (case,) = desk.hub.cases()
    away = ThresholdDecided(by=SERGEANT, met=False, redirect_to="housing", rationale=why())
    with pytest.raises(Refused, match="adult_at_risk_always_referred"):
        desk.hub.say(away, about=case.case_id)


def test_adult_social_care_hears_of_a_vulnerable_adult_whom_no_cohort_takes_h10() -> None:
    desk = Desk()
    desk.hub.under(without_cohort("adult_protection"))

    key = desk.receive(adult_at_risk=True, people=(ADULT,), children_of=())

    (passed_on,) = of_type(desk.hub.sent, DialPassedOn)
    assert (passed_on.document, passed_on.recipient) == (key, "adult_social_work_staffordshire")
    assert [person.part for person in passed_on.people] == [Part.VULNERABLE_ADULT]
    assert [alarm.because for alarm in of_type(desk.hub.sent, OwnReferralSentAway)] == ["adult_at_risk"]
    assert [notice.about for notice in of_type(desk.hub.sent, OutcomeNotified)] == ["DIAL-1"]


def test_a_vulnerable_adult_among_the_people_is_referred_whatever_the_flag_says_h10() -> None:
    desk = Desk()
    desk.receive(adult_at_risk=False, people=(child(), ADULT.model_copy(update={"person_id": "p2"})))
    assert [case.category for case in desk.hub.cases()] == [Category.ADULT_PROTECTION]


def test_a_child_among_the_people_has_an_authority_that_checks_h03_h04() -> None:
    with pytest.raises(ValueError, match="child"):
        incident(children_of=())


def test_a_dial_whose_alert_was_sent_away_is_referred_by_the_meeting_h05_h09() -> None:
    desk = Desk()
    key = desk.ready()
    desk.hub.under(without_cohort("domestic_abuse"))
    desk.alert(key)
    desk.hub.under(PARTNERSHIP)

    desk.screen(key, refer=True)

    assert [case.closed_at is None for case in desk.hub.cases()] == [False, True]
    meeting = desk.dial(key).tier_3
    assert meeting is not None and meeting.case_of == desk.hub.cases()[1].referral_id


def test_the_record_says_under_which_case_a_screened_dial_is_shared_h08_h09() -> None:
    desk = Desk()
    key = desk.ready()
    desk.alert(key)
    desk.screen(key, refer=True)
    (case,) = desk.hub.cases()
    (fact,) = desk.hub.recorded("dial.screened")
    assert fact.detail["case_of"] == case.referral_id


def test_a_decision_about_a_document_of_another_kind_is_refused_b11() -> None:
    said = RiskRated(by=MANAGER, rag=Rag.AMBER, rationale=why())
    desk = Desk()
    key = desk.receive()
    with pytest.raises(Refused, match="wrong_document"):
        desk.hub.say(said, about=key)


def test_a_case_is_not_screened_like_a_dial_h04() -> None:
    desk = Desk()
    desk.alert(desk.ready())
    (case,) = desk.hub.cases()
    with pytest.raises(Refused, match="wrong_document"):
        desk.screen(case.case_id)


def reviewed_alone() -> tuple[WholeHub, str]:
    hub = whole_hub()
    victim = child().model_copy(update={"part": Part.VICTIM})
    crime = HateCrime(strands=(HateStrand.RACE,), vulnerable_person=False)
    said = referral(category=Category.HATE_CRIME, people=(victim,), section_47_belief=None, hate_crime=crime)
    hub.say(said, "source.first_response")
    (case,) = hub.cases()
    return hub, case.case_id


def test_the_review_of_a_hate_crime_refers_where_it_finds_somebody_vulnerable_i01_i04() -> None:
    hub, reviewed = reviewed_alone()
    hub.say(HateCrimeFlagged(by=PUBLIC_PROTECTION, rationale=why()), about=reviewed)
    case = hub.cases()[1]
    assert case.brought_by is not None and case.brought_by.document == reviewed
    assert case.closed_at is None and case.hate_crime is not None and case.hate_crime.vulnerable_person
    with pytest.raises(Refused, match="already_referred"):
        hub.say(HateCrimeFlagged(by=PUBLIC_PROTECTION, rationale=why()), about=reviewed)


def test_the_review_refers_by_its_own_co_ordinators_and_only_what_was_reviewed_alone_i04() -> None:
    hub, reviewed = reviewed_alone()
    with pytest.raises(Refused, match="role_may_not"):
        hub.say(HateCrimeFlagged(by=SERGEANT, rationale=why()), about=reviewed)
    hub.say(HateCrimeFlagged(by=PUBLIC_PROTECTION, rationale=why()), about=reviewed)
    with pytest.raises(Refused, match="not_reviewed_alone"):
        hub.say(HateCrimeFlagged(by=PUBLIC_PROTECTION, rationale=why()), about=hub.cases()[1].case_id)


def test_what_the_review_refers_can_be_said_again_when_the_hub_did_not_take_it_i04() -> None:
    hub, reviewed = reviewed_alone()
    hub.under(without_source("first_response"))
    with pytest.raises(Refused, match="source_unknown"):
        hub.say(HateCrimeFlagged(by=PUBLIC_PROTECTION, rationale=why()), about=reviewed)
    (told,) = of_type(hub.sent, OwnMessageRefused)
    assert (told.document, told.put_back) == (reviewed, ("hate_crime_review",))
    hub.under(PARTNERSHIP)
    hub.say(HateCrimeFlagged(by=PUBLIC_PROTECTION, rationale=why()), about=reviewed)
    assert len(hub.cases()) == 2
