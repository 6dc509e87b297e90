"""A URL chooses the engine: ``amqp://`` or ``amqps://`` for RabbitMQ, ``embedded:`` for this process."""

from __future__ import annotations

from collections.abc import Callable

from yarl import URL

from broker.embedded import EmbeddedServer
from broker.port import Broker, BrokerError
from broker.rabbitmq import RabbitBroker
from messages.topology import Topology


async def connect(
    url: str,
    user: str,
    topology: Topology,
    *,
    jitter: Callable[[], float],
    embedded: EmbeddedServer | None = None,
) -> Broker:
    """Connect ``user`` to the broker that the URL names. Declares nothing.

    An AMQP URL carries the user's name and password. ``embedded:`` needs the ``embedded`` server object,
    one for the whole process. ``jitter`` gives numbers from 0 to 1 that spread reconnecting clients.

    Raises
    ------
    BrokerError
        for a URL that does not fit, a user who is not let in, or a server that does not answer.
    """
    engine = url.partition(":")[0].lower()
    if engine == "embedded":
        if embedded is None:
            raise BrokerError("embedded: is the broker inside one process, and this one has not opened it")
        return embedded.connect(user)
    if engine not in ("amqp", "amqps"):
        # Not the URL itself: it may hold a password.
        raise BrokerError("the broker's URL has to begin with amqp://, amqps:// or embedded:")
    address = URL(url)
    if address.user != user:
        raise BrokerError(f"the broker's URL has to carry the name and password of user {user!r}")
    broker = RabbitBroker(address, topology, jitter=jitter)
    await broker.open()
    return broker
