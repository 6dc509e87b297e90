"""What operators ask of a hub in one process while it runs: to take a message out of quarantine.

They ask from another process, or from the dashboard in this one, by a file (`ops.mailroom`).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import structlog

from agents.runtime import Runtime
from ops import mailroom

LOOK_EVERY_S = 0.2

log: Any = structlog.get_logger("mash.up")


async def do_what_is_asked(data: Path, hub: Runtime[Any], told: asyncio.Event) -> None:
    """Do each request and leave its answer, until told."""
    folder = data / mailroom.REQUESTS
    for left in folder.glob("*.done"):
        left.unlink()  # whoever asked did not wait for it
    async for _ in now_and_then(told):
        for file in sorted(folder.glob("*.json")):
            answer: dict[str, Any]
            try:
                outcome = await hub.redrive(str(json.loads(file.read_bytes())["redrive"]))
                answer = {"outcome": outcome.kind, "reason": outcome.reason}
            except Exception as error:
                log.warning("request_failed", error=type(error).__name__)
                answer = {"outcome": "failed", "reason": type(error).__name__}
            mailroom.write_whole(file.with_suffix(".done"), json.dumps(answer).encode())
            file.unlink()


async def now_and_then(told: asyncio.Event) -> AsyncIterator[None]:
    """Again and again until told."""
    while not told.is_set():
        yield
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                await told.wait()
        except TimeoutError:
            continue
