"""Hate crime: its strands, what adult social care is told, and the level of response. [I02-I04, G3.20]"""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from messages.catalogue import Kind, declare
from messages.words import Actor, Code, Id, Rationale, Said


class HateStrand(StrEnum):
    """What the hostility was about. One crime may have several. [I02, I04]"""

    DISABILITY = "disability"
    RACE = "race"
    FAITH = "faith"
    SEXUAL_ORIENTATION = "sexual_orientation"
    TRANSGENDER = "transgender"


class HateCrime(Said):
    """What a referral of a hate crime says besides. [I02, I04]

    ``vulnerable_person`` is whether somebody vulnerable has been identified, a child included.
    """

    strands: tuple[HateStrand, ...] = Field(min_length=1, max_length=5)
    vulnerable_person: bool


class HateCrimeChecked(Said):
    """What adult social care is told with its check, so that it looks for repeat incidents. [I02]

    ``earlier_cases`` are the hub's earlier cases about the same people.
    """

    strands: tuple[HateStrand, ...] = Field(min_length=1, max_length=5)
    earlier_cases: tuple[Id, ...] = Field(default=(), max_length=50)


class ResponseLevel(Said):
    """The level of response in force, as the package shows it. [I03]"""

    level: Code
    by: Actor
    adult_social_care: Actor


@declare("hate_response.decided.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class HateResponseDecided(Said):
    """A Public Protection Co-ordinator sets the agencies' level of response, with adult social care. [I03]

    ``adult_social_care`` is who speaks for it; ``level`` is one of the partnership's ``response_levels``.
    """

    by: Actor
    adult_social_care: Actor
    level: Code
    rationale: Rationale
