"""The file of an agent's store."""

from __future__ import annotations

from pathlib import Path

from store.sqlite import SqliteStore


async def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "hub.sqlite")
    assert [file.stat().st_mode & 0o077 for file in tmp_path.iterdir()] == [0] * len(list(tmp_path.iterdir()))
    await store.close()
