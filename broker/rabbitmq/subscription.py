"""One consumer at one queue of RabbitMQ, which comes back when its channel or connection is lost."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from aiormq.abc import DeliveredMessage
from aiormq.channel import Channel

from broker.port import Delivery, NotPublished
from broker.rabbitmq import names, retrying
from broker.rabbitmq.answers import Answers
from broker.rabbitmq.link import CALL_S, FAULTS, Link, pause
from broker.rabbitmq.publisher import Publisher
from broker.rabbitmq.wire import Handle, Reader
from messages.topology import DEAD_QUEUE, Topology

log = logging.getLogger(__name__)

_SHARE = 4
"""Of the prefetch, this part at most is done with and not acknowledged yet."""


class RabbitSubscription:
    """Implements :class:`broker.port.Subscription` on a channel of its own.

    A delivery belongs to the channel that it came by: when that is lost, the server delivers it again
    by the next one, and whatever is still done with the old delivery is passed over.
    """

    def __init__(
        self,
        link: Link,
        publisher: Publisher,
        reader: Reader,
        queue: str,
        prefetch: int,
        topology: Topology,
        jitter: Callable[[], float],
    ) -> None:
        self.queue = queue
        self._link = link
        self._publisher = publisher
        self._reader = reader
        self._prefetch = prefetch
        self._topology = topology
        self._jitter = jitter
        self._channel: Channel | None = None
        self._consumer_tag = ""
        self._generation = 0
        self._buffer: deque[DeliveredMessage] = deque()
        self._most_done = max(1, prefetch // _SHARE)
        self._answers = Answers(None, queue, self._most_done)
        self._stirred = asyncio.Event()
        self._lost = asyncio.Event()
        self._stopped = False
        self._keeper: asyncio.Task[None] | None = None

    @property
    def stopped(self) -> bool:
        return self._stopped

    @property
    def live(self) -> bool:
        """Whether, as far as can be told from here, the server has this consumer."""
        channel = self._channel
        return (
            channel is not None
            and not channel.is_closed
            and not self._lost.is_set()
            and self._consumer_tag in channel.consumers
        )

    async def open(self) -> None:
        """Start to consume, and keep at it.

        Raises one of the client library's errors when the queue is missing or refused, or nobody answers.
        """
        try:
            async with asyncio.timeout(CALL_S):
                await self._consume()
        except FAULTS:
            await self._close_channel()
            raise
        self._keeper = asyncio.create_task(self._keep(), name=f"consumer-{self.queue}")

    async def _consume(self) -> None:
        channel = await self._link.channel()
        self._generation += 1
        self._channel = channel
        self._buffer.clear()
        answers = self._answers = Answers(channel, self.queue, self._most_done)
        self._lost.clear()

        def on_lost(_: object) -> None:
            if self._channel is channel:
                self._lost.set()

        async def on_message(message: DeliveredMessage) -> None:
            if self._channel is channel and message.delivery_tag is not None:
                self._buffer.append(message)
                answers.delivered(message.delivery_tag, message)
                self._stirred.set()

        channel.closing.add_done_callback(on_lost)
        channel.on_consumer_cancel_callbacks.add(on_lost)
        async with asyncio.timeout(CALL_S):
            await channel.basic_qos(prefetch_count=self._prefetch)
            answer = await channel.basic_consume(self.queue, on_message)
        self._consumer_tag = answer.consumer_tag or ""

    async def _keep(self) -> None:
        tries = 0
        while True:
            await self._lost.wait()
            await self._close_channel()
            try:
                await self._consume()
                log.warning("consumer of %s is back", self.queue)
                tries = 0
            except Exception as error:  # whatever it is: nobody else would consume again
                log.warning("consumer of %s: %s", self.queue, type(error).__name__)
                self._lost.set()
                await asyncio.sleep(pause(tries, self._jitter))
                tries += 1

    def restart(self) -> None:
        """Consume anew: the watchdog found that the server does not know this consumer."""
        self._lost.set()

    async def take(self, at_most: int) -> list[Delivery]:
        while not self._buffer and not self._stopped:
            self._stirred.clear()
            await self._stirred.wait()
        if self._stopped:
            return []
        several = min(at_most, len(self._buffer))
        taken = [self._buffer.popleft() for _ in range(several)]
        return self._deliveries(taken)

    def _deliveries(self, messages: Iterable[DeliveredMessage]) -> list[Delivery]:
        return [self._reader.delivery(self.queue, message, self._generation) for message in messages]

    async def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        # What has come before may go on to come again until the delivery limit, if crashes keep this from
        # the server: so that is said at once.
        at_once = any(delivery.attempt > 1 for delivery in deliveries)
        await self._answers.acknowledge(self._own(deliveries), at_once=at_once)

    async def hand_back(self, deliveries: Sequence[Delivery]) -> None:
        if self._topology.retry_delays:
            await self._send_again([each for each in deliveries if self._would_die(each)])
        await self._answers.hand_back(self._own(deliveries))

    def _would_die(self, delivery: Delivery) -> bool:
        """Whether handing this back would take it past the delivery limit.

        Servers before 4.3 count what is handed back. An agent that hands back while its store is away
        would so bury its messages one after the other.
        """
        handle, limit = delivery.handle, self._topology.delivery_limit
        return isinstance(handle, Handle) and handle.returns >= limit and self.queue != DEAD_QUEUE

    async def _send_again(self, deliveries: Sequence[Delivery]) -> None:
        """Put each in anew, uncounted, and acknowledge those for which that went well."""
        own = [each for each in deliveries if self._own([each])]
        copies = [retrying.uncounted(each, self._topology.retry_delays) for each in own]
        failed: Mapping[str, str] = {}
        try:
            await self._publisher.publish(names.DELAY_EXCHANGE, copies)
        except NotPublished as error:
            failed = error.failed
        await self.acknowledge([each for each in own if each.message_id not in failed])

    async def fail(self, delivery: Delivery, reason: str) -> None:
        if not self._own([delivery]):
            return
        copy = retrying.after_failure(delivery, reason, self._topology.retry_delays)
        try:
            await self._publisher.publish(names.DELAY_EXCHANGE, [copy])
        except NotPublished as error:
            log.warning("queue %s: a failed message could not be delayed: %s", self.queue, error)
            # Comes again at once and is counted, so that it ends in the dead queue and not in a circle.
            await self._answers.reject(self._own([delivery]))
        else:
            # At once: a copy is on its way, and the original must not come beside it.
            await self._answers.acknowledge(self._own([delivery]), at_once=True)

    def _own(self, deliveries: Sequence[Delivery]) -> list[int]:
        """The tags, rising, of those that came by the present channel and are still out."""
        out = self._answers.out
        return sorted(
            handle.tag
            for handle in (delivery.handle for delivery in deliveries)
            if isinstance(handle, Handle) and handle.generation == self._generation and handle.tag in out
        )

    async def stop(self) -> None:
        if self._stopped:
            return
        self._stopped = True
        self._stirred.set()
        await self._stop_keeping()
        channel = self._channel
        if channel is None or not self.live:
            # There is no consumer to cancel, or only half of one.
            await self._close_channel()
            return
        try:
            async with asyncio.timeout(CALL_S):
                await channel.basic_cancel(self._consumer_tag)
        except FAULTS:
            return
        untaken = self._deliveries(self._buffer)
        self._buffer.clear()
        await self.hand_back(untaken)

    async def leave(self) -> None:
        """Stop, and hand back what is still out."""
        await self.stop()
        await self.hand_back(self._deliveries(self._answers.out.values()))
        await self._close_channel()

    async def drop(self) -> None:
        """End as a killed process does: what is out comes again, counted."""
        self._stopped = True
        self._stirred.set()
        await self._stop_keeping()
        await self._answers.drop()

    async def _stop_keeping(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)

    async def _close_channel(self) -> None:
        await self._answers.close()
        if self._channel is not None and not self._channel.is_closed:
            with contextlib.suppress(*FAULTS):
                async with asyncio.timeout(CALL_S):
                    await self._channel.close()
