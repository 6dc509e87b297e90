"""The file of an agent's store."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from store.layout import OtherLayout
from store.sqlite import SqliteStore


def test_only_its_owner_may_read_the_files(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "hub.sqlite")
    modes = {file.name: file.stat().st_mode & 0o077 for file in tmp_path.iterdir()}
    assert modes and set(modes.values()) == {0}
    asyncio.run(store.close())


def test_a_file_from_before_layouts_had_numbers_is_told_as_such_and_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "hub.sqlite"
    with closing(sqlite3.connect(file)) as old:
        old.execute("CREATE TABLE quarantine (message_id TEXT NOT NULL)")
        old.commit()
    with pytest.raises(OtherLayout, match="its layout is 0"):
        SqliteStore(file)
    with closing(sqlite3.connect(file)) as old:
        assert old.execute("SELECT name FROM sqlite_master").fetchall() == [("quarantine",)]


def test_of_those_who_open_a_new_file_at_once_nobody_takes_it_for_an_older_one(tmp_path: Path) -> None:
    def opened(number: int) -> None:
        asyncio.run(SqliteStore(tmp_path / f"hub-{number % 10}.sqlite").close())

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(opened, range(80)))
