"""From a message to bytes and back: the one place where content is sealed and opened.

Outgoing: `to_outbox` (when a step decides; content becomes references), then `to_wire` (when the
relay sends; references become sealed texts). Incoming: `from_wire`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from messages.catalogue import CATALOGUE
from messages.confidential import Confidential, WritesContent
from messages.envelope import Attributes, Envelope, wire_party
from messages.jwe import CannotOpen
from messages.parties import HUB, kind_of
from messages.refusal import Unacceptable, field_problems
from messages.sealing import (
    KeepingContext,
    OpeningContext,
    SealingContext,
    WireKeys,
    kept_refs,
    put_in_places,
    seal,
    unseal,
)
from messages.strict_json import parse_object
from messages.words import Id, Said

MAX_BYTES = 262_144
_DATA = ', "data": '
_UNREADABLE = "(whole): json_invalid"
_REF_DIGITS = 32

_Model = TypeVar("_Model", bound=BaseModel)


def to_outbox(envelope: Envelope) -> tuple[str, list[str]]:
    """The message as JSON text with vault references, and the texts that are new to the vault.

    New texts get the references ``<message id>#0``, ``#1`` and so on, in order.
    """
    keeping = KeepingContext(envelope.id)
    return _event(envelope, keeping), keeping.new_texts


def to_wire(outbox_body: str, texts: Mapping[str, str], keys: WireKeys) -> bytes:
    """The bytes to send: every reference in the body replaced by its text, sealed for the receiver.

    Raises KeyError when ``texts`` lacks a reference, LookupError when there is no key for the party.
    """
    refs = list(dict.fromkeys(kept_refs(outbox_body)))
    if not refs:
        return outbox_body.encode()
    head = json.loads(outbox_body[: outbox_body.index(_DATA)] + "}")
    placed = put_in_places(outbox_body, {ref: place for place, ref in enumerate(refs)})
    return _with_sealed(placed, [texts[ref] for ref in refs], head, keys)


def plain_wire(envelope: Envelope, keys: WireKeys) -> bytes:
    """A message straight to bytes, for a sender that keeps no outbox (the CLI, a desk)."""
    sealing = SealingContext()
    event = _event(envelope, sealing)
    if not sealing.texts:
        return event.encode()
    head = {"id": envelope.id, "source": envelope.source, "recipient": envelope.recipient}
    return _with_sealed(event, sealing.texts, head, keys)


def _event(envelope: Envelope, context: WritesContent) -> str:
    data = envelope.payload.model_dump_json(context=context, exclude_none=True)
    attributes = {
        "specversion": "1.0",
        "id": envelope.id,
        "source": envelope.source,
        "type": envelope.type,
        "subject": envelope.subject,
        "time": envelope.time.astimezone(UTC).isoformat(),
        "datacontenttype": "application/json",
        "recipient": envelope.recipient,
        "lane": envelope.lane,
        "correlationid": envelope.correlation_id,
        "causationid": envelope.causation_id,
        "traceparent": envelope.traceparent,
        "tracestate": envelope.tracestate,
    }
    head = json.dumps({name: value for name, value in attributes.items() if value is not None})
    return f"{head[:-1]}{_DATA}{data}}}"


def _with_sealed(event: str, texts: list[str], head: Mapping[str, str], keys: WireKeys) -> bytes:
    party = wire_party(head["source"], head["recipient"])
    token = seal(texts, head["id"], keys.of(party), party)
    return f'{event[:-1]}, "sealed": "{token}"}}'.encode()


def received_ref(body: bytes) -> str:
    """The reference under which the vault keeps the texts of a message that came in.

    It is made of the whole message: a sender that gives two messages the same id, whoever's and whatever
    they are about, must not make the one stand for the content of the other.
    """
    return sha256(body).hexdigest()[:_REF_DIGITS]


def from_wire(
    body: bytes, *, user: str | None, me: str, keys: WireKeys
) -> tuple[Envelope, Sequence[Confidential]]:
    """Check and open an incoming message: size, sender, shape, version, seal, payload, in that order.

    ``user`` is the party that the broker vouches for; ``me`` is the receiving party. Returns the
    message and its sealed texts in order: the very values that stand in the payload, with the references
    ``<received_ref>#<n>``.

    Raises
    ------
    Unacceptable
        with a reason, field paths and a remedy, and no content.
    """
    if len(body) > MAX_BYTES:
        raise Unacceptable("too_large")
    if user is None:
        raise Unacceptable("sender_unknown")
    parse_object(body)
    head = _read(Attributes, body)
    if not isinstance(head, Attributes):
        raise Unacceptable("not_json" if head == (_UNREADABLE,) else "envelope_invalid", head)
    if head.source != user:
        raise Unacceptable("sender_mismatch", ("source",))
    if head.recipient != me or HUB not in (head.source, me):
        raise Unacceptable("wrong_recipient", ("recipient",))
    declaration = CATALOGUE.get(head.type)
    if declaration is None:
        raise Unacceptable("unsupported_version", ("type",))
    if kind_of(head.source) not in declaration.senders or kind_of(me) not in declaration.receivers:
        raise Unacceptable("not_for_you", ("type",))
    texts = _opened(head, keys)
    if texts is None:
        raise Unacceptable("not_sealed", ("sealed",))
    opening = OpeningContext(texts, received_ref(body))
    event = _read(_event_of(declaration.payload), body, opening)
    if isinstance(event, tuple):
        kinds = {problem.rpartition(": ")[2] for problem in event}
        if head.sealed is None and "place_unknown" in kinds:
            raise Unacceptable("not_sealed", ("sealed: missing", *event))
        raise Unacceptable("not_sealed" if "not_sealed" in kinds else "payload_invalid", event)
    envelope = Envelope(
        id=head.id,
        source=head.source,
        recipient=head.recipient,
        subject=head.subject,
        time=head.time,
        payload=cast(Any, event).data,
        lane=head.lane,
        correlation_id=head.correlationid,
        causation_id=head.causationid,
        traceparent=head.traceparent,
        tracestate=head.tracestate,
    )
    return envelope, opening.values


def peek(body: bytes) -> dict[str, str]:
    """What can be told of a message that was refused: its id, type and subject where they are sound.

    Never raises, never returns anything but short identifiers.
    """
    try:
        raw = parse_object(body[: MAX_BYTES + 1])
    except Unacceptable:
        return {}
    found: dict[str, str] = {}
    for name in ("id", "type", "subject", "traceparent"):
        try:
            found[name] = _Peeked.model_validate({"value": raw.get(name)}).value
        except ValidationError:
            continue
    return found


class _Peeked(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)
    value: Id


def _read(
    model: type[_Model], body: bytes, context: OpeningContext | None = None
) -> _Model | tuple[str, ...]:
    """The model, or what is wrong. Strict: a number is not a truth value, nor a moment a number.

    Problems are returned and not raised, because an exception raised while another is handled keeps
    the other as its context, and a validation error holds the input.
    """
    try:
        return model.model_validate_json(body, strict=True, context=context)
    except ValidationError as error:
        return field_problems(error)


@cache
def _event_of(payload: type[Said]) -> type[BaseModel]:
    """A model of the event around this payload."""
    return create_model(f"EventOf{payload.__name__}", data=(payload, ...))


def _opened(head: Attributes, keys: WireKeys) -> list[str] | None:
    """The texts sealed in a message; None when they are not for this message and receiver."""
    if head.sealed is None:
        return []
    try:
        return unseal(head.sealed, head.id, keys.of(wire_party(head.source, head.recipient)))
    except (CannotOpen, LookupError):
        return None
