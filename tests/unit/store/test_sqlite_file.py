"""The file of an agent's store."""

from __future__ import annotations

import asyncio
from pathlib import Path

from store.sqlite import SqliteStore


def test_only_its_owner_may_read_the_files(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "hub.sqlite")
    modes = {file.name: file.stat().st_mode & 0o077 for file in tmp_path.iterdir()}
    assert modes and set(modes.values()) == {0}
    asyncio.run(store.close())
