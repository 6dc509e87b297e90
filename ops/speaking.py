"""What people say to the hub, for as long as a program runs in which they speak: the dashboard.

On a server engine every party that is spoken for has a connection that stays; a hub that is one process takes
what is said from its inbox folder (`ops.mailroom`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
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
from store.port import Store, StoreError

PATIENCE = timedelta(seconds=10)
"""How long an answer of the hub is waited for, in real time."""


class Speaker(Protocol):
    """Says things to the hub, and learns what became of them."""

    async def say(self, envelope: Envelope, case: str | None = None) -> Answer:
        """Say it, durably, and wait a while for the hub to take or refuse it.

        ``case`` is what it will be about, where that is another than its subject: of a referral. The same
        envelope said twice is said once. When the hub's store cannot be asked, what was handed over is
        waiting. Raises BrokerError when it could not be handed over.
        """
        ...


@dataclass(slots=True)
class SpeakerInside:
    """Speaks to a hub in this process, by its own broker. ``keys`` are those of every party."""

    connect: Callable[[str], Awaitable[Broker]]
    keys: WireKeys
    store: Store
    patience: timedelta = PATIENCE
    _connections: dict[str, Broker] = field(default_factory=dict)

    async def say(self, envelope: Envelope, case: str | None = None) -> Answer:
        if envelope.source not in self._connections:
            self._connections[envelope.source] = await self.connect(envelope.source)
        await self._connections[envelope.source].publish([direct(envelope, self.keys)])
        return await _answer_to(envelope, case or envelope.subject, self.store, self.patience)

    async def close(self) -> None:
        """Leave the broker."""
        for connection in self._connections.values():
            await connection.close()
        self._connections.clear()


@dataclass(slots=True)
class HubSpeaker:
    """Speaks to the hub of these settings, wherever it runs."""

    settings: Settings
    store: Store
    patience: timedelta = PATIENCE
    _connections: dict[str, Broker] = field(default_factory=dict)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def say(self, envelope: Envelope, case: str | None = None) -> Answer:
        keys = key_folder.wire_keys_of(self.settings.keys_at, envelope.source)
        if is_embedded(self.settings, envelope.source):
            mailroom.post(self.settings.data, envelope.id, plain_wire(envelope, keys))
        else:
            connection = await self._connection(envelope.source)
            await connection.publish([direct(envelope, keys)])
        return await _answer_to(envelope, case or envelope.subject, self.store, self.patience)

    async def _connection(self, party: str) -> Broker:
        async with self._opening:
            if party not in self._connections:
                self._connections[party] = await open_broker(self.settings, party)
            return self._connections[party]

    async def close(self) -> None:
        """Leave the broker."""
        for connection in self._connections.values():
            await connection.close()
        self._connections.clear()


async def _answer_to(envelope: Envelope, case: str, store: Store, patience: timedelta) -> Answer:
    """What became of what was handed over. That it cannot be seen now takes nothing of it back."""
    try:
        return await answer_to(envelope, case, store, patience.total_seconds())
    except StoreError:
        return Answer("waiting")
