"""Lists of documents by their facets."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from store.mongo import mapping
from store.mongo.connection import Connection, store_errors
from store.mongo.schema import COUNTED_INDEX, LISTED_INDEXES
from store.port import COUNTED, Facet, Page


class Listing(Connection):
    async def find(
        self,
        where: Mapping[str, Facet],
        *,
        sort: Sequence[tuple[str, int]] = (),
        offset: int = 0,
        limit: int = 50,
    ) -> Page:
        wanted = {f"facets.{name}": _condition(value) for name, value in where.items() if value != ()}
        order = [("due" if name == "due" else f"facets.{name}", way) for name, way in sort]
        rows = self._documents.find(wanted).sort([*order, ("_id", 1)]).skip(offset).limit(limit)
        # Counting all is a walk over an index instead of over every state.
        how: dict[str, Any] = {} if wanted else {"hint": "_id_"}
        with store_errors("list documents"):
            records, total = await asyncio.gather(
                rows.to_list(None), self._documents.count_documents(wanted, **how)
            )
        return Page(tuple(mapping.kept(record) for record in records), total)

    async def tally(self, by: str, over: str, first: str, last: str) -> dict[str, int]:
        value = f"facets.{by}"
        pipeline: list[dict[str, Any]] = [
            {"$match": {"$and": [{f"facets.{over}": {"$gte": first, "$lte": last}}, {value: {"$gt": ""}}]}},
            {"$group": {"_id": f"${value}", "documents": {"$sum": 1}}},
        ]
        index = _index_of(by, over)
        how: dict[str, Any] = {"hint": index} if index else {}
        with store_errors("count documents"):
            # PyMongo's is a coroutine that returns a cursor, Motor's is the cursor.
            cursor: Any = self._documents.aggregate(pipeline, **how)
            cursor = await cursor if inspect.isawaitable(cursor) else cursor
            rows = await cursor.to_list(None)
        return {row["_id"]: row["documents"] for row in rows}

    async def keys_with_any(self, name: str, values: Sequence[str], limit: int) -> list[str]:
        wanted = {f"facets.{name}": {"$in": list(values)}}
        with store_errors("list documents"):
            rows = await self._documents.find(wanted, {"_id": 1}).sort("_id", 1).limit(limit).to_list(None)
        return [row["_id"] for row in rows]


def _index_of(by: str, over: str) -> str | None:
    """The index that has all that is asked for, so that no document is read."""
    if over == COUNTED[0] and by in COUNTED:
        return COUNTED_INDEX
    return next((i for i, facets in LISTED_INDEXES.items() if {n for n, _ in facets} == {by, over}), None)


def _condition(value: Facet) -> object:
    if value is None:
        return {"$in": [None, []]}
    if isinstance(value, tuple):
        return {"$all": list(value)}
    return value
