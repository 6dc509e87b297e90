"""From a delivery to a message, or to a rejection: the first checks of everything that comes in.

Size, sender, shape, version and seal are the codec's; authority and state are the agent's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from agents.runtime.made_here import HEADER
from agents.runtime.tracing import OpenSpan
from broker.port import Delivery
from messages.codec import from_wire, peek
from messages.confidential import Confidential
from messages.envelope import Envelope
from messages.refusal import Unacceptable
from messages.sealing import WireKeys
from store.port import Quarantined

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}")


@dataclass(slots=True, eq=False)
class Incoming:
    """A message that could be opened, on its way through the runtime.

    ``texts`` are its sealed texts, the same values that stand in the payload; ``key`` the document it is
    about; ``found`` what the agent's `prepare` found for it. ``redriven`` is set when an
    operator took it out of quarantine.
    """

    delivery: Delivery
    envelope: Envelope
    texts: Sequence[Confidential]
    key: str = ""
    found: Any = None
    redriven: bool = False
    span: OpenSpan | None = None

    def put_away(self) -> None:
        """Its step stands: whatever holds on to its payload has references from now on, and no texts."""
        for text in self.texts:
            text.put_away()

    @property
    def message_id(self) -> str:
        return self.envelope.id


@dataclass(frozen=True, slots=True)
class Rejection:
    """A message that is not accepted: which, why, and what its sender may do. Never content."""

    delivery: Delivery
    message_id: str
    type: str
    subject: str
    reason: str
    remedy: str
    fields: tuple[str, ...] = field(default=())
    traceparent: str | None = None


def open_delivery(delivery: Delivery, me: str, keys: WireKeys) -> Incoming | Rejection:
    """The message in a delivery, or why it cannot be one."""
    try:
        envelope, texts = from_wire(delivery.body, user=delivery.user, me=me, keys=keys)
    except Unacceptable as why:
        return rejection_of(delivery, why.reason, why.remedy, why.fields)
    return Incoming(delivery, envelope, texts)


def rejection_of(delivery: Delivery, reason: str, remedy: str, fields: tuple[str, ...] = ()) -> Rejection:
    """A rejection of a message that could not be read, or not be handled."""
    seen = peek(delivery.body)
    message_id = seen.get("id") or sound(delivery.message_id)
    if message_id is None:
        message_id = f"unreadable-{sha256(delivery.body).hexdigest()[:24]}"
    return Rejection(
        delivery=delivery,
        message_id=message_id,
        type=seen.get("type") or sound(delivery.type) or "unknown",
        subject=seen.get("subject") or message_id,
        reason=reason,
        remedy=remedy,
        fields=fields,
        traceparent=seen.get("traceparent"),
    )


def sound(text: str | None) -> str | None:
    """An identifier that came from outside, if it looks like one."""
    return text if text is not None and _ID.fullmatch(text) else None


def quarantined(rejection: Rejection, now: datetime) -> Quarantined:
    """How a rejected message goes into quarantine."""
    delivery = rejection.delivery
    headers = {"traceparent": rejection.traceparent, HEADER: sound(delivery.headers.get(HEADER))}
    return Quarantined(
        message_id=rejection.message_id,
        queue=delivery.origin_queue or delivery.queue,
        type=rejection.type,
        routing_key=sound(delivery.routing_key) or "unknown",
        reason=rejection.reason,
        fields=rejection.fields,
        user=delivery.user,
        at=now,
        attempts=delivery.attempt,
        headers={name: value for name, value in headers.items() if value is not None},
        body=delivery.body,
        remedy=rejection.remedy,
    )
