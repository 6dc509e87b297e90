"""The tables are made, and the layout is looked at, when the file is opened: no server could disagree."""

from __future__ import annotations

from store.sqlite.connection import Connection


class Schema(Connection):
    async def provision(self) -> None:
        return

    async def verify(self) -> list[str]:
        return []
