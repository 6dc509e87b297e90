"""From a message to bytes and back: the one place where content is sealed and opened.

Outgoing: `to_outbox` (when a step decides; content becomes references), then `to_wire` (when the
relay sends; references become sealed texts). Incoming: `from_wire`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any, NoReturn, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from messages.catalogue import CATALOGUE, Kind
from messages.confidential import WritesContent
from messages.envelope import Envelope, Lane, wire_party
from messages.refusal import Unacceptable, field_problems
from messages.sealing import (
    CannotOpen,
    KeepingContext,
    OpeningContext,
    SealingContext,
    WireKeys,
    kept_refs,
    put_in_places,
    seal,
    unseal,
)
from messages.words import Id, Moment, Party

MAX_BYTES = 262_144
MAX_DEPTH = 40
_DATA = ', "data": '


class _Attributes(BaseModel):
    """The CloudEvents attributes of an incoming message."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    specversion: str = Field(pattern=r"^1\.0$")
    id: Id
    source: Party
    type: str = Field(max_length=128)
    subject: Id
    time: Moment
    recipient: Party
    lane: Lane
    correlationid: Id | None = None
    causationid: Id | None = None
    traceparent: str | None = Field(
        default=None, pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"
    )
    tracestate: str | None = Field(default=None, max_length=512)
    sealed: str | None = None
    data: dict[str, Any]


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


def from_wire(body: bytes, *, user: str | None, me: str, keys: WireKeys) -> tuple[Envelope, list[str]]:
    """Check and open an incoming message: size, sender, shape, version, seal, payload, in that order.

    ``user`` is the party that the broker vouches for; ``me`` is the receiving party. Returns the
    message and the list of its sealed texts (whose references are ``<message id>#<n>``).

    Raises
    ------
    Unacceptable
        with a reason, field paths and a remedy, and no content.
    """
    if len(body) > MAX_BYTES:
        raise Unacceptable("too_large")
    if user is None:
        raise Unacceptable("sender_unknown")
    raw = _parse(body)
    try:
        head = _Attributes.model_validate(raw)
    except ValidationError as error:
        raise Unacceptable("envelope_invalid", field_problems(error)) from None
    if head.source != user:
        raise Unacceptable("sender_mismatch", ("source",))
    if head.recipient != me:
        raise Unacceptable("wrong_recipient", ("recipient",))
    declaration = CATALOGUE.get(head.type)
    if declaration is None:
        raise Unacceptable("unsupported_version", ("type",))
    if Kind(head.source.split(".")[0]) not in declaration.senders:
        raise Unacceptable("not_for_you", ("type",))
    texts: list[str] = []
    if head.sealed is not None:
        try:
            texts = unseal(head.sealed, head.id, keys.of(wire_party(head.source, head.recipient)))
        except (CannotOpen, LookupError):
            raise Unacceptable("not_sealed", ("sealed",)) from None
    try:
        payload = declaration.payload.model_validate(head.data, context=OpeningContext(texts, head.id))
    except ValidationError as error:
        raise Unacceptable("payload_invalid", field_problems(error, "data.")) from None
    envelope = Envelope(
        id=head.id,
        source=head.source,
        recipient=head.recipient,
        subject=head.subject,
        time=head.time,
        payload=payload,
        lane=head.lane,
        correlation_id=head.correlationid,
        causation_id=head.causationid,
        traceparent=head.traceparent,
        tracestate=head.tracestate,
    )
    return envelope, texts


def peek(body: bytes) -> dict[str, str]:
    """What can be told of a message that was refused: its id, type and subject where they are sound.

    Never raises, never returns anything but short identifiers.
    """
    try:
        raw = _parse(body[: MAX_BYTES + 1])
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


def _parse(body: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(body, object_pairs_hook=_no_duplicates, parse_constant=_no_constants)
    except RecursionError:
        raise Unacceptable("too_deep") from None
    except ValueError:
        raise Unacceptable("not_json") from None
    if not isinstance(raw, dict):
        raise Unacceptable("not_json")
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _deeper_than(raw, MAX_DEPTH):
        raise Unacceptable("too_deep")
    return raw


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unacceptable("duplicate_key")
    return found


def _no_constants(name: str) -> NoReturn:
    raise Unacceptable("not_a_number")


def _deeper_than(value: object, depth: int) -> bool:
    level: list[object] = [value]
    for _ in range(depth):
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(cast(dict[str, object], item).values())
            elif isinstance(item, list):
                inner.extend(item)
        if not inner:
            return False
        level = inner
    return any(isinstance(item, dict | list) for item in level)
