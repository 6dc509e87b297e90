"""Documents: the one-write step, what it leaves to send and to copy, and what falls due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import DeleteOne, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from store.moments import from_micros, to_micros
from store.mongo import mapping
from store.mongo.connection import Connection, Record, by_id, positions_taken, store_errors
from store.port import Kept, Step


class Documents(Connection):
    async def load(self, keys: Sequence[str]) -> dict[str, Kept]:
        if not keys:
            return {}
        with store_errors("load documents"):
            records = await by_id(self._documents, keys)
        return {record["_id"]: mapping.kept(record) for record in records}

    async def commit(self, steps: Sequence[Step]) -> list[bool]:
        if not steps:
            return []
        if len(steps) == 1:
            return [await self._commit_one(steps[0])]
        writes = [_write(step) for step in steps]
        with store_errors("commit"):
            try:
                result = await self._documents.bulk_write(writes, ordered=False)
            except BulkWriteError as error:
                lost = positions_taken(error)
                inserted = {upsert["index"] for upsert in error.details["upserted"]}
            else:
                lost = set()
                inserted = set(result.upserted_ids or {})
            if inserted:
                await self._undo([steps[position] for position in inserted])
        return [position not in lost and position not in inserted for position in range(len(steps))]

    async def _commit_one(self, step: Step) -> bool:
        """A step by itself, which is what comes when little is going on: half the driver's work of a bulk."""
        record = mapping.document(step)
        with store_errors("commit"):
            try:
                if step.expected == 0:
                    await self._documents.insert_one(record)
                    return True
                result = await self._documents.replace_one(_as_expected(step), record, upsert=True)
            except DuplicateKeyError:
                return False
            if result.upserted_id is not None:
                await self._undo([step])
        return result.upserted_id is None

    async def _undo(self, steps: Sequence[Step]) -> None:
        """These expected a document that is not there at all (somebody removed it): they lose."""
        undone = [DeleteOne({"_id": step.after.key, "token": step.token}) for step in steps]
        await self._documents.bulk_write(undone, ordered=False)

    async def settle(
        self,
        settled: Mapping[str, Sequence[str]],
        audited: Mapping[str, int],
        vaulted: Mapping[str, Sequence[str]],
    ) -> None:
        keys = {*settled, *audited, *vaulted}
        if not keys:
            return
        updates = [
            UpdateOne(
                {"_id": key},
                _without(list(settled.get(key, ())), audited.get(key, 0), list(vaulted.get(key, ()))),
            )
            for key in sorted(keys)
        ]
        with store_errors("settle"):
            await self._documents.bulk_write(updates, ordered=False)

    async def due(self, until: datetime, limit: int) -> list[str]:
        with store_errors("ask what is due"):
            wanted = self._documents.find({"due": {"$lte": to_micros(until)}}, {"_id": 1, "due": 1})
            records = await wanted.sort([("due", 1), ("_id", 1)]).limit(limit).to_list(None)
        return [record["_id"] for record in records]

    async def next_due(self) -> datetime | None:
        with store_errors("ask what is due next"):
            wanted = self._documents.find({"due": {"$exists": True}}, {"due": 1})
            records = await wanted.sort([("due", 1), ("_id", 1)]).limit(1).to_list(None)
        return from_micros(records[0]["due"]) if records else None

    async def unsettled(self, committed_before: datetime, limit: int) -> list[str]:
        with store_errors("ask what is unsettled"):
            wanted = self._documents.find({"open": {"$lt": to_micros(committed_before)}}, {"_id": 1})
            records = await wanted.sort([("open", 1)]).limit(limit).to_list(None)
        return [record["_id"] for record in records]


def _write(step: Step) -> InsertOne[Record] | ReplaceOne[Record]:
    """Upsert, because a step that finds another version then tries to insert, and the error about the
    taken key says exactly which steps of a bulk lost, in the same round trip. The counts of a bulk
    without it say only how many."""
    record = mapping.document(step)
    if step.expected == 0:
        return InsertOne(record)
    return ReplaceOne(_as_expected(step), record, upsert=True)


def _as_expected(step: Step) -> Record:
    return {"_id": step.after.key, "version": step.expected}


def _without(message_ids: list[str], seq: int, refs: list[str]) -> list[Mapping[str, Any]]:
    """Takes out these and no others, by what stands there at that moment; closes what is then empty."""
    sent = {"$in": ["$$entry.id", {"$literal": message_ids}]}
    outbox = {"$filter": {"input": "$outbox", "as": "entry", "cond": {"$not": [sent]}}}
    pending = {"$filter": {"input": "$pending", "as": "link", "cond": {"$gt": ["$$link.seq", seq]}}}
    copied = {"$in": ["$$blob.ref", {"$literal": refs}]}
    sealed = {"$filter": {"input": "$sealed", "as": "blob", "cond": {"$not": [copied]}}}
    empty = {"$and": [{"$eq": [f"${name}", []]} for name in ("outbox", "pending", "sealed")]}
    return [
        {"$set": {"outbox": outbox, "pending": pending, "sealed": sealed}},
        {"$set": {"open": {"$cond": [empty, "$$REMOVE", "$open"]}}},
    ]
