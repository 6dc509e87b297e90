"""What a consumer tells the server of the deliveries of one channel: done with, or to be had back.

Acknowledgements go out together, because a quorum queue writes each frame of them to its log. One that
a crash keeps from the server brings a message again that was handled already, and counts it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from aiormq.abc import ChannelFrame, DeliveredMessage
from aiormq.channel import Channel
from pamqp import commands
from pamqp.base import Frame
from pamqp.frame import marshal

from broker.rabbitmq.link import CALL_S

log = logging.getLogger(__name__)

_SOON_S = 0.25
"""How long an acknowledgement waits for others."""


class Answers:
    """The books of one channel of a consumer, or of none yet. At most ``most`` acknowledgements wait."""

    def __init__(self, channel: Channel | None, queue: str, most: int) -> None:
        self._channel = channel
        self._queue = queue
        self._most = most
        self._out: dict[int, DeliveredMessage] = {}
        self._done: set[int] = set()
        self._writing = asyncio.Lock()
        self._later: asyncio.Task[None] | None = None

    def delivered(self, tag: int, message: DeliveredMessage) -> None:
        """This came."""
        self._out[tag] = message

    @property
    def out(self) -> dict[int, DeliveredMessage]:
        """What came and has no answer yet, by tag, oldest first."""
        return self._out

    async def acknowledge(self, tags: Sequence[int], *, at_once: bool) -> None:
        """These, which are out, are done with."""
        for tag in tags:
            del self._out[tag]
            self._done.add(tag)
        if at_once or len(self._done) >= self._most:
            await self.flush()
        elif self._done and (self._later is None or self._later.done()):
            self._later = asyncio.create_task(self._flush_later(), name=f"ack-{self._queue}")

    async def hand_back(self, tags: Sequence[int]) -> None:
        """The server is to have these, which are out, again."""
        await self._back(tags, lambda tag, multiple: commands.Basic.Nack(tag, multiple, requeue=True))

    async def reject(self, tags: Sequence[int]) -> None:
        """The same, counted against the delivery limit by any server."""
        await self._back(tags, lambda tag, multiple: commands.Basic.Reject(tag, requeue=True))

    async def flush(self) -> None:
        """Acknowledge all that is done with, now."""
        async with self._writing:
            await self._write(self._acknowledgements())

    async def close(self) -> None:
        """Wait for no more company, and flush."""
        await self.drop()
        await self.flush()

    async def drop(self) -> None:
        """Wait for no more company. What is done with and not said stays unsaid."""
        async with self._writing:  # what is being written goes out whole
            if self._later is not None:
                self._later.cancel()
        if self._later is not None:
            await asyncio.gather(self._later, return_exceptions=True)

    async def _flush_later(self) -> None:
        while self._done:
            await asyncio.sleep(_SOON_S)
            await self.flush()

    async def _back(self, tags: Sequence[int], frame: Callable[[int, bool], Frame]) -> None:
        async with self._writing:
            frames = self._acknowledgements()
            back = [tag for tag in tags if tag in self._out]
            for tag in back:
                del self._out[tag]
            await self._write([*frames, *(frame(tag, False) for tag in back)])

    def _acknowledgements(self) -> list[Frame]:
        """One frame for all before the first delivery that is still out, one for each after it."""
        done = sorted(self._done)
        self._done.clear()
        first_out = min(self._out, default=None)
        together = [tag for tag in done if first_out is None or tag < first_out]
        return [
            *(commands.Basic.Ack(tag, multiple=True) for tag in together[-1:]),
            *(commands.Basic.Ack(tag) for tag in done[len(together) :]),
        ]

    async def _write(self, frames: Sequence[Frame]) -> None:
        channel = self._channel
        if not frames or channel is None or channel.is_closed:
            return
        payload = b"".join(marshal(frame, channel.number) for frame in frames)
        try:
            async with asyncio.timeout(CALL_S):
                await channel.write_queue.put(ChannelFrame(payload=payload, should_close=False))
        except TimeoutError:
            # The connection takes nothing more, so it is on its way out; the server delivers again.
            log.warning("queue %s: %d answers could not be sent", self._queue, len(frames))
