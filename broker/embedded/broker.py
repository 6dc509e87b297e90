"""One user's connection to the embedded broker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from broker.declared import differences
from broker.embedded.subscription import EmbeddedSubscription
from broker.port import BrokerError, NotPublished, Outbound, Standing, TopologyMismatch
from messages.topology import Topology, UserSpec

if TYPE_CHECKING:
    from broker.embedded.server import EmbeddedServer


class EmbeddedBroker:
    """Implements :class:`broker.port.Broker`."""

    def __init__(self, server: EmbeddedServer, spec: UserSpec) -> None:
        self._server = server
        self._spec = spec
        self._subscriptions: list[EmbeddedSubscription] = []
        self._open = True

    @property
    def user(self) -> str:
        return self._spec.name

    async def publish(self, messages: Sequence[Outbound]) -> None:
        if not self._open:
            raise NotPublished({message.message_id: "unconfirmed" for message in messages})
        self._server.publish(self._spec, messages)
        await asyncio.sleep(0)

    async def subscribe(self, queue: str, *, prefetch: int) -> EmbeddedSubscription:
        if not self._open:
            raise BrokerError("the connection is closed")
        self._server.check_queue(queue)
        if queue not in self._spec.may_read:
            raise BrokerError(f"user {self.user!r} may not read queue {queue!r}")
        subscription = EmbeddedSubscription(self._server, queue, prefetch)
        self._subscriptions.append(subscription)
        return subscription

    async def verify(self, topology: Topology) -> None:
        if problems := differences(self.user, wanted=topology, found=self._server.topology):
            raise TopologyMismatch(problems)

    async def depth(self, queue: str) -> int:
        self._server.check_queue(queue)
        return self._server.depth(queue)

    async def standing(self, queue: str) -> Standing:
        self._server.check_queue(queue)
        return Standing(self._server.depth(queue), self._server.consumers(queue))

    async def healthy(self) -> bool:
        return self._open

    async def close(self) -> None:
        self._open = False
        for subscription in self._subscriptions:
            await subscription.leave()

    def drop(self) -> None:
        """Lose the connection as a killed process does: what is out comes again, counted."""
        self._open = False
        for subscription in self._subscriptions:
            subscription.drop()
