"""Messages on their way out: outbox entries as the broker takes them, and rejections."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from pydantic import TypeAdapter, ValidationError

from agents.deciding import Fact
from agents.runtime.opening import Rejection
from broker.port import Outbound
from messages.catalogue import declaration_of
from messages.codec import plain_wire, to_wire
from messages.envelope import Envelope, Lane, routing_key
from messages.notices import MessageRejected
from messages.parties import kind_of
from messages.sealing import WireKeys, kept_refs
from messages.words import Party
from store.port import OutboxEntry

REJECTED = declaration_of(MessageRejected)
_PARTY: TypeAdapter[str] = TypeAdapter(Party)
_LONGEST_ID = 128


@dataclass(frozen=True, slots=True)
class Ready:
    """An outbox entry of a document with what the broker wants to know of it. ``said`` is when."""

    key: str
    entry: OutboxEntry
    type: str
    routing_key: str
    headers: Mapping[str, str]
    said: datetime

    @classmethod
    def fresh(cls, key: str, envelope: Envelope, body: str) -> Ready:
        """Of a message that was just made."""
        full_type = envelope.type
        return cls(
            key=key,
            entry=OutboxEntry(envelope.id, body),
            type=full_type,
            routing_key=routing_key(envelope.recipient, envelope.lane, full_type),
            headers=_headers(envelope.traceparent, envelope.tracestate),
            said=envelope.time,
        )

    @classmethod
    def kept(cls, key: str, entry: OutboxEntry) -> Ready:
        """Of an entry that was found in the store."""
        event = json.loads(entry.body)
        return cls(
            key=key,
            entry=entry,
            type=event["type"],
            routing_key=routing_key(event["recipient"], event["lane"], event["type"]),
            headers=_headers(event.get("traceparent"), event.get("tracestate")),
            said=datetime.fromisoformat(event["time"]),
        )

    @property
    def recipient(self) -> str:
        """The party that it goes to."""
        return self.routing_key.removesuffix("." + self.type.removeprefix("mash.")).rpartition(".")[0]

    @property
    def refs(self) -> list[str]:
        """The vault references whose texts have to go with it."""
        return kept_refs(self.entry.body)

    def outbound(self, texts: Mapping[str, str], keys: WireKeys) -> Outbound:
        """The message as it travels. Raises KeyError when a text is missing."""
        return Outbound(
            message_id=self.entry.message_id,
            type=self.type,
            routing_key=self.routing_key,
            body=to_wire(self.entry.body, texts, keys),
            headers=self.headers,
        )


def _headers(traceparent: str | None, tracestate: str | None) -> dict[str, str]:
    named = {"traceparent": traceparent, "tracestate": tracestate}
    return {name: value for name, value in named.items() if value is not None}


def rejected(rejection: Rejection, me: str, now: datetime, traceparent: str | None = None) -> Envelope | None:
    """The message that tells a sender of a rejection; None when nobody can or should be told.

    Its id follows from that of the message, so that telling twice is telling once. A rejection is
    never rejected in turn: that could go on for ever.
    """
    sender = rejection.delivery.user
    if sender is None or rejection.type == REJECTED.type or not _can_be_told(sender):
        return None
    message_id = f"{rejection.message_id}.rejected"
    if len(message_id) > _LONGEST_ID:
        message_id = f"{sha256(rejection.message_id.encode()).hexdigest()}.rejected"
    return Envelope(
        id=message_id,
        source=me,
        recipient=sender,
        subject=rejection.subject,
        time=now,
        payload=MessageRejected(
            rejected_id=rejection.message_id,
            rejected_type=rejection.type,
            reason=rejection.reason,
            fields=rejection.fields,
            remedy=rejection.remedy,
            sent_by=sender,
            at=now,
        ),
        lane=Lane.URGENT if rejection.delivery.queue.endswith(f".{Lane.URGENT}") else Lane.ROUTINE,
        causation_id=rejection.message_id,
        traceparent=traceparent or rejection.traceparent,
    )


def _can_be_told(user: str) -> bool:
    try:
        return kind_of(_PARTY.validate_python(user)) in REJECTED.receivers
    except ValidationError:
        return False


def direct(envelope: Envelope, keys: WireKeys) -> Outbound:
    """A message on its way without a document."""
    return Outbound(
        message_id=envelope.id,
        type=envelope.type,
        routing_key=envelope.routing_key,
        body=plain_wire(envelope, keys),
        headers=_headers(envelope.traceparent, envelope.tracestate),
    )


def content_sent(ready: Sequence[Ready]) -> list[Fact]:
    """Whom content goes to, in which message: the relay's reading of the vault, on the record before it
    happens. [D15, duties of record]"""
    sent = [
        {"message": one.entry.message_id, "type": one.type, "texts": len(one.refs), "to": one.recipient}
        for one in ready
        if one.refs
    ]
    return [Fact("content.sent", detail={"messages": sent})] if sent else []
