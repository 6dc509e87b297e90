"""MongoDB stops, dies and comes back under load: nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pymongo
import pytest

from store.connect import connect
from store.mongo import Driver
from store.port import Kept, OutboxEntry, Store, StoreError
from tests.support.documents import NOON, a_document, first, then
from tests.support.servers import MongoServer

WRITERS = 8
PATIENCE_S = 120


@pytest.fixture(params=["pymongo", "motor"])
async def store(request: pytest.FixtureRequest, mongo_server: MongoServer) -> AsyncIterator[Store]:
    driver: Driver = request.param
    agent = f"restart-{uuid.uuid4().hex[:8]}"
    store = connect(mongo_server.url, agent=agent, driver=driver)
    await store.provision()
    yield store
    await store.close()
    async with pymongo.AsyncMongoClient[dict[str, object]](mongo_server.url) as client:
        await client.drop_database(f"mash-{agent}")


class Writer:
    """Commits version after version of one document, and remembers what was acknowledged."""

    def __init__(self, store: Store, key: str) -> None:
        self.store = store
        self.key = key
        self.acknowledged = 0

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.step()
            except StoreError:
                await asyncio.sleep(0.05)

    async def step(self) -> None:
        kept = (await self.store.load([self.key])).get(self.key)
        assert kept is None or kept.version >= self.acknowledged
        step = first(self.document()) if kept is None else then(kept, **self.changes(kept))
        if (await self.store.commit([step]))[0]:
            self.acknowledged = step.after.version
        else:
            # Alone on its key, it loses only to a commit of its own whose answer never came.
            assert (await self.store.load([self.key]))[self.key].version > step.expected

    def document(self) -> Kept:
        return a_document(self.key, outbox=[f"{self.key}/1"], inbox=["1"], due=NOON)

    def changes(self, kept: Kept) -> dict[str, Any]:
        number = kept.version + 1
        return {
            "state": f"version {number}",
            "outbox": (*kept.outbox, OutboxEntry(f"{self.key}/{number}", "{}")),
            "inbox": kept.inbox | {str(number)},
            "due": NOON + timedelta(seconds=number),
        }


@pytest.mark.parametrize("how", ["restart", "crash"])
async def test_nothing_acknowledged_is_lost_when_the_server_goes_down_under_load(
    store: Store, mongo_server: MongoServer, how: str
) -> None:
    stop = asyncio.Event()
    writers = [Writer(store, f"case-{number}") for number in range(WRITERS)]
    running = [asyncio.create_task(writer.run(stop)) for writer in writers]
    await everybody_gets_on(writers, running)
    await (mongo_server.restart() if how == "restart" else mongo_server.crash())
    await everybody_gets_on(writers, running)
    stop.set()
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*running)
    kept = await store.load([writer.key for writer in writers])
    for writer in writers:
        document = kept[writer.key]
        assert document.version >= writer.acknowledged
        whole = [str(number) for number in range(1, document.version + 1)]
        assert document.state == f"version {document.version}"
        assert [entry.message_id for entry in document.outbox] == [f"{writer.key}/{n}" for n in whole]
        assert document.inbox == set(whole)
        assert document.due == NOON + timedelta(seconds=document.version)
    assert await store.healthy()


async def everybody_gets_on(writers: list[Writer], running: list[asyncio.Task[None]]) -> None:
    """Wait until each has had some more commits acknowledged."""
    goals = [writer.acknowledged + 5 for writer in writers]
    async with asyncio.timeout(PATIENCE_S):
        while any(w.acknowledged < goal for w, goal in zip(writers, goals, strict=True)):
            done, _ = await asyncio.wait(running, timeout=0.02, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()


async def test_a_server_that_is_not_there_is_a_store_error_that_repeats_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("store.mongo.connection.CALL_LIMIT_MS", 200)
    store = connect("mongodb://127.0.0.1:9/", agent="coordinator")
    with pytest.raises(StoreError) as raised:
        await store.commit([first(a_document("case-1", state="secret"))])
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert not await store.healthy()
    await store.close()
