"""A process may die at any moment: after it is started again, every effect is there, and once.

The exchange is the same each time; it is run once for every moment at which the process can die.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from agents.deciding import Agent
from broker.embedded import EmbeddedBroker
from messages.notices import DeadlineWarned, MessageRejected, OutcomeNotified
from ops.clocks import run_virtual
from store import audit
from tests.support.crashing import Gate, mortal_broker, mortal_store
from tests.support.small_world import (
    AUDIT_SECRET,
    SmallAgency,
    SmallHub,
    World,
    a_rating,
    a_referral,
)

FAR_BEYOND = 1_000
IN_MEMORY = Path("/dev/shm")
"""Hundreds of runs with thousands of syncs: a file system in memory where there is one."""


class MortalWorld(World):
    """One party's process dies at a moment and is started again."""

    def __init__(self, folder: Path, mortal: Agent[Any], dies_at: int) -> None:
        super().__init__(folder)
        self.mortal = mortal
        self.gate = Gate(dies_at)
        self.kept_alive: list[object] = []

    async def one_life_and_another(self) -> None:
        """Run the mortal party until it dies, then once more."""
        connection = self.server.connect(self.mortal.party)
        given = await self.given(
            self.mortal.party,
            broker=mortal_broker(connection, self.gate),
            store=mortal_store(self.store(self.mortal.party), self.gate),
        )
        runtime = await self.start(self.mortal, given)
        self.kept_alive += [runtime, self.running.pop()]
        await self.gate.died.wait()
        assert isinstance(connection, EmbeddedBroker)
        connection.drop()
        self.life = 2
        self.stores[self.mortal.party] = self.open_store(self.mortal.party)
        await self.start(self.mortal)


async def exchange(folder: Path, mortal: Agent[Any], dies_at: int) -> tuple[dict[str, Any], bool]:
    """The whole story, and whether the process died in it."""
    world = MortalWorld(folder, mortal, dies_at)
    lives = asyncio.create_task(world.one_life_and_another())
    for other in (SmallHub(), SmallAgency("police")):
        if other.party != mortal.party:
            await world.start(other)
    await world.publish(a_referral())
    await world.until(world.exists)
    await world.publish(a_rating("case-ref-1", "nobody", "m-refused"), a_rating("case-ref-1"))
    await world.until(lambda: warned(world), 4 * 3600)
    await world.start(SmallAgency("health"))
    await world.until(world.closed, 4 * 3600)
    await asyncio.sleep(3 * 3600)
    await world.stop()
    story = await told(world)
    died = world.gate.died.is_set()
    lives.cancel()
    return story, died


async def warned(world: World) -> bool:
    case = await world.case()
    return case["warned"] == 1 and len(case["answers"]) == 1 and "rag" in case


async def told(world: World) -> dict[str, Any]:
    """All that can be seen from outside when it is over."""
    story: dict[str, Any] = {}
    for party, key in (
        ("hub", "case-ref-1"),
        ("agency.police", "work-case-ref-1"),
        ("agency.health", "work-case-ref-1"),
    ):
        store = world.store(party)
        kept = (await store.load([key]))[key]
        chain = await store.audit(key)
        assert audit.verify(key, chain, audit.Head.of(kept), AUDIT_SECRET) is None
        assert kept.outbox == ()
        assert kept.audit_pending == ()
        assert kept.sealed == ()
        story[party] = sorted(json.loads(entry.body)["act"] for entry in chain)
        story[f"{party} quarantine"] = [item.message_id for item in await store.quarantined()]
    case = await world.case()
    story["case"] = {**case, "answers": sorted(case["answers"])}
    for party in ("source.school", "staff"):
        received = {envelope.id: envelope.payload for envelope in await world.inbox_of(party)}
        story[party] = sorted(type(payload).__name__ for payload in received.values())
        story[f"{party} reads"] = [
            payload.reason.reveal()
            for payload in received.values()
            if isinstance(payload, OutcomeNotified) and payload.reason
        ]
    return story


EXPECTED = {
    "hub": [
        *("answered", "answered", "closed", "content.sent", "content.sent"),
        *("opened", "rated", "refused", "warned"),
    ],
    "hub quarantine": ["m-refused"],
    "agency.police": ["answered", "content.sent"],
    "agency.police quarantine": [],
    "agency.health": ["answered", "content.sent"],
    "agency.health quarantine": [],
    "case": {"open": False, "answers": ["health", "police"], "due": None, "warned": 1, "rag": "red"},
    "source.school": [OutcomeNotified.__name__],
    "source.school reads": ["SECRET of health"],
    "staff": [DeadlineWarned.__name__, MessageRejected.__name__],
    "staff reads": [],
}


@pytest.mark.parametrize("mortal", [SmallHub(), SmallAgency("police")], ids=lambda agent: agent.party)
def test_every_effect_happens_once_wherever_the_process_dies(mortal: Agent[Any]) -> None:
    for dies_at in range(1, FAR_BEYOND):
        with TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
            story, died = run_virtual(exchange(Path(folder), mortal, dies_at))
        assert story == EXPECTED, f"died at moment {dies_at}"
        if not died:
            assert dies_at > 20
            return
    pytest.fail("the exchange never came to its end alive")
