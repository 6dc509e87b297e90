"""How the port's values look as rows. Lists are JSON; times are microseconds (`store.moments`)."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

from store.moments import from_micros, to_micros
from store.port import AuditEntry, Blob, Facet, Kept, OutboxEntry, Quarantined, Step

DOCUMENT_COLUMNS = "key, version, due, audit_seq, audit_hash, facets, outbox, inbox, pending, sealed, state"


def document(step: Step) -> dict[str, Any]:
    """The whole row that a step leaves. ``open`` is set while something is to be sent or copied."""
    after = step.after
    at = to_micros(step.at)
    return {
        "key": after.key,
        "version": after.version,
        "at": at,
        "due": None if after.due is None else to_micros(after.due),
        "open": at if after.outbox or after.audit_pending or after.sealed else None,
        "audit_seq": after.audit_seq,
        "audit_hash": after.audit_hash,
        "facets": json.dumps(dict(after.facets)),
        "outbox": outbox(after.outbox),
        "inbox": json.dumps(sorted(after.inbox)),
        "pending": pending(after.audit_pending),
        "sealed": sealed(after.sealed),
        "state": after.state,
    }


def facet_rows(after: Kept) -> Iterator[tuple[str, str, Facet]]:
    """One row for each value that a list can ask for."""
    for name, value in after.facets.items():
        for one in value if isinstance(value, tuple) else (value,):
            if one is not None:
                yield after.key, name, one


def kept(row: tuple[Any, ...]) -> Kept:
    """What a row of ``DOCUMENT_COLUMNS`` was made of."""
    key, version, due, audit_seq, audit_hash, facets, sent, inbox, links, blobs, state = row
    return Kept(
        key=key,
        version=version,
        state=state,
        outbox=outbox_entries(sent),
        inbox=frozenset(json.loads(inbox)),
        audit_seq=audit_seq,
        audit_hash=audit_hash,
        audit_pending=pending_entries(key, links),
        sealed=sealed_records(key, blobs),
        due=None if due is None else from_micros(due),
        facets={
            name: tuple(value) if isinstance(value, list) else value
            for name, value in json.loads(facets).items()
        },
    )


def outbox(entries: tuple[OutboxEntry, ...]) -> str:
    return json.dumps([[entry.message_id, entry.body] for entry in entries])


def outbox_entries(column: str) -> tuple[OutboxEntry, ...]:
    return tuple(OutboxEntry(message_id, body) for message_id, body in json.loads(column))


def pending(entries: tuple[AuditEntry, ...]) -> str:
    return json.dumps([[entry.seq, entry.body, entry.previous, entry.hash] for entry in entries])


def pending_entries(key: str, column: str) -> tuple[AuditEntry, ...]:
    return tuple(AuditEntry(key, *link) for link in json.loads(column))


def sealed(blobs: tuple[Blob, ...]) -> str:
    return json.dumps([[blob.ref, b64encode(blob.sealed).decode()] for blob in blobs])


def sealed_records(key: str, column: str) -> tuple[Blob, ...]:
    return tuple(Blob(ref, key, b64decode(text)) for ref, text in json.loads(column))


def audit_row(entry: AuditEntry) -> tuple[Any, ...]:
    return entry.key, entry.seq, entry.body, entry.previous, entry.hash


def blob_row(blob: Blob) -> tuple[Any, ...]:
    return blob.ref, blob.case, blob.sealed


def quarantine_row(item: Quarantined) -> tuple[Any, ...]:
    return (
        item.message_id,
        item.queue,
        item.type,
        item.routing_key,
        item.reason,
        json.dumps(item.fields),
        item.user,
        to_micros(item.at),
        item.attempts,
        json.dumps(dict(item.headers)),
        item.remedy,
        item.body,
    )


def quarantined(row: tuple[Any, ...]) -> Quarantined:
    message_id, queue, type_, routing_key, reason, fields, user, at, attempts, headers, remedy, body = row
    return Quarantined(
        message_id=message_id,
        queue=queue,
        type=type_,
        routing_key=routing_key,
        reason=reason,
        fields=tuple(json.loads(fields)),
        user=user,
        at=from_micros(at),
        attempts=attempts,
        headers=json.loads(headers),
        body=body,
        remedy=remedy,
    )
