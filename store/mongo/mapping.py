"""How the port's values look as MongoDB documents. Times are microseconds (`store.moments`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from store.moments import from_micros, to_micros
from store.port import AuditEntry, Blob, Facet, Kept, OutboxEntry, Quarantined, Step

Record = dict[str, Any]

SEQ_DIGITS = 10


def document(step: Step) -> Record:
    """The whole record that a step leaves."""
    lists = {name: _items(name, held) for name, held in _lists(step.after).items()}
    inbox = {"inbox": sorted(step.after.inbox)}
    return {"_id": step.after.key, **_stamp(step), **_values(step.after), **inbox, **lists, **_marks(step)}


def changes(step: Step) -> Record:
    """What makes the record that `document` describes of the one before it, as operators of an update.

    A list that has only grown is added to: what was cleared from it meanwhile stays cleared.
    """
    set_: Record = {**_stamp(step), **_values(step.after), **_marks(step)}
    push: Record = {}
    before, after = _lists(step.before), _lists(step.after)
    if step.after.state == step.before.state:
        del set_["state"]
    for name, held in after.items():
        old = before[name]
        if held[: len(old)] != old:
            set_[name] = _items(name, held)
        elif more := held[len(old) :]:
            push[name] = {"$each": _items(name, more)}
    if not step.before.inbox <= step.after.inbox:
        set_["inbox"] = sorted(step.after.inbox)
    elif handled := step.after.inbox - step.before.inbox:
        push["inbox"] = {"$each": sorted(handled)}
    unset = {name: "" for name in ("due", "open") if name not in set_}
    operators = {"$set": set_, "$push": push, "$unset": unset}
    return {name: fields for name, fields in operators.items() if fields}


def changes_or_blank(step: Step) -> Record:
    """The same for an upsert: what it inserts by mistake can be read until it is removed."""
    made = changes(step)
    named = {*made["$set"], *made.get("$push", ())}
    blank = {name: value for name, value in _BLANK.items() if name not in named}
    return {**made, "$setOnInsert": blank} if blank else made


def _stamp(step: Step) -> Record:
    return {"version": step.after.version, "token": step.token, "at": to_micros(step.at)}


def _values(kept: Kept) -> Record:
    return {
        "state": kept.state,
        "audit_seq": kept.audit_seq,
        "audit_hash": kept.audit_hash,
        "facets": {n: list(value) if isinstance(value, tuple) else value for n, value in kept.facets.items()},
    }


def _lists(kept: Kept) -> dict[str, tuple[Any, ...]]:
    return {"outbox": kept.outbox, "pending": kept.audit_pending, "sealed": kept.sealed}


def _items(name: str, held: tuple[Any, ...]) -> list[Record]:
    return [_ITEM[name](one) for one in held]


def _marks(step: Step) -> Record:
    """``due`` while something is to fall due; ``open`` while something is to be sent or copied."""
    after = step.after
    marks = {} if after.due is None else {"due": to_micros(after.due)}
    if after.outbox or after.audit_pending or after.sealed:
        marks["open"] = to_micros(step.at)
    return marks


def kept(record: Record) -> Kept:
    """What ``document`` was made of."""
    key = record["_id"]
    due = record.get("due")
    return Kept(
        key=key,
        version=record["version"],
        state=record["state"],
        outbox=tuple(OutboxEntry(entry["id"], entry["body"]) for entry in record["outbox"]),
        inbox=frozenset(record["inbox"]),
        audit_seq=record["audit_seq"],
        audit_hash=record["audit_hash"],
        audit_pending=tuple(
            AuditEntry(key, link["seq"], link["body"], link["previous"], link["hash"])
            for link in record["pending"]
        ),
        sealed=tuple(Blob(blob["ref"], key, blob["sealed"]) for blob in record["sealed"]),
        due=None if due is None else from_micros(due),
        facets={name: _facet(value) for name, value in record["facets"].items()},
    )


def audit_record(entry: AuditEntry) -> Record:
    """The padded seq makes one index, that of ``_id``, both unique and in order of the chain."""
    return {"_id": audit_id(entry.key, entry.seq), "key": entry.key, **_link(entry)}


def audit_id(key: str, seq: int) -> str:
    return f"{key}|{seq:0{SEQ_DIGITS}}"


def audit_entry(record: Record) -> AuditEntry:
    return AuditEntry(record["key"], record["seq"], record["body"], record["previous"], record["hash"])


def blob_record(blob: Blob) -> Record:
    return {"_id": blob.ref, "case": blob.case, "sealed": blob.sealed}


def blob(record: Record) -> Blob:
    return Blob(record["_id"], record["case"], record["sealed"])


def quarantine_record(item: Quarantined) -> Record:
    return {
        "_id": f"{item.message_id}|{item.queue}",
        "message_id": item.message_id,
        "queue": item.queue,
        "type": item.type,
        "routing_key": item.routing_key,
        "reason": item.reason,
        "fields": list(item.fields),
        "user": item.user,
        "at": to_micros(item.at),
        "attempts": item.attempts,
        "headers": [[name, value] for name, value in item.headers.items()],
        "body": item.body,
        "remedy": item.remedy,
    }


def quarantined(record: Record) -> Quarantined:
    return Quarantined(
        message_id=record["message_id"],
        queue=record["queue"],
        type=record["type"],
        routing_key=record["routing_key"],
        reason=record["reason"],
        fields=tuple(record["fields"]),
        user=record["user"],
        at=from_micros(record["at"]),
        attempts=record["attempts"],
        headers=dict(record["headers"]),
        body=record["body"],
        remedy=record["remedy"],
    )


def _link(entry: AuditEntry) -> Record:
    return {"seq": entry.seq, "body": entry.body, "previous": entry.previous, "hash": entry.hash}


def _facet(value: Any) -> Facet:
    found: Facet = tuple(value) if isinstance(value, list) else value
    return found


_BLANK: Record = {"state": "", "inbox": [], "outbox": [], "pending": [], "sealed": []}

_ITEM: Mapping[str, Callable[[Any], Record]] = {
    "outbox": lambda entry: {"id": entry.message_id, "body": entry.body},
    "pending": _link,
    "sealed": lambda blob: {"ref": blob.ref, "sealed": blob.sealed},
}
