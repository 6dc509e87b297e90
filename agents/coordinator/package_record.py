"""What a case keeps of each package: what led to it, what went out, what came back. [C07, D14, D19, D20]"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from agents.coordinator.stored import Stored
from messages.confidential import Confidential
from messages.package import PackageIssued
from messages.words import (
    Actor,
    Code,
    Course,
    Id,
    Rationale,
)


class Assessment(Stored):
    """The hub's assessment with its suggested course. [G02]

    ``words`` are what its texts are searched by, see `hidden_words`. [D13] ``repeated`` are the vault
    references of what leaves and is repeated in it. [A05] ``evidence`` counts the answers that it rested on.
    [A03]
    """

    by: Actor
    at: datetime
    evidence: int = 0
    round: int
    course: Course
    urgent_facts: Confidential | None
    rationale: Rationale
    words: str = ""
    repeated: tuple[str, ...] = ()


class Agreement(Stored):
    """A manager's agreement that the package of a round goes out, and what to do about gaps. [D19, E12]"""

    by: Actor
    at: datetime
    round: int
    if_incomplete: Literal["wait", "partial_at_due"]
    rationale: Rationale


class PackageRecord(Stored):
    """A package or supplement that went out, as it went out but for the texts, which are references to the
    vault. Never changed afterwards. [C07, D14]"""

    issued: PackageIssued
    recipients: tuple[Code, ...]
    acknowledged_by: tuple[Code, ...] = ()

    @property
    def package_id(self) -> str:
        return self.issued.package_id

    @property
    def version(self) -> int:
        return self.issued.version

    @property
    def kind(self) -> str:
        """``full``, ``partial`` or ``supplement``."""
        return self.issued.kind

    @property
    def round(self) -> int:
        return self.issued.round

    @property
    def issued_at(self) -> datetime:
        return self.issued.issued_at

    @property
    def due_at(self) -> datetime:
        return self.issued.due_at

    @property
    def on_time(self) -> bool:
        return self.issued.on_time

    @property
    def waiting_for(self) -> tuple[str, ...]:
        return self.issued.waiting_for

    @property
    def sha256(self) -> str:
        return self.issued.sha256

    @property
    def elements(self) -> tuple[str, ...]:
        """The ids of the elements in it."""
        return tuple(element.element_id for element in self.issued.elements)

    @property
    def texts(self) -> tuple[str, ...]:
        """The vault references of what left, element by element."""
        return tuple(element.text.ref or "" for element in self.issued.elements)


class TaskBack(Stored):
    """A team's request for more that waits for the round under way to end. [D20]"""

    team: Code
    question: Confidential
    words: str = ""
    at: datetime


class RecordBack(Stored):
    """What an agency was asked to record in its own system. [L12]"""

    record_id: Id
    agency: Code
    package_id: Id
    elements: tuple[Id, ...] = ()
    due_at: datetime
    acknowledged_at: datetime | None = None


class Ending(Stored):
    """A manager ended the hub's part in the case, and who was silent then. [A07, C06]"""

    by: Actor
    at: datetime
    rationale: Rationale
    silent: tuple[Code, ...] = ()


class Outcome(Stored):
    """The course that a field team took; theirs, beside the hub's suggestion. [G03]"""

    team: Code
    by: Actor
    at: datetime
    course: Course
    package_id: Id
