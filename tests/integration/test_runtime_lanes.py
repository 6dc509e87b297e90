"""Urgent work goes first; a batch is one write; the rest of the queue keeps its order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from agents.deciding import Decided
from messages.checks import CheckAnswered
from messages.envelope import Envelope, Lane
from messages.referral import ReferralReceived
from messages.words import Said
from store.port import Step
from tests.support.small_world import (
    SmallHub,
    SmallState,
    World,
    a_rating,
    a_referral,
    an_answer,
    in_virtual_time,
)


class NotesTheOrder(SmallHub):
    def __init__(self) -> None:
        self.order: list[str] = []

    def decide(
        self, state: SmallState | None, envelope: Envelope, now: datetime, found: Any
    ) -> Decided[SmallState]:
        self.order.append(envelope.id)
        return super().decide(state, envelope, now, found)


class CountingStore:
    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.commits: list[int] = []
        self.committed_at: list[float] = []
        self.loads = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def load(self, keys: Sequence[str]) -> Any:
        self.loads += 1
        return await self._inner.load(keys)

    async def commit(self, steps: Sequence[Step]) -> Any:
        self.commits.append(len(steps))
        self.committed_at.append(asyncio.get_running_loop().time())
        return await self._inner.commit(steps)


@pytest.mark.parametrize("unhurried", [frozenset(), frozenset({ReferralReceived})])
@in_virtual_time
async def test_urgent_messages_are_handled_before_routine_ones_that_came_earlier(
    tmp_path: Path, unhurried: frozenset[type[Said]]
) -> None:
    world = World(tmp_path)
    await world.publish(*(a_referral(n) for n in range(200)))
    await world.publish(*(replace(a_referral(n), lane=Lane.URGENT) for n in range(200, 210)))
    hub = NotesTheOrder()
    hub.unhurried = unhurried
    await world.start(hub)
    await world.until(lambda: world.exists("case-ref-199"))
    assert hub.order[:10] == [f"m-ref-{n}" for n in range(200, 210)]
    assert hub.order[10:] == [f"m-ref-{n}" for n in range(200)]
    await world.close()


@in_virtual_time
async def test_routine_work_goes_on_while_urgent_work_never_ends(tmp_path: Path) -> None:
    world = World(tmp_path)
    hub = NotesTheOrder()
    await world.start(hub)
    await world.publish(*(replace(a_referral(n), lane=Lane.URGENT) for n in range(1, 100)))
    await world.publish(a_referral(0))
    published = 100
    while "m-ref-0" not in hub.order and published < 5_000:
        await world.publish(replace(a_referral(published), lane=Lane.URGENT))
        published += 1
    assert published < 5_000
    await world.close()


@in_virtual_time
async def test_what_waits_is_taken_together_and_written_in_one_go(tmp_path: Path) -> None:
    world = World(tmp_path)
    store: Any = CountingStore(world.store("hub"))
    await world.publish(*(a_referral(n) for n in range(40)))
    await world.publish(*(a_rating(f"case-ref-{n}", message_id=f"m-rating-{n}") for n in range(20)))
    await world.start(SmallHub(), await world.given("hub", store=store))
    await world.until(lambda: world.has("rag", "case-ref-19"))
    assert store.commits == [40]
    kept = (await world.store("hub").load(["case-ref-0"]))["case-ref-0"]
    assert kept.version == 1
    assert kept.inbox == {"m-ref-0", "m-rating-0"}
    await world.close()


class Patient(SmallHub):
    unhurried = frozenset({CheckAnswered})


@in_virtual_time
async def test_answers_wait_a_moment_for_each_other_and_are_one_step(tmp_path: Path) -> None:
    world, store = await a_case(tmp_path)
    await world.publish(an_answer("police", "case-ref-1", message_id="m-1"))
    await asyncio.sleep(0.005)
    await world.publish(an_answer("health", "case-ref-1", message_id="m-2"))
    await world.until(handled(world, "m-2"))
    assert store.commits == [1]
    await world.close()


@in_virtual_time
async def test_an_answer_that_stays_alone_is_handled_after_the_moment(tmp_path: Path) -> None:
    world, store = await a_case(tmp_path)
    began = asyncio.get_running_loop().time()
    await world.publish(an_answer("police", "case-ref-1", message_id="m-1"))
    await world.until(handled(world, "m-1"))
    assert 0 < store.committed_at[-1] - began <= 0.026
    await world.close()


@in_virtual_time
async def test_a_message_in_a_hurry_ends_the_waiting(tmp_path: Path) -> None:
    world, store = await a_case(tmp_path)
    began = asyncio.get_running_loop().time()
    await world.publish(
        an_answer("police", "case-ref-1", message_id="m-1"), a_rating("case-ref-1", message_id="m-2")
    )
    await world.until(handled(world, "m-2"))
    assert store.commits == [1]
    assert store.committed_at[-1] == began
    await world.close()


@in_virtual_time
async def test_nothing_waits_in_the_urgent_lane(tmp_path: Path) -> None:
    world, store = await a_case(tmp_path)
    began = asyncio.get_running_loop().time()
    await world.publish(replace(an_answer("police", "case-ref-1", message_id="m-1"), lane=Lane.URGENT))
    await world.until(handled(world, "m-1"))
    assert store.committed_at[-1] == began
    await world.close()


@in_virtual_time
async def test_what_waits_for_company_is_handled_when_the_agent_is_stopped(tmp_path: Path) -> None:
    world, _ = await a_case(tmp_path)
    await world.publish(an_answer("police", "case-ref-1", message_id="m-1"))
    await asyncio.sleep(0.001)
    await world.stop()
    assert await handled(world, "m-1")()
    await world.close()


async def a_case(tmp_path: Path) -> tuple[World, Any]:
    """An open case with a hub whose answers wait for each other, and what its store has counted since."""
    world = World(tmp_path)
    store: Any = CountingStore(world.store("hub"))
    await world.start(Patient(), await world.given("hub", store=store))
    await world.publish(a_referral())
    await world.until(world.exists)
    store.commits.clear()
    return world, store


@in_virtual_time
async def test_a_document_at_hand_is_not_loaded_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    store: Any = CountingStore(world.store("hub"))
    await world.start(SmallHub(), await world.given("hub", store=store))
    await world.publish(a_referral())
    await world.until(world.exists)
    loads = store.loads
    for n in range(10):
        await world.publish(a_rating("case-ref-1", message_id=f"m-{n}"))
    await world.until(handled(world, "m-9"))
    assert store.loads == loads
    await world.close()


@in_virtual_time
async def test_documents_beyond_the_room_in_memory_are_loaded_when_needed(tmp_path: Path) -> None:
    world = World(tmp_path)
    await world.start_all(documents=3)
    await world.publish(*(a_referral(n) for n in range(50)))
    for n in range(50):
        await world.until(lambda n=n: world.closed(f"case-ref-{n}"))  # type: ignore[misc]
    await world.stop()
    for n in range(50):
        acts = await world.acts(f"case-ref-{n}")
        assert sorted(acts) == ["answered", "answered", "closed", "opened"]
    await world.close()


@in_virtual_time
async def test_no_content_stays_in_memory_after_its_step(tmp_path: Path) -> None:
    seen: list[bool] = []

    class Looks(SmallHub):
        def decide(self, state: Any, envelope: Envelope, now: datetime, found: Any) -> Decided[SmallState]:
            if state is not None:
                seen.append(state["content"].payload.concern.here)
            decided = super().decide(state, envelope, now, found)
            return Decided({**decided.state, "content": envelope}, decided.sending, decided.facts)

        def dump(self, state: SmallState) -> str:
            return json.dumps({name: value for name, value in state.items() if name != "content"})

    world = World(tmp_path)
    await world.start(Looks())
    await world.publish(a_referral())
    await world.until(world.exists)
    await world.publish(a_rating("case-ref-1"))
    await world.until(lambda: world.has("rag"))
    assert seen == [False]
    await world.close()


def handled(world: World, message_id: str, key: str = "case-ref-1") -> Any:
    async def it_was() -> bool:
        return message_id in (await world.store("hub").load([key]))[key].inbox

    return it_was
