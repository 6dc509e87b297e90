"""What an agent is to the runtime: a few pure functions over its own state.

The runtime does everything else: receiving, loading, committing, sending, retrying, acknowledging.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from messages.envelope import Envelope, Lane
from messages.words import Actor, Said
from store.port import Facet

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Sending:
    """A message to send. The runtime gives it an id, a time, its causes and its trace context.

    Confidential values in ``payload`` either refer to the vault or are new and go there first.
    """

    to: str
    payload: Said
    lane: Lane = Lane.ROUTINE


@dataclass(frozen=True, slots=True)
class Fact:
    """Something for the record: what happened, who did it, and codes, ids and times about it.

    ``detail`` holds JSON values only and never personal data or free text.
    """

    what: str
    by: Actor | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided(Generic[State]):
    """What follows from a message or a due time: the next state, messages and facts."""

    state: State
    sending: tuple[Sending, ...] = ()
    facts: tuple[Fact, ...] = ()


class Refused(Exception):
    """The message can be read but must not take effect: a right is missing, or the state forbids it.

    The sender gets ``message.rejected`` with the reason, the fields and the remedy; the refusal goes on
    the record of the document where there is one. Never carries content.
    """

    def __init__(
        self, reason: str, remedy: str, *, fields: tuple[str, ...] = (), by: Actor | None = None
    ) -> None:
        self.reason = reason
        self.remedy = remedy
        self.fields = fields
        self.by = by
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message about a known document that could not be read, from a sender that the broker vouches for.

    ``sender`` is that party. ``type`` and the document are what the message says of itself.
    """

    message_id: str
    sender: str
    type: str
    reason: str


class Agent(Protocol[State]):
    """An agent: which document a message belongs to, and what follows from it."""

    @property
    def party(self) -> str:
        """Who this agent is on the wire: ``hub`` or ``agency.police``."""
        ...

    def key(self, envelope: Envelope) -> str:
        """The document that a message is about."""
        ...

    def begins(self, envelope: Envelope) -> bool:
        """Whether a message is as a rule the first about its document.

        The runtime then does not look for one, and decides as if there were none; should there be one
        after all, the write fails and the message is decided on again.
        """
        ...

    @property
    def unhurried(self) -> frozenset[type[Said]]:
        """Messages after which as a rule people come next: they may wait a moment for company."""
        ...

    def load(self, key: str, text: str) -> State:
        """The state of the document with this key from its stored form."""
        ...

    def dump(self, state: State) -> str:
        """The stored form of a state: JSON with references to the vault, no content."""
        ...

    def facets(self, state: State) -> Mapping[str, Facet]:
        """What lists filter and sort by."""
        ...

    def due(self, state: State) -> datetime | None:
        """The earliest moment at which `fire` has something to do."""
        ...

    async def prepare(self, envelopes: Sequence[Envelope]) -> Mapping[str, Any]:
        """Look-ups outside the hub that decisions need, by message id; the only I/O an agent has.

        Raising makes the runtime try these messages again later.
        """
        ...

    def decide(self, state: State | None, envelope: Envelope, now: datetime, found: Any) -> Decided[State]:
        """Pure: what follows from a message. ``found`` is what `prepare` found for it, or None.

        Raises `Refused`.
        """
        ...

    def fire(self, state: State, now: datetime) -> Decided[State]:
        """Pure: what follows from the due time having come."""
        ...


@runtime_checkable
class BeginsByItself(Protocol):
    """What an agent also has that says something to itself each time it starts."""

    def begin(self) -> Sequence[tuple[str, Said]]:
        """Message ids, always the same, with what is said: said again, it is known."""
        ...


@runtime_checkable
class NoticesUnreadable(Protocol[State]):
    """What an agent also has when an unreadable message is news: an answer that came and says nothing."""

    def unreadable(self, state: State, message: Unreadable, now: datetime) -> Decided[State] | None:
        """Pure: what follows from a message whose ``subject`` is this document's key and whose payload
        cannot be read; None when nothing does. Its sender gets ``message.rejected`` in any case.
        """
        ...
