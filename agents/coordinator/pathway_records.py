"""What a case keeps of the pathways of hate crime and child sexual exploitation. [I03, I05, I06]"""

from __future__ import annotations

from datetime import datetime

from agents.coordinator.stored import Stored
from messages.confidential import Confidential
from messages.words import (
    Actor,
    Code,
    Rationale,
)


class HateResponse(Stored):
    """A level of response to a hate crime, and the two who set it. [I03]

    ``evidence`` counts the answers that it rested on. [A03]
    """

    level: Code
    by: Actor
    adult_social_care: Actor
    at: datetime
    evidence: int = 0
    rationale: Rationale


class Completion(Stored):
    """Who completed the referral of an exploited child into social care: both of them. [I06]"""

    by: Actor
    cosigned_by: Actor
    at: datetime
    rationale: Rationale


class Advice(Stored):
    """Advice of the Exploitation Officer to staff of the hub. [I05]"""

    by: Actor
    advised: tuple[Actor, ...]
    topic: Code
    at: datetime
    advice: Confidential
