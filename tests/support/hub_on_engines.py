"""The coordinator in its runtime, on a broker and a store, spoken to by the parties' own broker users.

Hub time stands still but for what a test lets pass. Each message is followed until everything that comes of
it has been sent and acknowledged; what went out is read from what the broker took, what went on record from
what the store took.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from agents.coordinator.coordinator import Coordinator
from agents.deciding import Fact, Refused, Sending
from agents.partnership import Partnership
from agents.runtime import Given, Outcome, Runtime
from broker.embedded import EmbeddedServer
from broker.port import Broker, Delivery, Outbound, Subscription
from messages.catalogue import declaration_of
from messages.clock import Clock
from messages.codec import from_wire, plain_wire
from messages.envelope import Envelope, routing_key
from messages.notices import MessageRejected
from messages.parties import HUB
from messages.topology import Topology
from messages.words import Actor, Said
from ops.clocks import VirtualTimeLoop
from store.connect import connect
from store.port import Step, Store
from store.quarantine import Quarantine
from store.vault import Vault
from tests.support.whole_hub import INDEX_KEY, KEYS, WholeHub

LIMIT_S = 60.0
"""How long the hub may take over one message: of the loop's time, which on the embedded engine is virtual."""

SECRET = b"a" * 32
_NOT_OF_THE_RULES = {"refused", "content.sent"}
"""What the runtime puts on record by itself."""


class Engines(Protocol):
    """Where hubs of a test keep what they keep, each apart from the others."""

    @property
    def loop(self) -> Callable[[], asyncio.AbstractEventLoop] | None:
        """What makes the event loop that they run in."""
        ...

    async def opened(self, topology: Topology, clock: Clock) -> None:
        """The broker is there and has this topology."""
        ...

    async def connected(self, user: str) -> Broker:
        """A connection of a party's own."""
        ...

    async def store(self) -> Store:
        """The coordinator's, ready for use."""
        ...

    async def closed(self) -> None:
        """The broker is left; what is kept stays."""
        ...

    def end(self) -> None:
        """What was kept goes."""
        ...


class StandingClock:
    """Time that passes when it is told to."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    def show(self, moment: datetime) -> None:
        """It is this moment now."""
        self._now = moment
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, length: timedelta) -> None:
        until = self._now + length
        while self._now < until:
            await self._moved.wait()


class HubOnEngines(WholeHub):
    """One coordinator, begun at a moment."""

    def __init__(self, engines: Engines, partnership: Partnership, start: datetime) -> None:
        super().__init__(partnership)
        self._engines = engines
        self._runner = asyncio.Runner(loop_factory=engines.loop)
        self._speaks: dict[str, Broker] = {}
        self._ids = (f"m-{secrets.token_hex(4)}-{n}" for n in itertools.count(1))
        self._watched = Watched(self)
        self._due: dict[str, datetime | None] = {}
        self._refusals: list[MessageRejected] = []
        self._run(self._set_up(start))

    @property
    def now(self) -> datetime:
        return self._clock.now()

    def deliver(self, payload: Said, sender: str, about: str) -> None:
        self.take(self.envelope(next(self._ids), payload, sender, about))

    def take(self, envelope: Envelope) -> None:
        """A message as its sender made it, and all that the hub then says to itself. Raises `Refused`."""
        self._run(self._publish(envelope.source, envelope, plain_wire(envelope, KEYS)))
        if self._refusals:
            first = self._refusals[0]
            self._refusals.clear()
            raise Refused(first.reason, first.remedy, fields=first.fields)

    def unreadable(self, said: Said, sender: str, about: str) -> None:
        envelope = self.envelope(next(self._ids), said, sender, about)
        event = {**json.loads(plain_wire(envelope, KEYS)), "data": {"nothing": "that is known"}}
        self._run(self._publish(sender, envelope, json.dumps(event).encode()))
        self._refusals.clear()

    def redrive(self, message_id: str) -> Outcome:
        """Have a message in quarantine handled again, and all that the hub then says to itself."""

        async def again() -> Outcome:
            outcome = await self._runtime.redrive(message_id)
            await self._watched.quiet(self._running)
            return outcome

        outcome: Outcome = self._runner.run(again())
        self._refusals.clear()
        return outcome

    def pass_time(self, until: datetime) -> None:
        while (due := self._earliest()) is not None and due <= until:
            self._clock.show(max(self.now, due))
            self._run(self._until_nothing_is_due())
        self._clock.show(until)

    def under(self, partnership: Partnership) -> None:
        now = self.now
        self._run(self._take_down())
        self.partnership = partnership
        self._run(self._set_up(now))

    def close(self) -> None:
        self._run(self._take_down())
        self._runner.close()
        self._engines.end()

    # What it did, told by the ports that it was given.

    def committed(self, steps: Iterable[Step]) -> None:
        """These steps are kept."""
        for step in steps:
            key, after = step.after.key, step.after
            self.documents[key] = self.coordinator.load(key, after.state)
            self._due[key] = after.due
            for entry in after.audit_pending:
                if entry.seq > step.before.audit_seq:
                    body = json.loads(entry.body)
                    by = Actor.model_validate(body["by"]) if body["by"] else None
                    if body["act"] not in _NOT_OF_THE_RULES:
                        self.facts.append((key, Fact(body["act"], by, body["detail"])))

    def published(self, message: Outbound) -> None:
        """The broker has this message of the hub."""
        event = json.loads(message.body)
        envelope, _ = from_wire(message.body, user=HUB, me=event["recipient"], keys=KEYS)
        if isinstance(envelope.payload, MessageRejected):
            self._refusals.append(envelope.payload)
        else:
            self.said.append((envelope.subject, Sending(envelope.recipient, envelope.payload, envelope.lane)))

    # Inside the loop.

    def _run(self, work: Any) -> None:
        self._runner.run(work)

    async def _set_up(self, start: datetime) -> None:
        self._clock = StandingClock(start)
        topology = self.partnership.topology()
        await self._engines.opened(topology, self._clock)
        self._store = await self._engines.store()
        kept_in: Any = WatchedStore(self._store, self._watched)
        new_id = lambda: secrets.token_hex(16)  # noqa: E731
        self._given = Given(
            broker=WatchedBroker(await self._engines.connected(HUB), self._watched),
            store=kept_in,
            vault=Vault(kept_in, SECRET, SECRET, self._clock, new_id),
            quarantine=Quarantine(kept_in, SECRET),
            clock=self._clock,
            new_id=new_id,
            wire_keys=KEYS,
            audit_secret=SECRET,
            keeps_content=True,
        )
        self.coordinator = Coordinator(self.partnership, kept_in, INDEX_KEY)
        for message_id, _ in self.coordinator.begin():
            self._watched.comes(message_id)
        self._runtime = Runtime(self.coordinator, self._given)
        self._running = asyncio.create_task(self._runtime.run())
        await self._watched.quiet(self._running)

    async def _take_down(self) -> None:
        await self._runtime.stop()
        await self._running
        for broker in (*self._speaks.values(), self._given.broker):
            await broker.close()
        self._speaks.clear()
        await self._store.close()
        await self._engines.closed()

    async def _publish(self, sender: str, envelope: Envelope, body: bytes) -> None:
        if sender not in self._speaks:
            self._speaks[sender] = await self._engines.connected(sender)
        type_ = declaration_of(type(envelope.payload)).type
        key = routing_key(HUB, envelope.lane, type_)
        self._watched.comes(envelope.id)
        await self._speaks[sender].publish([Outbound(envelope.id, type_, key, body)])
        await self._watched.quiet(self._running)

    def _earliest(self) -> datetime | None:
        return min((due for due in self._due.values() if due is not None), default=None)

    async def _until_nothing_is_due(self) -> None:
        async with asyncio.timeout(LIMIT_S):
            while (due := self._earliest()) is not None and due <= self.now:
                await self._watched.something()
        await self._watched.quiet(self._running)


class Watched:
    """What is on its way between the hub and itself, and what it still has to send."""

    def __init__(self, hub: HubOnEngines) -> None:
        self._hub = hub
        self._coming: set[str] = set()
        self._going: set[str] = set()
        self._failed: list[str] = []
        self._stirred = asyncio.Event()

    def comes(self, message_id: str) -> None:
        """A message for the hub is on its way."""
        self._coming.add(message_id)

    def goes(self, message: Outbound) -> None:
        """The hub is about to publish this."""
        if message.routing_key.startswith(f"{HUB}."):
            self._coming.add(message.message_id)

    def went(self, message: Outbound) -> None:
        """The broker has it."""
        self._going.discard(message.message_id)
        self._hub.published(message)
        self._stirred.set()

    def kept(self, steps: Sequence[Step]) -> None:
        """The store has these."""
        for step in steps:
            before = {entry.message_id for entry in step.before.outbox}
            self._going |= {e.message_id for e in step.after.outbox if e.message_id not in before}
        self._hub.committed(steps)
        self._stirred.set()

    def done(self, deliveries: Sequence[Delivery]) -> None:
        """The hub has dealt with these."""
        self._coming -= {delivery.message_id for delivery in deliveries}
        self._stirred.set()

    def failed(self, reason: str) -> None:
        """The hub could not deal with one."""
        self._failed.append(reason)
        self._stirred.set()

    async def something(self) -> None:
        """Wait for anything to happen."""
        self._stirred.clear()
        await self._stirred.wait()

    async def quiet(self, running: asyncio.Task[None]) -> None:
        """Wait until nothing is on its way."""
        async with asyncio.timeout(LIMIT_S):
            while self._coming or self._going:
                assert not self._failed, self._failed
                assert not running.done(), running.exception()
                await self.something()


class WatchedStore:
    """A store whose commits are told."""

    def __init__(self, kept_in: Store, watched: Watched) -> None:
        self._kept_in = kept_in
        self._watched = watched

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kept_in, name)

    async def commit(self, steps: Sequence[Step]) -> list[bool]:
        won = await self._kept_in.commit(steps)
        self._watched.kept([step for step, kept in zip(steps, won, strict=True) if kept])
        return won


class WatchedBroker:
    """The hub's own connection, whose messages are told."""

    def __init__(self, broker: Broker, watched: Watched) -> None:
        self._broker = broker
        self._watched = watched

    def __getattr__(self, name: str) -> Any:
        return getattr(self._broker, name)

    async def publish(self, messages: Sequence[Outbound]) -> None:
        for message in messages:
            self._watched.goes(message)
        await self._broker.publish(messages)
        for message in messages:
            self._watched.went(message)

    async def subscribe(self, queue: str, *, prefetch: int) -> WatchedSubscription:
        return WatchedSubscription(await self._broker.subscribe(queue, prefetch=prefetch), self._watched)


class WatchedSubscription:
    """A place at the hub's queue, where what is done is told."""

    def __init__(self, subscription: Subscription, watched: Watched) -> None:
        self._subscription = subscription
        self._watched = watched

    def __getattr__(self, name: str) -> Any:
        return getattr(self._subscription, name)

    async def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        await self._subscription.acknowledge(deliveries)
        self._watched.done(deliveries)

    async def fail(self, delivery: Delivery, reason: str) -> None:
        await self._subscription.fail(delivery, reason)
        self._watched.failed(reason)


class EmbeddedEngines:
    """One process, one folder, virtual time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        self._server: EmbeddedServer | None = None

    @property
    def loop(self) -> Callable[[], asyncio.AbstractEventLoop]:
        return VirtualTimeLoop

    async def opened(self, topology: Topology, clock: Clock) -> None:
        self._server = EmbeddedServer(self._folder / "broker.sqlite", topology, clock)

    async def connected(self, user: str) -> Broker:
        assert self._server is not None
        return self._server.connect(user)

    async def store(self) -> Store:
        kept_in = connect(f"sqlite:///{self._folder / 'store'}", agent="coordinator")
        await kept_in.provision()
        return kept_in

    async def closed(self) -> None:
        assert self._server is not None
        self._server.close()

    def end(self) -> None:
        """The folder is the test's."""
