"""Asks RabbitMQ what is there, by passive declarations, which need no permission and change nothing."""

from __future__ import annotations

import asyncio

from aiormq.channel import Channel
from aiormq.exceptions import ChannelNotFoundEntity
from pamqp.commands import Queue

from broker.rabbitmq.link import CALL_S, Link


class Probe:
    """Questions over a channel of their own, since a "no" shuts the channel that asked.

    Every question raises one of the client library's errors when the connection is down.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._channel: Channel | None = None
        self._asking = asyncio.Lock()

    async def queue(self, name: str) -> Queue.DeclareOk | None:
        """How many messages wait in a queue and how many consumers it has; None when there is none."""
        async with self._asking:
            channel = await self._open()
            try:
                async with asyncio.timeout(CALL_S):
                    return await channel.queue_declare(name, passive=True)
            except ChannelNotFoundEntity:
                return None

    async def has_exchange(self, name: str) -> bool:
        async with self._asking:
            channel = await self._open()
            try:
                async with asyncio.timeout(CALL_S):
                    await channel.exchange_declare(name, passive=True)
            except ChannelNotFoundEntity:
                return False
            return True

    async def _open(self) -> Channel:
        if self._channel is None or self._channel.is_closed:
            async with asyncio.timeout(CALL_S):
                self._channel = await self._link.channel()
        return self._channel
