"""Further cases for a hub with a dashboard over it, for the tests that look at what these have."""

from __future__ import annotations

from collections.abc import Callable

from messages.escalation import DisclosureDisputed
from messages.words import RiskFlag
from tests.support import adult_pathway
from tests.support.dashboard import Scene
from tests.support.procedure import SERGEANT, Procedure, element, release, sanitised, secret, withhold

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
