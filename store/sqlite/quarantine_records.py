"""Messages that could not be handled."""

from __future__ import annotations

from collections.abc import Sequence

from store.port import Quarantined
from store.sqlite import mapping
from store.sqlite.connection import Connection, store_errors

_ALL_BUT_BODY = "message_id, queue, type, routing_key, reason, fields, user, at, attempts, headers, remedy"
_NO_BODY = "x''"


class QuarantineRecords(Connection):
    async def quarantine(self, items: Sequence[Quarantined]) -> None:
        marks = ", ".join("?" * 12)
        insert = f"INSERT INTO quarantine ({_ALL_BUT_BODY}, body) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
        with store_errors("quarantine"), self._transaction():
            self._connection.executemany(insert, [mapping.quarantine_row(item) for item in items])

    async def quarantined(
        self, limit: int = 1000, *, message_id: str | None = None, bodies: bool = True
    ) -> list[Quarantined]:
        which = "1" if message_id is None else "message_id = :message_id"
        columns = f"{_ALL_BUT_BODY}, {'body' if bodies else _NO_BODY}"
        wanted = f"SELECT {columns} FROM quarantine WHERE {which}"  # noqa: S608 - no value is in the text
        with store_errors("list the quarantine"):
            rows = self._connection.execute(
                f"{wanted} ORDER BY at, message_id, queue LIMIT :limit",
                {"message_id": message_id, "limit": limit},
            ).fetchall()
        return [mapping.quarantined(row) for row in rows]

    async def count_quarantined(self) -> int:
        with store_errors("count the quarantine"):
            (count,) = self._connection.execute("SELECT count(*) FROM quarantine").fetchone()
        return int(count)

    async def release_quarantined(self, message_id: str) -> None:
        with store_errors("release from quarantine"), self._transaction():
            self._connection.execute("DELETE FROM quarantine WHERE message_id = ?", (message_id,))
