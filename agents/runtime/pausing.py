"""Waiting that ends early when the runtime is asked to stop, and pauses that grow."""

from __future__ import annotations

import asyncio
from datetime import timedelta

_SHORTEST, _LONGEST = timedelta(milliseconds=100), timedelta(seconds=5)


class Pause:
    """A pause after trouble: longer each time until `over` is called, never after ``stopping`` is set.

    Real time, by the event loop: how long a server is away has nothing to do with the hub's clock.
    """

    def __init__(self, stopping: asyncio.Event) -> None:
        self._stopping = stopping
        self._next = _SHORTEST

    async def rest(self) -> None:
        length, self._next = self._next, min(self._next * 2, _LONGEST)
        await at_most(length, self._stopping)

    def over(self) -> None:
        """All is well again."""
        self._next = _SHORTEST


async def at_most(length: timedelta, event: asyncio.Event) -> bool:
    """Wait for an event, but no longer than this; returns whether it is set."""
    try:
        async with asyncio.timeout(length.total_seconds()):
            await event.wait()
    except TimeoutError:
        return False
    return True
