"""Engines as a test says that they are, over a hub that redrives in earnest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from agents.runtime import Outcome
from messages.envelope import Lane
from messages.parties import HUB, queue_name
from messages.topology import DEAD_QUEUE
from ops.doctor import Finding
from ops.operations.engines import AgentSeen, QueueSeen, Redriven, Seen
from ops.operations.redriving import require_has_not_moved_on
from ops.tracing.spans import Span
from store.port import Store
from store.quarantine import Quarantine
from tests.support.hub_on_engines import SECRET

POLICE = "agency.police"


class Redrives(Protocol):
    """What handles a message again."""

    async def redrive(self, message_id: str) -> Outcome: ...


def queue(party: str, lane: Lane, waiting: int = 0, consumers: int = 1) -> QueueSeen:
    return QueueSeen(queue_name(party, lane), waiting, out=0, delayed=0, consumers=consumers)


ALL_WELL = Seen(
    broker="embedded",
    reached=True,
    agents=(AgentSeen(HUB, "well", 1, unsettled=0), AgentSeen(POLICE, "well", 1, unsettled=0)),
    queues=tuple(queue(party, lane) for party in (HUB, POLICE) for lane in Lane),
    dead=QueueSeen(DEAD_QUEUE, 0, 0, 0, 1),
    delayed=0,
    versions=(("mash-hub", "1"),),
)


class SeenEngines:
    """`ops.operations.engines.Engines`; ``seen``, ``found`` and ``kept`` are the test's to change."""

    def __init__(self, hub: Redrives, store: Store) -> None:
        self._hub = hub
        self._store = store
        self.seen = ALL_WELL
        self.found: Sequence[Finding] = (Finding("store", True, "sqlite"),)
        self.kept: Sequence[Span] = ()

    async def look(self) -> Seen:
        return self.seen

    async def findings(self) -> Sequence[Finding]:
        return self.found

    async def spans(self, trace_id: str | None) -> Sequence[Span]:
        return self.kept

    async def redrive(self, message_id: str, *, anyway: bool) -> Redriven:
        if not anyway:
            await require_has_not_moved_on(self._store, Quarantine(self._store, SECRET), message_id)
        outcome = await self._hub.redrive(message_id)
        return Redriven(outcome.kind, outcome.reason)

    async def close(self) -> None:
        """Nothing is open."""
