"""The very small hub on RabbitMQ and MongoDB."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pymongo

from broker.port import Broker
from messages.parties import HUB
from ops.clocks import ScaledClock
from store.connect import connect
from store.port import Store
from tests.support.broker_engines import RabbitEngine
from tests.support.servers import MongoServer, RabbitServer
from tests.support.small_world import AGENCIES, START, TOPOLOGY, World


class ServersWorld(World):
    """Everybody on servers: a vhost and databases of its own, in real time."""

    def __init__(self, rabbit: RabbitServer, mongo: MongoServer) -> None:
        self.engine = RabbitEngine(rabbit)
        self._prefix = f"small-{secrets.token_hex(4)}"
        self._mongo_url = mongo.url
        self.folder = Path()
        self.clock = ScaledClock(datetime.now(UTC), START, 1.0)
        self.life = 1
        self.running = []
        self.stores = {}
        self.opened = []

    async def open(self) -> None:
        """Provision what is needed."""
        await self.engine.start(TOPOLOGY)
        for party in (HUB, *(f"agency.{agency}" for agency in AGENCIES)):
            await self.store(party).provision()

    async def connect(self, party: str) -> Broker:
        return await self.engine.connect(party)

    def connection_to_store(self, party: str) -> Store:
        return connect(self._mongo_url, agent=f"{self._prefix}-{party}")

    async def close(self) -> None:
        await self.stop()
        for store in self.opened:
            await store.close()
        await self.engine.end()
        async with pymongo.AsyncMongoClient[dict[str, Any]](self._mongo_url) as client:
            for database in await client.list_database_names():
                if self._prefix in database:
                    await client.drop_database(database)
