"""The coordinator: the hub's own agent, made of parts that each keep documents of one kind.

A part is to its documents what an agent is (`agents.deciding.Agent`). A message belongs to the part that
takes its type; a rejection, to the part whose documents have keys like its subject.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from agents.coordinator.cases import Cases
from agents.coordinator.daily_rounds import DailyRounds
from agents.coordinator.dials import Dials
from agents.coordinator.ending import Endings
from agents.coordinator.missing_people import MissingPeople
from agents.coordinator.watch import Watching
from agents.deciding import Agent, Decided, NoticesUnreadable, Refused, Unreadable
from agents.partnership import Partnership
from messages.envelope import Envelope
from messages.notices import MessageRejected
from messages.parties import HUB
from messages.words import Said
from store.port import Facet, Store


class Part(Agent[Any], NoticesUnreadable[Any], Protocol):
    """Documents of one kind, and an agent to them alone.

    Their keys begin with ``prefix``, their states are of the type ``state``, and messages with these
    ``payloads`` are theirs.
    """

    @property
    def prefix(self) -> str: ...

    @property
    def state(self) -> type[Any]: ...

    @property
    def payloads(self) -> frozenset[type[Said]]: ...


class Coordinator:
    """The hub's own agent.

    ``index_key`` makes the keyed hashes by which the hub finds its earlier cases about the same people
    and protects sources; ``store`` is only asked for what is there already.
    """

    party = HUB

    def __init__(self, partnership: Partnership, store: Store, index_key: bytes) -> None:
        rounds, watching = DailyRounds(partnership, store, index_key), Watching(partnership, store, index_key)
        self._parts: tuple[Part, ...] = (
            Cases(partnership, store, index_key),
            rounds,
            Dials(partnership, store, index_key),
            MissingPeople(partnership, store, index_key),
            watching,
        )
        self._endings = Endings(partnership, store, index_key)
        self._begins = (rounds, watching)
        self._by_payload = {payload: part for part in self._parts for payload in part.payloads}
        self._by_state = {part.state: part for part in self._parts}
        self.unhurried = frozenset[type[Said]]().union(*(part.unhurried for part in self._parts))

    def begin(self) -> Sequence[tuple[str, Said]]:
        """What the hub says to itself when it starts."""
        return [said for part in self._begins for said in part.begin()]

    def key(self, envelope: Envelope) -> str:
        """The document that a message is about."""
        return self._part(envelope).key(envelope)

    def begins(self, envelope: Envelope) -> bool:
        """Whether a message is as a rule the first about its document."""
        return self._part(envelope).begins(envelope)

    def load(self, key: str, text: str) -> Any:
        """A document from its stored form."""
        return self._of_key(key).load(key, text)

    def dump(self, state: Any) -> str:
        """The stored form of a document."""
        return self._of(state).dump(state)

    def facets(self, state: Any) -> Mapping[str, Facet]:
        """What lists filter and sort by; ``kind`` tells documents of one part from those of another."""
        part = self._of(state)
        return {"kind": part.state.__name__.lower(), **part.facets(state)}

    def due(self, state: Any) -> datetime | None:
        """The earliest moment at which `fire` has something to do."""
        return self._of(state).due(state)

    async def prepare(self, envelopes: Sequence[Envelope]) -> Mapping[str, Any]:
        """What each part looks up for its messages."""
        by_part: dict[int, list[Envelope]] = {}
        for envelope in envelopes:
            if not self._endings.concerns(envelope):
                by_part.setdefault(self._parts.index(self._part(envelope)), []).append(envelope)
        found: dict[str, Any] = {**await self._endings.prepare(envelopes)}
        for place, own in by_part.items():
            found |= await self._parts[place].prepare(own)
        return found

    def decide(self, state: Any, envelope: Envelope, now: datetime, found: Any) -> Decided[Any]:
        """What follows from a message. Raises `agents.deciding.Refused`: also for what is said about a
        document of another kind."""
        if self._endings.concerns(envelope):
            return self._endings.decide(state, envelope, now, found)
        part = self._part(envelope)
        if state is not None and not isinstance(state, part.state):
            raise Refused(
                "wrong_document",
                "Set subject to the key of a document that such a message is about: C-… is a case, D-… a "
                "DIAL, M-… a missing person, round/… a daily round.",
                fields=("subject",),
            )
        if not isinstance(envelope.payload, MessageRejected):
            self._endings.require_content(state, envelope)
        return part.decide(state, envelope, now, found)

    def fire(self, state: Any, now: datetime) -> Decided[Any]:
        """What follows from a due time."""
        return self._of(state).fire(state, now)

    def unreadable(self, state: Any, message: Unreadable, now: datetime) -> Decided[Any] | None:
        """What a part makes of a message that could not be read."""
        return self._of(state).unreadable(state, message, now)

    def _part(self, envelope: Envelope) -> Part:
        return self._by_payload.get(type(envelope.payload)) or self._of_key(envelope.subject)

    def _of(self, state: Any) -> Part:
        return self._by_state[type(state)]

    def _of_key(self, key: str) -> Part:
        """The part with such keys; what is none of theirs is said of a case, which then is not known."""
        return next((part for part in self._parts if key.startswith(part.prefix)), self._parts[0])
