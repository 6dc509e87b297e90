"""The envelope: CloudEvents 1.0 in structured JSON, with trace context and a message's place in its case.

Extension attributes: ``recipient`` and ``lane`` (routing), ``correlationid`` (the referral that began
it), ``causationid`` (the message that caused it), ``traceparent`` and ``tracestate`` (W3C), and
``sealed`` (the confidential texts).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from messages.catalogue import declaration_of
from messages.words import Id, Moment, Party, Said


class Lane(StrEnum):
    """RED work never queues behind routine work."""

    URGENT = "urgent"
    ROUTINE = "routine"


class Attributes(BaseModel):
    """The CloudEvents 1.0 attributes of a message of the hub, and its ``data``."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    specversion: Literal["1.0"] = Field(description="Always 1.0.")
    id: Id = Field(description="The message. A message that comes again keeps its id.")
    source: Party = Field(description="The sender: the party whose broker user publishes it.")
    type: str = Field(max_length=128, description="The message type with its version.")
    subject: Id = Field(description="The case; for a referral, which has none yet, the referral.")
    time: Moment = Field(description="When the message was made, with its UTC offset.")
    datacontenttype: Literal["application/json"] = Field(
        default="application/json", description="Always JSON."
    )
    recipient: Party = Field(description="The receiver: the first part of the routing key.")
    lane: Lane = Field(description="Urgent for RED work, which never waits behind routine work.")
    correlationid: Id | None = Field(default=None, description="The referral that began it all.")
    causationid: Id | None = Field(default=None, description="The message that this one follows from.")
    traceparent: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
        description="W3C trace context of the span that sent it.",
    )
    tracestate: str | None = Field(default=None, max_length=512, description="W3C trace state.")
    sealed: str | None = Field(
        default=None,
        description="The confidential texts: a compact JWE of a JSON list of strings.",
    )
    data: dict[str, Any] = Field(description="What the message says; each type has its schema.")


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
