"""The connection to one agent's database, and what every part of the engine needs of it.

PyMongo's asynchronous API and Motor share all that is used here: coroutines of the same names, cursors
with ``to_list``. Code in this package keeps to what the two have in common; ``aggregate`` is a coroutine in
the one alone.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, cast

from pymongo import AsyncMongoClient, WriteConcern
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError

from store.port import StoreError

Driver = Literal["pymongo", "motor"]
Record = dict[str, Any]

CALL_LIMIT_MS = 15_000
"""How long one call may take. Within it the driver tries again by itself, over a restart or an election."""

HEALTH_LIMIT_S = 3.0
DUPLICATE_KEY = 11_000


class Connection:
    """A client of its own for one database; connects when it is first used."""

    def __init__(self, url: str, database: str, driver: Driver = "pymongo") -> None:
        # Retries are the drivers' default, and named because the promises of the port rest on them.
        options: Record = {"timeoutMS": CALL_LIMIT_MS, "retryWrites": True, "retryReads": True}
        self._client: AsyncMongoClient[Record]
        if driver == "motor":
            from motor.motor_asyncio import AsyncIOMotorClient

            self._client = cast("AsyncMongoClient[Record]", AsyncIOMotorClient(url, **options))
        else:
            self._client = AsyncMongoClient(url, **options)
        self._database: AsyncDatabase[Record] = self._client.get_database(
            database, write_concern=WriteConcern(w="majority", j=True)
        )
        self._documents = self._database["documents"]
        self._audit = self._database["audit"]
        self._blobs = self._database["blobs"]
        self._data_keys = self._database["data_keys"]
        self._quarantine = self._database["quarantine"]

    async def healthy(self) -> bool:
        try:
            async with asyncio.timeout(HEALTH_LIMIT_S):
                return bool((await self._client.admin.command("hello"))["isWritablePrimary"])
        except (PyMongoError, TimeoutError):
            return False

    async def close(self) -> None:
        closing = cast(object, self._client.close())  # Motor's close is no coroutine
        if inspect.isawaitable(closing):
            await closing


@contextmanager
def store_errors(doing: str) -> Iterator[None]:
    """Turn the driver's errors, which repeat what was written, into one that repeats nothing."""
    try:
        yield
    except PyMongoError as error:
        raise StoreError(f"could not {doing}: {type(error).__name__}") from None


async def insert_new(collection: AsyncCollection[Record], records: Sequence[Record]) -> set[int]:
    """Insert those whose ``_id`` is free, in one round trip; return the positions that were taken."""
    if not records:
        return set()
    try:
        if len(records) == 1:
            await collection.insert_one(records[0])
        else:
            await collection.insert_many(records, ordered=False)
    except DuplicateKeyError:
        return {0}
    except BulkWriteError as error:
        return positions_taken(error)
    return set()


async def by_id(collection: AsyncCollection[Record], ids: Sequence[str]) -> list[Record]:
    """The records that exist among these; one by itself without the cost of a cursor."""
    if len(ids) == 1:
        record = await collection.find_one({"_id": ids[0]})
        return [] if record is None else [record]
    return await collection.find({"_id": {"$in": list(ids)}}).to_list(None)


def positions_taken(error: BulkWriteError) -> set[int]:
    """The positions in an unordered bulk that failed on a taken ``_id``; any other failure goes on."""
    failures: list[Record] = error.details["writeErrors"]
    if error.details["writeConcernErrors"] or any(f["code"] != DUPLICATE_KEY for f in failures):
        raise error
    return {failure["index"] for failure in failures}
