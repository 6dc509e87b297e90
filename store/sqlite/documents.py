"""Documents: the one-write step, what it leaves to send and to copy, and what falls due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from store.moments import from_micros, to_micros
from store.port import Kept, Step
from store.sqlite import mapping
from store.sqlite.connection import Connection, portions, store_errors

_INSERT = """
INSERT INTO documents
    (key, version, at, due, open, audit_seq, audit_hash, facets, outbox, inbox, pending, sealed,
     state)
VALUES
    (:key, :version, :at, :due, :open, :audit_seq, :audit_hash, :facets, :outbox, :inbox, :pending,
     :sealed, :state)
ON CONFLICT DO NOTHING
"""
_REPLACE = """
UPDATE documents SET
    version = :version, at = :at, due = :due, open = :open, audit_seq = :audit_seq,
    audit_hash = :audit_hash, facets = :facets, outbox = :outbox, inbox = :inbox,
    pending = :pending, sealed = :sealed, state = :state
WHERE key = :key AND version = :expected
"""


class Documents(Connection):
    async def load(self, keys: Sequence[str]) -> dict[str, Kept]:
        found: dict[str, Kept] = {}
        with store_errors("load documents"):
            for marks, portion in portions(list(keys)):
                rows = self._connection.execute(
                    f"SELECT {mapping.DOCUMENT_COLUMNS} FROM documents WHERE key IN ({marks})",  # noqa: S608
                    portion,
                )
                found.update((row[0], mapping.kept(row)) for row in rows)
        return found

    async def commit(self, steps: Sequence[Step]) -> list[bool]:
        if not steps:
            return []
        with store_errors("commit"), self._transaction():
            return [self._write(step) for step in steps]

    def _write(self, step: Step) -> bool:
        row = mapping.document(step)
        if step.expected == 0:
            written = self._connection.execute(_INSERT, row)
        else:
            written = self._connection.execute(_REPLACE, row | {"expected": step.expected})
        if written.rowcount == 0:
            return False
        self._connection.execute("DELETE FROM facets WHERE key = ?", (step.after.key,))
        self._connection.executemany(
            "INSERT OR IGNORE INTO facets (key, name, value) VALUES (?, ?, ?)",
            mapping.facet_rows(step.after),
        )
        return True

    async def settle(
        self,
        settled: Mapping[str, Sequence[str]],
        audited: Mapping[str, int],
        vaulted: Mapping[str, Sequence[str]],
    ) -> None:
        keys = {*settled, *audited, *vaulted}
        if not keys:
            return
        with store_errors("settle"), self._transaction():
            for key in sorted(keys):
                self._settle(key, set(settled.get(key, ())), audited.get(key, 0), set(vaulted.get(key, ())))

    def _settle(self, key: str, message_ids: set[str], seq: int, refs: set[str]) -> None:
        found = self._connection.execute(
            "SELECT outbox, pending, sealed FROM documents WHERE key = ?", (key,)
        ).fetchone()
        if found is None:
            return
        outbox = tuple(e for e in mapping.outbox_entries(found[0]) if e.message_id not in message_ids)
        pending = tuple(link for link in mapping.pending_entries(key, found[1]) if link.seq > seq)
        sealed = tuple(blob for blob in mapping.sealed_records(key, found[2]) if blob.ref not in refs)
        left = bool(outbox or pending or sealed)
        self._connection.execute(
            "UPDATE documents SET outbox = ?, pending = ?, sealed = ?, open = CASE WHEN ? THEN open END"
            " WHERE key = ?",
            (mapping.outbox(outbox), mapping.pending(pending), mapping.sealed(sealed), left, key),
        )

    async def due(self, until: datetime, limit: int) -> list[str]:
        with store_errors("ask what is due"):
            rows = self._connection.execute(
                "SELECT key FROM documents WHERE due <= ? ORDER BY due, key LIMIT ?",
                (to_micros(until), limit),
            ).fetchall()
        return [key for (key,) in rows]

    async def next_due(self) -> datetime | None:
        with store_errors("ask what is due next"):
            (due,) = self._connection.execute(
                "SELECT min(due) FROM documents WHERE due IS NOT NULL"
            ).fetchone()
        return None if due is None else from_micros(due)

    async def unsettled(self, committed_before: datetime, limit: int) -> list[str]:
        with store_errors("ask what is unsettled"):
            rows = self._connection.execute(
                "SELECT key FROM documents WHERE open < ? ORDER BY open LIMIT ?",
                (to_micros(committed_before), limit),
            ).fetchall()
        return [key for (key,) in rows]
