"""The coordinator with all its documents under test, spoken to in messages and in hub time.

What it stands on differs: its rules alone, or its runtime on a broker and a store.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from agents.coordinator.case import Case
from agents.coordinator.coordinator import Coordinator
from agents.deciding import Fact, Sending
from agents.partnership import Partnership, bundled, read_partnership
from messages.envelope import Envelope
from messages.parties import HUB
from messages.sealing import WireKeys
from messages.words import Said
from store.port import Facet

KEYS = WireKeys(secret=b"k" * 32)
INDEX_KEY = b"i" * 32
PARTNERSHIP = read_partnership(bundled("staffordshire-2012"))
TUESDAY = datetime(2012, 3, 6, 8, 0, tzinfo=UTC)


class WholeHub(ABC):
    """Everything that the coordinator keeps and says. ``documents`` are by key, as last kept.

    ``said`` is what went out, in order, each with the document that it is about; ``facts`` what went on
    record, with the document whose record it is.
    """

    coordinator: Coordinator

    def __init__(self, partnership: Partnership) -> None:
        self.partnership = partnership
        self.documents: dict[str, Any] = {}
        self.said: list[tuple[str, Sending]] = []
        self.facts: list[tuple[str, Fact]] = []

    @property
    @abstractmethod
    def now(self) -> datetime:
        """Hub time."""

    @abstractmethod
    def deliver(self, payload: Said, sender: str, about: str) -> None:
        """A message, and all that the hub then says to itself. Raises `agents.deciding.Refused`."""

    @abstractmethod
    def unreadable(self, said: Said, sender: str, about: str) -> None:
        """A message of this kind whose content cannot be read."""

    @abstractmethod
    def pass_time(self, until: datetime) -> None:
        """Let every due time until then fire at its moment."""

    @abstractmethod
    def under(self, partnership: Partnership) -> None:
        """From now on the coordinator works by this one: it was changed, and the hub started again."""

    @abstractmethod
    def close(self) -> None:
        """End what runs."""

    def say(self, payload: Said, sender: str = "staff", about: str = "new") -> list[Sending]:
        """Deliver a message now; returns all that goes out. Raises `agents.deciding.Refused`."""
        before = len(self.said)
        self.deliver(payload, sender, about)
        return self.sent[before:]

    def wait(self, length: timedelta) -> list[Sending]:
        """Let time pass; every due time of every document fires at its moment."""
        before = len(self.said)
        self.pass_time(self.now + length)
        return self.sent[before:]

    @property
    def sent(self) -> list[Sending]:
        """All that went out."""
        return [sending for _, sending in self.said]

    def due(self, key: str) -> datetime | None:
        return self.coordinator.due(self.documents[key])

    def facets(self, key: str) -> Mapping[str, Facet]:
        return self.coordinator.facets(self.documents[key])

    def cases(self) -> list[Case]:
        """In the order in which they were opened."""
        return [found for found in self.documents.values() if isinstance(found, Case)]

    def recorded(self, what: str) -> list[Fact]:
        """The facts of one kind, in order."""
        return [fact for _, fact in self.facts if fact.what == what]

    def envelope(self, message_id: str, payload: Said, sender: str, about: str) -> Envelope:
        """A message to the hub at this moment."""
        return Envelope(message_id, sender, HUB, about, self.now, payload)
