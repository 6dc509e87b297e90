"""A hub on RabbitMQ, looked at by the coordinator's own user.

Passive declarations tell how many messages wait in a queue and how many consume from it. How many are out
with a consumer, and the server's version, only the management API tells; it is asked where
``management_url`` is set.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from yarl import URL

from broker.port import Broker, BrokerError
from broker.rabbitmq.management import Management
from broker.rabbitmq.names import delay_queues
from messages.envelope import Lane
from messages.parties import HUB, queue_name
from messages.topology import DEAD_QUEUE, Topology
from ops.doctor import Finding, examine
from ops.engines import broker_url_for, open_broker, partnership_of
from ops.operations import redriving
from ops.operations.engines import AgentSeen, QueueSeen, Redriven, Seen
from ops.operations.versions import versions
from ops.problem import Problem
from ops.settings import Settings
from ops.tracing.spans import Span, spans_of

NO_ANSWER = "The broker does not answer. What waits in its queues, and who consumes from them, is not known."
NO_MANAGEMENT = (
    "Messages that are out with a consumer, and the version of RabbitMQ, are told by its management API "
    "alone: set management_url."
)
MANAGEMENT_SILENT = "RabbitMQ's management API does not answer. What only it tells is not known."
NOT_HERE = (
    "An agent counts as running while it consumes from both its queues. How it is inside, its health file "
    "and log tell."
)


class Servers:
    """Implements `ops.operations.engines.Engines` for a hub on RabbitMQ."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._topology = partnership_of(settings).topology()
        self._broker: Broker | None = None
        self._opening = asyncio.Lock()

    async def look(self) -> Seen:
        try:
            queues = await self._queues()
        except (BrokerError, Problem, OSError):
            await self.close()
            return Seen("RabbitMQ", reached=False, versions=versions(), not_told=(NO_ANSWER,))
        return await self._with_management(queues)

    async def _queues(self) -> dict[str, QueueSeen]:
        async with self._opening:
            if self._broker is None:
                self._broker = await open_broker(self._settings, HUB)
            broker = self._broker
        names = [*(spec.name for spec in self._topology.queues), DEAD_QUEUE, *delay_queues(self._topology)]
        found = {}
        for name in names:
            standing = await broker.standing(name)
            found[name] = QueueSeen(name, waiting=standing.waiting, consumers=standing.consumers)
        return found

    async def _with_management(self, queues: Mapping[str, QueueSeen]) -> Seen:
        not_told, told = [NOT_HERE], versions()
        if self._settings.management_url is None:
            not_told.append(NO_MANAGEMENT)
        else:
            try:
                version, out = await asyncio.to_thread(self._asked)
            except (BrokerError, Problem):
                not_told.append(MANAGEMENT_SILENT)
            else:
                told = (*told, ("RabbitMQ", version))
                queues = {name: replace(one, out=out.get(name)) for name, one in queues.items()}
        return seen(queues, self._topology, told, not_told)

    def _asked(self) -> tuple[str, Mapping[str, int]]:
        """The server's version, and how many messages of each queue are out with consumers."""
        url = URL(self._settings.management_url.get_secret_value() if self._settings.management_url else "")
        management = Management(str(url.with_user(None)), url.user or "", url.password or "")
        vhost = URL(broker_url_for(self._settings, HUB)).path.lstrip("/") or "/"
        overview: Mapping[str, Any] = management.get("overview") or {}
        queues: Iterable[Mapping[str, Any]] = management.get("queues", vhost) or ()
        out = {one["name"]: int(one.get("messages_unacknowledged", 0)) for one in queues}
        return str(overview.get("rabbitmq_version", "")), out

    async def findings(self) -> Sequence[Finding]:
        # Reads agencies' records, which takes its time: in a thread, and so in a loop of its own.
        return await asyncio.to_thread(asyncio.run, examine(self._settings))

    async def spans(self, trace_id: str | None) -> Sequence[Span]:
        return await asyncio.to_thread(spans_of, self._settings.traces_at, trace_id)

    async def redrive(self, message_id: str, *, anyway: bool) -> Redriven:
        return await redriving.redrive(self._settings, message_id, anyway=anyway)

    async def close(self) -> None:
        broker, self._broker = self._broker, None
        if broker is not None:
            await broker.close()


def seen(
    queues: Mapping[str, QueueSeen],
    topology: Topology,
    told: tuple[tuple[str, str], ...],
    not_told: Sequence[str],
) -> Seen:
    """What the queues come to: an agent runs where both its queues are consumed from."""
    delays = delay_queues(topology)
    return Seen(
        broker="RabbitMQ",
        reached=True,
        agents=tuple(_agents(queues, topology)),
        queues=tuple(one for name, one in queues.items() if name not in delays and name != DEAD_QUEUE),
        dead=queues[DEAD_QUEUE],
        delayed=sum(queues[name].waiting or 0 for name in delays),
        versions=told,
        not_told=tuple(not_told),
    )


def _agents(queues: Mapping[str, QueueSeen], topology: Topology) -> Iterable[AgentSeen]:
    for user in topology.users:
        if user.name == HUB or user.name.startswith("agency."):
            consumers = [queues[queue_name(user.name, lane)].consumers or 0 for lane in Lane]
            processes = min(consumers)
            yield AgentSeen(user.name, "well" if processes else "not_running", processes=processes)
