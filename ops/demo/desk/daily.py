"""What the desk does about what comes in day by day, in common: things that have a document of their own in
the hub's store and are no cases."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Generic, TypeVar

from agents.coordinator.stored import Stored
from agents.partnership import Partnership
from messages.sealing import KeptContext
from messages.words import Said
from ops.demo.desk.acts import Act
from ops.demo.desk.cast import Cast
from ops.demo.desk.post import Post

Kept = TypeVar("Kept", bound=Stored)


@dataclass(frozen=True, slots=True)
class Day:
    """What its people see besides the document. ``postponed`` is how much later everything comes than the
    script has it; ``rest_ended`` is whether nothing more can come before a round."""

    cast: Cast
    post: Post
    postponed: timedelta
    rest_ended: bool

    def refused(self, message_id: str) -> bool:
        """Whether the hub refused what somebody said."""
        return message_id in self.post.rejected

    def agendas_with(self, item: str, code: str | None) -> list[date]:
        """The days on whose agenda something was, in order."""
        agendas = self.post.agendas.get(code or "", {})
        return sorted(day for day, agenda in agendas.items() if item in {one.item for one in agenda.items})


@dataclass
class Daily(ABC, Generic[Kept]):
    """One of them on its way. ``key`` is its document, ``state`` the document as it was last seen."""

    name: str
    key: str
    model: type[Kept]
    state: Kept | None = None
    version: int = 0
    done: set[str] = field(default_factory=set)

    def see(self, text: str, version: int) -> None:
        """The document has changed."""
        self.state = self.model.model_validate_json(text, context=KeptContext())
        self.version = version

    def message_id(self, act: str) -> str:
        """The message of an act: the same however often it is sent."""
        return f"{self.name}/{act}"

    def subject(self, said: Said) -> str:
        """What a message is about: the document."""
        return self.key

    @abstractmethod
    def acts(self, day: Day) -> Iterator[Act]:
        """What people do next, done already or not."""

    @abstractmethod
    def ended(self, day: Day) -> bool:
        """Whether nothing more will happen."""


def held_at(partnership: Partnership, code: str, day: date) -> datetime:
    """When the round of a day begins."""
    at = datetime.combine(day, partnership.rounds[code].held_at, tzinfo=partnership.clocks.zone)
    return at.astimezone(UTC)
