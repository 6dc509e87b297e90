"""The quarantine keeps bodies sealed and gives them back as they arrived."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.connect import connect
from store.port import Quarantined, Store
from store.quarantine import NotInQuarantine, Quarantine, QuarantineUnreadable
from tests.support.documents import NOON

BODY = b'{"name": "Xylophone Lane'


def a_message(message_id: str = "m-1") -> Quarantined:
    return Quarantined(
        message_id=message_id,
        queue="coordinator.routine",
        type="check.answered.v1",
        routing_key="coordinator.routine.check.answered.v1",
        reason="not-json",
        fields=(),
        user="agency.police",
        at=NOON,
        attempts=1,
        headers={},
        body=BODY,
    )


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = connect(f"sqlite:///{tmp_path}", agent="quarantine-test")
    yield store
    await store.close()


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_a_body_is_sealed_at_rest_and_opens_as_it_arrived(store: Store, tmp_path: Path) -> None:
    quarantine = Quarantine(store, bytes(32))
    await quarantine.put([a_message()])
    (listed,) = await quarantine.listed()
    assert BODY not in listed.body
    assert BODY not in on_disk(tmp_path)
    assert await quarantine.opened("m-1") == a_message()
    assert "Xylophone" not in repr(await quarantine.opened("m-1"))


async def test_a_released_message_is_not_there_any_more(store: Store) -> None:
    quarantine = Quarantine(store, bytes(32))
    await quarantine.put([a_message("m-1"), a_message("m-2")])
    await quarantine.release("m-1")
    assert [item.message_id for item in await quarantine.listed()] == ["m-2"]
    with pytest.raises(NotInQuarantine):
        await quarantine.opened("m-1")


async def test_another_key_opens_nothing(store: Store) -> None:
    await Quarantine(store, bytes(32)).put([a_message()])
    with pytest.raises(QuarantineUnreadable):
        await Quarantine(store, bytes(range(32))).opened("m-1")
