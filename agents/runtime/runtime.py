"""The runtime of an agent: everything around its decisions, put together and run.

    receive → load → decide (pure) → commit (one atomic write) → send → acknowledge

for whatever waits in its queues, beside the clock, the settling and the sweep.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic

from opentelemetry.trace import Tracer

from agents.deciding import Agent, BeginsByItself, State
from agents.runtime.consuming import Lanes
from agents.runtime.dead_letters import DeadLetters
from agents.runtime.documents import Documents
from agents.runtime.finishing import Finisher
from agents.runtime.folding import Outcome
from agents.runtime.given import Given
from agents.runtime.handling import Handler
from agents.runtime.log import fault, log
from agents.runtime.made_here import marked
from agents.runtime.outgoing import direct
from agents.runtime.pausing import Pause, at_most
from agents.runtime.redriving import Redriving
from agents.runtime.relay import Relay
from agents.runtime.stepping import Steps
from agents.runtime.sweep import Sweep
from agents.runtime.timers import Timers
from agents.runtime.tracing import Tracing
from broker.port import BrokerError, Subscription
from messages.catalogue import declaration_of
from messages.envelope import Envelope, Lane
from messages.parties import queue_name
from messages.topology import DEAD_QUEUE
from store.port import StoreError

_SETTLE_EVERY = timedelta(seconds=3)
_SECOND_LOOK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Health:
    """How an agent is. ``unsettled`` counts documents with something to send, copy or clear."""

    party: str
    broker: bool
    store: bool
    consuming: bool
    unsettled: int
    last_progress: datetime | None

    @property
    def ok(self) -> bool:
        return self.broker and self.store and self.consuming


class Runtime(Generic[State]):
    """Runs one agent.

    Parameters
    ----------
    tracer
        Where spans go; None for no tracing.
    dead_letters
        Whether this agent empties the dead queue: the hub does.
    batch
        The most messages taken at once in each lane.
    look_again
        How often to look for what other processes left behind: unsent outboxes, due times. Long for an
        agent that is alone with its store.
    documents
        How many documents to keep in memory.
    """

    def __init__(
        self,
        agent: Agent[State],
        given: Given,
        *,
        tracer: Tracer | None = None,
        dead_letters: bool = False,
        batch: int = 64,
        look_again: timedelta = timedelta(seconds=10),
        documents: int = 500,
    ) -> None:
        self._agent = agent
        self._given = given
        self._batch = batch
        self._look_again = look_again
        self._stopping = asyncio.Event()
        self._started = False
        self._ended = asyncio.Event()
        self._subscriptions: list[Subscription] = []
        self._documents: Documents[State] = Documents(given.store, documents)
        tracing = Tracing(agent.party, tracer)
        steps = Steps(agent, given, tracing, self._documents)
        self._relay = Relay(given, self._documents, tracing)
        self._sweep = Sweep(given, self._relay)
        self._timers = Timers(given, self._documents, steps, self._relay, look_again, self._stopping)
        steps.on_due = self._timers.consider
        handler = Handler(agent, given, self._documents, steps)
        finisher = Finisher(agent.party, given, self._relay)
        unhurried = {declaration_of(payload).type for payload in agent.unhurried}
        self._lanes = Lanes(handler, finisher, given.clock, batch, unhurried, self._stopping)
        self._dead = DeadLetters(agent.party, given, batch, self._stopping) if dead_letters else None
        self._redriving = Redriving(given, handler, finisher)

    async def run(self) -> None:
        """Work until `stop` is called. Broker and store are the caller's to close.

        Being cancelled is like being killed: what was not acknowledged comes again.
        """
        self._started = True
        party = self._agent.party
        try:
            async with asyncio.TaskGroup() as tasks:

                def start(name: str, work: Coroutine[Any, Any, None]) -> None:
                    tasks.create_task(work, name=f"{party}:{name}")

                start("urgent", self._lanes.urgent(await self._subscribe(queue_name(party, Lane.URGENT))))
                start("routine", self._lanes.routine(await self._subscribe(queue_name(party, Lane.ROUTINE))))
                if self._dead is not None:
                    start("dead", self._dead.run(await self._subscribe(DEAD_QUEUE)))
                start("timers", self._timers.run())
                if isinstance(self._agent, BeginsByItself):
                    start("begin", self._begin(self._agent))
                start("settle", self._settle_now_and_then())
                start("sweep", self._sweep_now_and_then())
            await self.settle()
        finally:
            self._ended.set()

    async def _begin(self, agent: BeginsByItself) -> None:
        """What the agent says to itself at each start; said before, it is known."""
        now, party = self._given.clock.now(), self._agent.party
        said = [Envelope(id_, party, party, id_, now, payload) for id_, payload in agent.begin()]
        messages = [direct(envelope, self._given.wire_keys) for envelope in said]
        try:
            await self._given.broker.publish([marked(one, self._given.audit_secret) for one in messages])
        except BrokerError as error:
            log.warning("begin_failed", **fault(error))

    async def _subscribe(self, queue: str) -> Subscription:
        subscription = await self._given.broker.subscribe(queue, prefetch=2 * self._batch)
        self._subscriptions.append(subscription)
        if self._stopping.is_set():
            await subscription.stop()
        return subscription

    async def stop(self) -> None:
        """Take no more, finish what is being handled, settle, and return when `run` has."""
        self._stopping.set()
        for event in (self._timers.woken, self._documents.stirred, self._relay.trouble):
            event.set()
        for subscription in self._subscriptions:
            await subscription.stop()
        if self._started:
            await self._ended.wait()

    async def settle(self) -> None:
        """Clear the outboxes of all that was sent, and copy all audit entries, now."""
        try:
            await self._relay.settle(everything=True)
        except StoreError as error:
            log.warning("settle_failed", **fault(error))

    async def sweep(self) -> int:
        """Send whatever any process has left unsent, now. Returns how much could not be."""
        return await self._sweep.look(patient=False)

    async def redrive(self, message_id: str) -> Outcome:
        """Take a message out of quarantine and handle it again; see `Redriving.redrive`."""
        return await self._redriving.redrive(message_id)

    async def health(self) -> Health:
        """How the agent is at this moment."""
        return Health(
            party=self._agent.party,
            broker=await self._given.broker.healthy(),
            store=await self._given.store.healthy(),
            consuming=self._consuming(),
            unsettled=len(self._documents.unsettled),
            last_progress=self._lanes.last_progress,
        )

    def _consuming(self) -> bool:
        return self._started and not self._stopping.is_set() and not self._ended.is_set()

    async def _settle_now_and_then(self) -> None:
        pause = Pause(self._stopping)
        while not self._stopping.is_set():
            if not self._documents.unsettled:
                self._documents.stirred.clear()
                await self._documents.stirred.wait()
            await at_most(_SETTLE_EVERY, self._stopping)
            try:
                await self._relay.settle()
                pause.over()
            except StoreError as error:
                log.warning("settle_failed", **fault(error))
                await pause.rest()

    async def _sweep_now_and_then(self) -> None:
        wait = _SECOND_LOOK
        while not self._stopping.is_set():
            self._relay.trouble.clear()
            try:
                left = await self._sweep.look() > 0
            except StoreError as error:
                log.warning("sweep_failed", **fault(error))
                left = True
            if left or self._relay.trouble.is_set():
                await at_most(min(wait, self._look_again), self._stopping)
                wait = min(wait * 2, self._look_again)
            else:
                wait = _SECOND_LOOK
                await at_most(self._look_again, self._relay.trouble)
