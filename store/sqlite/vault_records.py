"""The vault's cipher texts and wrapped data keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from store.port import Blob
from store.sqlite import mapping
from store.sqlite.connection import Connection, portions, store_errors


class VaultRecords(Connection):
    async def put_blobs(self, blobs: Sequence[Blob]) -> list[bool]:
        insert = 'INSERT INTO blobs (ref, "case", sealed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
        with store_errors("keep blobs"), self._transaction():
            return [self._connection.execute(insert, mapping.blob_row(blob)).rowcount == 1 for blob in blobs]

    async def get_blobs(self, refs: Sequence[str]) -> dict[str, Blob]:
        found: dict[str, Blob] = {}
        with store_errors("read blobs"):
            for marks, portion in portions(list(refs)):
                wanted = f'SELECT ref, "case", sealed FROM blobs WHERE ref IN ({marks})'  # noqa: S608
                found.update((row[0], Blob(*row)) for row in self._connection.execute(wanted, portion))
        return found

    async def put_data_keys(self, wrapped: Mapping[str, bytes]) -> dict[str, bytes]:
        insert = 'INSERT INTO data_keys ("case", wrapped) VALUES (?, ?) ON CONFLICT DO NOTHING'
        with store_errors("keep data keys"), self._transaction():
            self._connection.executemany(insert, wrapped.items())
        return await self.get_data_keys(list(wrapped))

    async def get_data_keys(self, cases: Sequence[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        with store_errors("read data keys"):
            for marks, portion in portions(list(cases)):
                wanted = f'SELECT "case", wrapped FROM data_keys WHERE "case" IN ({marks})'  # noqa: S608
                rows = self._connection.execute(f"{wanted} AND wrapped IS NOT NULL", portion)
                found.update(rows)
        return found

    async def destroy_data_key(self, case: str) -> None:
        # The row stays, without its key, so that the case never gets another.
        insert = 'INSERT INTO data_keys ("case") VALUES (?) ON CONFLICT DO UPDATE SET wrapped = NULL'
        with store_errors("destroy a data key"):
            with self._transaction():
                self._connection.execute(insert, (case,))
            # The log beside the file still holds the page with the key until it is emptied.
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
