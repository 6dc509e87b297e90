"""Who may send what to which queue, as plain values that either broker engine can carry out.

A routing key is ``<receiver>.<lane>.<type>``, for instance
``agency.police.urgent.check.requested.v1``; a queue takes everything for one receiver in one lane.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

EXCHANGE = "mash"
"""The topic exchange that every message enters by."""

DEAD_QUEUE = "mash.dead"
"""Where a message goes that was delivered too often."""

DEFAULT_RETRY_DELAYS = tuple(timedelta(seconds=s) for s in (1, 5, 30, 120, 600))
"""How long the broker waits before it delivers a failed message again: longer each time."""

DEFAULT_DELIVERY_LIMIT = 8
"""How many times a message is redelivered after its consumer vanished before it is dead-lettered."""


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """A durable queue and the routing-key patterns (AMQP topic syntax) that lead to it."""

    name: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UserSpec:
    """A broker user: the routing keys it may publish with, and the queues it may consume from.

    ``may_send`` holds AMQP topic patterns; ``may_read`` holds queue names.
    """

    name: str
    may_send: tuple[str, ...]
    may_read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topology:
    """Everything that has to exist on the broker before an agent may start."""

    queues: tuple[QueueSpec, ...]
    users: tuple[UserSpec, ...]
    retry_delays: tuple[timedelta, ...] = DEFAULT_RETRY_DELAYS
    delivery_limit: int = DEFAULT_DELIVERY_LIMIT
