"""Wakes the embedded broker when the next delayed message is due, by the injected clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from messages.clock import Clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Alarm:
    """At most one sleeping task, for the earliest due time that it was set to.

    ``ring`` is called with the time, in microseconds since 1970, once it is due, and returns the next
    due time or None.
    """

    def __init__(self, clock: Clock, ring: Callable[[int], int | None]) -> None:
        self._clock = clock
        self._ring = ring
        self._due: int | None = None
        self._task: asyncio.Task[None] | None = None

    def now(self) -> int:
        return (self._clock.now() - _EPOCH) // _MICROSECOND

    def set(self, due: int | None) -> None:
        """Ring at ``due``, unless set to ring earlier. Needs a running event loop."""
        if due is None or (self._due is not None and self._due <= due):
            return
        self.stop()
        self._due = due
        self._task = asyncio.get_running_loop().create_task(self._sleep(due), name="broker-alarm")

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = self._due = None

    async def _sleep(self, due: int) -> None:
        next_due: int | None = due
        try:
            while next_due is not None:
                self._due = next_due
                if (left := next_due - self.now()) > 0:
                    await self._clock.sleep(left * _MICROSECOND)
                else:
                    next_due = self._ring(self.now())
        finally:
            if self._task is asyncio.current_task():
                self._task = self._due = None
