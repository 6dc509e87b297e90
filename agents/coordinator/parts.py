"""What the simpler parts of the coordinator have in common: one document for each thing, and by default no
look-ups and no clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from agents.coordinator.setting import Setting, hashing_with
from agents.coordinator.stored import Stored
from agents.deciding import Decided, Fact, Sending, Unreadable
from agents.partnership import Partnership
from messages.envelope import Envelope, Lane
from messages.notices import MessageRejected
from messages.own import OwnMessageRefused
from messages.parties import HUB, STAFF
from messages.sealing import KeepingContext, KeptContext
from store.port import Store


class Document(Stored):
    """What a part keeps under a key."""

    key: str


Kept = TypeVar("Kept", bound=Document)
_State = TypeVar("_State")


class SimplePart(Generic[Kept]):
    """Base of a part. ``store`` is only asked for what is there already."""

    party = HUB
    state: type[Kept]

    def __init__(self, partnership: Partnership, store: Store, index_key: bytes) -> None:
        self.partnership = partnership
        self.store = store
        self.keyed_hash = hashing_with(index_key)

    def begins(self, envelope: Envelope) -> bool:
        """Its documents are looked for first."""
        return False

    def load(self, key: str, text: str) -> Kept:
        """A document from its stored form."""
        return self.state.model_validate_json(text, context=KeptContext())

    def dump(self, state: Kept) -> str:
        """The stored form of a document."""
        return state.model_dump_json(context=KeepingContext(state.key), exclude_defaults=True)

    def due(self, state: Kept) -> datetime | None:
        """Never."""
        return None

    async def prepare(self, envelopes: Sequence[Envelope]) -> dict[str, Any]:
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
        return Setting(now, self.partnership, envelope.id, envelope.source, self.keyed_hash)


def noted(
    state: _State, said: MessageRejected, key: str, setting: Setting, put_back: tuple[str, ...] = ()
) -> Decided[_State]:
    """Somebody did not take what the hub sent: that goes on the record of the document with this key. When it
    was the hub itself, staff are told, because nobody else would notice; ``put_back`` says what may be done
    again. [H07, I09]"""
    detail = {"rejected_id": said.rejected_id, "type": said.rejected_type, "reason": said.reason}
    alarm = OwnMessageRefused(document=key, type=said.rejected_type, reason=said.reason, put_back=put_back)
    own = setting.sender == HUB
    sending = (Sending(STAFF, alarm, Lane.URGENT),) if own else ()
    return Decided(state, sending, (Fact("message.rejected", detail=detail),))
