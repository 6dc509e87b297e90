"""How a hub in one process is, in a file: nobody else can ask its agents, and its broker's file is its own.

    <data>/standing.json     written anew every few seconds while the hub runs, and gone when it has stopped

It holds names of parties and queues, counts and times.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from agents.runtime import Health, Runtime
from agents.runtime.log import fault
from broker.embedded import EmbeddedServer
from broker.embedded.journal import Counts
from messages.topology import DEAD_QUEUE
from ops.mailroom import write_whole
from ops.operations.engines import AgentSeen, QueueSeen
from ops.serving import HEALTH_EVERY_S, is_fresh

FILE = "standing.json"

log: Any = structlog.get_logger("mash.up")


async def tell(
    data: Path, server: EmbeddedServer, runtimes: Sequence[Runtime[Any]], told: asyncio.Event
) -> None:
    """Write the file until told, and take it away then. A disk that takes nothing does not stop the hub."""
    file = data / FILE
    try:
        while not told.is_set():
            health = [await runtime.health() for runtime in runtimes]
            try:
                write_whole(file, json.dumps(_standing(server, health), default=str).encode())
            except OSError as error:
                log.warning("standing_not_told", **fault(error))
            try:
                async with asyncio.timeout(HEALTH_EVERY_S):
                    await told.wait()
            except TimeoutError:
                continue
    finally:
        file.unlink(missing_ok=True)


def _standing(server: EmbeddedServer, health: Sequence[Health]) -> dict[str, Any]:
    counts = server.counts()
    queues = [*(spec.name for spec in server.topology.queues), DEAD_QUEUE]
    return {
        "agents": [asdict(one) for one in health],
        "queues": {
            queue: {**asdict(counts.get(queue, Counts())), "consumers": server.consumers(queue)}
            for queue in queues
        },
    }


def read(data: Path) -> tuple[tuple[AgentSeen, ...], tuple[QueueSeen, ...]] | None:
    """What the hub last told of its agents and of its queues, the dead queue among them; None when it told
    nothing in the last seconds."""
    file = data / FILE
    if not is_fresh(file):
        return None
    try:
        kept = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None
    queues = tuple(QueueSeen(name, **counted) for name, counted in kept["queues"].items())
    return tuple(_agent(one) for one in kept["agents"]), queues


def _agent(kept: Mapping[str, Any]) -> AgentSeen:
    troubles = tuple(part for part in ("broker", "store", "consuming") if not kept[part])
    last = kept["last_progress"]
    return AgentSeen(
        kept["party"],
        "unwell" if troubles else "well",
        processes=1,
        troubles=troubles,
        unsettled=kept["unsettled"],
        last_progress=datetime.fromisoformat(last) if last else None,
    )
