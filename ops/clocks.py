"""The clocks that a run of the hub may be given: the real one, a faster one, and a virtual one.

Under `VirtualTimeLoop` nothing ever waits: when every task sleeps, time jumps to the moment at which
the first of them wakes. Three working days pass in a second, the same way each time.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, TypeVarTuple, Unpack

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")


class SystemClock:
    """The time it is."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, length: timedelta) -> None:
        await asyncio.sleep(max(length.total_seconds(), 0.0))


class ScaledClock:
    """A clock that runs ``factor`` times as fast as the real one.

    It showed ``start`` when the real time was ``origin``. Processes that share these three values agree
    on the time as well as their machines do.
    """

    def __init__(
        self,
        origin: datetime,
        start: datetime,
        factor: float,
        real: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if factor <= 0:
            raise ValueError("the factor must be positive")
        self._origin = origin
        self._start = start
        self._factor = factor
        self._real = real

    def now(self) -> datetime:
        return self._start + (self._real() - self._origin) * self._factor

    async def sleep(self, length: timedelta) -> None:
        # A sleep that ends a moment early by rounding would let a due time be asked for too soon.
        until = self.now() + length
        while (left := until - self.now()) > timedelta(0):  # noqa: ASYNC110
            await asyncio.sleep(left.total_seconds() / self._factor)


class LoopClock:
    """A clock that follows an event loop (the running one): ``start`` at the moment when it is made."""

    def __init__(self, start: datetime, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._start = start.astimezone(UTC)
        self._loop = loop or asyncio.get_running_loop()
        self._began = self._loop.time()

    def now(self) -> datetime:
        return self._start + timedelta(microseconds=round((self._loop.time() - self._began) * 1_000_000))

    async def sleep(self, length: timedelta) -> None:
        await asyncio.sleep(max(length.total_seconds(), 0.0))


class NothingLeftToHappen(RuntimeError):
    """Every task waits for something that cannot come: no timer, no thread, no connection is left."""


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only while all tasks sleep, and then at once.

    Connections and threads are waited for in real time, during which virtual time stands still.
    """

    def __init__(self) -> None:
        self._virtual_now = 0.0
        self._threads = 0
        super().__init__(_TimeTravel(self))

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._virtual_now

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Arguments]], Result], *args: *Arguments
    ) -> asyncio.Future[Result]:
        future = super().run_in_executor(executor, func, *args)
        self._threads += 1
        future.add_done_callback(self._thread_ended)
        return future

    async def shutdown_default_executor(self, *args: Any) -> None:
        self._threads += 1
        try:
            await super().shutdown_default_executor(*args)
        finally:
            self._threads -= 1

    def _thread_ended(self, _: asyncio.Future[Any]) -> None:
        self._threads -= 1

    def pass_time(self, seconds: float | None, connections: int) -> bool:
        """Let the time until the next timer pass; False when something real has to be waited for.

        Raises
        ------
        NothingLeftToHappen
            when there is no timer and nothing real either.
        """
        if self._threads:
            return False
        if seconds is None:
            if connections:
                return False
            raise NothingLeftToHappen
        self._virtual_now += seconds
        return True


class _TimeTravel(selectors.DefaultSelector):
    """A selector that lets virtual time pass where others block."""

    _OWN_PIPE = 1

    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._owner = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self._owner.pass_time(timeout, len(self.get_map()) - self._OWN_PIPE):
            return []
        return super().select(timeout)


def run_virtual(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end in virtual time, as ``asyncio.run`` does in real time."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)
