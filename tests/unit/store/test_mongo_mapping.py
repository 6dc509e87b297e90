"""A step as operators of an update: what differs, and no more."""

from __future__ import annotations

from dataclasses import replace

from store.mongo import mapping
from store.port import OutboxEntry
from tests.support.documents import a_document, an_entry, minutes, then

STAMP = {"version", "token", "at", "audit_seq", "audit_hash", "facets", "open"}


def test_what_has_only_grown_is_added_to() -> None:
    before = a_document("case-1", outbox=["m-1"], pending=[1])
    made = mapping.changes(
        then(
            before,
            outbox=(*before.outbox, OutboxEntry("m-2", "{}")),
            audit_pending=(*before.audit_pending, an_entry("case-1", 2)),
            inbox=before.inbox | {"b", "a"},
        )
    )
    assert set(made["$set"]) == STAMP
    assert {name: len(added["$each"]) for name, added in made["$push"].items()} == {
        "outbox": 1,
        "pending": 1,
        "inbox": 2,
    }
    assert made["$push"]["inbox"] == {"$each": ["a", "b"]}


def test_what_has_changed_otherwise_is_set_and_what_is_over_is_taken_away() -> None:
    before = replace(a_document("case-1", outbox=["m-1"]), due=minutes(5))
    made = mapping.changes(then(before, state="next", outbox=(), due=None))
    assert set(made["$set"]) == (STAMP - {"open"}) | {"state", "outbox"}
    assert made["$unset"] == {"due": "", "open": ""}
    assert "$push" not in made


def test_what_an_upsert_would_insert_has_every_field() -> None:
    before = a_document("case-1", outbox=["m-1"], pending=[1])
    step = then(before, outbox=(*before.outbox, OutboxEntry("m-2", "{}")))
    made = mapping.changes_or_blank(step)
    inserted = {"_id", *made["$set"], *made["$push"], *made["$setOnInsert"]}
    assert inserted >= set(mapping.document(step))
    assert not set(made["$setOnInsert"]) & {*made["$set"], *made["$push"]}
