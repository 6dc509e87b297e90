"""Further cases for a hub with a dashboard over it, for the tests that look at what these have."""

from __future__ import annotations

from collections.abc import Callable

from messages.escalation import DisclosureDisputed
from messages.hate_crime import HateResponseDecided
from messages.package import InformationRequested, OutcomeReported
from messages.words import Actor, Course, Rag, RiskFlag
from tests.support import adult_pathway, dashboard_tasks
from tests.support.dashboard import Scene
from tests.support.procedure import (
    CHILDRENS_TEAM,
    MANAGER,
    SERGEANT,
    WORKER,
    Procedure,
    element,
    release,
    sanitised,
    secret,
    why,
    withhold,
)

SAFE_TEXT = "CANARY-SAFE a person was seen near the address"
POSITION = "CANARY-POSITION the team has to know"
PLAN = "a visit today, then the bank"


def play(scene: Scene, steps: Callable[[Procedure], None]) -> str:
    """The id of a new case, after these steps, in the hub of a scene of a test's own."""
    at = Procedure.__new__(Procedure)
    at.whole, at._key = scene.hub, None
    scene.thread.submit(steps, at).result()
    return at.case.case_id


def about_an_adult(at: Procedure) -> None:
    """Both have signed that the threshold is met, discussed, planned and routed it. [F01-F06]"""
    adult_pathway.directed(at, referral_id="R-90")
    adult_pathway.met(adult_pathway.answered(at))


def with_ids_as_agencies_make_them(at: Procedure) -> None:
    """Ids of the length that agents and desks give them: of the case, the agency and a digest. One element is
    undiscussed, one withheld and disputed."""
    at.until_directed(referral_id="R-92")
    case = at.case.case_id
    first, second, third = (f"{case}/police/{digest * 6}" for digest in ("fb45", "09ca", "8dd1"))
    at.answer("police", *(element(one, "police", f"what {one} says") for one in (first, second, third)))
    at.nothing_from("education", "primary_care", "csc_staffordshire")
    at.discuss(first, second, discussion_id=f"{case}/discussion/1")
    at.decide(first, release())
    at.decide(second, withhold())
    at.say(
        DisclosureDisputed(
            by=MANAGER,
            dispute_id=f"{case}/dispute/1",
            element_id=second,
            ground="necessity",
            position=secret(f"{second} has to be known"),
        )
    )


def in_dispute(at: Procedure) -> None:
    """One element leaves in other words, one is withheld and disputed, one is not discussed. [D11, K]"""
    at.until_directed(referral_id="R-91")
    at.answer("police", element("a/9", "police", "the neighbour saw a man at the address"))
    risky = element("e/8", "education", "told by a friend", risks=(RiskFlag.SOURCE_AT_RISK,))
    at.answer("education", element("e/9", "education", "told to a teacher"), risky)
    at.nothing_from("primary_care", "csc_staffordshire")
    at.discuss("a/9", "e/9", discussion_id="D-9")
    at.decide("a/9", sanitised(SAFE_TEXT))
    at.decide("e/9", withhold())
    at.decide("e/9", release())
    at.decide("e/9", withhold())
    at.say(
        DisclosureDisputed(
            by=SERGEANT, dispute_id="X-9", element_id="e/9", ground="necessity", position=secret(POSITION)
        )
    )


def agreed_with_gaps(at: Procedure) -> None:
    """One agency is silent, and one was not asked but owns what another holds; a manager has agreed that the
    package leaves all the same. [C06, D09, E12]"""
    at.until_directed(referral_id="R-92")
    at.answer("police", element("a/7", "police"), element("h/7", "housing"))
    at.nothing_from("education", "primary_care")
    at.discuss("a/7", "h/7", discussion_id="D-7")
    at.decide("a/7", release())
    at.assess()
    at.agree("partial_at_due")


def asked_for_more(at: Procedure) -> None:
    """RED; a package with gaps went out, since an owner who was not asked is silent; a team did
    other than was suggested and asked for more; it is RED no longer. [D09, D20, E03, E12, G04]"""
    at.until_directed(Rag.RED, referral_id="R-94")
    at.answer("police", element("a/6", "police"), element("h/6", "housing"))
    at.nothing_from("education", "primary_care", "csc_staffordshire")
    at.discuss("a/6", "h/6", discussion_id="D-6")
    at.decide("a/6", release())
    at.assess()
    at.agree("partial_at_due")
    at.wait(at.partnership.clocks.red)
    package, course = at.case.packages[-1].package_id, Course.JOINT_INVESTIGATION
    at.say(OutcomeReported(by=WORKER, package_id=package, course=course), CHILDRENS_TEAM)
    question, why_asked = secret("who lives there"), secret("he is back")
    more = InformationRequested(
        by=WORKER, package_id=package, request_id="Q-6", question=question, why=why_asked
    )
    at.say(more, CHILDRENS_TEAM)
    at.rate(Rag.AMBER)


def answered_hate_crime(at: Procedure) -> None:
    """A level of response is decided. [I03]"""
    dashboard_tasks.a_hate_crime_checked(at, "R-95")
    coordinator = Actor(person="POL-PPC-01", role="public_protection_coordinator", agency="police")
    speaks = Actor(person="ASS-SP-01", role="senior_practitioner", agency="asc_staffordshire")
    at.say(
        HateResponseDecided(by=coordinator, adult_social_care=speaks, level="joint_response", rationale=why())
    )
