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

    async def quarantined(
        self, limit: int = 1000, *, message_id: str | None = None, bodies: bool = True
    ) -> list[Quarantined]:
        wanted = {} if message_id is None else {"message_id": message_id}
        with store_errors("list the quarantine"):
            found = (
                self._quarantine.find(wanted, None if bodies else {"body": 0})
                .sort([("at", 1), ("_id", 1)])
                .limit(limit)
            )
            records = await found.to_list(None)
        return [mapping.quarantined({"body": b"", **record}) for record in records]

    async def count_quarantined(self) -> int:
        with store_errors("count the quarantine"):
            return await self._quarantine.count_documents({}, hint="_id_")

    async def release_quarantined(self, message_id: str) -> None:
        with store_errors("release from quarantine"):
            await self._quarantine.delete_many({"message_id": message_id})
