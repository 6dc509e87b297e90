"""What the simpler parts of the coordinator have in common: no look-ups, and by default no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from agents.coordinator.setting import Setting, hashing_with
from agents.deciding import Decided, Fact, Unreadable
from agents.partnership import Partnership
from messages.envelope import Envelope
from messages.notices import MessageRejected
from messages.parties import HUB

Kept = TypeVar("Kept")


class SimplePart(Generic[Kept]):
    """Base of a part whose documents are changed by messages alone."""

    party = HUB

    def __init__(self, partnership: Partnership, index_key: bytes) -> None:
        self.partnership = partnership
        self._keyed_hash = hashing_with(index_key)

    def begins(self, envelope: Envelope) -> bool:
        """Its documents are looked for first."""
        return False

    def due(self, state: Kept) -> datetime | None:
        """Never."""
        return None

    async def prepare(self, envelopes: Sequence[Envelope]) -> Mapping[str, Any]:
        """Nothing."""
        return {}

    def fire(self, state: Kept, now: datetime) -> Decided[Kept]:
        """Nothing: no time of its own ever comes."""
        return Decided(state)

    def unreadable(self, state: Kept, message: Unreadable, now: datetime) -> Decided[Kept] | None:
        """No news."""
        return None

    def setting(self, envelope: Envelope, now: datetime) -> Setting:
        """The circumstances of a decision on this message."""
        return Setting(now, self.partnership, envelope.id, envelope.source, self._keyed_hash)


def noted(state: Kept, said: MessageRejected) -> Decided[Kept]:
    """Somebody did not take what the hub sent: that goes on the record."""
    detail = {"rejected_id": said.rejected_id, "type": said.rejected_type, "reason": said.reason}
    return Decided(state, (), (Fact("message.rejected", detail=detail),))
