"""The envelope: CloudEvents 1.0 in structured JSON, with trace context and a message's place in its case.

Extension attributes: ``recipient`` and ``lane`` (routing), ``correlationid`` (the referral that began
it), ``causationid`` (the message that caused it), ``traceparent`` and ``tracestate`` (W3C), and
``sealed`` (the confidential texts).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from messages.catalogue import declaration_of
from messages.words import Said


class Lane(StrEnum):
    """RED work never queues behind routine work."""

    URGENT = "urgent"
    ROUTINE = "routine"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message with everything that travels with it. ``time`` is in UTC; ``subject`` is the case id
    (for a referral, which has no case yet, the referral id)."""

    id: str
    source: str
    recipient: str
    subject: str
    time: datetime
    payload: Said
    lane: Lane = Lane.ROUTINE
    correlation_id: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None
    tracestate: str | None = None

    @property
    def type(self) -> str:
        """The full versioned type: ``mash.check.requested.v1``."""
        return declaration_of(self.payload).type

    @property
    def routing_key(self) -> str:
        """``<receiver>.<lane>.<type without prefix>``"""
        return routing_key(self.recipient, self.lane, self.type)


def routing_key(recipient: str, lane: str, full_type: str) -> str:
    """The key that leads a message to its receiver's queue."""
    return f"{recipient}.{lane}.{full_type.removeprefix('mash.')}"


def wire_party(source: str, recipient: str) -> str:
    """Whose wire key seals a message: that of whichever end is not the hub."""
    return recipient if source == "hub" else source
