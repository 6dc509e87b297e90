"""Somebody who was reported missing, as the hub keeps them. [I08-I11, G3.22]"""

from __future__ import annotations

from datetime import datetime

from agents.coordinator.brought import Brought
from agents.coordinator.governance import Purge, Stay
from agents.coordinator.parts import Document
from agents.coordinator.stored import Stored
from messages.confidential import Confidential
from messages.referral import PersonConcerned
from messages.words import Code, Id, Part


class Report(Stored):
    """One report, and when it was made."""

    report_id: Id
    at: datetime


class MissingPerson(Document):
    """Everybody who was reported missing is one document for each source and reference.

    ``reports`` are in the order of their times; ``authority``, ``person`` and ``circumstances`` are those of
    the latest. ``person_hashes`` find the same person under another reference, ``same_as`` are the documents
    that were found so. ``brought`` are the hub's referrals that followed.
    """

    source: Code
    person_ref: Id
    authority: Code
    person: PersonConcerned
    circumstances: Confidential
    reports: tuple[Report, ...]
    person_hashes: tuple[str, ...] = ()
    same_as: tuple[Id, ...] = ()
    brought: tuple[Brought, ...] = ()
    purge: Purge | None = None
    stays: tuple[Stay, ...] = ()

    @property
    def is_child(self) -> bool:
        """Whether the latest report speaks of a child."""
        return self.person.part is Part.CHILD

    @property
    def cases(self) -> int:
        """How many referrals followed."""
        return len(self.brought)
