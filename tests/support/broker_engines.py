"""The broker engines under one face, for tests that hold each to the same promises."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from yarl import URL

from broker.embedded import EmbeddedBroker, EmbeddedServer
from broker.port import Broker, Delivery, Outbound, Subscription
from broker.rabbitmq import RabbitBroker
from broker.rabbitmq.management import Management
from broker.rabbitmq.provision import Provisioned, provision
from messages.topology import DEAD_QUEUE, QueueSpec, Topology, UserSpec
from tests.support.servers import RabbitServer

LIMIT_S = 30.0
"""How long a test waits for what must come."""

RECOVERY_S = 120.0
"""How long a test waits for a server that went away."""

QUIET_S = 0.4
"""How long a test listens to be fairly sure that nothing comes."""

POLICE_URGENT = "agency.police.urgent"
POLICE_ROUTINE = "agency.police.routine"
HEALTH = "agency.health.urgent"
COORDINATOR = "coordinator.routine"

TOPOLOGY = Topology(
    queues=(
        QueueSpec(POLICE_URGENT, ("agency.police.urgent.#", "agency.all.urgent.*")),
        QueueSpec(POLICE_ROUTINE, ("agency.police.routine.#",)),
        QueueSpec(HEALTH, ("agency.health.urgent.#", "agency.all.urgent.*")),
        QueueSpec(COORDINATOR, ("coordinator.*.#",)),
    ),
    users=(
        UserSpec("coordinator", ("agency.*.*.#", "nowhere.#"), (COORDINATOR, DEAD_QUEUE)),
        UserSpec("police", ("coordinator.#",), (POLICE_URGENT, POLICE_ROUTINE)),
        UserSpec("health", ("coordinator.#",), (HEALTH,)),
    ),
    retry_delays=(timedelta(milliseconds=100), timedelta(milliseconds=700)),
    delivery_limit=2,
)


class WallClock:
    """Real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, length: timedelta) -> None:
        await asyncio.sleep(length.total_seconds())


class Engine(Protocol):
    """One engine with :data:`TOPOLOGY` on it, or another."""

    counts_hand_backs: bool
    """Whether the server counts a hand-back as an attempt (RabbitMQ before 4.3 does)."""

    async def start(self, topology: Topology) -> None: ...

    async def connect(self, user: str) -> Broker: ...

    async def kill(self, broker: Broker) -> None:
        """End a connection without a word, as when its process is killed."""
        ...

    async def end(self) -> None: ...


class EmbeddedEngine:
    """The embedded broker on a file."""

    counts_hand_backs = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self.server: EmbeddedServer | None = None

    async def start(self, topology: Topology) -> None:
        self.server = EmbeddedServer(self._path, topology, WallClock())

    async def connect(self, user: str) -> EmbeddedBroker:
        assert self.server is not None
        return self.server.connect(user)

    async def kill(self, broker: Broker) -> None:
        assert isinstance(broker, EmbeddedBroker)
        broker.drop()

    async def end(self) -> None:
        if self.server is not None:
            self.server.close()


class RabbitEngine:
    """A vhost of its own on a RabbitMQ server."""

    counts_hand_backs = True

    def __init__(self, server: RabbitServer) -> None:
        self.server = server
        self.vhost = f"test-{secrets.token_hex(4)}"
        self.management = Management(server.management_url, server.user, server.password)
        self._topology = TOPOLOGY
        self._brokers: list[RabbitBroker] = []
        self._restarted = False

    async def start(self, topology: Topology) -> None:
        self._topology = topology
        await self.provision(topology)

    async def restart(self) -> None:
        self._restarted = True
        await self.server.restart()

    async def crash(self) -> None:
        self._restarted = True
        await self.server.crash()

    async def provision(
        self, topology: Topology, *, passwords: bool = True, dry_run: bool = False
    ) -> Provisioned:
        return await provision(
            self.management,
            topology,
            vhost=self.vhost,
            passwords={user.name: self.password(user.name) for user in topology.users} if passwords else {},
            salt=lambda: secrets.token_bytes(4),
            dry_run=dry_run,
        )

    def password(self, user: str) -> str:
        return f"only-for-tests-{user}"

    def url(self, user: str) -> URL:
        address = URL(self.server.amqp_url)
        return address.with_user(user).with_password(self.password(user)).with_path(f"/{self.vhost}")

    async def connect(
        self,
        user: str,
        *,
        publish_timeout: timedelta = timedelta(seconds=LIMIT_S),
        watch_every: timedelta = timedelta(seconds=10),
    ) -> RabbitBroker:
        broker = RabbitBroker(
            self.url(user),
            self._topology,
            jitter=lambda: 0.5,
            publish_timeout=publish_timeout,
            watch_every=watch_every,
        )
        await broker.open()
        self._brokers.append(broker)
        return broker

    async def kill(self, broker: Broker) -> None:
        assert isinstance(broker, RabbitBroker)
        self._brokers.remove(broker)
        await broker.drop()

    async def end(self) -> None:
        for broker in self._brokers:
            await broker.close()
        # A server just started answers before each of its queues has found a leader. A queue that is deleted
        # in that moment fails its dead-letter worker again and again, the one supervisor of all these workers
        # gives up, and from then on no queue that dead-letters at least once can be declared until the next
        # start (rabbitmq-server issue 16652). So the vhost stays, on a server of the tests' own.
        if not self._restarted:
            await asyncio.to_thread(self.management.delete, "vhosts", self.vhost)


def message(number: int | str, key: str, *, body: bytes = b"{}", **headers: str) -> Outbound:
    return Outbound(f"message-{number}", "mash.check.requested.v1", key, body, headers)


async def take(subscription: Subscription, count: int) -> list[Delivery]:
    """Exactly this many, however they come; fails when they do not."""
    taken: list[Delivery] = []
    async with asyncio.timeout(LIMIT_S):
        while len(taken) < count:
            taken += await subscription.take(count - len(taken))
    return taken


async def nothing_comes(subscription: Subscription) -> bool:
    try:
        async with asyncio.timeout(QUIET_S):
            return not await subscription.take(1)
    except TimeoutError:
        return True


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again until it is so, for as long as a server takes to come back."""
    async with asyncio.timeout(RECOVERY_S):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


def ids(deliveries: list[Delivery]) -> list[str]:
    return [delivery.message_id for delivery in deliveries]
