"""Publishing: persistent, mandatory, confirmed, many at once.

Many messages go out in one write, and their confirms are awaited together. The channel's own
``basic_publish`` takes a task and several futures for each message and a fifth of the speed; this
keeps the channel's books (delivery tag, confirmations, message ids) as ``basic_publish`` does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from aiormq.abc import ChannelFrame, DeliveredMessage
from aiormq.channel import Channel
from aiormq.exceptions import AMQPChannelError, ChannelInvalidStateError

from broker.port import BrokerError, NotPublished, Outbound
from broker.rabbitmq.link import FAULTS, Link
from broker.rabbitmq.wire import publish_frames

_WINDOW = 500
"""How many messages are on their way unconfirmed at most, for each call of publish."""

_SETTLE_S = 0.02

_TAKEN, _UNROUTABLE, _REFUSED, _UNCONFIRMED = "taken", "unroutable", "refused", "unconfirmed"
_LOST = "the connection broke"
_SHUT = "the server shut the channel"

_Confirm = asyncio.Future[Any]


class Publisher:
    """Publishes over one channel of a link, which it opens again when need be."""

    def __init__(self, link: Link, user: str, timeout: float) -> None:
        self._link = link
        self._user = user
        self._timeout = timeout
        self._channel: Channel | None = None
        self._opening = asyncio.Lock()
        self._writing = asyncio.Lock()

    async def publish(self, exchange: str, messages: Sequence[Outbound]) -> None:
        """Publish all, trying again after a lost connection until nothing was taken for the timeout.

        What was on its way when the connection broke goes out again, so it may arrive twice.

        Raises
        ------
        NotPublished
            for those that are not there, or not known to be.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._timeout
        failed: dict[str, str] = {}
        left = list(messages)
        # The server shuts the channel over a message that it refuses, without saying which of those on
        # their way it was. Sent again one at a time, it shows itself.
        suspects = 0
        while left:
            outcome = await self._attempt(exchange, left[: 1 if suspects else _WINDOW], deadline)
            again = []
            for message, became in zip(left, outcome, strict=False):
                if became == _TAKEN:
                    deadline = loop.time() + self._timeout
                elif became == _LOST or (became == _SHUT and len(outcome) > 1):
                    again.append(message)
                else:
                    failed[message.message_id] = _REFUSED if became == _SHUT else became
            suspects = len(again) if _SHUT in outcome else max(0, suspects - len(outcome) + len(again))
            left[: len(outcome)] = again
        if failed:
            raise NotPublished(failed)

    async def _attempt(self, exchange: str, messages: Sequence[Outbound], deadline: float) -> list[str]:
        """Send the first messages, at least one, and say what became of each."""
        loop = asyncio.get_running_loop()
        if loop.time() >= deadline:
            return [_UNCONFIRMED] * len(messages)
        try:
            async with asyncio.timeout_at(deadline):
                channel = await self._open()
                confirms = await self._write(channel, exchange, messages)
        except (TimeoutError, BrokerError):
            return [_UNCONFIRMED] * len(messages)
        except FAULTS:
            await asyncio.sleep(_SETTLE_S)
            return [_LOST] * len(messages)
        if not confirms:
            await asyncio.sleep(_SETTLE_S)
            return []
        try:
            await asyncio.wait(confirms, timeout=deadline - loop.time())
        finally:
            for message, confirm in zip(messages, confirms, strict=False):
                _forget_id(channel, message.message_id, confirm)
        return [_became(confirm) for confirm in confirms]

    async def _write(self, channel: Channel, exchange: str, messages: Sequence[Outbound]) -> list[_Confirm]:
        """Put messages on the wire, up to the first whose id is on its way already.

        The channel finds what a returned message belongs to by its id, so an id goes out once at a time.
        """
        loop = asyncio.get_running_loop()
        frame_max = channel.connection.connection_tune.frame_max
        async with self._writing:
            if channel.is_closed:
                raise ChannelInvalidStateError
            before = channel.delivery_tag
            confirms: list[_Confirm] = []
            payload = bytearray()
            try:
                for message in messages:
                    if message.message_id in channel.message_id_delivery_tag:
                        break
                    payload += publish_frames(channel.number, frame_max, exchange, self._user, message)
                    confirms.append(loop.create_future())
                    channel.delivery_tag += 1
                    channel.confirmations[channel.delivery_tag] = confirms[-1]
                    channel.message_id_delivery_tag[message.message_id] = channel.delivery_tag
                await channel.write_queue.put(ChannelFrame(payload=bytes(payload), should_close=False))
            except BaseException:
                # Nothing went out, so the server will count on from where it was.
                for message, tag in zip(messages, range(before + 1, channel.delivery_tag + 1), strict=False):
                    del channel.confirmations[tag], channel.message_id_delivery_tag[message.message_id]
                channel.delivery_tag = before
                raise
        return confirms

    async def _open(self) -> Channel:
        async with self._opening:
            if self._channel is None or self._channel.is_closed:
                self._channel = await self._link.channel(confirms=True)
                self._channel.closing.add_done_callback(partial(_settle_all, self._channel))
            return self._channel


def _settle_all(channel: Channel, closing: asyncio.Future[Any]) -> None:
    """The channel is gone: nobody else will answer for what was on its way."""
    reason = None if closing.cancelled() else closing.exception()
    for confirm in channel.confirmations.values():
        if not confirm.done():
            confirm.set_result(_SHUT if isinstance(reason, AMQPChannelError) else _LOST)


def _became(confirm: _Confirm) -> str:
    if not confirm.done():
        return _UNCONFIRMED
    if confirm.exception() is not None:
        return _REFUSED
    answer = confirm.result()
    if isinstance(answer, str):
        return answer
    return _UNROUTABLE if isinstance(answer, DeliveredMessage) else _TAKEN


def _forget_id(channel: Channel, message_id: str, confirm: _Confirm) -> None:
    if confirm.done():
        channel.message_id_delivery_tag.pop(message_id, None)
    else:
        # Given up, but the answer may still come, and needs the id to find its place.
        confirm.add_done_callback(lambda _: channel.message_id_delivery_tag.pop(message_id, None))
