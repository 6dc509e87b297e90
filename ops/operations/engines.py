"""How the engines and the agents are, as far as can be told from where somebody looks.

A hub in one process has its broker to itself, so it tells how it is in a file
(`ops.operations.one_process`); on servers the broker is asked (`ops.operations.servers`). What cannot be told
is None, and never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from ops.doctor import Finding
from ops.tracing.spans import Span


@dataclass(frozen=True, slots=True)
class QueueSeen:
    """One queue: messages that wait, that are out with a consumer, that come again later, and consumers."""

    name: str
    waiting: int | None
    out: int | None = None
    delayed: int | None = None
    consumers: int | None = None


@dataclass(frozen=True, slots=True)
class AgentSeen:
    """An agent. ``processes`` is how many of it take messages; ``troubles`` are codes of what is not well:
    ``broker``, ``store``, ``consuming``. ``unsettled`` counts documents with something to send or to copy."""

    party: str
    state: Literal["well", "unwell", "not_running", "not_known"]
    processes: int | None = None
    troubles: tuple[str, ...] = ()
    unsettled: int | None = None
    last_progress: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look saw.

    ``reached`` says whether the broker is there, None when that cannot be told; ``not_told`` says in words
    what cannot be told, and why. ``delayed`` counts messages that come again later, by whatever the engine
    knows of them; ``dead`` those in the dead queue.
    """

    broker: str
    reached: bool | None
    agents: tuple[AgentSeen, ...] = ()
    queues: tuple[QueueSeen, ...] = ()
    dead: QueueSeen | None = None
    delayed: int | None = None
    versions: tuple[tuple[str, str], ...] = ()
    not_told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Redriven:
    """What became of a message that was to be handled again: ``accepted``, ``duplicate``, ``sent``, or why it
    stays in quarantine: ``refused``, ``rejected`` or ``failed`` for a reason."""

    outcome: str
    reason: str | None = None

    @property
    def done(self) -> bool:
        """Whether it has left quarantine."""
        return self.outcome in ("accepted", "duplicate", "sent")


class Engines(Protocol):
    """What a dashboard asks of the engines, whichever they are."""

    async def look(self) -> Seen:
        """How everything is now. What does not answer is told in the answer, and raises nothing."""
        ...

    async def findings(self) -> Sequence[Finding]:
        """What the doctor finds (`mash doctor`); takes seconds where agencies' records are large."""
        ...

    async def spans(self, trace_id: str | None) -> Sequence[Span]:
        """The spans of one trace that are kept here, in order of their start."""
        ...

    async def redrive(self, message_id: str, *, anyway: bool) -> Redriven:
        """Have a message in the hub's quarantine handled again.

        Raises
        ------
        MovedOn
            when people have decided in its case since, unless ``anyway``.
        Problem
            when the hub does not answer.
        NotInQuarantine, QuarantineUnreadable
        BrokerError, StoreError
        """
        ...

    async def close(self) -> None:
        """Leave what was opened for looking."""
        ...
