"""The connection to one agent's file, and what every part of the engine needs of it.

SQLite is called in the event loop, without a thread (docs/decisions/0003-sqlite-in-the-loop.md).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from messages.private_folder import make_private_folder
from store import layout
from store.port import StoreError
from store.sqlite.schema_script import TABLES

BUSY_LIMIT_S = 5.0
"""How long to wait for another process that writes the same file (the command line beside a hub)."""

PARAMETERS_LIMIT = 500
"""How many values one statement takes at most, well below every build of SQLite."""


class Connection:
    """Opens the file, and makes it when it is not there.

    Raises
    ------
    OtherLayout
        when another version made it.
    StoreError
        when it cannot be opened or is not a database.
    """

    def __init__(self, path: Path) -> None:
        with store_errors("open the file"):
            make_private_folder(path.parent)
            path.touch(mode=0o600, exist_ok=True)
            # No implicit transactions: every one is opened and ended in `_transaction`.
            self._connection = sqlite3.connect(path, timeout=BUSY_LIMIT_S, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=WAL")
            # Durable on return: the log is synced at every commit.
            self._connection.execute("PRAGMA synchronous=FULL")
            # What is removed is overwritten, so that a destroyed data key is not left in a free page.
            self._connection.execute("PRAGMA secure_delete=ON")
            try:
                self._connection.executescript(self._script())
            except BaseException:
                self._connection.close()
                raise

    def _script(self) -> str:
        """What makes the tables that are not there; the number of the layout comes with the first of them."""
        number, tables = self._connection.execute(
            "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
        ).fetchone()
        if tables:
            layout.require_ours(number)
            return TABLES
        return f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {layout.LAYOUT}; COMMIT"

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing, with one sync of the disk at the end."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    async def healthy(self) -> bool:
        try:
            with self._transaction():
                return True
        except sqlite3.Error:
            return False

    async def close(self) -> None:
        self._connection.close()


@contextmanager
def store_errors(doing: str) -> Iterator[None]:
    """Turn the engine's errors into one that repeats nothing of what was written."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"could not {doing}: {type(error).__name__}") from None


def portions(values: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The values in portions that one statement takes, each with its ``?, ?, ...``."""
    for start in range(0, len(values), PARAMETERS_LIMIT):
        portion = values[start : start + PARAMETERS_LIMIT]
        yield ", ".join("?" * len(portion)), portion
