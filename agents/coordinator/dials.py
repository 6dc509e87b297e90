"""The DIALs of the hub: each message type to its rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from agents.coordinator import brought, counted, domestic_abuse, retention
from agents.coordinator.brought import Known
from agents.coordinator.dial_record import Dial, stage
from agents.coordinator.parts import SimplePart
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Refused
from messages.dial import DialAlerted, DialCheckRecorded, DialHistoryRecorded, DialReceived, DialScreened
from messages.envelope import Envelope
from messages.notices import MessageRejected
from messages.words import Said
from store.port import Facet

Rule = Callable[[Dial, Any, Setting], Decided[Dial]]

RULES: dict[type[Said], Rule] = {
    DialHistoryRecorded: domestic_abuse.record_history,
    DialCheckRecorded: domestic_abuse.record_check,
    DialAlerted: domestic_abuse.alert,
}
"""What changes a DIAL by itself, and the rule that says how."""


class Dials(SimplePart[Dial]):
    """A part of the coordinator: one document for each DIAL."""

    prefix = domestic_abuse.PREFIX
    state: type[Dial] = Dial
    payloads: frozenset[type[Said]] = frozenset({DialReceived, DialScreened, *RULES})
    unhurried: frozenset[type[Said]] = frozenset({DialReceived, DialHistoryRecorded, DialCheckRecorded})

    def key(self, envelope: Envelope) -> str:
        """The same whenever the same source sends the same DIAL."""
        said = envelope.payload
        if isinstance(said, DialReceived):
            return domestic_abuse.key_of(said.source, said.dial_id)
        return envelope.subject

    def begins(self, envelope: Envelope) -> bool:
        """A DIAL that comes in."""
        return isinstance(envelope.payload, DialReceived)

    def facets(self, state: Dial) -> Mapping[str, Facet]:
        """What lists filter and sort by: codes, ids and times."""
        return {
            "dial_id": state.dial_id,
            "source": state.source,
            "authority": state.authority,
            "stage": stage(state, self.partnership),
            "received_at": state.received_at.isoformat(),
            "urgent": state.tier_2.rag.value if state.tier_2 else None,
            **counted.facets(state.received_at, counted.of_dial(state), self.partnership.clocks),
            **retention.facets(state, self.partnership),
        }

    async def prepare(self, envelopes: Sequence[Envelope]) -> dict[str, Any]:
        """What became of the cases that these DIALs brought. [H09]"""
        asking = [e for e in envelopes if isinstance(e.payload, DialScreened | MessageRejected)]
        known = await brought.look_up(self.store, {e.subject for e in asking}) if asking else Known()
        return {e.id: known for e in asking}

    def decide(self, state: Dial | None, envelope: Envelope, now: datetime, found: Any) -> Decided[Dial]:
        """What follows from a message."""
        said = envelope.payload
        setting = self.setting(envelope, now)
        if isinstance(said, DialReceived):
            if state is not None:
                raise Refused("dial_known", "This dial_id has been received from this source.")
            return domestic_abuse.receive(said, self.key(envelope), setting)
        if state is None:
            raise Refused("dial_unknown", "Set subject to the key of a DIAL.", fields=("subject",))
        known = found or Known()
        if isinstance(said, DialScreened):
            return domestic_abuse.screen(state, said, setting, known)
        if isinstance(said, MessageRejected):
            return domestic_abuse.rejected(state, said, setting, known)
        return RULES[type(said)](state, said, setting)
