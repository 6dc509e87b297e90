"""Documents: the one-write step, what it leaves to send and to copy, and what falls due."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import DeleteOne, UpdateOne
from pymongo.errors import BulkWriteError

from store.moments import from_micros, to_micros
from store.mongo import mapping
from store.mongo.connection import Connection, Record, by_id, insert_new, positions_taken, store_errors
from store.port import Kept, Step


class Documents(Connection):
    async def load(self, keys: Sequence[str]) -> dict[str, Kept]:
        if not keys:
            return {}
        with store_errors("load documents"):
            records = await by_id(self._documents, keys)
        return {record["_id"]: mapping.kept(record) for record in records}

    async def commit(self, steps: Sequence[Step]) -> list[bool]:
        new = [step for step in steps if step.expected == 0]
        known = [step for step in steps if step.expected > 0]
        with store_errors("commit"):
            # Side by side: the driver would send the two kinds of a bulk one after the other.
            if not known:
                lost = await self._insert(new)
            elif not new:
                lost = await self._change(known)
            else:
                both = await asyncio.gather(self._insert(new), self._change(known), return_exceptions=True)
                lost = set().union(*(_or_raise(each) for each in both))
        return [step.token not in lost for step in steps]

    async def _insert(self, steps: Sequence[Step]) -> set[str]:
        """Write the first version of documents; return the tokens of the steps that lost."""
        taken = await insert_new(self._documents, [mapping.document(step) for step in steps])
        return {steps[position].token for position in taken}

    async def _change(self, steps: Sequence[Step]) -> set[str]:
        """Write the next version of documents; return the tokens of the steps that lost."""
        if len(steps) == 1:
            # By itself, which is what comes when little is going on: half the driver's work of a bulk.
            result = await self._documents.update_one(_as_expected(steps[0]), mapping.changes(steps[0]))
            return set() if result.matched_count else {steps[0].token}
        lost, inserted = await self._change_all(steps)
        if inserted:
            await self._undo([steps[position] for position in inserted])
        return {steps[position].token for position in lost | inserted}

    async def _change_all(self, steps: Sequence[Step]) -> tuple[set[int], set[int]]:
        """In one bulk; return the positions of those that lost and of those that found no document.

        Upsert, because a step that finds another version then tries to insert, and the error about the
        taken key says exactly which steps of a bulk lost, in the same round trip. The counts of a bulk
        without it say only how many.
        """
        writes = [UpdateOne(_as_expected(s), mapping.changes_or_blank(s), upsert=True) for s in steps]
        try:
            result = await self._documents.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            return positions_taken(error), {upsert["index"] for upsert in error.details["upserted"]}
        return set(), set(result.upserted_ids or {})

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


def _as_expected(step: Step) -> Record:
    return {"_id": step.after.key, "version": step.expected}


def _or_raise(result: set[str] | BaseException) -> set[str]:
    if isinstance(result, BaseException):
        raise result
    return result


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
