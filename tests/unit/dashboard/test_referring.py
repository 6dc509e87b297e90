"""Registering a referral that came by telephone or on paper, and bringing a case on professional judgement.
[A09, A12, B03, B09]"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from agents.coordinator.case import Case
from messages.referral import ReferralReceived
from ops import case_views
from ops.sending import Answer
from store.audit_check import whole_chain
from tests.support.api_calls import Hearing, Unreachable, refusals
from tests.support.dashboard import (
    FIELD,
    SERGEANT,
    Dashboard,
    Scene,
    a_dashboard,
    form_token,
    send,
)
from tests.support.whole_hub import PARTNERSHIP
from tests.unit.dashboard.test_session_end import pass_time, sign_in_again

PAGE, REGISTERED = "/referrals/new", "/referrals/registered"
SENIOR = "CSS-SP-01@csc_staffordshire"
PRACTITIONER = "CSS-PR-01@csc_staffordshire"
SAID = {
    "form_id": "f-1",
    "source": "first_response",
    "referral_id": "Call-12",
    "made_at-day": "5",
    "made_at-month": "3",
    "made_at-year": "2012",
    "made_at-time": "8:40",
    "how": "as_referred",
    "category": "child_protection",
    "believed": "yes",
    "section_47_belief.by": PRACTITIONER,
    "section_47_belief.why": "injuries unexplained",
    "concern": "CANARY-OF-THE-CALL bruises on both arms",
    "people-entries": "1",
    "people.0.part": "child",
    "people.0.given_name": "Zebedee",
    "people.0.family_name": "Quillfeather",
    "people.0.date_of_birth-day": "1",
    "people.0.date_of_birth-month": "4",
    "people.0.date_of_birth-year": "2005",
    "people.0.also_known_as": "Zeb",
    "people.0.earlier_address": "2 Somewhere Row",
    "people.0.scheme": "nhs",
    "people.0.number": "943 476 5919",
    "people.0.may_be_named": "yes",
    "authority": "staffordshire",
    "routine": "fresh",
}
JUDGED = {
    **SAID,
    "category": "domestic_violence",
    "police_response": "no",
    "how": "on_judgement",
    "professional_judgement.by": SERGEANT,
    "professional_judgement.rationale": "I have known the family for years",
    "source": "police_cru",
}


async def registered(dashboard: Dashboard, who: str, said: Mapping[str, str]) -> Response:
    """The page that somebody comes to who sends the form."""
    browser = await dashboard.signed_in(who)
    answer = await send(browser, PAGE, said, at=PAGE)
    if answer.status_code != 303:
        return answer
    assert answer.headers["location"] == REGISTERED
    return await browser.get(REGISTERED)


def case_in(page: Response) -> str:
    found = re.search(r"C-[A-Z2-7]{12}", page.text)
    assert found is not None, page.text
    return found[0]


async def kept(dashboard: Dashboard, case: str) -> tuple[Case, dict[str, Any]]:
    """The case as it is, and what its record says of its receipt."""
    found = (await dashboard.given.store.load([case]))[case]
    received = json.loads((await whole_chain(dashboard.given.store, case))[0].body)
    assert received["act"] == "referral.received"
    return case_views.case_from(found), received["detail"]


def said_to(hub: Hearing) -> ReferralReceived:
    ((envelope, _),) = hub.heard
    assert isinstance(envelope.payload, ReferralReceived)
    return envelope.payload


async def test_a_call_is_registered_as_its_sources_referral_and_the_record_says_by_whom_a09_a12(
    living: Scene,
) -> None:
    async with a_dashboard(living) as dashboard:
        page = await registered(dashboard, SENIOR, SAID)
        assert page.status_code == 200, page.text
        case, record = await kept(dashboard, case_in(page))
    assert "Referral registered" in page.text
    assert f'href="/cases/{case.case_id}"' in page.text, "who oversees all cases goes on to it"
    assert (case.referral_id, case.source, case.authority) == ("Call-12", "first_response", "staffordshire")
    assert case.cohort == "high_risk_children" and case.closed_at is None
    assert record["completed"]["by"]["person"] == "CSS-SP-01"
    assert "CANARY" not in page.text


async def test_the_message_is_the_one_that_mash_refer_sends_with_all_that_was_written(scene: Scene) -> None:
    hub = Hearing()
    async with a_dashboard(scene, speaker=hub) as dashboard:
        await registered(dashboard, SENIOR, SAID)
    said, ((envelope, about),) = said_to(hub), hub.heard
    assert (envelope.source, envelope.subject) == ("source.first_response", "Call-12")
    assert about is not None and about.startswith("C-")
    assert said.made_at.isoformat() == "2012-03-05T08:40:00+00:00"
    (person,) = said.people
    assert person.date_of_birth is not None and person.date_of_birth.reveal() == "2005-04-01"
    assert [one.reveal() for one in person.also_known_as] == ["Zeb"]
    assert [one.reveal() for one in person.earlier_addresses] == ["2 Somewhere Row"]
    assert [(one.scheme, one.value.reveal()) for one in person.identifiers] == [("nhs", "943 476 5919")]
    assert said.completed is not None and said.completed.fields == (
        "referral_id",
        "category",
        "made_at",
        "authority",
    )


async def test_a_practitioner_brings_a_case_on_their_own_judgement_b09(living: Scene) -> None:
    async with a_dashboard(living) as dashboard:
        page = await registered(dashboard, SERGEANT, JUDGED)
        case, record = await kept(dashboard, case_in(page))
        missing = await registered(
            dashboard, SERGEANT, {**JUDGED, "form_id": "f-2", "professional_judgement.rationale": " "}
        )
    assert case.cohort == "professional_concern"
    assert case.professional_judgement is not None
    assert case.professional_judgement.by.person == "POL-SGT-01"
    assert record["completed"] is None and record["professional_judgement_by"]["person"] == "POL-SGT-01"
    assert missing.status_code == 400
    assert missing.text.count("Enter why they bring it") == 2, "in the summary and at the question"


async def test_who_may_only_bring_a_case_registers_none_for_a_source_and_none_in_anothers_name_b09(
    scene: Scene,
) -> None:
    hub = Hearing()
    async with a_dashboard(scene, speaker=hub) as dashboard:
        for said in (
            {**JUDGED, "how": "as_referred"},
            {**JUDGED, "professional_judgement.by": PRACTITIONER},
            {**JUDGED, "source": "first_response"},
        ):
            page = await registered(dashboard, SERGEANT, said)
            assert (page.status_code, page.text.count("choose from the list")) == (400, 2)
        senior = await registered(dashboard, SENIOR, {**JUDGED, "source": "first_response"})
    assert senior.status_code == 200, "who registers for a source names whose judgement it is"
    said_ = said_to(hub)
    assert said_.professional_judgement is not None and said_.completed is not None
    assert (said_.professional_judgement.by.person, said_.completed.by.person) == ("POL-SGT-01", "CSS-SP-01")


async def test_somebody_of_an_agency_without_a_source_is_told_so_and_it_is_on_record_b03(
    scene: Scene,
) -> None:
    sources = {code: one for code, one in PARTNERSHIP.sources.items() if one.agency != "police"}
    async with a_dashboard(scene, PARTNERSHIP.model_copy(update={"sources": sources})) as dashboard:
        browser, before = await dashboard.signed_in(SERGEANT), len(await refusals(dashboard))
        page = await browser.get(PAGE)
        assert page.status_code == 403
        assert "No referral source of the hub belongs to your agency" in page.text
        assert "choose you as the person whose judgement it is" in page.text, "they are told whom to ask"
        assert f"<li>{PARTNERSHIP.agencies['csc_staffordshire'].title}</li>" in unescape(page.text)
        assert f"<li>{PARTNERSHIP.agencies['police'].title}</li>" not in unescape(page.text)
        assert [one["why"] for one in (await refusals(dashboard))[before:]] == ["not_your_source"]
        assert f'href="{PAGE}"' not in (await browser.get("/board")).text


@pytest.mark.parametrize(
    ("changes", "at", "told"),
    [
        ({"concern": " "}, "concern", "Enter the concern"),
        ({"made_at-year": "2013"}, "made_at", "enter a time that has come"),
        ({"made_at-time": "25:00"}, "made_at", "enter a day, month, year and time"),
        ({"people.0.part": ""}, "people.0.part", "Choose the part"),
        ({"people.0.number": "943 476 5918"}, "people.0.number", "check its digits"),
        ({"people.0.scheme": ""}, "people.0.scheme", "Choose what number it is"),
        ({"people.0.date_of_birth-year": "2013"}, "people.0.date_of_birth", "or a day before it"),
        ({"referral_id": "two words"}, "referral_id", "without spaces"),
        ({"open_case_worker": "two words"}, "open_case_worker", "without spaces"),
        ({"referral_id": "Quillfeather-12"}, "referral_id", "it has a name of a person below in it"),
        ({"referral_id": "Zebedee Quillfeather"}, "referral_id", "it has a name of a person below in it"),
        ({"referral_id": "12/2005-04-01"}, "referral_id", "it has a date of birth of a person below in it"),
        ({"open_case_worker": "z.quillfeather"}, "open_case_worker", "it has a name of a person below in it"),
        ({"category": "professional_concern"}, "how", "is somebody’s judgement"),
        ({"category": "hate_crime"}, "hate_crime.strands", "Choose what the hostility was about"),
        # What the hub finds: it is told at its question too.
        ({"people.0.may_be_named": "no"}, "people.0.may_be_named", "Only a referrer may stay unnamed"),
        ({"people.0.part": "referrer"}, "people", "Name at least one person"),
    ],
)
async def test_what_is_wrong_is_told_in_a_summary_and_at_its_question_and_nothing_is_lost(
    living: Scene, changes: dict[str, str], at: str, told: str
) -> None:
    async with a_dashboard(living) as dashboard:
        page = await registered(dashboard, SENIOR, {**SAID, **changes})
    assert page.status_code == 400
    assert "<title>Error: Register a referral" in page.text
    text = unescape(page.text)
    assert text.count(told) == 2, text
    assert re.search(rf'<a href="#{re.escape(at)}[^"]*">', page.text)
    assert ("CANARY-OF-THE-CALL" in page.text) is ("concern" not in changes)
    assert 'value="Quillfeather"' in page.text and 'name="form_id" value="f-1"' in page.text


async def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_questions(scene: Scene) -> None:
    wrong = {
        "referral_id": "two words",
        "made_at-year": "2013",
        "concern": " ",
        "people.0.part": "",
        "people.0.number": "943 476 5918",
        "authority": "",
        "open_case_worker": "two words",
    }
    async with a_dashboard(scene) as dashboard:
        page = await registered(dashboard, SENIOR, {**SAID, **wrong})
    summary = page.text.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    assert re.findall('href="#([^"]*)"', summary) == [name.removesuffix("-year") for name in wrong]


async def test_a_problem_with_the_people_leads_to_the_first_question_of_the_first(living: Scene) -> None:
    async with a_dashboard(living) as dashboard:
        page = await registered(dashboard, SENIOR, {**SAID, "people.0.part": "referrer"})
    summary = page.text.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    assert 'href="#people.0.part"' in summary
    assert 'id="people.0.part"' in page.text


async def test_the_page_after_registering_can_be_fetched_again_and_is_of_its_own_person_alone(
    living: Scene,
) -> None:
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.signed_in(SENIOR)
        before = await browser.get(REGISTERED)
        assert (before.status_code, before.headers["location"]) == (303, PAGE)
        answer = await send(browser, PAGE, SAID, at=PAGE)
        assert (answer.status_code, answer.headers["location"]) == (303, REGISTERED)
        pages = [await browser.get(REGISTERED) for _ in range(2)]
        assert case_in(pages[0]) == case_in(pages[1])
        other = await (await dashboard.signed_in(SERGEANT)).get(REGISTERED)
        assert (other.status_code, other.headers["location"]) == (303, PAGE)


async def test_the_same_form_sent_twice_is_one_referral_and_another_with_its_reference_is_told_which(
    living: Scene,
) -> None:
    async with a_dashboard(living) as dashboard:
        first = await registered(dashboard, SENIOR, SAID)
        again = await registered(dashboard, SENIOR, SAID)
        other = await registered(dashboard, SENIOR, {**SAID, "form_id": "f-2", "concern": "another"})
    assert first.status_code == again.status_code == 200
    assert case_in(first) == case_in(again)
    assert other.status_code == 400
    assert other.text.count(f"has been received: it is {case_in(first)}") == 2


async def test_a_referral_without_a_reference_gets_one_which_its_form_keeps(living: Scene) -> None:
    said = {**SAID, "referral_id": ""}
    async with a_dashboard(living) as dashboard:
        first, again = [await registered(dashboard, SENIOR, said) for _ in range(2)]
        other = await registered(dashboard, SENIOR, {**said, "form_id": "f-2"})
        case, _ = await kept(dashboard, case_in(first))
    assert case_in(first) == case_in(again) != case_in(other)
    assert re.fullmatch(r"REF-[A-Z2-7]{10}", case.referral_id)


async def test_who_registers_a_case_that_they_may_not_see_is_told_its_id_and_led_nowhere_c10(
    living: Scene,
) -> None:
    async with a_dashboard(living) as dashboard:
        page = await registered(
            dashboard,
            FIELD,
            {**JUDGED, "source": "first_response", "professional_judgement.by": FIELD},
        )
        case = case_in(page)
        assert (await (await dashboard.signed_in(FIELD)).get(f"/cases/{case}")).status_code == 403
    assert page.status_code == 200
    assert f'href="/cases/{case}"' not in page.text
    assert "once your agency is asked in it" in page.text


async def test_a_referral_that_no_cohort_takes_says_at_once_where_it_goes_b06(living: Scene) -> None:
    async with a_dashboard(living) as dashboard:
        page = await registered(dashboard, SENIOR, {**SAID, "believed": "no"})
    assert page.status_code == 200
    assert "The hub does not take it: not in mash" in page.text
    assert "no live cohort" in page.text


async def test_a_hub_that_is_slow_or_away_loses_nothing_and_asks_for_no_second_referral(scene: Scene) -> None:
    away = Unreachable()
    async with a_dashboard(scene, speaker=away) as dashboard:
        page = await registered(dashboard, SENIOR, SAID)
        assert page.status_code == 503
        assert "The hub cannot be reached just now." in page.text and "CANARY-OF-THE-CALL" in page.text
        away.back = Hearing(Answer("waiting"))
        sent = await registered(dashboard, SENIOR, SAID)
    assert sent.status_code == 200
    assert "Do not register it again" in sent.text and "Referral registered" not in sent.text


async def test_people_are_added_and_what_was_typed_waits_over_the_end_of_a_session(living: Scene) -> None:
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.signed_in(SENIOR)
        longer = await send(browser, PAGE, {**SAID, "add": "people"}, at=PAGE)
        assert longer.status_code == 200
        assert 'id="people.1.part"' in longer.text and 'value="Quillfeather"' in longer.text
        token = form_token(await browser.get(PAGE))
        pass_time(dashboard, timedelta(minutes=30))
        await browser.post(PAGE, data={**SAID, "form_token": token})
        assert (await signed_in_again(browser)).headers["location"] == PAGE
        page = await browser.get(PAGE)
        assert "CANARY-OF-THE-CALL" in page.text and 'name="form_id" value="f-1"' in page.text


async def signed_in_again(browser: AsyncClient) -> Response:
    return await sign_in_again(browser, SENIOR)
