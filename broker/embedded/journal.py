"""The file of the embedded broker: every message in every queue is one row until it is acknowledged.

What must outlive a power cut (publish, fail) is synced before it returns. What only spares a
repetition (noting that a message is out, acknowledging, handing back) is written without waiting for
the disk: it outlives the process, and losing it to a power cut only delivers a message again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from broker.port import BrokerError, Outbound, kept_headers
from messages.topology import DEAD_QUEUE

READY, OUT, DELAYED = 0, 1, 2

_SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    position INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    state INTEGER NOT NULL,
    due INTEGER,
    attempts INTEGER NOT NULL,
    vanished INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    failure TEXT,
    origin TEXT,
    user TEXT NOT NULL,
    message_id TEXT NOT NULL,
    type TEXT NOT NULL,
    routing_key TEXT NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS waiting ON message (queue, state, position);
CREATE INDEX IF NOT EXISTS delayed ON message (due) WHERE state = 2;
"""

_COLUMNS = "position, attempts, failures, failure, origin, user, message_id, type, routing_key, headers, body"


@dataclass(frozen=True, slots=True)
class Row:
    """A message as kept. ``attempts`` counts the deliveries that ended without success."""

    position: int
    attempts: int
    failures: int
    failure: str | None
    origin: str | None
    user: str
    message_id: str
    type: str
    routing_key: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Counts:
    """The messages of a queue: those that wait, are out with a consumer, and come again later."""

    waiting: int = 0
    out: int = 0
    delayed: int = 0


class Journal:
    """Rows and their states, in one SQLite file that this process alone may open.

    Raises
    ------
    BrokerError
        when another process has the file open; from every call that writes, when the disk is full or
        fails. Then nothing of that call was written.
    """

    def __init__(self, path: Path | str) -> None:
        # Bodies are sealed, but who writes to whom is nobody else's business either.
        Path(path).touch(mode=0o600)
        self._db = sqlite3.connect(path, isolation_level=None)
        try:
            self._db.execute("PRAGMA busy_timeout = 0")
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            # What is acknowledged is overwritten: sealed or not, it is nobody's to find in a free page.
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.executescript(_SCHEMA)
            (last,) = self._db.execute("SELECT coalesce(max(position), 0) FROM message").fetchone()
        except sqlite3.Error as error:
            self._db.close()
            raise BrokerError(f"the embedded broker's file cannot be used: {error}") from None
        self._position: int = last

    @contextmanager
    def _transaction(self, *, synced: bool) -> Iterator[None]:
        try:
            self._db.execute(f"PRAGMA synchronous = {'FULL' if synced else 'NORMAL'}")
            # Leaving this block commits, or rolls back when there was an error.
            with self._db:
                self._db.execute("BEGIN IMMEDIATE")
                yield
        except sqlite3.Error as error:
            raise BrokerError(f"the embedded broker's file cannot be written: {error}") from None

    def _tail(self) -> int:
        self._position += 1
        return self._position

    def add(self, routed: Iterable[tuple[Outbound, Sequence[str]]], user: str) -> None:
        """Put each message into each of its queues, all in one synced transaction."""
        with self._transaction(synced=True):
            self._db.executemany(
                "INSERT INTO message VALUES (?, ?, 0, NULL, 0, 0, 0, NULL, NULL, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        self._tail(),
                        queue,
                        user,
                        message.message_id,
                        message.type,
                        message.routing_key,
                        json.dumps(kept_headers(message.headers)),
                        message.body,
                    )
                    for message, queues in routed
                    for queue in queues
                ),
            )

    def claim(self, queue: str, at_most: int) -> list[Row]:
        """Take out what is waiting, oldest first."""
        found = self._db.execute(
            f"SELECT {_COLUMNS} FROM message WHERE queue = ? AND state = 0 ORDER BY position LIMIT ?",  # noqa: S608
            (queue, at_most),
        ).fetchall()
        rows = [Row(*(*values[:9], json.loads(values[9]), values[10])) for values in found]
        if rows:
            self._set_state(OUT, [row.position for row in rows])
        return rows

    def release(self, positions: Sequence[int]) -> None:
        """Put back where they were, uncounted."""
        self._set_state(READY, positions)

    def _set_state(self, state: int, positions: Sequence[int]) -> None:
        with self._transaction(synced=False):
            self._db.executemany(
                "UPDATE message SET state = ? WHERE position = ?", ((state, p) for p in positions)
            )

    def remove(self, positions: Sequence[int]) -> None:
        with self._transaction(synced=False):
            self._db.executemany("DELETE FROM message WHERE position = ?", ((p,) for p in positions))

    def delay(self, position: int, due: int) -> None:
        """Hold a failed message until ``due`` (microseconds since 1970), one attempt more used up."""
        with self._transaction(synced=True):
            self._db.execute(
                "UPDATE message SET state = 2, due = ?, attempts = attempts + 1,"
                " failures = failures + 1, vanished = 0 WHERE position = ?",
                (due, position),
            )

    def bury(self, position: int, failure: str) -> None:
        """Move a failed message to the dead queue, one attempt more used up."""
        with self._transaction(synced=True):
            self._bury(position, failure)

    def _bury(self, position: int, failure: str) -> None:
        self._db.execute(
            "UPDATE message SET position = ?, origin = queue, queue = ?, failure = ?, state = 0,"
            " attempts = attempts + 1, failures = 0, vanished = 0 WHERE position = ?",
            (self._tail(), DEAD_QUEUE, failure, position),
        )

    def give_up(self, positions: Sequence[int], limit: int) -> list[str]:
        """The consumer of these vanished: put them back, counted, or into the dead queue past ``limit``.

        Returns the queues that got something.
        """
        queues = []
        with self._transaction(synced=True):
            for position in positions:
                queue, vanished = self._db.execute(
                    "SELECT queue, vanished FROM message WHERE position = ?", (position,)
                ).fetchone()
                if vanished >= limit and queue != DEAD_QUEUE:
                    self._bury(position, "delivery_limit")
                    queues.append(DEAD_QUEUE)
                else:
                    queues.append(queue)
                    self._db.execute(
                        "UPDATE message SET state = 0, attempts = attempts + 1, vanished = vanished + 1"
                        " WHERE position = ?",
                        (position,),
                    )
        return queues

    def left_out(self) -> list[int]:
        """What was out when the file was last closed, oldest first."""
        found = self._db.execute("SELECT position FROM message WHERE state = 1 ORDER BY position")
        return [position for (position,) in found]

    def next_due(self) -> int | None:
        (due,) = self._db.execute("SELECT min(due) FROM message WHERE state = 2").fetchone()
        return None if due is None else int(due)

    def wake(self, now: int) -> list[str]:
        """Put what is due at the end of its queue; returns the queues that got something."""
        found = self._db.execute(
            "SELECT position, queue FROM message WHERE state = 2 AND due <= ? ORDER BY due, position", (now,)
        ).fetchall()
        with self._transaction(synced=True):
            self._db.executemany(
                "UPDATE message SET position = ?, state = 0, due = NULL WHERE position = ?",
                ((self._tail(), position) for position, _ in found),
            )
        return sorted({queue for _, queue in found})

    def depth(self, queue: str) -> int:
        (waiting,) = self._db.execute(
            "SELECT count(*) FROM message WHERE queue = ? AND state = 0", (queue,)
        ).fetchone()
        return int(waiting)

    def counts(self) -> dict[str, Counts]:
        """The messages of every queue that has any."""
        found = self._db.execute(
            "SELECT queue, sum(state = 0), sum(state = 1), sum(state = 2) FROM message GROUP BY queue"
        )
        return {queue: Counts(waiting, out, delayed) for queue, waiting, out, delayed in found}

    def close(self) -> None:
        self._db.close()
