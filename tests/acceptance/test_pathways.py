"""Each of the seven categories goes its own way through the hub: the table of all of them. [B02, G2.2]"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from agents.coordinator import needs
from agents.deciding import Refused
from messages.adults import AdultThresholdSigned
from messages.checks import CheckRequested
from messages.child_sexual_exploitation import CseReferralCompleted
from messages.hate_crime import HateCrime, HateResponseDecided, HateStrand
from messages.notices import AlertRaised, OutcomeNotified
from messages.package import OutcomeReported, PackageIssued
from messages.referral import Belief, PersonConcerned
from messages.words import Actor, Category, Course, Part, Rag
from tests.support.procedure import (
    PRACTITIONER,
    SENIOR_PRACTITIONER,
    SERGEANT,
    Procedure,
    adult,
    child,
    disability_hate_crime,
    judged,
    of_type,
    secret,
    why,
)

CHILD_CORE = {"police", "education", "primary_care", "csc_staffordshire"}
ADULT_CORE = CHILD_CORE | {"asc_staffordshire"}
CHILD_TEAMS = {"police_child_abuse_investigation", "children_social_work_staffordshire"}
ADULT_TEAMS = {"police_adult_investigation", "adult_social_work_staffordshire"}
MEMBERS = {
    "police_child_abuse_investigation": Actor(person="POL-DS-01", role="detective_sergeant", agency="police"),
    "police_adult_investigation": Actor(person="POL-DS-02", role="detective_sergeant", agency="police"),
    "children_social_work_staffordshire": Actor(
        person="CSS-SW-01", role="social_worker", agency="csc_staffordshire"
    ),
    "adult_social_work_staffordshire": Actor(
        person="ASS-SW-01", role="social_worker", agency="asc_staffordshire"
    ),
}


def _set_response(hub: Procedure) -> None:
    hub.say(
        HateResponseDecided(
            by=Actor(person="POL-PPC-01", role="public_protection_coordinator", agency="police"),
            adult_social_care=Actor(
                person="ASS-SP-01", role="senior_practitioner", agency="asc_staffordshire"
            ),
            level="joint_response",
            rationale=why(),
        )
    )


def _complete(hub: Procedure) -> None:
    hub.say(CseReferralCompleted(by=PRACTITIONER, senior_practitioner=SENIOR_PRACTITIONER, rationale=why()))


def _sign(hub: Procedure) -> None:
    """Both sign that the adult threshold is not met. [F01, F02]"""
    for by in (ADVANCED_PRACTITIONER, SERGEANT):
        hub.say(AdultThresholdSigned(by=by, met=False, rationale=why()))


ADVANCED_PRACTITIONER = Actor(person="ASS-AP-01", role="advanced_practitioner", agency="asc_staffordshire")
VICTIM = adult().model_copy(update={"part": Part.VICTIM})


@dataclass(frozen=True)
class Pathway:
    """What the guidance has for a category.

    ``enters_with`` is what makes a live cohort take it, ``stays_out_with`` what does not, and how the source
    hears of that. ``own_step`` is what has to be done before its package, and does it; ``own_need`` shows it.
    """

    category: Category
    cohort: str
    people: tuple[PersonConcerned, ...]
    asked: set[str]
    teams: set[str]
    enters_with: dict[str, object] = field(default_factory=dict)
    stays_out_with: dict[str, object] | None = None
    stays_out_as: str = "not_in_mash"
    refused_as: str | None = None
    own_need: str | None = None
    own_refusal: str | None = None
    package_teams: set[str] | None = None
    own_step: Callable[[Procedure], None] | None = None


PATHWAYS = (
    Pathway(  # 3.8-3.11
        Category.ADULT_PROTECTION,
        "adult_protection",
        (adult(),),
        asked=ADULT_CORE,
        teams=ADULT_TEAMS,
        own_need="adult_threshold",
        own_refusal="adult_threshold_open",
        own_step=_sign,
        package_teams={"adult_social_work_staffordshire"},
    ),
    Pathway(  # 3.12-3.17
        Category.CHILD_PROTECTION,
        "high_risk_children",
        (child(),),
        asked=CHILD_CORE,
        teams=CHILD_TEAMS,
        enters_with={"section_47_belief": Belief(by=PRACTITIONER, why=secret("injuries unexplained"))},
        stays_out_with={},
    ),
    Pathway(  # 3.18, 3.19
        Category.DOMESTIC_VIOLENCE,
        "domestic_abuse",
        (child(), adult("p2")),
        asked=ADULT_CORE,
        teams=CHILD_TEAMS | ADULT_TEAMS,
        enters_with={"police_response": True},
        stays_out_with={},
    ),
    Pathway(  # 3.20
        Category.HATE_CRIME,
        "hate_crime",
        (adult(),),
        asked=ADULT_CORE,
        teams=ADULT_TEAMS,
        enters_with={"hate_crime": disability_hate_crime()},
        stays_out_with={
            "people": (VICTIM,),
            "hate_crime": HateCrime(strands=(HateStrand.RACE,), vulnerable_person=False),
        },
        stays_out_as="reviewed",
        own_need="response",
        own_refusal="response_not_decided",
        own_step=_set_response,
    ),
    Pathway(  # 3.21
        Category.CHILD_SEXUAL_EXPLOITATION,
        "child_sexual_exploitation",
        (child(),),
        asked=CHILD_CORE,
        teams=CHILD_TEAMS,
        own_need="completion",
        own_refusal="referral_not_completed",
        own_step=_complete,
    ),
    Pathway(  # 3.22: an adult enters another way
        Category.MISSING_PERSONS,
        "missing_children",
        (child(),),
        asked=ADULT_CORE,
        teams=CHILD_TEAMS,
        stays_out_with={"people": (adult(),)},
    ),
    Pathway(  # 3.23
        Category.PROFESSIONAL_CONCERN,
        "professional_concern",
        (child(),),
        asked=ADULT_CORE,
        teams=CHILD_TEAMS,
        enters_with={"professional_judgement": judged()},
        stays_out_with={},
        refused_as="rationale_missing",
    ),
)
each = pytest.mark.parametrize("way", PATHWAYS, ids=lambda way: way.category.value)


def referred(way: Pathway, **changes: object) -> Procedure:
    hub = Procedure()
    said = {"category": way.category, "source": "police_cru", "people": way.people, "section_47_belief": None}
    hub.refer(**{**said, **changes})
    return hub


def test_the_table_has_a_pathway_for_each_of_the_seven_categories_b02() -> None:
    assert [way.category for way in PATHWAYS] == list(Category)


@each
def test_a_category_goes_its_own_way_from_referral_to_the_end_b02(way: Pathway) -> None:
    hub = referred(way, **way.enters_with)
    assert (hub.case.cohort, needs.stage(hub.case)) == (way.cohort, "threshold")
    hub.threshold_met()
    assert needs.stage(hub.case) == "rating"
    hub.rate(Rag.RED, by=SERGEANT)
    assert {s.recipient for s in of_type(hub.sent, AlertRaised)} == way.teams
    assert needs.stage(hub.case) == "direction"
    hub.direct(by=SERGEANT)
    assert {s.to for s in hub.sent if isinstance(s.payload, CheckRequested)} == {
        f"agency.{agency}" for agency in way.asked
    }
    assert needs.stage(hub.case) == "checks"
    hub.nothing_from(*sorted(way.asked))
    hub.assess()
    assert needs.stage(hub.case) == ("pathway" if way.own_step else "agreement")
    assert ("agreement" in needs.needs(hub.case)) is (way.own_step is None)
    _own_step(hub, way)
    assert needs.stage(hub.case) == "agreement" and "agreement" in needs.needs(hub.case)
    hub.agree()
    recipients = way.package_teams or way.teams
    assert {s.payload.recipient for s in hub.sent if isinstance(s.payload, PackageIssued)} == recipients
    assert needs.stage(hub.case) == "issued"
    for team in sorted(recipients):
        hub.say(
            OutcomeReported(
                package_id=hub.case.packages[0].package_id, by=MEMBERS[team], course=Course.OTHER_SERVICES
            ),
            f"team.{team}",
        )
    assert needs.stage(hub.case) == "closed"
    assert hub.case.route is not None and hub.case.route.to == "passed_to_teams"


def _own_step(hub: Procedure, way: Pathway) -> None:
    own = {other.own_need for other in PATHWAYS if other.own_need}
    needed = {need.partition(":")[0] for need in needs.needs(hub.case)}
    assert own & needed == ({way.own_need} if way.own_need else set())
    if way.own_step is not None:
        with pytest.raises(Refused, match=way.own_refusal or ""):
            hub.agree()
        way.own_step(hub)


@each
def test_a_step_of_one_category_is_refused_in_every_other_b02(way: Pathway) -> None:
    hub = referred(way, **way.enters_with)
    hub.threshold_met()
    hub.rate(Rag.AMBER, by=SERGEANT)
    hub.direct(by=SERGEANT)
    hub.nothing_from(*sorted(way.asked))
    for other in PATHWAYS:
        if other.own_step is not None and other is not way:
            before = hub.case
            with pytest.raises(Refused) as refused:
                other.own_step(hub)
            assert refused.value.reason in {
                "not_a_hate_crime",
                "not_exploitation",
                "service_not_concerned",
                "not_adult_protection",
            }
            assert hub.case == before


@pytest.mark.parametrize(
    "way", [w for w in PATHWAYS if w.stays_out_with is not None], ids=lambda way: way.category.value
)
def test_a_category_stays_out_of_the_hub_in_its_own_way_b02_b06(way: Pathway) -> None:
    if way.refused_as is not None:
        with pytest.raises(Refused, match=way.refused_as):
            referred(way, **(way.stays_out_with or {}))
        return
    hub = referred(way, **(way.stays_out_with or {}))
    (notice,) = of_type(hub.sent, OutcomeNotified)
    assert notice.outcome == way.stays_out_as and needs.stage(hub.case) == "closed"
    assert hub.wait(timedelta(days=5)) == []


@each
def test_whatever_its_category_a_new_referral_is_red_or_amber_b02_e09_i12(way: Pathway) -> None:
    """And a professional concern is never BLUE, not even as routine involvement of an open case."""
    hub = referred(way, **way.enters_with)
    hub.threshold_met()
    with pytest.raises(Refused, match="blue_for_new_referral"):
        hub.rate(Rag.BLUE, by=SERGEANT, open_case_worker="W-7")
    routine = referred(way, **way.enters_with, routine=True)
    routine.threshold_met()
    if way.category is Category.PROFESSIONAL_CONCERN:
        with pytest.raises(Refused, match="blue_for_new_referral"):
            routine.rate(Rag.BLUE, by=SERGEANT, open_case_worker="W-7")
    else:
        routine.rate(Rag.BLUE, by=SERGEANT, open_case_worker="W-7")
        assert routine.case.rating is not None and routine.case.rating.rag is Rag.BLUE
