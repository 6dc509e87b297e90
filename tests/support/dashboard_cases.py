"""Further cases for a hub with a dashboard over it, for the tests that look at what these have."""

from __future__ import annotations

from collections.abc import Callable

from messages.escalation import DisclosureDisputed
from messages.words import RiskFlag
from tests.support import adult_pathway
from tests.support.dashboard import Scene
from tests.support.procedure import (
    MANAGER,
    SERGEANT,
    Procedure,
    element,
    release,
    sanitised,
    secret,
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
