"""The one-write step: whole or not at all, and one winner."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from store.port import AuditEntry, Blob, Kept, OutboxEntry, Store
from tests.support.documents import a_document, a_record, an_entry, first, minutes, then


async def test_a_committed_document_comes_back_as_it_was(store: Store) -> None:
    document = Kept(
        key="case-1",
        version=1,
        state='{"text":"Zoë – “ok” \\u0000"}',
        outbox=(OutboxEntry("m-2", '{"b":1}'), OutboxEntry("m-1", "{}")),
        inbox=frozenset({"m-9", "m-8"}),
        audit_seq=2,
        audit_hash="hash 2",
        audit_pending=(
            AuditEntry("case-1", 1, '{"a":1}', "", "hash 1"),
            AuditEntry("case-1", 2, '{"a":2}', "hash 1", "hash 2"),
        ),
        sealed=(Blob("m-2", "case-1", b"\x00\xff"), Blob("m-1", "case-1", b"")),
        due=minutes(0.000_001),
        facets={"rag": "RED", "asked": 4, "open": True, "closed": None, "agencies": ("police", "health")},
    )
    assert await store.commit([first(document)]) == [True]
    assert await store.load(["case-1", "case-2"]) == {"case-1": document}


async def test_the_whole_document_is_replaced_by_the_next_version(store: Store) -> None:
    before = a_document("case-1", outbox=["m-1"], pending=[1], due=minutes(5), facets={"rag": "RED"})
    await store.commit([first(before)])
    step = then(before, state="next", outbox=(), audit_pending=(), due=None, facets={"rating": "BLUE"})
    assert await store.commit([step]) == [True]
    assert await store.load(["case-1"]) == {"case-1": step.after}
    assert (await store.find({"rag": "RED"})).total == 0
    assert await store.due(minutes(60), 10) == []


LISTS = ("", "a", "ab", "abc", "b", "ba", "bc", "xab")


@pytest.mark.parametrize("old", LISTS)
async def test_whatever_changes_of_a_list_is_kept_as_the_step_has_it(store: Store, old: str) -> None:
    for number, new in enumerate(LISTS):
        key = f"case-{number}"
        before = replace(a_document(key), **lists_of(key, old))
        await store.commit([first(before)])
        step = then(before, **lists_of(key, new))
        assert await store.commit([step, first(a_document(f"{key}-beside"))]) == [True, True]
        assert (await store.load([key]))[key] == step.after
        again = then(step.after, **lists_of(key, old))
        assert await store.commit([again]) == [True]
        assert (await store.load([key]))[key] == again.after


def lists_of(key: str, letters: str) -> dict[str, Any]:
    """Everything of a document that is a list, with an item for each letter."""
    return {
        "outbox": tuple(OutboxEntry(letter, "{}") for letter in letters),
        "inbox": frozenset(letters),
        "audit_pending": tuple(an_entry(key, ord(letter)) for letter in letters),
        "sealed": tuple(a_record(key, letter) for letter in letters),
        "facets": {"people": tuple(letters), letters or "none": 1},
    }


async def test_what_only_a_few_fields_changed_of_keeps_all_others(store: Store) -> None:
    before = a_document("case-1", outbox=["m-1"], pending=[1], due=minutes(5), facets={"rag": "RED"})
    await store.commit([first(before)])
    for change in ({"state": "next"}, {"due": None}, {"due": minutes(9)}, {"facets": {"rag": "BLUE"}}, {}):
        step = then(before, **change)
        assert await store.commit([step]) == [True]
        assert await store.load(["case-1"]) == {"case-1": step.after}
        before = step.after


async def test_nothing_asked_and_nothing_committed_is_no_error(store: Store) -> None:
    assert await store.load([]) == {}
    assert await store.commit([]) == []
    await store.settle({}, {}, {})
    await store.put_blobs([])
    await store.append_audit([])
    await store.quarantine([])
    assert await store.get_blobs([]) == {}
    assert await store.put_data_keys({}) == {}


async def test_a_step_on_an_old_version_loses_and_changes_nothing(store: Store) -> None:
    before = a_document("case-1")
    await store.commit([first(before)])
    winner = then(before, state="winner")
    assert await store.commit([winner]) == [True]
    assert await store.commit([then(before, state="loser", outbox=(OutboxEntry("m", "{}"),))]) == [False]
    assert await store.load(["case-1"]) == {"case-1": winner.after}
    assert await store.unsettled(minutes(1), 10) == []


async def test_creating_a_document_that_exists_loses(store: Store) -> None:
    document = a_document("case-1", state="first")
    assert await store.commit([first(document)]) == [True]
    assert await store.commit([first(a_document("case-1", state="second"))]) == [False]
    assert (await store.load(["case-1"]))["case-1"].state == "first"


async def test_a_step_on_a_document_that_is_not_there_loses_and_creates_nothing(store: Store) -> None:
    there = a_document("there")
    await store.commit([first(there)])
    steps = [then(a_document("gone")), then(there, state="next")]
    assert await store.commit(steps) == [False, True]
    assert await store.load(["gone", "there"]) == {"there": steps[1].after}


async def test_in_a_mixed_batch_each_step_wins_or_loses_by_itself(store: Store) -> None:
    kept = [a_document(f"case-{number}") for number in range(6)]
    await store.commit([first(document) for document in kept])
    await store.commit([then(kept[1], state="rival"), then(kept[4], state="rival")])
    batch = [
        *(then(document, state="mine") for document in kept),
        first(a_document("case-new", state="mine")),
        first(a_document("case-0", state="mine")),
    ]
    won = await store.commit(batch[:7])
    assert won == [True, False, True, True, False, True, True]
    assert await store.commit(batch[7:]) == [False]
    states = {key: document.state for key, document in (await store.load([d.key for d in kept])).items()}
    assert [states[f"case-{number}"] for number in range(6)] == [
        "mine",
        "rival",
        "mine",
        "mine",
        "rival",
        "mine",
    ]


async def test_of_many_committers_of_one_version_exactly_one_wins(open_store: Callable[[], Store]) -> None:
    stores = [open_store() for _ in range(4)]
    before = a_document("case-1")
    await stores[0].commit([first(before)])
    for _ in range(10):
        steps = [then(before, state=f"by {number}") for number in range(4)]
        won = await asyncio.gather(*(s.commit([step]) for s, step in zip(stores, steps, strict=True)))
        assert sorted(won) == [[False], [False], [False], [True]]
        before = steps[won.index([True])].after
        assert await stores[0].load(["case-1"]) == {"case-1": before}


async def test_batches_that_overlap_share_the_keys_between_them(open_store: Callable[[], Store]) -> None:
    one, two = open_store(), open_store()
    kept = [a_document(f"case-{number:02}") for number in range(40)]
    await one.commit([first(document) for document in kept])
    ones = [then(document, state="one") for document in kept]
    twos = [then(document, state="two") for document in reversed(kept)]
    won_one, won_two = await asyncio.gather(one.commit(ones), two.commit(twos))
    said = {step.after.key: "one" for step, won in zip(ones, won_one, strict=True) if won}
    said_two = {step.after.key: "two" for step, won in zip(twos, won_two, strict=True) if won}
    assert not said.keys() & said_two.keys()
    assert {key: d.state for key, d in (await one.load([d.key for d in kept])).items()} == said | said_two


async def test_what_was_acknowledged_is_there_after_reopening(open_store: Callable[[], Store]) -> None:
    store = open_store()
    documents = [a_document(f"case-{number}", state="x" * 10_000) for number in range(20)]
    await store.commit([first(document) for document in documents])
    await store.close()
    again = open_store()
    assert await again.load([d.key for d in documents]) == {d.key: d for d in documents}


async def test_a_store_that_is_provisioned_verifies_and_is_healthy(store: Store) -> None:
    await store.provision()
    assert await store.verify() == []
    assert await store.healthy()
