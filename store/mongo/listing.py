"""Lists of documents by their facets."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from store.mongo import mapping
from store.mongo.connection import Connection, store_errors
from store.port import Facet, Page


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

    async def keys_with_any(self, name: str, values: Sequence[str], limit: int) -> list[str]:
        wanted = {f"facets.{name}": {"$in": list(values)}}
        with store_errors("list documents"):
            rows = await self._documents.find(wanted, {"_id": 1}).sort("_id", 1).limit(limit).to_list(None)
        return [row["_id"] for row in rows]


def _condition(value: Facet) -> object:
    if value is None:
        return {"$in": [None, []]}
    if isinstance(value, tuple):
        return {"$all": list(value)}
    return value
