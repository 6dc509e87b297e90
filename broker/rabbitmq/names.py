"""What the hub's things are called on RabbitMQ.

    mash          topic, everybody publishes here; leads to the queues of the topology
    mash.delay    topic, a consumer publishes its failures here: ``<milliseconds>.<queue>`` leads to the
                  delay queue of that length, ``dead.<queue>`` to the dead queue
    mash.return   topic, internal: delay queues dead-letter into it; ``*.<queue>`` leads back to the queue
    mash.dead     fanout, internal: queues dead-letter into it past the delivery limit

Only the broker itself can write to the internal ones, so what a message in one of them says about its
past was written by somebody who may read the queue that it was in.
"""

from __future__ import annotations

from datetime import timedelta

from broker.declared import fingerprint, milliseconds
from messages.topology import EXCHANGE, Topology

DELAY_EXCHANGE = f"{EXCHANGE}.delay"
RETURN_EXCHANGE = f"{EXCHANGE}.return"
DEAD_EXCHANGE = f"{EXCHANGE}.dead"

DEAD_STEP = "dead"

HEADER_USER = "x-mash-user"
HEADER_ATTEMPTS = "x-mash-attempts"
HEADER_FAILURES = "x-mash-failures"
HEADER_ROUTING_KEY = "x-mash-routing-key"
HEADER_FAILURE = "x-mash-failure"
HEADER_ORIGIN = "x-mash-origin"


def step(delay: timedelta) -> str:
    """A delay as a word of a routing key. A length and not a number, so that it never changes meaning."""
    return str(milliseconds(delay))


def delay_queue(delay: timedelta) -> str:
    return f"{DELAY_EXCHANGE}.{step(delay)}"


def delay_key(delay: timedelta, queue: str) -> str:
    return f"{step(delay)}.{queue}"


def dead_key(queue: str) -> str:
    return f"{DEAD_STEP}.{queue}"


def delay_queues(topology: Topology) -> dict[str, timedelta]:
    """Each different delay once, by the name of its queue."""
    return {delay_queue(delay): delay for delay in topology.retry_delays}


MARKERS = f"{EXCHANGE}.declared."


def marker(user: str, topology: Topology) -> str:
    """An exchange that carries nothing: its being there says what was provisioned for the user.

    An agent may not see bindings, policies or permissions; it may see whether an exchange exists.
    """
    return f"{MARKERS}{user}.{fingerprint(user, topology)}"
