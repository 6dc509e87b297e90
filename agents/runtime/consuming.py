"""The two lanes into an agent: urgent work goes first, routine work never waits for ever.

Each lane has its own subscription and its own task, so that urgent messages are handled even while a
routine batch waits for the store. A routine batch lets one urgent batch pass before it begins.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Generic

from agents.deciding import State
from agents.runtime.handling import FAILED, Batch, Handler
from agents.runtime.log import fault, log
from agents.runtime.pausing import Pause
from broker.port import BrokerError, Delivery, Subscription
from messages.clock import Clock


class Lanes(Generic[State]):
    """Consumes both queues of an agent."""

    def __init__(self, handler: Handler[State], clock: Clock, batch: int, stopping: asyncio.Event) -> None:
        self._handler = handler
        self._clock = clock
        self._batch = batch
        self._stopping = stopping
        self._nothing_urgent = asyncio.Event()
        self._nothing_urgent.set()
        self.last_progress: datetime | None = None

    async def urgent(self, subscription: Subscription) -> None:
        """Handle what comes in the urgent lane until its subscription is stopped."""
        pause = Pause(self._stopping)
        while deliveries := await self._take(subscription, pause):
            self._nothing_urgent.clear()
            try:
                handed_back = await self._handle(subscription, deliveries)
            finally:
                self._nothing_urgent.set()
            await self._rest(handed_back, pause)

    async def routine(self, subscription: Subscription) -> None:
        """Handle what comes in the routine lane until its subscription is stopped."""
        pause = Pause(self._stopping)
        while deliveries := await self._take(subscription, pause):
            await self._nothing_urgent.wait()
            await self._rest(await self._handle(subscription, deliveries), pause)

    async def _take(self, subscription: Subscription, pause: Pause) -> list[Delivery]:
        while not self._stopping.is_set():
            try:
                return await subscription.take(self._batch)
            except BrokerError as error:
                log.warning("take_failed", queue=subscription.queue, **fault(error))
                await pause.rest()
        return []

    async def _handle(self, subscription: Subscription, deliveries: Sequence[Delivery]) -> bool:
        """Returns whether some had to be handed back."""
        batch = await self._handler.handle(deliveries)
        try:
            await report(subscription, batch)
        except BrokerError as error:
            # What is not acknowledged comes again, and is found in the inbox.
            log.warning("report_failed", queue=subscription.queue, **fault(error))
        self.last_progress = self._clock.now()
        return bool(batch.left)

    async def _rest(self, handed_back: bool, pause: Pause) -> None:
        if handed_back:
            await pause.rest()
        else:
            pause.over()


async def report(subscription: Subscription, batch: Batch) -> None:
    """Tell the broker what became of a batch."""
    done = [delivery for delivery, outcome in batch.outcomes if outcome.kind != FAILED]
    if done:
        await subscription.acknowledge(done)
    for delivery, outcome in batch.outcomes:
        if outcome.kind == FAILED:
            await subscription.fail(delivery, outcome.reason or "handler_failed")
    if left := batch.left:
        await subscription.hand_back(left)
