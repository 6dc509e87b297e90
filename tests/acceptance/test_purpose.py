"""Use is limited to the purpose that was stated, which is one of the agencies' functions. [D16, M3, M3.1]"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from agents.coordinator.elements import Standing, standing
from agents.deciding import Refused
from messages.checks import CheckRequested
from messages.disclosure import PermissionRequested, ReviewRequested
from messages.intake import EnquiryDirected
from messages.package import InformationRequested, PackageIssued
from messages.words import Actor, Category, Choice, ElementChoice, Rag, RiskFlag
from ops.package_view import reader_of
from ops.problem import WrongInput
from tests.support.procedure import (
    ADULTS_SENIOR_PRACTITIONER,
    CORE_CHILD,
    MONDAY,
    PARTNERSHIP,
    SENIOR_PRACTITIONER,
    Procedure,
    adult,
    element,
    of_type,
    release,
    sanitised,
    secret,
    why,
    withhold,
)

FUNCTIONS = {
    "protection_of_life",
    "safeguarding_children",
    "safeguarding_adults",
    "prevention_and_detection_of_crime",
}
"""Protecting life, safeguarding children and vulnerable adults; the list of M3.1 is not exhaustive."""


def directing(purpose: str, *also_ask: str) -> EnquiryDirected:
    return EnquiryDirected(
        by=SENIOR_PRACTITIONER,
        purpose=purpose,
        legal_basis="children_act_2004",
        rationale=why(),
        also_ask=also_ask,
    )


def rated() -> Procedure:
    hub = Procedure()
    hub.refer()
    hub.threshold_met()
    hub.rate(Rag.AMBER)
    return hub


def answered() -> Procedure:
    """One element of the police was discussed; nobody else found anything."""
    hub = rated()
    hub.say(directing("safeguarding_children"))
    hub.answer("police", element("e1", "police"))
    hub.nothing_from(*CORE_CHILD[1:])
    hub.discuss("e1")
    hub.assess()
    return hub


def tasked_back(hub: Procedure) -> None:
    """A team asks for more."""
    hub.say(
        InformationRequested(
            request_id="T-1",
            package_id=hub.case.packages[-1].package_id,
            by=Actor(person="CSS-SW-01", role="social_worker", agency="csc_staffordshire"),
            question=secret("who was the man?"),
            why=secret("a crime is suspected"),
        ),
        "team.children_social_work_staffordshire",
    )


def test_the_purposes_are_statutory_functions_of_the_agencies_d16() -> None:
    assert set(PARTNERSHIP.purposes) == FUNCTIONS


@pytest.mark.parametrize("purpose", sorted(FUNCTIONS - {"safeguarding_adults"}))
def test_every_package_partial_full_or_supplement_says_its_purpose_d16(purpose: str) -> None:
    hub = rated()
    hub.say(directing(purpose))
    hub.answer("police", element("e1", "police"))
    hub.assess()
    hub.agree("partial_at_due")
    hub.wait(timedelta(hours=24))
    hub.nothing_from(*CORE_CHILD[1:])
    hub.discuss("e1")
    hub.decide("e1", release(purpose=purpose))
    hub.agree()
    packages = of_type(hub.sent, PackageIssued)
    assert {p.kind for p in packages} == {"partial", "supplement"}
    assert {p.purpose for p in packages} == {purpose}


def test_agencies_and_owners_are_told_the_purpose_that_the_package_will_say_d16() -> None:
    hub = rated()
    hub.say(directing("protection_of_life"))
    hub.answer("police", element("e1", "police"), element("e2", "education"))
    hub.discuss("e1", "e2")
    told = {r.purpose for r in of_type(hub.sent, CheckRequested)}
    told |= {r.purpose for r in of_type(hub.sent, ReviewRequested)}
    told |= {r.intended_use for r in of_type(hub.sent, PermissionRequested)}
    assert told == {"protection_of_life"}


def test_nobody_is_asked_for_a_purpose_that_is_no_function_of_theirs_d16() -> None:
    hub = rated()
    with pytest.raises(Refused, match="purpose_unknown") as refused:
        hub.say(directing("newspaper_article"))
    assert refused.value.fields == ("data.purpose",) and not hub.case.checks


def about_an_adult(**changes: str) -> EnquiryDirected:
    said = {"by": ADULTS_SENIOR_PRACTITIONER, "legal_basis": "no_secrets_2000", **changes}
    return directing("safeguarding_adults").model_copy(update=said)


def adult_rated() -> Procedure:
    hub = Procedure()
    hub.refer(source="staffordshire_adult_contact", category=Category.ADULT_PROTECTION, people=(adult(),))
    hub.threshold_met()
    hub.rate(Rag.AMBER)
    return hub


def test_an_adults_case_is_not_asked_about_for_the_safeguarding_of_children_d16() -> None:
    hub = adult_rated()
    with pytest.raises(Refused, match="purpose_not_of_category") as refused:
        hub.say(about_an_adult(purpose="safeguarding_children"))
    assert refused.value.fields == ("data.purpose",) and not hub.case.checks
    assert (
        "protection_of_life, safeguarding_adults, prevention_and_detection_of_crime" in refused.value.remedy
    )
    hub.say(about_an_adult())
    assert hub.case.checks


def test_an_adults_case_does_not_rest_on_the_law_of_children_and_is_told_what_is_in_force_l08() -> None:
    hub = adult_rated()
    with pytest.raises(Refused, match="basis_not_of_category") as refused:
        hub.say(about_an_adult(legal_basis="children_act_2004"))
    assert refused.value.fields == ("data.legal_basis",) and not hub.case.checks
    remedy = refused.value.remedy
    assert remedy.startswith("A case of adult protection rests today on one of: common_law, ")
    assert "no_secrets_2000" in remedy
    assert "children_act_2004" not in remedy and "care_act_2014" not in remedy


def test_no_owner_releases_about_an_adult_on_the_law_of_children_l08() -> None:
    hub = adult_rated()
    hub.say(about_an_adult())
    hub.answer("police", element("e1", "police"))
    hub.discuss("e1")
    grounds = {"purpose": "safeguarding_adults", "legal_basis": "children_act_2004"}
    with pytest.raises(Refused, match="basis_not_of_category"):
        hub.decide("e1", release(**grounds))
    hub.decide("e1", release(**{**grounds, "legal_basis": "no_secrets_2000"}))
    assert hub.case.elements[0].decision is not None


def test_the_care_act_takes_the_place_of_no_secrets_on_the_first_of_april_2015_l08() -> None:
    before, after = (
        PARTNERSHIP.bases_for(Category.ADULT_PROTECTION, day) for day in (date(2015, 3, 31), date(2015, 4, 1))
    )
    assert set(before) - set(after) == {"no_secrets_2000"}
    assert set(after) - set(before) == {"care_act_2014"}


@pytest.mark.parametrize(
    "choice",
    [
        release(purpose="prevention_and_detection_of_crime"),
        sanitised("known", purpose="prevention_and_detection_of_crime"),
        release(choice=Choice.CANNOT_DECIDE, purpose="prevention_and_detection_of_crime"),
    ],
    ids=["as it is", "sanitised", "presumed usable"],
)
def test_what_is_let_go_for_one_purpose_is_in_no_package_for_another_d16(choice: ElementChoice) -> None:
    hub = answered()
    with pytest.raises(Refused, match="purpose_differs") as refused:
        hub.decide("e1", choice)
    assert refused.value.fields == ("data.decisions.0.choice.purpose",)
    assert standing(hub.element("e1")) is Standing.AWAITING_OWNER
    hub.decide("e1", release())
    assert of_type(hub.agree(), PackageIssued)


def test_a_further_direction_asks_for_the_purpose_of_its_round_d16() -> None:
    hub = rated()
    hub.say(directing("safeguarding_children"))
    with pytest.raises(Refused, match="purpose_differs"):
        hub.say(directing("prevention_and_detection_of_crime", "housing"))
    assert "housing" not in {check.agency for check in hub.case.checks}
    hub.say(directing("safeguarding_children", "housing"))
    assert "housing" in {check.agency for check in hub.case.checks}


def with_something_unsent() -> Procedure:
    """A partial package is out; an element has been released since, and a team tasked back before it went."""
    hub = rated()
    hub.say(directing("safeguarding_children"))
    hub.answer("police", element("e1", "police"), element("e2", "police", risks=(RiskFlag.SOURCE_AT_RISK,)))
    hub.nothing_from(*CORE_CHILD[1:])
    hub.discuss("e1", "e2")
    hub.assess()
    hub.agree("partial_at_due")
    hub.wait(timedelta(hours=24))
    hub.decide("e1", release())
    hub.decide("e2", withhold())
    tasked_back(hub)
    return hub


def test_what_was_let_go_for_the_first_round_is_decided_anew_where_the_next_is_for_another_d16_d20() -> None:
    hub = with_something_unsent()
    assert standing(hub.element("e1")) is Standing.RELEASED
    hub.say(directing("prevention_and_detection_of_crime"))
    assert standing(hub.element("e1")) is Standing.REVEALED
    (earlier,) = hub.element("e1").earlier_decisions
    assert earlier.choice.purpose == "safeguarding_children"


def test_what_was_let_go_holds_where_the_next_round_is_for_the_same_d16() -> None:
    hub = with_something_unsent()
    hub.say(directing("safeguarding_children"))
    assert standing(hub.element("e1")) is Standing.RELEASED


def test_a_package_is_read_for_one_of_these_purposes_and_the_reader_says_which_d16() -> None:
    assert (
        reader_of(PARTNERSHIP, "POL-SGT-01@police", "safeguarding_children", MONDAY.date()).person
        == "POL-SGT-01"
    )
    with pytest.raises(WrongInput, match="--purpose takes one of"):
        reader_of(PARTNERSHIP, "POL-SGT-01@police", "curiosity", MONDAY.date())
