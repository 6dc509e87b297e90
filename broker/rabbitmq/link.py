"""A connection to RabbitMQ that comes back: see docs/decisions/0002-reconnecting.md."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import cast

import aio_pika
from aio_pika.abc import UnderlayConnection
from aio_pika.exceptions import AMQPError
from aiormq.channel import Channel
from yarl import URL

from broker.port import BrokerError

log = logging.getLogger(__name__)

# At debug level the client library writes whole frames, bodies and passwords among them, into the log.
logging.getLogger("aiormq.connection").setLevel(logging.INFO)

FAULTS = (AMQPError, OSError, TimeoutError, RuntimeError, StopAsyncIteration)
"""What the client library raises when the connection or the channel is, or goes, away. The last of them
is what it raises when the server, or a proxy before it, hangs up while the connection is being made."""

CALL_S = 10.0
"""How long the server may take to answer one call.

Given by ``asyncio.timeout`` around the call, never by the client library's own ``timeout``: that one ends
in ``asyncio.wait_for``, which before Python 3.12 forgets a cancellation that comes together with the
answer. A task that forgets it goes on for ever, and whoever cancelled it waits for it as long.
"""

_HEARTBEAT_S = 15
_CONNECT_S = 10.0
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0


def pause(tries: int, jitter: Callable[[], float]) -> float:
    """Seconds to wait before the next try: longer each time, and not the same for everybody."""
    return min(_FIRST_PAUSE_S * 2.0 ** min(tries, 16), _LONGEST_PAUSE_S) * (0.5 + jitter())


class Link:
    """One connection, made again whenever it is lost, until it is closed."""

    def __init__(self, url: URL, name: str, jitter: Callable[[], float]) -> None:
        self._url = URL(url).update_query({"heartbeat": _HEARTBEAT_S, "name": name})
        self._name = name
        self._jitter = jitter
        self._connection: aio_pika.Connection | None = None
        self._up = asyncio.Event()
        self._lost = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def up(self) -> bool:
        return self._up.is_set() and not self._closed

    async def open(self) -> None:
        """Connect for the first time.

        Raises
        ------
        BrokerError
            when the server does not answer or does not let this user in.
        """
        try:
            await self._connect()
        except FAULTS as error:
            where = f"{self._url.host}:{self._url.port or ''}"
            raise BrokerError(f"cannot connect to RabbitMQ at {where}: {type(error).__name__}") from None
        self._keeper = asyncio.create_task(self._keep(), name=f"link-{self._name}")

    async def _connect(self) -> None:
        connection = aio_pika.Connection(self._url)
        try:
            async with asyncio.timeout(_CONNECT_S):
                await connection.connect()
        except BaseException:
            await connection.close()
            raise
        self._connection = connection
        self._lost.clear()
        cast("UnderlayConnection", connection.transport).connection.closing.add_done_callback(self._on_lost)
        self._up.set()

    def _on_lost(self, closing: asyncio.Future[None]) -> None:
        if not closing.cancelled():
            closing.exception()
        self._up.clear()
        self._lost.set()

    async def _keep(self) -> None:
        while True:
            await self._lost.wait()
            log.warning("connection %s was lost", self._name)
            tries = 0
            while not self.up:
                await asyncio.sleep(pause(tries, self._jitter))
                tries += 1
                try:
                    await self._connect()
                except Exception as error:  # whatever it is: nobody else would connect again
                    log.warning("connection %s: try %d failed, %s", self._name, tries, type(error).__name__)
            log.warning("connection %s is back after %d tries", self._name, tries)

    async def channel(self, *, confirms: bool = False) -> Channel:
        """A new channel, waiting for the connection as long as it takes.

        Raises
        ------
        BrokerError
            when the link was closed.
        """
        await self._up.wait()
        if self._closed or self._connection is None or self._connection.transport is None:
            raise BrokerError("the connection is closed")
        async with asyncio.timeout(CALL_S):
            channel = await self._connection.transport.connection.channel(
                publisher_confirms=confirms, on_return_raises=False
            )
        return cast("Channel", channel)

    async def close(self) -> None:
        self._closed = True
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        if self._connection is not None:
            await self._connection.close()
        # Lets whoever still waits for the connection find out that there will be none.
        self._up.set()
