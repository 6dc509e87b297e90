"""A hub on RabbitMQ and MongoDB whose agents are processes that may be killed."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from yarl import URL

from broker.port import Broker, Outbound
from broker.rabbitmq import names
from broker.rabbitmq.management import Management
from messages.envelope import Lane
from messages.parties import HUB, queue_name
from messages.topology import DEAD_QUEUE
from ops import key_folder
from ops.engines import open_broker, partnership_of
from ops.mailroom import write_whole
from ops.processes import as_toml
from ops.provisioning import provision_all
from ops.settings import Settings
from tests.benchmarks.course import AGENCIES, SOURCE, write_agency_folder
from tests.support.killed import aftermath
from tests.support.killed.processes import Agent
from tests.support.servers import MongoServer, RabbitServer

POLL_S = 1.0


@dataclass(frozen=True, slots=True)
class HubOnServers:
    """A provisioned hub. ``agents`` begin with two coordinators; ``speaks`` are people's connections."""

    settings: Settings
    agents: tuple[Agent, ...]
    speaks: dict[str, Broker]

    async def post(self, party: str, message: Outbound) -> None:
        """Say something in the name of a party. Raises BrokerError."""
        await self.speaks[party].publish([message])

    async def still_queued(self) -> dict[str, int]:
        """What waits for an agent, for another try, or for burial: how much, by queue."""
        topology = partnership_of(self.settings).topology()
        parties = [HUB, *(f"agency.{agency}" for agency in AGENCIES)]
        queues = [queue_name(party, lane) for party in parties for lane in Lane]
        observer = self.speaks["staff"]
        found = {
            queue: await observer.depth(queue)
            for queue in [*queues, DEAD_QUEUE, *names.delay_queues(topology)]
        }
        return {queue: depth for queue, depth in found.items() if depth}

    async def heard_by(self, party: str) -> list[aftermath.Heard]:
        """Everything that was sent to somebody who is no agent."""
        connection = await open_broker(self.settings, party)
        bodies: list[bytes] = []
        try:
            for lane in Lane:
                queue = queue_name(party, lane)
                wanted = len(bodies) + await connection.depth(queue)
                listening = await connection.subscribe(queue, prefetch=1000)
                while len(bodies) < wanted:
                    deliveries = await listening.take(1000)
                    bodies += [delivery.body for delivery in deliveries]
                    await listening.acknowledge(deliveries)
        finally:
            await connection.close()
        return aftermath.opened(party, bodies, key_folder.wire_keys_of(self.settings.keys_at, party))


@asynccontextmanager
async def hub_on_servers(
    folder: Path, broker: RabbitServer, database: MongoServer, chance: random.Random
) -> AsyncIterator[HubOnServers]:
    """Two coordinators and four workers, each started again whenever it ends."""
    for agency in AGENCIES:
        write_agency_folder(folder / "agencies" / agency, agency)
    name = f"killed-{secrets.token_hex(4)}"
    management = URL(broker.management_url).with_user(broker.user).with_password(broker.password)
    settings = Settings(
        broker_url=SecretStr(str(URL(broker.amqp_url).with_path(f"/{name}"))),
        management_url=SecretStr(str(management)),
        store_url=SecretStr(str(URL(database.url).with_path(f"/{name}", keep_query=True))),
        data=folder / "data",
        agencies=folder / "agencies",
        poll=POLL_S,
    )
    await provision_all(settings)
    config = folder / "settings.toml"
    write_whole(config, as_toml(settings).encode())
    async with AsyncExitStack() as closing:
        administrator = Management(broker.management_url, broker.user, broker.password)
        closing.callback(administrator.delete, "vhosts", name)
        speaks = {}
        for party in ("staff", f"source.{SOURCE}"):
            speaks[party] = await open_broker(settings, party)
            closing.push_async_callback(speaks[party].close)
        agents = []
        for agent, words in (
            ("coordinator-1", ["coordinator"]),
            ("coordinator-2", ["coordinator"]),
            *((f"worker-{agency}", ["worker", agency]) for agency in AGENCIES),
        ):
            sign = folder / f"{agent}.health"
            command = [*words, "--config", str(config), "--health-file", str(sign)]
            agents.append(Agent(agent, command, sign, chance))
            closing.push_async_callback(agents[-1].dismiss)
        yield HubOnServers(settings, tuple(agents), speaks)


async def dismiss(agents: tuple[Agent, ...]) -> list[int | None]:
    """End them together; returns their exit codes."""
    return list(await asyncio.gather(*(agent.dismiss() for agent in agents)))
