"""The audit, the vault's records and the quarantine: what is there already stays as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from store.port import Blob, Quarantined, Store
from tests.support.documents import an_entry, minutes


async def test_the_audit_comes_back_in_order_whatever_order_it_was_copied_in(store: Store) -> None:
    entries = [an_entry("case-1", seq) for seq in range(1, 13)]
    assert await store.append_audit(entries[6:]) == [True] * 6
    assert await store.append_audit([*entries[:6], an_entry("case-10", 1), an_entry("case", 1)]) == [True] * 8
    assert await store.audit("case-1") == entries
    assert await store.audit_head("case-1") == entries[-1]
    assert await store.audit_head("nowhere") is None
    assert await store.audit("nowhere") == []
    assert await store.audited_keys() == ["case", "case-1", "case-10"]


async def test_appending_again_changes_nothing_and_says_what_was_new(store: Store) -> None:
    kept = an_entry("case-1", 1, '{"act":"kept"}')
    await store.append_audit([kept])
    late = an_entry("case-1", 1, '{"act":"late"}')
    assert await store.append_audit([late, an_entry("case-1", 2)]) == [False, True]
    assert await store.audit("case-1") == [kept, an_entry("case-1", 2)]


async def test_of_many_that_append_the_same_seq_exactly_one_is_told_it_was_new(
    open_store: Callable[[], Store],
) -> None:
    stores = [open_store() for _ in range(4)]
    entries = [an_entry("case-1", 1, f'{{"by":{number}}}') for number in range(4)]
    added = await asyncio.gather(*(s.append_audit([e]) for s, e in zip(stores, entries, strict=True)))
    assert sorted(added) == [[False], [False], [False], [True]]
    assert await stores[0].audit("case-1") == [entries[added.index([True])]]


async def test_a_blob_stays_as_it_was_first_kept(store: Store) -> None:
    kept = Blob("blob-1", "case-1", b"\x00\xffsealed")
    assert await store.put_blobs([kept]) == [True]
    again = [Blob("blob-1", "case-1", b"other"), Blob("blob-2", "case-2", b"")]
    assert await store.put_blobs(again) == [False, True]
    assert await store.put_blobs(again[:1]) == [False]
    assert await store.get_blobs(["blob-1", "blob-2", "blob-3"]) == {
        "blob-1": kept,
        "blob-2": Blob("blob-2", "case-2", b""),
    }


async def test_many_blobs_and_documents_can_be_asked_for_at_once(store: Store) -> None:
    blobs = [Blob(f"blob-{number}", "case-1", b"x") for number in range(1_200)]
    await store.put_blobs(blobs)
    assert len(await store.get_blobs([blob.ref for blob in blobs])) == 1_200


async def test_the_first_data_key_of_a_case_counts_for_everybody(open_store: Callable[[], Store]) -> None:
    stores = [open_store() for _ in range(4)]
    answers = await asyncio.gather(
        *(s.put_data_keys({"case-1": b"key %d" % number}) for number, s in enumerate(stores))
    )
    assert len({answer["case-1"] for answer in answers}) == 1
    again = await stores[0].put_data_keys({"case-1": b"late", "case-2": b"new"})
    assert again == {"case-1": answers[0]["case-1"], "case-2": b"new"}
    assert await stores[1].get_data_keys(["case-1", "case-2", "case-3"]) == again


async def test_a_destroyed_data_key_is_gone_and_never_comes_again(store: Store) -> None:
    await store.put_data_keys({"case-1": b"one", "case-2": b"two"})
    await store.destroy_data_key("case-1")
    await store.destroy_data_key("case-1")
    await store.destroy_data_key("case-3")
    assert await store.get_data_keys(["case-1", "case-2", "case-3"]) == {"case-2": b"two"}
    assert await store.put_data_keys({"case-1": b"new", "case-3": b"new", "case-4": b"4"}) == {"case-4": b"4"}


async def test_quarantine_keeps_lists_oldest_first_and_releases(store: Store) -> None:
    def item(message_id: str, minute: int, queue: str = "coordinator.routine") -> Quarantined:
        return Quarantined(
            message_id=message_id,
            queue=queue,
            type="check.answered.v1",
            routing_key="coordinator.routine.check.answered.v1",
            reason="shape",
            fields=("data.elements.0.owner",),
            user=None,
            at=minutes(minute),
            attempts=2,
            headers={"traceparent": "00-a-b-01", "odd.key$": "x"},
            body=b"\x00sealed",
            remedy="Correct the owner." if minute > 1 else None,
        )

    late, early, twin = item("m-1", 9), item("m-2", 1), item("m-1", 5, "coordinator.urgent")
    await store.quarantine([late, early])
    await store.quarantine([replace(late, reason="again"), twin])
    assert await store.quarantined() == [early, twin, late]
    assert await store.quarantined(1) == [early]
    assert await store.quarantined(message_id="m-1") == [twin, late]
    bare = [replace(one, body=b"") for one in (early, twin, late)]
    assert await store.quarantined(bodies=False) == bare
    assert await store.quarantined(message_id="m-1", bodies=False) == bare[1:]
    assert await store.count_quarantined() == 3
    await store.release_quarantined("m-1")
    await store.release_quarantined("m-1")
    assert await store.quarantined() == [early]
    assert await store.count_quarantined() == 1
