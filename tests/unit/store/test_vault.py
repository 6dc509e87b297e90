"""The vault: content by case, read on record, gone when its key is destroyed."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from store.audit_check import chains, verify_chain
from store.connect import connect
from store.data_keys import HELD_FOR
from store.port import Blob, Kept, Store
from store.vault import (
    REMEMBERED,
    ContentDestroyed,
    ContentMissing,
    ContentUnreadable,
    Reader,
    Vault,
    access_key,
    text_ref,
)
from tests.support.documents import NOON, a_document, first

KEY = bytes(range(32))
SECRET = b"audit secret"
TOKEN = "Xylophone Lane 7"
DECIDER = Reader(person="p-17", role="decision_maker", agency="police")


class StillClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time: datetime = NOON.astimezone(UTC)

    def now(self) -> datetime:
        return self.time

    async def sleep(self, length: timedelta) -> None:
        self.time += length


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = connect(f"sqlite:///{tmp_path}", agent="vault-test")
    yield store
    await store.close()


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


def a_vault(store: Store, clock: StillClock, key: bytes = KEY) -> Vault:
    numbers = itertools.count(1)
    return Vault(store, key, SECRET, clock, lambda: f"read-{next(numbers)}")


@pytest.fixture
def vault(store: Store, clock: StillClock) -> Vault:
    return a_vault(store, clock)


async def keep(vault: Vault, items: Sequence[tuple[str, str, Sequence[str]]]) -> None:
    await vault.keep(await vault.seal(items))


async def read(vault: Vault, case: str, *refs: str) -> dict[str, str]:
    return await vault.read(case, refs, reader=DECIDER, purpose="disclosure")


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_texts_come_back_by_their_references(vault: Vault) -> None:
    await keep(vault, [("m-1", "case-1", ["one", TOKEN]), ("m-2", "case-2", ["Zoë 🙂"])])
    assert await read(vault, "case-1", "m-1#1", text_ref("m-1", 0)) == {"m-1#1": TOKEN, "m-1#0": "one"}
    assert await vault.texts_for_sending(["m-1#0", "m-2#0"]) == {"m-1#0": "one", "m-2#0": "Zoë 🙂"}


async def test_what_a_document_still_holds_is_read_like_the_rest(vault: Vault, store: Store) -> None:
    """A10: sealed records come with the step, and move to the vault's own place after it."""
    blobs = await vault.seal([("m-1", "case-1", [TOKEN])])
    await store.commit([first(replace(a_document("case-1"), sealed=tuple(blobs)))])
    assert await read(vault, "case-1", "m-1#0") == {"m-1#0": TOKEN}
    assert await vault.texts_for_sending(["m-1#0"], at_hand=blobs) == {"m-1#0": TOKEN}
    with pytest.raises(ContentMissing):
        await read(vault, "case-2", "m-1#0")


async def test_what_moves_while_it_is_looked_for_is_found(store: Store, clock: StillClock) -> None:
    class Moving:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        async def load(self, keys: Sequence[str]) -> dict[str, Kept]:
            await store.put_blobs(blobs)
            await store.settle({}, {}, {"case-1": ["m-1"]})
            return await store.load(keys)

    vault = a_vault(cast(Store, Moving()), clock)
    blobs = await vault.seal([("m-1", "case-1", [TOKEN])])
    await store.commit([first(replace(a_document("case-1"), sealed=tuple(blobs)))])
    assert await read(vault, "case-1", "m-1#0") == {"m-1#0": TOKEN}


async def test_what_is_sent_is_what_was_kept_first_and_not_what_came_later(vault: Vault) -> None:
    await keep(vault, [("m-1", "case-1", ["first"])])
    await keep(vault, [("m-1", "case-1", ["second"])])
    assert await vault.texts_for_sending(["m-1#0"]) == {"m-1#0": "first"}


async def test_what_is_kept_in_memory_is_bounded_by_its_size(vault: Vault) -> None:
    a_quarter = "x" * (REMEMBERED // 4)
    for number in range(6):
        await keep(vault, [(f"m-{number}", "case-1", [a_quarter])])
    assert sum(len(blob.sealed) for blob in vault._sealed_here.values()) <= REMEMBERED
    assert await vault.texts_for_sending(["m-0#0", "m-5#0"]) == {"m-0#0": a_quarter, "m-5#0": a_quarter}


async def test_putting_again_changes_nothing(vault: Vault) -> None:
    await keep(vault, [("m-1", "case-1", ["first"])])
    await keep(vault, [("m-1", "case-1", ["second"])])
    assert await read(vault, "case-1", "m-1#0") == {"m-1#0": "first"}


async def test_every_read_is_on_record_before_its_texts_are_given(vault: Vault, store: Store) -> None:
    await keep(vault, [("m-1", "case-1", [TOKEN])])
    await read(vault, "case-1", "m-1#0")
    with pytest.raises(ContentMissing):
        await read(vault, "case-1", "m-9#0")
    entries = [json.loads(entry.body) for entry in await store.audit(access_key("case-1"))]
    assert entries[0] == {
        "act": "vault.read",
        "at": NOON.isoformat(),
        "id": "read-1",
        "refs": ["m-1#0"],
        "person": "p-17",
        "role": "decision_maker",
        "agency": "police",
        "purpose": "disclosure",
    }
    assert entries[1]["refs"] == ["m-9#0"]


async def test_many_who_read_at_once_make_one_unbroken_chain(store: Store, clock: StillClock) -> None:
    vaults = [a_vault(store, clock) for _ in range(3)]
    await keep(vaults[0], [("m-1", "case-1", ["one"])])
    await asyncio.gather(*(read(vault, "case-1", "m-1#0") for vault in vaults * 5))
    assert len(await store.audit(access_key("case-1"))) == 15
    assert await verify_chain(store, access_key("case-1"), SECRET) is None


async def test_sending_is_not_put_on_the_access_chain(vault: Vault, store: Store) -> None:
    await keep(vault, [("m-1", "case-1", [TOKEN])])
    await vault.texts_for_sending(["m-1#0"])
    assert await store.audited_keys() == []


async def test_content_is_nowhere_in_the_store_in_clear(vault: Vault, store: Store, tmp_path: Path) -> None:
    await keep(vault, [("m-1", "case-1", [TOKEN])])
    await read(vault, "case-1", "m-1#0")
    await store.close()
    kept = on_disk(tmp_path)
    assert b"m-1" in kept
    assert TOKEN.encode() not in kept
    assert KEY not in kept


async def test_content_cannot_be_read_under_another_case(vault: Vault) -> None:
    await keep(vault, [("m-1", "case-1", [TOKEN]), ("m-2", "case-2", ["other"])])
    with pytest.raises(ContentMissing):
        await read(vault, "case-2", "m-1#0")


async def test_content_that_was_moved_to_another_case_or_place_does_not_open(
    vault: Vault, store: Store
) -> None:
    await keep(vault, [("m-1", "case-1", [TOKEN]), ("m-2", "case-2", ["other"])])
    sealed = (await store.get_blobs(["m-1"]))["m-1"].sealed
    await store.put_blobs([Blob("m-3", "case-1", sealed), Blob("m-4", "case-2", sealed)])
    for case, ref in (("case-1", "m-3#0"), ("case-2", "m-4#0")):
        with pytest.raises(ContentUnreadable):
            await read(vault, case, ref)


@pytest.mark.parametrize("ref", ["m-9#0", "m-1#1", "m-1", "m-1#", "#0", "m-1#x", "m-1#-1", "m-1#²"])
async def test_what_is_not_there_is_missing(vault: Vault, ref: str) -> None:
    await keep(vault, [("m-1", "case-1", [TOKEN])])
    with pytest.raises(ContentMissing) as raised:
        await read(vault, "case-1", ref)
    assert TOKEN not in str(raised.value)


async def test_another_vault_key_opens_nothing(vault: Vault, store: Store, clock: StillClock) -> None:
    await keep(vault, [("m-1", "case-1", [TOKEN])])
    stranger = a_vault(store, clock, key=bytes(32))
    with pytest.raises(ContentUnreadable):
        await read(stranger, "case-1", "m-1#0")
    with pytest.raises(ContentUnreadable):
        await keep(stranger, [("m-2", "case-1", ["more"])])


async def test_after_forgetting_a_case_its_content_is_gone_and_its_audit_verifies(
    vault: Vault, store: Store, clock: StillClock
) -> None:
    other_process = a_vault(store, clock)
    await keep(vault, [("m-1", "case-1", [TOKEN]), ("m-2", "case-2", ["kept"])])
    await read(other_process, "case-1", "m-1#0")
    await vault.forget("case-1", by=[DECIDER], purpose="retention")
    await vault.forget("case-1", by=[DECIDER], purpose="retention")
    for one in (vault, other_process):
        with pytest.raises(ContentDestroyed) as raised:
            await read(one, "case-1", "m-1#0")
        assert TOKEN not in str(raised.value)
    with pytest.raises(ContentDestroyed):
        await vault.texts_for_sending(["m-1#0"])
    await clock.sleep(HELD_FOR)
    with pytest.raises(ContentDestroyed):
        await other_process.texts_for_sending(["m-1#0"])
    with pytest.raises(ContentDestroyed):
        await keep(vault, [("m-3", "case-1", ["more"])])
    assert await read(vault, "case-2", "m-2#0") == {"m-2#0": "kept"}
    assert [key async for key in chains(store)] == [access_key("case-1"), access_key("case-2")]
    assert await verify_chain(store, access_key("case-1"), SECRET) is None
    acts = [json.loads(entry.body) for entry in await store.audit(access_key("case-1"))]
    assert [act["act"] for act in acts][:3] == ["vault.read", "vault.forgotten", "vault.forgotten"]
    assert (acts[1]["person"], acts[1]["purpose"]) == (DECIDER.person, "retention")


async def test_a_wrapped_key_is_gone_from_the_files_after_forgetting(
    vault: Vault, store: Store, tmp_path: Path
) -> None:
    cases = [f"case-{number}" for number in range(20)]
    await keep(vault, [(f"m-{case}", case, [TOKEN]) for case in cases])
    wrapped = await store.get_data_keys(cases)
    assert wrapped["case-7"] in on_disk(tmp_path)
    await vault.forget("case-7", by=[DECIDER], purpose="retention")
    pieces = [wrapped["case-7"][start : start + 8] for start in range(0, 40, 8)]
    assert not [piece for piece in pieces if piece in on_disk(tmp_path)]
    assert wrapped["case-8"] in on_disk(tmp_path)


async def test_one_batch_is_at_most_one_call_for_keys_and_one_for_blobs(
    store: Store, clock: StillClock
) -> None:
    calls: list[str] = []

    class Counted:
        def __getattr__(self, name: str) -> object:
            calls.append(name)
            return getattr(store, name)

    vault = a_vault(cast(Store, Counted()), clock)
    await keep(vault, [(f"m-{number}", f"case-{number % 3}", ["text"]) for number in range(9)])
    assert calls == ["put_data_keys", "put_blobs"]
    await keep(vault, [(f"n-{number}", f"case-{number % 3}", ["text"]) for number in range(9)])
    assert calls == ["put_data_keys", "put_blobs", "put_blobs"]


async def test_the_vault_shows_nothing_of_itself(vault: Vault, store: Store) -> None:
    await keep(vault, [("m-1", "case-1", [TOKEN])])
    blob = (await store.get_blobs(["m-1"]))["m-1"]
    for shown in (repr(vault), str(vault), repr(vault._keys), repr(blob)):
        assert TOKEN not in shown
        assert repr(KEY)[2:20] not in shown
        assert repr(blob.sealed)[2:20] not in shown


def test_a_vault_key_of_another_length_is_refused(store: Store, clock: StillClock) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        a_vault(store, clock, key=b"short")
