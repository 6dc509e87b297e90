"""The coordinator's rules without its runtime: quick enough for thousands of tries.

Every message goes through the codec, as on the wire, and every document through its stored form; what the
hub says to itself is delivered at once.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from agents.coordinator.coordinator import Coordinator
from agents.deciding import Decided, Unreadable
from agents.partnership import Partnership
from messages.catalogue import declaration_of
from messages.codec import from_wire, to_outbox, to_wire
from messages.envelope import Envelope
from messages.parties import HUB
from messages.words import Said
from store.port import Kept
from tests.support.whole_hub import INDEX_KEY, KEYS, WholeHub


class HubByRules(WholeHub):
    """Everything in memory."""

    def __init__(self, partnership: Partnership, start: datetime) -> None:
        super().__init__(partnership)
        self._now = start
        self._vault: dict[str, str] = {}
        self._ids = 0
        self._begun: set[str] = set()
        self.under(partnership)

    @property
    def now(self) -> datetime:
        return self._now

    @property
    def texts(self) -> Mapping[str, str]:
        """What the vault has, by reference."""
        return self._vault

    def under(self, partnership: Partnership) -> None:
        self.partnership = partnership
        self.coordinator = Coordinator(partnership, self, INDEX_KEY)  # type: ignore[arg-type]
        for message_id, said in self.coordinator.begin():
            if message_id not in self._begun:
                self._begun.add(message_id)
                self._deliver(Envelope(message_id, HUB, HUB, message_id, self.now, said))

    def deliver(self, payload: Said, sender: str, about: str) -> None:
        self._deliver(self.envelope(self._new_id(), payload, sender, about))

    def unreadable(self, said: Said, sender: str, about: str) -> None:
        message = Unreadable(self._new_id(), sender, declaration_of(type(said)).type, "payload_invalid")
        decided = self.coordinator.unreadable(self.documents[about], message, self.now)
        if decided is not None:
            self._take(about, decided)

    def pass_time(self, until: datetime) -> None:
        while due := min(((at, key) for key in self.documents if (at := self.due(key))), default=None):
            if due[0] > until:
                break
            self._now = max(self._now, due[0])
            self._take(due[1], self.coordinator.fire(self.documents[due[1]], self._now))
        self._now = until

    def close(self) -> None:
        """Nothing runs."""

    def show(self, moment: datetime) -> None:
        """It is this moment now, and nothing fired on the way there."""
        self._now = moment

    def as_it_stands(self) -> HubByRules:
        """Another hub in the same state, with nothing said or recorded."""
        other = copy.copy(self)
        other.documents, other._vault = dict(self.documents), dict(self._vault)
        other.said, other.facts = [], []
        return other

    async def keys_with_any(self, name: str, values: Sequence[str], limit: int) -> list[str]:
        """As a store does."""
        wanted = set(values)
        found = [key for key in self.documents if wanted & set(_several(self.facets(key).get(name)))]
        return sorted(found)[:limit]

    async def load(self, keys: Sequence[str]) -> dict[str, Kept]:
        """As a store does."""
        there = [key for key in keys if key in self.documents]
        return {key: Kept(key, 1, self.coordinator.dump(self.documents[key])) for key in there}

    def _new_id(self) -> str:
        self._ids += 1
        return f"m-{self._ids}"

    def _deliver(self, envelope: Envelope) -> None:
        body, new_texts = to_outbox(envelope)
        self._vault |= {f"{envelope.id}#{n}": text for n, text in enumerate(new_texts)}
        wire = to_wire(body, self._vault, KEYS)
        arrived, texts = from_wire(wire, user=envelope.source, me=HUB, keys=KEYS)
        self._vault |= {text.ref: text.reveal() for text in texts if text.ref is not None}
        key = self.coordinator.key(arrived)
        found = self._found(arrived)
        decided = self.coordinator.decide(self.documents.get(key), arrived, self.now, found)
        self._take(key, decided)

    def _found(self, arrived: Envelope) -> Any:
        """What the coordinator looks up beforehand; nothing here has to be waited for."""
        looking = self.coordinator.prepare([arrived])
        try:
            looking.send(None)
        except StopIteration as done:
            return done.value.get(arrived.id)
        raise AssertionError("a look-up waited")

    def _take(self, key: str, decided: Decided[Any]) -> None:
        self.documents[key] = self.coordinator.load(key, self.coordinator.dump(decided.state))
        self.said += [(key, sending) for sending in decided.sending]
        self.facts += [
            (key, replace(fact, detail=json.loads(json.dumps(dict(fact.detail))))) for fact in decided.facts
        ]
        for sending in decided.sending:
            if sending.to == HUB:
                self._deliver(
                    Envelope(self._new_id(), HUB, HUB, key, self.now, sending.payload, sending.lane)
                )


def _several(facet: Any) -> Sequence[Any]:
    return facet if isinstance(facet, tuple) else (facet,)
