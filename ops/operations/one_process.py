"""A hub in one process, looked at from the same process or from another."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence

from messages.topology import DEAD_QUEUE
from ops.doctor import Finding, examine
from ops.hub_lock import hub_runs
from ops.operations import redriving, standing_file
from ops.operations.engines import Redriven, Seen
from ops.operations.versions import versions
from ops.settings import Settings
from ops.tracing.spans import Span, spans_of

NOT_RUNNING = (
    "The hub is not running: its queues are in a file that only the hub opens, so what waits in them is told "
    "again when it runs. Start it with mash up."
)
NOT_TOLD = (
    "The hub runs, but has not told how it is in the last seconds: it is just starting, or too busy to. "
    "What its queues hold is not known."
)


class OneProcess:
    """Implements `ops.operations.engines.Engines` for a hub of `mash up`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def look(self) -> Seen:
        runs = hub_runs(self._settings.data)
        told = standing_file.read(self._settings.data) if runs else None
        agents, queues = told or ((), ())
        by_name = {queue.name: queue for queue in queues}
        dead = by_name.pop(DEAD_QUEUE, None)
        return Seen(
            broker="embedded",
            reached=runs,
            agents=agents,
            queues=tuple(by_name.values()),
            dead=dead,
            delayed=sum(queue.delayed or 0 for queue in queues) if told else None,
            versions=(*versions(), ("SQLite", sqlite3.sqlite_version)),
            not_told=() if told else (NOT_TOLD if runs else NOT_RUNNING,),
        )

    async def findings(self) -> Sequence[Finding]:
        # Reads agencies' records, which takes its time: in a thread, and so in a loop of its own.
        return await asyncio.to_thread(asyncio.run, examine(self._settings))

    async def spans(self, trace_id: str | None) -> Sequence[Span]:
        return await asyncio.to_thread(spans_of, self._settings.traces_at, trace_id)

    async def redrive(self, message_id: str, *, anyway: bool) -> Redriven:
        return await redriving.redrive(self._settings, message_id, anyway=anyway)

    async def close(self) -> None:
        """Nothing is open."""
