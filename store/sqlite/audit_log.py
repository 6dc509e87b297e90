"""The append-only audit table."""

from __future__ import annotations

from collections.abc import Sequence

from store.port import AuditEntry
from store.sqlite import mapping
from store.sqlite.connection import Connection, store_errors

_COLUMNS = "key, seq, body, previous, hash"
_CHAIN = f"SELECT {_COLUMNS} FROM audit WHERE key = ? ORDER BY seq"  # noqa: S608 - no value is in the text


class AuditLog(Connection):
    async def append_audit(self, entries: Sequence[AuditEntry]) -> list[bool]:
        insert = f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"  # noqa: S608
        with store_errors("append to the audit"), self._transaction():
            return [
                self._connection.execute(insert, mapping.audit_row(entry)).rowcount == 1 for entry in entries
            ]

    async def audit(self, key: str) -> list[AuditEntry]:
        with store_errors("read the audit"):
            rows = self._connection.execute(_CHAIN, (key,)).fetchall()
        return [AuditEntry(*row) for row in rows]

    async def audit_head(self, key: str) -> AuditEntry | None:
        with store_errors("read the audit"):
            row = self._connection.execute(f"{_CHAIN} DESC LIMIT 1", (key,)).fetchone()
        return None if row is None else AuditEntry(*row)

    async def audited_keys(self) -> list[str]:
        with store_errors("list the audit's keys"):
            rows = self._connection.execute("SELECT DISTINCT key FROM audit ORDER BY key").fetchall()
        return [key for (key,) in rows]
