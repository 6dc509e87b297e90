"""Staff and referral sources who keep at it: each takes a turn when the case shows that it is theirs.

What they say is said again, with the same id, until it is there; now and then also without need.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import uuid4

from agents.coordinator.case import Case
from agents.coordinator.cases import case_id_for
from broker.port import BrokerError, Outbound
from messages.codec import plain_wire
from messages.envelope import Envelope
from messages.intake import RiskRated
from messages.sealing import KeptContext, WireKeys
from messages.words import Rag
from store.port import Store, StoreError
from tests.benchmarks.course import AGENCIES, SOURCE
from tests.benchmarks.driver import Heard
from tests.benchmarks.place import Place
from tests.benchmarks.sides import MANAGER, HubSide
from tests.support.procedure import why

LOOK_EVERY_S = 0.05
AGAIN_AFTER_S = 0.2
SAID_TWICE = 0.2
"""The part of all messages that is sent twice without need."""

Post = Callable[[str, Outbound], Awaitable[None]]
"""Sends a message in the name of a party; raises BrokerError when it may not be there."""


def case_of(number: int) -> str:
    """The case of referral ``number``."""
    return case_id_for(SOURCE, f"BENCH-{number}")


def _all_decided(case: Case) -> bool:
    return len(case.elements) == len(AGENCIES) and all(e.decision is not None for e in case.elements)


def _all_recorded(case: Case) -> bool:
    return bool(case.packages) and all(r.acknowledged_at is not None for r in case.records)


TURNS: tuple[tuple[str, Callable[[Case], bool]], ...] = (
    ("referral.received", lambda case: True),
    ("threshold.decided", lambda case: case.threshold is not None),
    ("risk.rated", lambda case: case.rating is not None),
    ("enquiry.directed", lambda case: bool(case.checks) and case.answers == len(AGENCIES)),
    ("discussion.recorded", _all_decided),
    ("assessment.made", lambda case: case.assessment is not None),
    ("package.agreed", _all_recorded),
)
"""What people say, in order, and what the case shows when the next of them may speak."""


class Watch:
    """Looks at the hub's store, again and again, for what people wait for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[str, tuple[Callable[[Case], bool], asyncio.Future[Case]]] = {}
        self._versions: dict[str, int] = {}

    async def until(self, case_id: str, so: Callable[[Case], bool]) -> Case:
        """The case as it stands when it is so."""
        seen: asyncio.Future[Case] = asyncio.get_running_loop().create_future()
        self._waiting[case_id] = (so, seen)
        self._versions.pop(case_id, None)
        try:
            return await seen
        finally:
            del self._waiting[case_id]

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                kept = await self._store.load(list(self._waiting))
            except StoreError:
                continue
            for case_id, one in kept.items():
                if self._versions.get(case_id) == one.version or case_id not in self._waiting:
                    continue
                self._versions[case_id] = one.version
                case = Case.model_validate_json(one.state, context=KeptContext())
                so, seen = self._waiting[case_id]
                if so(case) and not seen.done():
                    seen.set_result(case)


class People:
    """Everybody who is not a machine.

    ``waiting`` counts the cases that wait for the effect of each kind of message; ``repeated`` counts
    what was sent more than once.
    """

    def __init__(self, secret: bytes, store: Store, post: Post, chance: random.Random) -> None:
        self._keys = WireKeys(secret=secret)
        self._side = HubSide(Place("", ("", ""), "", secret.hex(), ""))
        self._watch = Watch(store)
        self._post = post
        self._chance = chance
        self.waiting: Counter[str] = Counter()
        self.begun = self.repeated = 0

    @property
    def under_way(self) -> int:
        """Cases that are not at their end."""
        return self.waiting.total()

    async def carry_out(self, at_least: int, in_flight: int, go_on: Callable[[], bool]) -> None:
        """See cases through, so many at a time: ``at_least`` of them, and more as long as ``go_on``."""
        watching = asyncio.create_task(self._watch.run(), name="watch")

        async def one_after_another() -> None:
            while self.begun < at_least or go_on():
                self.begun += 1
                await self._see_through(self.begun - 1)

        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(in_flight):
                    tasks.create_task(one_after_another())
        finally:
            watching.cancel()

    async def _see_through(self, number: int) -> None:
        case_id, elements = case_of(number), list[str]()
        for kind, effect in TURNS:
            self.waiting[kind] += 1
            try:
                await self._say(kind, case_id, number, elements)
                seen = await self._watch.until(case_id, effect)
            finally:
                self.waiting[kind] -= 1
            elements = [element.element_id for element in seen.elements]

    async def _say(self, kind: str, case_id: str, number: int, elements: list[str]) -> None:
        sender = f"source.{SOURCE}" if kind == "referral.received" else "staff"
        message = self._written(kind, case_id, number, elements)
        left = 2 if self._chance.random() < SAID_TWICE else 1
        self.repeated += left - 1
        while left:
            try:
                await self._post(sender, message)
                left -= 1
            except BrokerError:
                self.repeated += 1
                await asyncio.sleep(AGAIN_AFTER_S)

    def _written(self, kind: str, case_id: str, number: int, elements: list[str]) -> Outbound:
        key = self._side.routing_key(kind)
        if kind == "risk.rated" and number % 3 == 0:
            rated = RiskRated(by=MANAGER, rag=Rag.RED, rationale=why())
            envelope = Envelope(str(uuid4()), "staff", "hub", case_id, datetime.now(UTC), rated)
            return Outbound(envelope.id, envelope.type, key, plain_wire(envelope, self._keys))
        written = self._side.write(kind, case_id, number, Heard(elements=elements))
        return Outbound(written.message_id or "", written.type or "", key, written.body)
