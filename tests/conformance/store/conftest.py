"""One suite over every engine: each test runs on SQLite, on MongoDB by PyMongo, and by Motor."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pymongo
import pytest

from store.connect import connect
from store.port import Store
from tests.support.servers import MongoServer

ENGINES = [
    pytest.param("sqlite"),
    pytest.param("pymongo", marks=pytest.mark.servers),
    pytest.param("motor", marks=pytest.mark.servers),
]

OpenStore = Callable[[], Store]


@pytest.fixture(params=ENGINES)
async def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenStore]:
    """Opens the same, at first empty, store as often as asked; all are closed at the end."""
    engine: str = request.param
    opened: list[Store] = []
    agent = f"conformance-{uuid.uuid4().hex[:8]}"
    server: MongoServer | None = None
    if engine != "sqlite":
        server = request.getfixturevalue("mongo_server")

    def open_it() -> Store:
        if server is None:
            store = connect(f"sqlite:///{tmp_path}", agent=agent)
        else:
            store = connect(server.url, agent=agent, driver="motor" if engine == "motor" else "pymongo")
        opened.append(store)
        return store

    await open_it().provision()
    yield open_it
    for store in opened:
        await store.close()
    if server is not None:
        await drop(server, f"mash-{agent}")


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    """An empty store."""
    return open_store()


async def drop(server: MongoServer, database: str) -> None:
    async with pymongo.AsyncMongoClient[dict[str, Any]](server.url) as client:
        await client.drop_database(database)
