"""The two lanes into an agent: urgent work goes first, routine work never waits for ever.

In the routine lane, messages after which as a rule people come next wait a moment for company, so that one
step takes them all; any other message ends the waiting. In the urgent lane nothing waits.

Each lane has its own subscription and its own task, so that urgent messages are handled even while a
routine batch waits for the store. A routine batch lets one urgent batch pass before it begins.

While one batch is being published, the next is already being decided and committed: commits stay in the
order of the queue, and so do the messages that follow from them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Generic

from agents.deciding import State
from agents.runtime.finishing import Finisher
from agents.runtime.handling import Batch, Handler
from agents.runtime.log import fault, log
from agents.runtime.pausing import Pause
from broker.port import BrokerError, Delivery, Subscription
from messages.clock import Clock

_COMPANY = timedelta(milliseconds=25)


class Lanes(Generic[State]):
    """Consumes both queues of an agent. ``unhurried`` are the types that may wait for company."""

    def __init__(
        self,
        handler: Handler[State],
        finisher: Finisher[State],
        clock: Clock,
        batch: int,
        unhurried: Collection[str],
        stopping: asyncio.Event,
    ) -> None:
        self._handler = handler
        self._finisher = finisher
        self._clock = clock
        self._batch = batch
        self._unhurried = unhurried
        self._stopping = stopping
        self._nothing_urgent = asyncio.Event()
        self._nothing_urgent.set()
        self.last_progress: datetime | None = None

    async def urgent(self, subscription: Subscription) -> None:
        """Handle what comes in the urgent lane until its subscription is stopped."""
        pause = Pause(self._stopping)
        async with _Lane(self._finisher, subscription) as lane:
            while deliveries := await self._take(subscription, pause):
                self._nothing_urgent.clear()
                try:
                    await self._handle(lane, deliveries, pause)
                finally:
                    self._nothing_urgent.set()

    async def routine(self, subscription: Subscription) -> None:
        """Handle what comes in the routine lane until its subscription is stopped."""
        pause = Pause(self._stopping)
        async with _Lane(self._finisher, subscription) as lane:
            while deliveries := await self._take(subscription, pause, company=True):
                await self._nothing_urgent.wait()
                await self._handle(lane, deliveries, pause)

    async def _take(
        self, subscription: Subscription, pause: Pause, *, company: bool = False
    ) -> list[Delivery]:
        while not self._stopping.is_set():
            try:
                taken = await subscription.take(self._batch)
                return await self._with_company(subscription, taken) if company else taken
            except BrokerError as error:
                log.warning("take_failed", queue=subscription.queue, **fault(error))
                await pause.rest()
        return []

    async def _with_company(self, subscription: Subscription, taken: list[Delivery]) -> list[Delivery]:
        """What was taken, and what comes within a moment if nothing of it is in a hurry."""
        with suppress(TimeoutError, BrokerError):
            async with asyncio.timeout(_COMPANY.total_seconds()):
                while taken and len(taken) < self._batch and all(d.type in self._unhurried for d in taken):
                    more = await subscription.take(self._batch - len(taken))
                    if not more:
                        break
                    taken = taken + more
        return taken

    async def _handle(self, lane: _Lane[State], deliveries: Sequence[Delivery], pause: Pause) -> None:
        batch = await self._handler.handle(deliveries)
        await lane.finish(batch)
        self.last_progress = self._clock.now()
        if batch.left:
            await lane.finished()
            await pause.rest()
        else:
            pause.over()


class _Lane(Generic[State]):
    """Finishes the batches of one queue in order, each while the next is already being decided."""

    def __init__(self, finisher: Finisher[State], subscription: Subscription) -> None:
        self._finisher = finisher
        self._subscription = subscription
        self._finishing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> _Lane[State]:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            await self.finished()
        elif self._finishing is not None:
            self._finishing.cancel()

    async def finish(self, batch: Batch[State]) -> None:
        """Start to finish this batch, once the one before is finished."""
        await self.finished()
        self._finishing = asyncio.create_task(
            self._finisher.finish(batch, self._subscription), name=f"finish:{self._subscription.queue}"
        )

    async def finished(self) -> None:
        """Wait until everything is finished. Raises what went wrong in it."""
        if self._finishing is not None:
            await self._finishing
