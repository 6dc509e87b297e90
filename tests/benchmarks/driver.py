"""The people of the benchmark: they begin cases and take every turn that is theirs, in a closed loop.

The driver hears what the agencies say to the hub (by a queue of its own on the same routing keys) and what
teams and the referrer get. Both sides are driven by this same code; only the bodies differ. What people
would say anyway is written before the clock starts, on both sides: only what answers to something heard is
written while it runs.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import aio_pika
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage

from tests.benchmarks.course import AGENCIES, STAFF_TURNS, TEAMS


class Side(Protocol):
    """One side of the comparison: how its messages look and where they go."""

    exchange: str
    tap_patterns: tuple[str, ...]

    def url(self, sender: str) -> str: ...
    def read(self, message: AbstractIncomingMessage) -> tuple[str, str]:
        """The case and the kind of a message: ``check.answered``."""
        ...

    def case_of(self, n: int) -> str: ...
    def write(self, kind: str, case: str, n: int, heard: Heard) -> aio_pika.Message: ...
    def routing_key(self, kind: str) -> str: ...


@dataclass(slots=True)
class Heard:
    """What the driver heard of one case."""

    kinds: Counter[str] = field(default_factory=Counter)
    elements: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def decided_or_refused(self, agencies: int) -> bool:
        """Wait until all owners have decided; False when the hub refused something first."""
        refused = self.kinds["message.rejected"]
        while self.kinds["disclosure.decided"] < agencies:
            self.changed.clear()
            await self.changed.wait()
            if self.kinds["message.rejected"] > refused:
                return False
        return True

    async def until(self, **kinds: int) -> None:
        while any(self.kinds[kind.replace("_", ".")] < count for kind, count in kinds.items()):
            self.changed.clear()
            await self.changed.wait()


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn measured. ``sizes`` are mean body sizes in bytes by kind of message."""

    cases: int
    seconds: float
    case_seconds: list[float]
    sizes: dict[str, int]

    @property
    def per_second(self) -> float:
        return self.cases / self.seconds

    @property
    def median_seconds(self) -> float:
        return sorted(self.case_seconds)[len(self.case_seconds) // 2]


async def drive(side: Side, first: int, cases: int, in_flight: int, told: Callable[[int], None]) -> Turn:
    """Carry out ``cases`` cases from number ``first`` on, with ``in_flight`` at a time."""
    heard: dict[str, Heard] = defaultdict(Heard)
    sizes: dict[str, list[int]] = defaultdict(list)
    connections, exchanges = [], {}
    for sender in ("source", "staff"):
        connection = await aio_pika.connect(side.url(sender))
        connections.append(connection)
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchanges[sender] = await channel.get_exchange(side.exchange, ensure=False)
    listening = await aio_pika.connect(side.url("tap"))
    connections.append(listening)
    ears = await listening.channel()
    await ears.set_qos(prefetch_count=1000)
    tap = await ears.declare_queue(exclusive=True, auto_delete=True)
    for pattern in side.tap_patterns:
        await tap.bind(side.exchange, pattern)

    async def hear(message: AbstractIncomingMessage) -> None:
        case, kind = side.read(message)
        sizes[kind].append(len(message.body))
        now = heard[case]
        if kind == "check.answered":
            now.elements.extend(_elements(message.body))
        now.kinds[kind] += 1
        now.changed.set()

    await tap.consume(hear, no_ack=True)
    written = {n: _said_anyway(side, n) for n in range(first, first + cases)}
    waiting = iter(range(first, first + cases))
    durations: list[float] = []

    async def one_after_another() -> None:
        for n in waiting:
            began = time.perf_counter()
            await _case(side, exchanges, n, heard[side.case_of(n)], written.pop(n))
            durations.append(time.perf_counter() - began)
            del heard[side.case_of(n)]
            told(len(durations))

    began = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(in_flight)))
    seconds = time.perf_counter() - began
    for connection in connections:
        await connection.close()
    means = {kind: sum(found) // len(found) for kind, found in sizes.items()}
    return Turn(cases, seconds, durations, means)


def _said_anyway(side: Side, n: int) -> dict[str, aio_pika.Message]:
    kinds = ("referral.received", *STAFF_TURNS, "assessment.made", "package.agreed")
    return {kind: side.write(kind, side.case_of(n), n, Heard()) for kind in kinds}


async def _case(
    side: Side,
    exchanges: dict[str, AbstractExchange],
    n: int,
    heard: Heard,
    written: dict[str, aio_pika.Message],
) -> None:
    case, agencies = side.case_of(n), len(AGENCIES)

    async def say(kind: str) -> None:
        sender = "source" if kind == "referral.received" else "staff"
        message = written.get(kind) or side.write(kind, case, n, heard)
        await exchanges[sender].publish(message, side.routing_key(kind), mandatory=True)

    await say("referral.received")
    for kind in STAFF_TURNS:
        await say(kind)
    await heard.until(check_answered=agencies)
    await say("discussion.recorded")
    while not await heard.decided_or_refused(agencies):
        # The driver hears an answer by a queue of its own, and can be quicker than the hub's queue.
        await say("discussion.recorded")
    await say("assessment.made")
    await say("package.agreed")
    await heard.until(record_acknowledged=agencies, package_issued=len(TEAMS), outcome_notified=1)


def _elements(body: bytes) -> list[str]:
    data = json.loads(body).get("data")
    return [element["element_id"] for element in data["elements"]] if data else []
