"""Messages that could not be handled."""

from __future__ import annotations

from collections.abc import Sequence

from store.mongo import mapping
from store.mongo.connection import Connection, insert_new, store_errors
from store.port import Quarantined


class QuarantineRecords(Connection):
    async def quarantine(self, items: Sequence[Quarantined]) -> None:
        with store_errors("quarantine"):
            await insert_new(self._quarantine, [mapping.quarantine_record(item) for item in items])

    async def quarantined(self, limit: int = 1000, *, message_id: str | None = None) -> list[Quarantined]:
        wanted = {} if message_id is None else {"message_id": message_id}
        with store_errors("list the quarantine"):
            found = self._quarantine.find(wanted).sort([("at", 1), ("_id", 1)]).limit(limit)
            records = await found.to_list(None)
        return [mapping.quarantined(record) for record in records]

    async def release_quarantined(self, message_id: str) -> None:
        with store_errors("release from quarantine"):
            await self._quarantine.delete_many({"message_id": message_id})
