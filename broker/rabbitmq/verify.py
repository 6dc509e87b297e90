"""What an unprivileged user can find out about the topology without declaring anything."""

from __future__ import annotations

from broker.declared import concerns
from broker.rabbitmq import names
from broker.rabbitmq.probe import Probe
from messages.topology import DEAD_QUEUE, EXCHANGE, Topology


async def problems(probe: Probe, user: str, topology: Topology) -> list[str]:
    """Everything that this user needs and the server lacks, in words.

    Existence is asked of the server itself. Bindings, limits and permissions cannot be seen from here;
    that they are the declared ones is what the user's marker exchange stands for.
    """
    if concerns(user, topology) is None:
        return [f"user {user!r} is not declared"]
    spec = next(spec for spec in topology.users if spec.name == user)
    exchanges = (EXCHANGE, names.DELAY_EXCHANGE, names.RETURN_EXCHANGE, names.DEAD_EXCHANGE)
    queues = dict.fromkeys((*spec.may_read, *names.delay_queues(topology), DEAD_QUEUE))
    missing = [f"exchange {name!r} is missing" for name in exchanges if not await probe.has_exchange(name)]
    missing += [f"queue {name!r} is missing" for name in queues if await probe.queue(name) is None]
    if not await probe.has_exchange(names.marker(user, topology)):
        missing.append(f"what user {user!r} may send and read, or how failures are treated, differs")
    return missing
