"""Real time that a test can move ahead: what sleeps until then wakes up."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta


class MovingClock:
    """Shows ``start`` when it is made, runs as real time does, and jumps when told to."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._began = time.monotonic()
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def move(self, length: timedelta) -> None:
        """Let this much time pass at once."""
        self._start += length
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, length: timedelta) -> None:
        until = self.now() + length
        while (left := until - self.now()) > timedelta(0):
            try:
                async with asyncio.timeout(left.total_seconds()):
                    await self._moved.wait()
            except TimeoutError:
                return
