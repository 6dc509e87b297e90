"""The Broker port: how messages travel, whatever carries them.

Both engines keep these promises, and one conformance suite holds them to it:

- a message is on disk in every queue that it is routed to before ``publish`` returns;
- a message that no queue wants is an error, never a silent loss;
- a delivery stays the consumer's until it is acknowledged, failed or handed back; when the consumer
  vanishes it is delivered again with ``attempt`` one higher, and after ``delivery_limit`` such
  redeliveries it goes to the dead queue; one that was acknowledged just before comes once more at most;
- a failed delivery comes back after a delay that grows with each failure, then goes to the dead queue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from messages.topology import Topology


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message on its way out.

    ``headers`` travel beside the body (trace context among them). Names that begin with ``x-`` are the
    broker's own and do not arrive. ``message_id`` names the message in :class:`NotPublished`.
    """

    message_id: str
    type: str
    routing_key: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def kept_headers(headers: Mapping[str, object]) -> dict[str, str]:
    """The headers that are between sender and receiver."""
    return {n: v for n, v in headers.items() if isinstance(v, str) and not n.startswith("x-")}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message handed to a consumer.

    ``user`` is the broker user that the broker vouches for as the publisher, None when unknown.
    ``attempt`` is 1 the first time and one higher each time the message comes again.
    ``failure`` is set on a message in the dead queue: the reason code that put it there.
    ``origin_queue`` is set on a message in the dead queue: the queue it was taken from.
    ``handle`` is the engine's own.
    """

    queue: str
    message_id: str
    type: str
    routing_key: str
    body: bytes
    headers: Mapping[str, str]
    user: str | None
    attempt: int
    handle: object
    failure: str | None = None
    origin_queue: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a queue stands: messages that wait, not counting those out with a consumer, and its consumers."""

    waiting: int
    consumers: int


class BrokerError(Exception):
    """The broker could not do what was asked. Never carries any part of a message's body."""


class NotPublished(BrokerError):
    """Some messages of a ``publish`` were not taken; all the others were.

    ``failed`` maps message id to ``"unroutable"``, ``"refused"`` (no permission, or nacked) or
    ``"unconfirmed"`` (no answer in time, or the connection is down: it may or may not be there).
    """

    def __init__(self, failed: Mapping[str, str]) -> None:
        self.failed = dict(failed)
        super().__init__(", ".join(f"{i}: {why}" for i, why in sorted(self.failed.items())))


class TopologyMismatch(BrokerError):
    """What the broker has is not what the declarations ask for; the message says what to run."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problems) + ". Run `mash provision` and start again.")


class Subscription(Protocol):
    """One consumer's place at one queue."""

    queue: str

    async def take(self, at_most: int) -> list[Delivery]:
        """Wait until something is there, then return what is waiting, oldest first, 1 to ``at_most``.

        Returns an empty list only after ``stop``.
        """
        ...

    async def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """These are done with; the server may learn it a moment later, with others.

        Unknown or stale deliveries (after a reconnect) are passed over.
        """
        ...

    async def fail(self, delivery: Delivery, reason: str) -> None:
        """Try this one again later, after a delay that grows; at the end of the delays, dead-letter it.

        What fails in the dead queue keeps coming again there, at the last delay. Raises nothing: when the
        delay cannot be had, the message comes again at once, and the delivery limit ends it.
        ``reason`` is a short code, never text from a message.
        """
        ...

    async def hand_back(self, deliveries: Sequence[Delivery]) -> None:
        """Return what was not started, at once and without counting as an attempt where the server can."""
        ...

    async def stop(self) -> None:
        """Take no more: cancel the consumer and hand back what was buffered and not taken.

        Deliveries already taken can still be acknowledged, failed or handed back.
        """
        ...


class Broker(Protocol):
    """A connection of one user to the broker."""

    @property
    def user(self) -> str:
        """The user whose name the broker puts on what this connection publishes."""
        ...

    async def publish(self, messages: Sequence[Outbound]) -> None:
        """Send all of them, pipelined; return when every one is durable in its queues.

        What was on its way when the connection broke, or when a neighbour was refused, goes out again
        and may arrive twice.

        Raises
        ------
        NotPublished
            for those that are not; the others are.
        """
        ...

    async def subscribe(self, queue: str, *, prefetch: int) -> Subscription:
        """Start to consume. At most ``prefetch`` deliveries are out at any moment.

        Raises
        ------
        BrokerError
            when there is no such queue, or this user may not read it.
        """
        ...

    async def verify(self, topology: Topology) -> None:
        """Check that everything this user needs of ``topology`` is there, and declare nothing.

        Raises
        ------
        TopologyMismatch
            with every difference found.
        """
        ...

    async def depth(self, queue: str) -> int:
        """How many messages wait in a queue, not counting those out with a consumer.

        Raises
        ------
        BrokerError
            when there is no such queue, or the broker does not answer.
        """
        ...

    async def standing(self, queue: str) -> Standing:
        """The same, and how many consume from it; one that stopped may count until what it has is settled.

        Raises
        ------
        BrokerError
            as `depth` does.
        """
        ...

    async def healthy(self) -> bool:
        """Connected, and every subscription has a live consumer on the server."""
        ...

    async def close(self) -> None:
        """Hand back what is out, then leave."""
        ...
