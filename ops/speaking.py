"""What people say to the hub, for as long as a program runs in which they speak: the dashboard.

On a server engine every party that is spoken for has a connection that stays; a hub that is one process takes
what is said from its inbox folder (`ops.mailroom`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

from agents.runtime.outgoing import direct
from broker.port import Broker
from messages.codec import plain_wire
from messages.envelope import Envelope
from messages.sealing import WireKeys
from ops import key_folder, mailroom
from ops.engines import is_embedded, open_broker
from ops.sending import Answer, answer_to
from ops.settings import Settings
from store.port import Store

PATIENCE = timedelta(seconds=10)
"""How long an answer of the hub is waited for, in real time."""


class Speaker(Protocol):
    """Says things to the hub, and learns what became of them."""

    async def say(self, envelope: Envelope, case: str | None = None) -> Answer:
        """Say it, durably, and wait a while for the hub to take or refuse it.

        ``case`` is what it will be about, where that is another than its subject: of a referral. The same
        envelope said twice is said once. Raises BrokerError when it could not be handed over, StoreError when
        the hub's store cannot be asked.
        """
        ...


Connect = Callable[[str], Awaitable[Broker]]


class Connections:
    """A connection for each party that is spoken for, opened when it first says something."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._opened: dict[str, Broker] = {}
        self._opening = asyncio.Lock()

    async def of(self, party: str) -> Broker:
        """A party's connection. Raises BrokerError."""
        async with self._opening:  # two who decide at once open one
            if party not in self._opened:
                self._opened[party] = await self._connect(party)
            return self._opened[party]

    async def close(self) -> None:
        """Leave the broker."""
        async with self._opening:
            while self._opened:
                _, connection = self._opened.popitem()
                await connection.close()


class SpeakerInside:
    """Speaks to a hub in this process, by its own broker. ``keys`` are those of every party."""

    def __init__(
        self, connect: Connect, keys: WireKeys, store: Store, patience: timedelta = PATIENCE
    ) -> None:
        self._connections = Connections(connect)
        self._keys = keys
        self._store = store
        self._limit = patience.total_seconds()

    async def say(self, envelope: Envelope, case: str | None = None) -> Answer:
        connection = await self._connections.of(envelope.source)
        await connection.publish([direct(envelope, self._keys)])
        return await answer_to(envelope, case or envelope.subject, self._store, self._limit)

    async def close(self) -> None:
        """Leave the broker."""
        await self._connections.close()


class HubSpeaker:
    """Speaks to the hub of these settings, wherever it runs."""

    def __init__(self, settings: Settings, store: Store, patience: timedelta = PATIENCE) -> None:
        self._connections = Connections(lambda party: open_broker(settings, party))
        self._settings = settings
        self._store = store
        self._limit = patience.total_seconds()

    async def say(self, envelope: Envelope, case: str | None = None) -> Answer:
        keys = key_folder.wire_keys_of(self._settings.keys_at, envelope.source)
        if is_embedded(self._settings, envelope.source):
            mailroom.post(self._settings.data, envelope.id, plain_wire(envelope, keys))
        else:
            connection = await self._connections.of(envelope.source)
            await connection.publish([direct(envelope, keys)])
        return await answer_to(envelope, case or envelope.subject, self._store, self._limit)

    async def close(self) -> None:
        """Leave the broker."""
        await self._connections.close()
