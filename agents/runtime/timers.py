"""The clock of an agent: fires what is due, in order, as ordinary steps.

Waiting costs nothing: the earliest due time of all documents is one query, and a commit that brings
an earlier one wakes the wait. Never early, because the store is asked with the time of the injected
clock; once only, because a fired step moves the due time in its own compare-and-set.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Generic

from agents.deciding import State
from agents.runtime.documents import Documents
from agents.runtime.folding import Fold, Plan, texts_of
from agents.runtime.given import Given
from agents.runtime.log import fault, log
from agents.runtime.pausing import Pause, at_most
from agents.runtime.relay import Relay
from agents.runtime.stepping import Steps

_AT_ONCE = 64
_FIRST_REST, _LONGEST_REST = 1.0, 300.0
_WITH_SOME_RESTING = timedelta(seconds=1)


class Timers(Generic[State]):
    """Fires the due times of one agent's documents.

    ``look_again`` is how often to look for due times that other processes brought and left behind;
    setting ``woken`` ends the waiting.
    """

    def __init__(
        self,
        given: Given,
        documents: Documents[State],
        steps: Steps[State],
        relay: Relay[State],
        look_again: timedelta,
        stopping: asyncio.Event,
    ) -> None:
        self._given = given
        self._documents = documents
        self._steps = steps
        self._relay = relay
        self._look_again = look_again
        self._stopping = stopping
        self._pause = Pause(stopping)
        self.woken = asyncio.Event()
        self._waiting_until: datetime | None = None
        self._resting: dict[str, tuple[float, float]] = {}
        self._nothing_fired = False

    def consider(self, due: datetime | None) -> None:
        """A commit set this due time: wake up when it is earlier than what is waited for."""
        if due is not None and (self._waiting_until is None or due < self._waiting_until):
            self.woken.set()

    async def run(self) -> None:
        """Until stopping."""
        while not self._stopping.is_set():
            try:
                self.woken.clear()
                self._waiting_until = None
                while not self._stopping.is_set() and await self.fire_due():
                    pass
                self._waiting_until = await self._given.store.next_due()
                await self._wait()
                self._pause.over()
            except Exception as error:
                log.warning("timers_failed", **fault(error))
                await self._pause.rest()

    async def fire_due(self) -> int:
        """Fire what is due at this moment, earliest first, at most a batch; returns how many are dealt with.

        A document whose firing fails is left alone for a while that grows. Raises StoreError.
        """
        now = self._given.clock.now()
        loop_time = asyncio.get_running_loop().time()
        resting = {key for key, (until, _) in self._resting.items() if until > loop_time}
        due = await self._given.store.due(now, _AT_ONCE + len(resting))
        keys = [key for key in due if key not in resting][:_AT_ONCE]
        if news := [key for key in keys if self._is_news(key, now)]:
            await self._documents.again(news)
        done: list[Plan[State]] = []
        try:
            await self._steps.carry_out({key: partial(self._fire, key) for key in keys}, done)
        finally:
            await self._relay.send([ready for plan in done for ready in plan.ready], [], texts_of(done))
        for plan in done:
            if plan.span is not None:
                plan.span.end(self._given.clock.now(), "fired")
        fired = sum(plan.step is not None for plan in done)
        put_to_rest = sum(self._resting.get(key, (0.0, 0.0))[0] > loop_time for key in keys)
        self._nothing_fired = bool(keys) and not fired
        return fired + put_to_rest

    def _is_news(self, key: str, now: datetime) -> bool:
        """Whether another process brought this due time: the copy here, if any, does not know of it."""
        document = self._documents.at_hand(key)
        return document is not None and (document.kept.due is None or document.kept.due > now)

    def _fire(self, key: str, fold: Fold[State]) -> None:
        try:
            fold.fire()
        except Exception as error:
            length = min(self._resting.get(key, (0.0, _FIRST_REST / 2))[1] * 2, _LONGEST_REST)
            self._resting[key] = (asyncio.get_running_loop().time() + length, length)
            log.error("firing_failed", case=key, **fault(error))
        else:
            self._resting.pop(key, None)

    async def _wait(self) -> None:
        """Until the earliest due time, a commit that brings an earlier one, or time to look again."""
        due = self._waiting_until
        if self._resting or self._nothing_fired:
            await at_most(min(_WITH_SOME_RESTING, self._look_again), self.woken)
        elif due is None:
            await at_most(self._look_again, self.woken)
        elif (left := due - self._given.clock.now()) > timedelta(0):
            sleeping = asyncio.create_task(self._given.clock.sleep(left), name="timers-sleep")
            waking = asyncio.create_task(self.woken.wait(), name="timers-wake")
            try:
                await asyncio.wait(
                    {sleeping, waking},
                    timeout=self._look_again.total_seconds(),
                    return_when=asyncio.FIRST_COMPLETED,
                )
            finally:
                sleeping.cancel()
                waking.cancel()
