"""The coordinator with all its documents under test: cases, DIALs, missing children, daily rounds.

Every message goes through the codec, as on the wire; what the hub says to itself is delivered at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from agents.coordinator.case import Case
from agents.coordinator.coordinator import Coordinator
from agents.deciding import Decided, Fact, Sending
from agents.partnership import Partnership
from messages.codec import from_wire, to_outbox, to_wire
from messages.envelope import Envelope
from messages.parties import HUB
from messages.referral import ReferralReceived
from messages.words import Said
from store.port import Facet
from tests.support.procedure import KEYS, PARTNERSHIP

TUESDAY = datetime(2012, 3, 6, 8, 0, tzinfo=UTC)


class WholeHub:
    """Everything that the coordinator keeps, in hub time."""

    def __init__(self, partnership: Partnership = PARTNERSHIP, start: datetime = TUESDAY) -> None:
        self.now = start
        self.partnership = partnership
        self.documents: dict[str, Any] = {}
        self.sent: list[Sending] = []
        self.facts: list[tuple[str, Fact]] = []
        self._vault: dict[str, str] = {}
        self._ids = itertools.count(1)
        self.coordinator = Coordinator(partnership, self, b"i" * 32)  # type: ignore[arg-type]
        for message_id, said in self.coordinator.begin():
            self._deliver(Envelope(message_id, HUB, HUB, message_id, self.now, said))

    async def keys_with_any(self, name: str, values: Sequence[str], limit: int) -> list[str]:
        """As a store does."""
        return []

    def say(self, payload: Said, sender: str = "staff", about: str = "new") -> list[Sending]:
        """Deliver a message now; returns all that goes out. Raises `agents.deciding.Refused`."""
        before = len(self.sent)
        self._deliver(Envelope(f"m-{next(self._ids)}", sender, HUB, about, self.now, payload))
        return self.sent[before:]

    def wait(self, length: timedelta) -> list[Sending]:
        """Let time pass; every due time of every document fires at its moment."""
        until, before = self.now + length, len(self.sent)
        while due := min(((at, key) for key in self.documents if (at := self.due(key))), default=None):
            if due[0] > until:
                break
            self.now = max(self.now, due[0])
            self._take(due[1], self.coordinator.fire(self.documents[due[1]], self.now))
        self.now = until
        return self.sent[before:]

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

    def _deliver(self, envelope: Envelope) -> None:
        body, new_texts = to_outbox(envelope)
        self._vault |= {f"{envelope.id}#{n}": text for n, text in enumerate(new_texts)}
        wire = to_wire(body, self._vault, KEYS)
        arrived, texts = from_wire(wire, user=envelope.source, me=HUB, keys=KEYS)
        self._vault |= {text.ref: text.reveal() for text in texts if text.ref is not None}
        key = self.coordinator.key(arrived)
        found = ((), ()) if isinstance(arrived.payload, ReferralReceived) else None
        decided = self.coordinator.decide(self.documents.get(key), arrived, self.now, found)
        self._take(key, decided)

    def _take(self, key: str, decided: Decided[Any]) -> None:
        self.documents[key] = self.coordinator.load(key, self.coordinator.dump(decided.state))
        self.sent += decided.sending
        self.facts += [(key, fact) for fact in decided.facts]
        for sending in decided.sending:
            if sending.to == HUB:
                message_id = f"m-{next(self._ids)}"
                self._deliver(Envelope(message_id, HUB, HUB, key, self.now, sending.payload, sending.lane))
