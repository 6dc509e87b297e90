"""The append-only audit collection."""

from __future__ import annotations

from collections.abc import Sequence

from store.mongo import mapping
from store.mongo.connection import Connection, Record, insert_new, store_errors
from store.port import AuditEntry


class AuditLog(Connection):
    async def append_audit(self, entries: Sequence[AuditEntry]) -> list[bool]:
        with store_errors("append to the audit"):
            taken = await insert_new(self._audit, [mapping.audit_record(entry) for entry in entries])
        return [position not in taken for position in range(len(entries))]

    async def audit(self, key: str) -> list[AuditEntry]:
        with store_errors("read the audit"):
            records = await self._audit.find(_chain(key)).sort([("_id", 1)]).to_list(None)
        return [mapping.audit_entry(record) for record in records]

    async def audit_head(self, key: str) -> AuditEntry | None:
        with store_errors("read the audit"):
            records = await self._audit.find(_chain(key)).sort([("_id", -1)]).limit(1).to_list(None)
        return mapping.audit_entry(records[0]) if records else None

    async def audited_keys(self) -> list[str]:
        # Every entry is looked at, not only each first one, so that a chain without its first shows.
        keys: set[str] = set()
        with store_errors("list the audit's keys"):
            async for record in self._audit.find({}, {"_id": 0, "key": 1}):
                keys.add(record["key"])
        return sorted(keys)


def _chain(key: str) -> Record:
    last = 10**mapping.SEQ_DIGITS - 1
    return {"_id": {"$gte": mapping.audit_id(key, 0), "$lte": mapping.audit_id(key, last)}, "key": key}
