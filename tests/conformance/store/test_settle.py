"""What a step leaves to do: messages to send, audit entries to copy, times that fall due."""

from __future__ import annotations

from store.port import OutboxEntry, Store
from tests.support.documents import a_document, a_record, an_entry, first, minutes, then


async def test_settling_forgets_what_was_sent_and_copied_and_keeps_the_version(store: Store) -> None:
    await store.commit(
        [first(a_document("case-1", outbox=["m-1", "m-2", "m-3"], pending=[1, 2, 3], sealed="ab"))]
    )
    await store.settle({"case-1": ["m-1", "m-3"]}, {"case-1": 2}, {"case-1": ["a", "$c"]})
    kept = (await store.load(["case-1"]))["case-1"]
    assert [entry.message_id for entry in kept.outbox] == ["m-2"]
    assert [entry.seq for entry in kept.audit_pending] == [3]
    assert kept.sealed == (a_record("case-1", "b"),)
    assert (kept.version, kept.audit_seq, kept.audit_hash) == (1, 3, "hash 3")


async def test_settling_never_touches_what_a_later_commit_added(store: Store) -> None:
    before = a_document("case-1", outbox=["m-1"], pending=[1], sealed="a")
    await store.commit([first(before)])
    later = then(
        before,
        outbox=(*before.outbox, OutboxEntry("m-2", "{}")),
        audit_pending=(*before.audit_pending, an_entry("case-1", 2)),
        audit_seq=2,
        audit_hash="hash 2",
        sealed=(*before.sealed, a_record("case-1", "b")),
    )
    await store.commit([later])
    await store.settle({"case-1": ["m-1"]}, {"case-1": 1}, {"case-1": ["a"]})
    kept = (await store.load(["case-1"]))["case-1"]
    assert [entry.message_id for entry in kept.outbox] == ["m-2"]
    assert [entry.seq for entry in kept.audit_pending] == [2]
    assert kept.sealed == (a_record("case-1", "b"),)
    assert await store.unsettled(minutes(1), 10) == ["case-1"]


async def test_a_commit_goes_through_after_settling_because_the_version_stands(store: Store) -> None:
    before = a_document("case-1", outbox=["m-1"])
    await store.commit([first(before)])
    await store.settle({"case-1": ["m-1"]}, {}, {})
    assert await store.commit([then(before, outbox=())]) == [True]


async def test_a_document_with_nothing_left_is_no_longer_unsettled(store: Store) -> None:
    """Another process may have sent and settled what this one still believes to be there."""
    before = a_document("case-1", outbox=["m-1"])
    await store.commit([first(before)])
    await store.settle({"case-1": ["m-1"]}, {}, {})
    await store.commit([then(before, state="next")])
    left = [entry.message_id for entry in (await store.load(["case-1"]))["case-1"].outbox]
    await store.settle({"case-1": left}, {"case-1": 0}, {})
    assert await store.unsettled(minutes(1), 10) == []


async def test_settling_what_is_not_there_is_no_error(store: Store) -> None:
    await store.commit([first(a_document("case-1", outbox=["m-1"]))])
    await store.settle({"nowhere": ["m-1"], "case-1": ["never", "$weird"]}, {"nowhere": 4}, {})
    kept = (await store.load(["case-1"]))["case-1"]
    assert [entry.message_id for entry in kept.outbox] == ["m-1"]
    assert await store.load(["nowhere"]) == {}


async def test_unsettled_names_old_documents_with_something_left_oldest_first(store: Store) -> None:
    await store.commit(
        [
            first(a_document("sent", outbox=["m-1"]), at=minutes(0)),
            first(a_document("audit", pending=[1]), at=minutes(2)),
            first(a_document("outbox", outbox=["m-2"]), at=minutes(1)),
            first(a_document("sealed", sealed="a"), at=minutes(3)),
            first(a_document("idle"), at=minutes(0)),
            first(a_document("fresh", outbox=["m-3"]), at=minutes(10)),
        ]
    )
    await store.settle({"sent": ["m-1"]}, {}, {})
    assert await store.unsettled(minutes(10), 10) == ["outbox", "audit", "sealed"]
    assert await store.unsettled(minutes(10), 1) == ["outbox"]
    await store.settle({"outbox": ["m-2"]}, {"audit": 1}, {"sealed": ["a"]})
    assert await store.unsettled(minutes(10), 10) == []


async def test_due_names_documents_earliest_first_and_never_early(store: Store) -> None:
    assert await store.next_due() is None
    await store.commit(
        [
            first(a_document("later", due=minutes(9))),
            first(a_document("b", due=minutes(5))),
            first(a_document("a", due=minutes(5))),
            first(a_document("soon", due=minutes(1))),
            first(a_document("never")),
        ]
    )
    assert await store.due(minutes(5), 10) == ["soon", "a", "b"]
    assert await store.due(minutes(5), 2) == ["soon", "a"]
    assert await store.due(minutes(0.999_999_9), 10) == []
    assert await store.next_due() == minutes(1)


async def test_a_document_is_due_by_its_latest_version_only(store: Store) -> None:
    before = a_document("case-1", due=minutes(1))
    await store.commit([first(before)])
    moved = then(before, due=minutes(20))
    await store.commit([moved])
    assert await store.due(minutes(10), 10) == []
    assert await store.next_due() == minutes(20)
    await store.commit([then(moved.after, due=None)])
    assert await store.next_due() is None
