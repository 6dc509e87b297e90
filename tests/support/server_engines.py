"""RabbitMQ and MongoDB for hubs under test: a vhost for each topology, a database for each hub."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

import pymongo
from yarl import URL

from broker.port import Broker
from broker.rabbitmq.broker import RabbitBroker
from messages.clock import Clock
from messages.topology import Topology
from store.connect import connect
from store.port import Store
from tests.support.broker_engines import RabbitEngine
from tests.support.servers import MongoServer, RabbitServer


class Servers:
    """The servers of all tests of one process, and the vhosts that were made on them."""

    def __init__(self, rabbitmq: RabbitServer, mongo: MongoServer) -> None:
        self.rabbitmq = rabbitmq
        self.mongo = mongo
        self._made: list[RabbitEngine] = []
        self._free: dict[str, list[RabbitEngine]] = {}

    async def vhost(self, topology: Topology) -> RabbitEngine:
        """One with this topology that no hub is on. What an earlier hub left in it is for nobody here."""
        if free := self._free.get(repr(topology)):
            return free.pop()
        engine = RabbitEngine(self.rabbitmq)
        await engine.start(topology)
        self._made.append(engine)
        return engine

    def left(self, topology: Topology, vhost: RabbitEngine) -> None:
        """No hub is on this one any more."""
        self._free.setdefault(repr(topology), []).append(vhost)

    async def close(self) -> None:
        """Their vhosts go."""
        for engine in self._made:
            await engine.end()


class ServerEngines:
    """What one hub needs of them."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._prefix = f"acceptance-{secrets.token_hex(4)}"

    @property
    def loop(self) -> None:
        """That of asyncio."""

    async def opened(self, topology: Topology, clock: Clock) -> None:
        self._topology = replace(topology, retry_delays=(timedelta(milliseconds=100),))
        self._vhost = await self._servers.vhost(self._topology)

    async def connected(self, user: str) -> Broker:
        broker = RabbitBroker(self._vhost.url(user), self._topology, jitter=lambda: 0.5)
        await broker.open()
        return broker

    async def store(self) -> Store:
        url = URL(self._servers.mongo.url).with_path(f"/{self._prefix}", keep_query=True)
        kept_in = connect(str(url), agent="coordinator")
        await kept_in.provision()
        return kept_in

    async def closed(self) -> None:
        self._servers.left(self._topology, self._vhost)

    def end(self) -> None:
        with pymongo.MongoClient[dict[str, object]](self._servers.mongo.url) as client:
            client.drop_database(f"{self._prefix}-coordinator")
