"""The tables are made when the file is opened: there is no server that could disagree."""

from __future__ import annotations

from store.sqlite.connection import Connection


class Schema(Connection):
    async def provision(self) -> None:
        return

    async def verify(self) -> list[str]:
        return []
