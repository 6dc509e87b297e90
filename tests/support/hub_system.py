"""The whole hub for system tests, on either engine: real agents, real broker users, real keys.

A test speaks as any party, through that party's own broker user and with its own wire key, and sees what
each agent keeps. Time is real, and can be moved ahead.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pymongo
import pytest
from pydantic import SecretStr
from yarl import URL

import store.connect
from agents.coordinator.case import Case
from agents.coordinator.cases import case_id_for
from agents.coordinator.coordinator import Coordinator
from agents.deciding import Agent
from agents.partnership import Partnership, bundled, read_partnership
from agents.runtime import Given, Runtime
from broker.port import Broker, Delivery, Outbound, Subscription
from messages.codec import from_wire, plain_wire
from messages.envelope import Envelope, Lane, routing_key
from messages.notices import MessageRejected
from messages.parties import HUB, queue_name
from messages.referral import ReferralReceived
from messages.words import Said
from ops import key_folder
from ops.case_views import case_from
from ops.engines import agent_name, keys_of
from ops.provisioning import make_keys
from ops.settings import Settings
from store.port import Kept, Store
from store.quarantine import Quarantine
from store.vault import Vault
from tests.support.broker_engines import EmbeddedEngine, Engine, RabbitEngine
from tests.support.hub_watching import NobodyWatches, Watching
from tests.support.moving_clock import MovingClock
from tests.support.procedure import MONDAY
from tests.support.servers import MongoServer

AGENCIES = ("csc_staffordshire", "education", "housing", "police", "primary_care", "probation")
TEAMS = ("children_social_work_staffordshire", "police_child_abuse_investigation")
SOURCES = ("first_response", "police_cru")
RETRY_DELAYS = (timedelta(milliseconds=50), timedelta(milliseconds=100))
LIMIT_S = 30.0

ENGINES = ("embedded", pytest.param("servers", marks=pytest.mark.servers))
"""Parameters of a fixture that gives a `HubSystem`."""


def small_partnership() -> Partnership:
    """That of 2012 with fewer parties: a server has a queue less to make for each that is left out."""
    whole = read_partnership(bundled("staffordshire-2012"))
    return whole.model_copy(
        update={
            "agencies": {code: whole.agencies[code] for code in AGENCIES},
            "teams": {code: whole.teams[code] for code in TEAMS},
            "sources": {code: whole.sources[code] for code in SOURCES},
        }
    )


class HubSystem:
    """One hub and everybody around it. ``engine`` and ``settings`` say where things are kept."""

    def __init__(self, engine: Engine, settings: Settings, partnership: Partnership | None = None) -> None:
        self.engine = engine
        self.settings = settings
        self.partnership = partnership or small_partnership()
        self.clock = MovingClock(MONDAY)
        self.watch: Watching = NobodyWatches()
        self._brokers: dict[str, Broker] = {}
        self._stores: dict[str, Store] = {}
        self._running: list[tuple[Runtime[Any], asyncio.Task[None]]] = []
        self._heard: dict[str, list[Delivery]] = {}
        self._ears: list[tuple[Subscription, asyncio.Task[None]]] = []

    async def open(self) -> None:
        """Keys for everybody, and what the broker needs."""
        topology = replace(self.partnership.topology(), retry_delays=RETRY_DELAYS)
        agents = [HUB, *(f"agency.{agency}" for agency in self.partnership.agencies)]
        make_keys(self.settings.keys_at, [user.name for user in topology.users], agents)
        await self.engine.start(topology)

    async def start(self, agent: Agent[Any]) -> None:
        """Run an agent until the end."""
        party = agent.party
        given, tracer = await self.given(party), self.watch.tracer(party)
        runtime = Runtime(agent, given, tracer=tracer, dead_letters=party == HUB)
        self._running.append((runtime, asyncio.create_task(runtime.run(), name=party)))

    async def start_hub(self, kind: type[Coordinator] = Coordinator) -> None:
        """Run the coordinator."""
        kept_in = await self.store(HUB)
        await self.start(kind(self.partnership, kept_in, keys_of(self.settings, HUB).index))

    async def given(self, party: str) -> Given:
        """What the agent of this party works with."""
        keys, kept_in = keys_of(self.settings, party), self.watch.of("store", await self.store(party))
        return Given(
            broker=self.watch.of("broker", await self.engine.connect(party)),
            store=kept_in,
            vault=Vault(kept_in, keys.vault, keys.audit, self.clock, new_id),
            quarantine=Quarantine(kept_in, keys.quarantine),
            clock=self.clock,
            new_id=new_id,
            wire_keys=key_folder.wire_keys_of(self.settings.keys_at, party),
            audit_secret=keys.audit,
            keeps_content=party == HUB,
        )

    async def store(self, party: str) -> Store:
        """What an agent keeps."""
        if party not in self._stores:
            self._stores[party] = store.connect.connect(self.settings.store_at, agent=agent_name(party))
            await self._stores[party].provision()
        return self._stores[party]

    async def stop(self) -> None:
        """Stop all agents gracefully."""
        for runtime, task in self._running:
            await runtime.stop()
            await task
        self._running.clear()

    async def close(self) -> None:
        """Stop, leave the stores, and end the broker."""
        await self.stop()
        for subscription, ear in self._ears:
            await subscription.stop()
            await ear
        for broker in self._brokers.values():
            await broker.close()
        for kept_in in self._stores.values():
            await kept_in.close()
        await self.engine.end()

    # To speak

    async def broker(self, party: str) -> Broker:
        """A party's own connection."""
        if party not in self._brokers:
            self._brokers[party] = await self.engine.connect(party)
        return self._brokers[party]

    def envelope(self, payload: Said, sender: str, subject: str) -> Envelope:
        """A message to the hub, now."""
        return Envelope(new_id(), sender, HUB, subject, self.clock.now(), payload)

    def wire(self, envelope: Envelope) -> bytes:
        """A message as its sender seals it."""
        return plain_wire(envelope, key_folder.wire_keys_of(self.settings.keys_at, envelope.source))

    async def say(self, payload: Said, subject: str, sender: str = "staff") -> Envelope:
        """Publish a message in order."""
        envelope = self.envelope(payload, sender, subject)
        await self.publish(sender, envelope.id, envelope.type, self.wire(envelope))
        return envelope

    async def publish(self, sender: str, message_id: str, type_: str, body: bytes) -> None:
        """Publish whatever a party likes to the hub, with a routing key that it may use."""
        key = routing_key(HUB, Lane.ROUTINE, type_)
        await (await self.broker(sender)).publish([Outbound(message_id, type_, key, body)])

    async def refer(self, referral: ReferralReceived) -> str:
        """Publish a referral and wait for its case."""
        case = case_id_for(referral.source, referral.referral_id)
        said = await self.say(referral, referral.referral_id, f"source.{referral.source}")
        await self.until_accepted(said.id, case)
        return case

    async def done(self, payload: Said, case: str, sender: str = "staff") -> None:
        """Publish a message and wait until it is accepted."""
        said = await self.say(payload, case, sender)
        await self.until_accepted(said.id, case)

    async def refused(self, payload: Said, case: str, sender: str = "staff") -> Envelope:
        """Publish a message and wait until it is in quarantine."""
        said = await self.say(payload, case, sender)
        await self.until_aside(said.id)
        return said

    # To see

    async def kept(self, case: str) -> Kept | None:
        """The document of a case."""
        return (await (await self.store(HUB)).load([case])).get(case)

    async def case(self, case: str) -> Case:
        """A case."""
        found = await self.kept(case)
        assert found is not None
        return case_from(found)

    async def count_cases(self) -> int:
        """How many cases there are."""
        return (await (await self.store(HUB)).find({"kind": "case"}, limit=1)).total

    async def until(self, what: str, true: Callable[[], Awaitable[bool]]) -> None:
        """Wait for a condition, looking less and less often."""
        pause = 0.002
        try:
            async with asyncio.timeout(LIMIT_S):
                while not await true():
                    for _, task in self._running:
                        if task.done():
                            task.result()
                    await asyncio.sleep(pause)
                    pause = min(pause * 1.3, 0.1)
        except TimeoutError:
            raise AssertionError(f"waited in vain until {what}") from None

    async def until_accepted(self, message_id: str, case: str) -> None:
        async def accepted() -> bool:
            found = await self.kept(case)
            if found is not None and message_id in found.inbox:
                return True
            for one in await (await self.store(HUB)).quarantined(1, message_id=message_id):
                raise AssertionError(f"{one.type} was refused: {one.reason} {' '.join(one.fields)}")
            return False

        await self.until("a message is accepted", accepted)

    async def until_aside(self, message_id: str) -> None:
        async def aside() -> bool:
            return bool(await (await self.store(HUB)).quarantined(1, message_id=message_id))

        await self.until("a message is in quarantine", aside)

    async def until_case(self, case: str, what: str, true: Callable[[Case], bool]) -> None:
        async def so() -> bool:
            found = await self.kept(case)
            return found is not None and true(case_from(found))

        await self.until(what, so)

    async def until_settled(self) -> None:
        """Nothing is on its way any more: no outbox, no audit to copy, nothing in an agent's queue."""

        async def settled() -> bool:
            for party, kept_in in self._stores.items():
                if await kept_in.unsettled(self.clock.now() + timedelta(hours=1), 1):
                    return False
                for lane in Lane:
                    if await (await self.broker(party)).depth(queue_name(party, lane)):
                        return False
            return True

        await self.until("everything is settled", settled)

    async def take_all(self, party: str) -> list[Envelope]:
        """Everything that waits for a party that has no agent here, taken out and opened."""
        broker, found = await self.broker(party), []
        for lane in Lane:
            queue = queue_name(party, lane)
            waiting = await broker.depth(queue)
            subscription = await broker.subscribe(queue, prefetch=100)
            while waiting:
                deliveries = await subscription.take(waiting)
                await subscription.acknowledge(deliveries)
                found += [self.opened(party, delivery) for delivery in deliveries]
                waiting -= len(deliveries)
            await subscription.stop()
        return found

    async def rejection(self, party: str, message_id: str) -> tuple[MessageRejected, bytes]:
        """Wait for the hub's refusal of a message, and return it with the bytes that came."""

        async def came() -> bool:
            return bool(await self.rejections(party, message_id))

        await self.until("a refusal comes", came)
        delivery = (await self.rejections(party, message_id))[0]
        payload = self.opened(party, delivery).payload
        assert isinstance(payload, MessageRejected)
        return payload, delivery.body

    async def rejections(self, party: str, message_id: str) -> list[Delivery]:
        """What came to a party so far that refuses a message."""
        if party not in self._heard:
            await self._listen(party)
        return [one for one in self._heard[party] if one.message_id == f"{message_id}.rejected"]

    async def _listen(self, party: str) -> None:
        heard = self._heard[party] = []
        for lane in Lane:
            subscription = await (await self.broker(party)).subscribe(queue_name(party, lane), prefetch=100)
            self._ears.append((subscription, asyncio.create_task(_hear(subscription, heard))))

    def opened(self, party: str, delivery: Delivery) -> Envelope:
        """A message as its receiver reads it."""
        keys = key_folder.wire_keys_of(self.settings.keys_at, party)
        return from_wire(delivery.body, user=delivery.user, me=party, keys=keys)[0]


async def _hear(subscription: Subscription, heard: list[Delivery]) -> None:
    while deliveries := await subscription.take(100):
        heard += deliveries
        await subscription.acknowledge(deliveries)


def new_id() -> str:
    return str(uuid4())


@asynccontextmanager
async def hub_system_on(
    engine: str, request: pytest.FixtureRequest, folder: Path, partnership: Partnership | None = None
) -> AsyncIterator[HubSystem]:
    """A hub with nothing running yet, on ``embedded`` or on ``servers``."""
    if engine == "embedded":
        hub = HubSystem(EmbeddedEngine(folder / "broker.sqlite"), Settings(data=folder), partnership)
        await hub.open()
        yield hub
        await hub.close()
        return
    rabbit, mongo = (request.getfixturevalue(name) for name in ("rabbitmq_server", "mongo_server"))
    prefix = f"hub-{secrets.token_hex(4)}"
    url = str(URL(mongo.url).with_path(f"/{prefix}", keep_query=True))
    settings = Settings(data=folder, store_url=SecretStr(url))
    hub = HubSystem(RabbitEngine(rabbit), settings, partnership)
    await hub.open()
    yield hub
    await hub.close()
    await _drop(mongo, prefix)


async def _drop(mongo: MongoServer, prefix: str) -> None:
    async with pymongo.AsyncMongoClient[dict[str, Any]](mongo.url) as client:
        for database in await client.list_database_names():
            if database.startswith(prefix):
                await client.drop_database(database)
