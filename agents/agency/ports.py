"""What an agency plugs in: its records, its rules, and the place where it records what comes back.

The built-in worker needs nothing else. `agents.agency.csv_source`, `agents.agency.rules` and
`agents.agency.csv_sink` implement these for files.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from messages.checks import PersonMatch, SourceRecord
from messages.confidential import Confidential
from messages.package import RecordRequested
from messages.referral import PersonConcerned
from messages.words import Code, ElementChoice, OwnersRule, RiskFlag, Sanitised

SAME_PERSON = "same_person"
SEVERAL_FIT = "several_fit"
NOBODY = "nobody"


class Keyed:
    """Hashes of an agency's texts that nobody without its key can make, or test a guess with."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def digest(self, text: str) -> str:
        """A hash of a whole document."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def fingerprint(self, document: str, text: str) -> str:
        """What an element is known by."""
        return self.digest(f"{document}\n{text}")[:24]


@dataclass(frozen=True, slots=True)
class HeldElement:
    """The smallest piece of a record that can be decided by itself. [D08]

    ``owner`` is another agency when this one only holds it [D09]. ``suggestion`` is a text that may leave
    in place of ``text``, when the agency has prepared one. ``fingerprint`` is the same for as long as the
    record and the text stay the same; it is keyed, so that it says nothing of either (see `Keyed`).
    """

    text: Confidential
    kind: Code
    owner: Code
    marking: Code
    record: SourceRecord
    fingerprint: str
    risks: tuple[RiskFlag, ...] = ()
    source_words: tuple[Confidential, ...] = ()
    recorded_on: date | None = None
    suggestion: Sanitised | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up of one person came to.

    ``held_as`` are the agency's own references of the person it recognised. ``elements`` are there only
    when the match is ``same_person``. ``left_out`` counts records that the source left out as not relevant.
    """

    match: PersonMatch
    held_as: tuple[str, ...] = ()
    elements: tuple[HeldElement, ...] = ()
    left_out: int = 0


class RecordSource(Protocol):
    """The agency's records."""

    async def find(self, person: PersonConcerned) -> Found:
        """Recognise a person and give what is held about them.

        Raising anything makes the worker try again later, with growing delays.
        """
        ...

    async def recall(self, fingerprints: Collection[str]) -> Mapping[str, HeldElement]:
        """Elements given before, by `HeldElement.fingerprint`, as far as they are still held unchanged.

        A rule decides on what the records say now. A source that cannot do this returns an empty mapping,
        and people decide everything.
        """
        ...


class RecordSink(Protocol):
    """Where the agency records what the hub asks it to. [L12]"""

    async def write(self, request: RecordRequested) -> str:
        """Record it and return the reference of the entry, an `messages.words.Id`.

        The same ``record_id`` may come again: it is written once and has one reference.
        """
        ...


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a rule may look at: never the content of an element."""

    kind: Code
    marking: Code
    risks: frozenset[RiskFlag]
    purpose: Code
    suggestion: Sanitised | None = None


@dataclass(frozen=True, slots=True)
class ByRule:
    """A choice taken by a rule of the owner. [D23]"""

    rule: OwnersRule
    choice: ElementChoice


class DisclosurePolicy(Protocol):
    """The owner's say in advance."""

    def choose(self, element: Circumstances, now: datetime) -> ByRule | None:
        """The choice of the rule in force at ``now`` that fits, or None: a person has to decide."""
        ...
