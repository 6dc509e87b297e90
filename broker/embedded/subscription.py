"""One consumer at one queue of the embedded broker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broker.embedded.journal import Row
from broker.port import Delivery

if TYPE_CHECKING:
    from broker.embedded.server import EmbeddedServer


@dataclass(frozen=True, slots=True, eq=False)
class _Handle:
    """Which row a delivery stands for, and how often that failed before."""

    position: int
    failures: int


class EmbeddedSubscription:
    """Implements :class:`broker.port.Subscription`. Nothing is buffered: ``take`` asks the file."""

    def __init__(self, server: EmbeddedServer, queue: str, prefetch: int) -> None:
        self.queue = queue
        self._server = server
        self._prefetch = prefetch
        self._out: dict[int, _Handle] = {}
        self._stopped = False
        self._stirred = asyncio.Event()
        server.listen(queue, self._stirred.set)

    async def take(self, at_most: int) -> list[Delivery]:
        # Others get their turn first, so that a busy consumer cannot keep the loop to itself. Nothing
        # awaits after the claim: a cancelled take has taken nothing.
        await asyncio.sleep(0)
        while not self._stopped:
            self._stirred.clear()
            room = min(at_most, self._prefetch - len(self._out))
            if room > 0 and (rows := self._server.claim(self.queue, room)):
                return [self._deliver(row) for row in rows]
            await self._stirred.wait()
        return []

    def _deliver(self, row: Row) -> Delivery:
        handle = _Handle(row.position, row.failures)
        self._out[row.position] = handle
        return Delivery(
            queue=self.queue,
            message_id=row.message_id,
            type=row.type,
            routing_key=row.routing_key,
            body=row.body,
            headers=row.headers,
            user=row.user,
            attempt=row.attempts + 1,
            handle=handle,
            failure=row.failure,
            origin_queue=row.origin,
        )

    async def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        if mine := self._no_longer_out(deliveries):
            self._server.acknowledge([handle.position for handle in mine])

    async def fail(self, delivery: Delivery, reason: str) -> None:
        for handle in self._no_longer_out([delivery]):
            self._server.fail(self.queue, handle.position, handle.failures, reason)

    async def hand_back(self, deliveries: Sequence[Delivery]) -> None:
        if mine := self._no_longer_out(deliveries):
            self._server.hand_back(self.queue, [handle.position for handle in mine])

    def _no_longer_out(self, deliveries: Sequence[Delivery]) -> list[_Handle]:
        """Those that this subscription still had out; it has them no more."""
        mine = []
        for delivery in deliveries:
            handle = delivery.handle
            if isinstance(handle, _Handle) and self._out.get(handle.position) is handle:
                del self._out[handle.position]
                mine.append(handle)
        if mine:
            self._stirred.set()
        return mine

    async def stop(self) -> None:
        self._end()

    def _end(self) -> None:
        if not self._stopped:
            self._stopped = True
            self._server.unlisten(self.queue, self._stirred.set)
            self._stirred.set()

    async def leave(self) -> None:
        """Stop, and hand back what is still out."""
        await self.stop()
        if positions := self._take_all():
            self._server.hand_back(self.queue, positions)

    def drop(self) -> None:
        """End as a killed process does: what is out comes again, counted."""
        self._end()
        self._server.lose(self._take_all())

    def _take_all(self) -> list[int]:
        positions = list(self._out)
        self._out.clear()
        return positions
