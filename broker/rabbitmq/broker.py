"""One user's connection to RabbitMQ: one link to publish by, one to consume by, and a watchdog."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from yarl import URL

from broker.port import BrokerError, Outbound, Standing, TopologyMismatch
from broker.rabbitmq.link import FAULTS, Link
from broker.rabbitmq.probe import Probe
from broker.rabbitmq.publisher import Publisher
from broker.rabbitmq.subscription import RabbitSubscription
from broker.rabbitmq.verify import problems
from broker.rabbitmq.wire import Reader
from messages.topology import EXCHANGE, Topology

log = logging.getLogger(__name__)


class RabbitBroker:
    """Implements :class:`broker.port.Broker`. Made by :meth:`connect`.

    Publishing and consuming have a connection each, so that the server's flow control, which holds up
    a connection that publishes too fast, never holds up acknowledgements.
    """

    def __init__(
        self,
        url: URL,
        topology: Topology,
        *,
        jitter: Callable[[], float],
        publish_timeout: timedelta = timedelta(seconds=30),
        watch_every: timedelta = timedelta(seconds=10),
    ) -> None:
        self._user = url.user or ""
        self._topology = topology
        self._jitter = jitter
        self._publishing = Link(url, f"{self._user}-publish", jitter)
        self._consuming = Link(url, f"{self._user}-consume", jitter)
        self._publisher = Publisher(self._publishing, self._user, publish_timeout.total_seconds())
        self._probe = Probe(self._consuming)
        self._reader = Reader(topology)
        self._subscriptions: list[RabbitSubscription] = []
        self._watch_every = watch_every.total_seconds()
        self._watchdog: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect.

        Raises
        ------
        BrokerError
            when the server does not answer or does not let this user in.
        """
        await self._publishing.open()
        try:
            await self._consuming.open()
        except BrokerError:
            await self._publishing.close()
            raise
        self._watchdog = asyncio.create_task(self._watch(), name=f"broker-watchdog-{self._user}")

    @property
    def user(self) -> str:
        return self._user

    async def publish(self, messages: Sequence[Outbound]) -> None:
        await self._publisher.publish(EXCHANGE, messages)

    async def subscribe(self, queue: str, *, prefetch: int) -> RabbitSubscription:
        subscription = RabbitSubscription(
            self._consuming,
            self._publisher,
            self._reader,
            queue,
            prefetch,
            self._topology,
            self._jitter,
        )
        try:
            await subscription.open()
        except FAULTS as error:
            raise BrokerError(f"cannot consume from queue {queue!r}: {type(error).__name__}") from None
        self._subscriptions.append(subscription)
        return subscription

    async def verify(self, topology: Topology) -> None:
        try:
            found = await problems(self._probe, self._user, topology)
        except FAULTS as error:
            raise BrokerError(f"cannot verify the broker: {type(error).__name__}") from None
        if found:
            raise TopologyMismatch(found)

    async def depth(self, queue: str) -> int:
        return (await self.standing(queue)).waiting

    async def standing(self, queue: str) -> Standing:
        try:
            found = await self._probe.queue(queue)
        except FAULTS as error:
            raise BrokerError(f"cannot see queue {queue!r}: {type(error).__name__}") from None
        if found is None:
            raise BrokerError(f"there is no queue {queue!r}")
        return Standing(found.message_count or 0, found.consumer_count or 0)

    async def healthy(self) -> bool:
        if not (self._publishing.up and self._consuming.up):
            return False
        return not await self._without_consumer()

    async def _without_consumer(self) -> list[RabbitSubscription]:
        """Subscriptions that should have a live consumer and have none, seen from here or by the server."""
        missing = []
        for subscription in [each for each in self._subscriptions if not each.stopped]:
            if not (subscription.live and await self._has_consumer(subscription.queue)):
                missing.append(subscription)
        return missing

    async def _has_consumer(self, queue: str) -> bool:
        try:
            found = await self._probe.queue(queue)
        except (*FAULTS, BrokerError):
            return False
        return found is not None and bool(found.consumer_count)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._watch_every)
            if self._consuming.up:
                for subscription in await self._without_consumer():
                    log.warning("watchdog: queue %s has lost its consumer", subscription.queue)
                    subscription.restart()

    async def close(self) -> None:
        await self._stop_watching()
        for subscription in self._subscriptions:
            await subscription.leave()
        await self._consuming.close()
        await self._publishing.close()

    async def drop(self) -> None:
        """Lose the connection as a killed process does: what is out comes again, counted."""
        await self._stop_watching()
        for subscription in self._subscriptions:
            await subscription.drop()
        await self._consuming.close()
        await self._publishing.close()

    async def _stop_watching(self) -> None:
        if self._watchdog is not None:
            self._watchdog.cancel()
            await asyncio.gather(self._watchdog, return_exceptions=True)
