"""The vault's cipher texts and wrapped data keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from store.mongo import mapping
from store.mongo.connection import Connection, by_id, insert_new, store_errors
from store.port import Blob


class VaultRecords(Connection):
    async def put_blobs(self, blobs: Sequence[Blob]) -> list[bool]:
        with store_errors("keep blobs"):
            taken = await insert_new(self._blobs, [mapping.blob_record(blob) for blob in blobs])
        return [position not in taken for position in range(len(blobs))]

    async def get_blobs(self, refs: Sequence[str]) -> dict[str, Blob]:
        if not refs:
            return {}
        with store_errors("read blobs"):
            records = await by_id(self._blobs, refs)
        return {record["_id"]: mapping.blob(record) for record in records}

    async def put_data_keys(self, wrapped: Mapping[str, bytes]) -> dict[str, bytes]:
        cases = list(wrapped)
        with store_errors("keep data keys"):
            records = [{"_id": case, "wrapped": wrapped[case]} for case in cases]
            taken = await insert_new(self._data_keys, records)
        count = {case: wrapped[case] for position, case in enumerate(cases) if position not in taken}
        return count | await self.get_data_keys([cases[position] for position in taken])

    async def get_data_keys(self, cases: Sequence[str]) -> dict[str, bytes]:
        if not cases:
            return {}
        with store_errors("read data keys"):
            wanted = {"_id": {"$in": list(cases)}, "wrapped": {"$ne": None}}
            records = await self._data_keys.find(wanted).to_list(None)
        return {record["_id"]: record["wrapped"] for record in records}

    async def destroy_data_key(self, case: str) -> None:
        # The record stays, without its key, so that the case never gets another.
        with store_errors("destroy a data key"):
            await self._data_keys.update_one({"_id": case}, {"$set": {"wrapped": None}}, upsert=True)
