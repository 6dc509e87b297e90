"""The clock: due times fire in order, never early, once, and wait without work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.deciding import Decided, Fact
from messages.notices import DeadlineWarned
from store.port import Kept, Step, StoreError
from tests.support.small_world import (
    START,
    SmallHub,
    SmallState,
    World,
    a_rating,
    a_referral,
    in_virtual_time,
)


class NotesTheTime(SmallHub):
    """Keeps when it fired for which case."""

    def __init__(self) -> None:
        self.fired: list[tuple[str, datetime]] = []

    def fire(self, state: SmallState, now: datetime) -> Decided[SmallState]:
        self.fired.append((state["due"], now))
        return super().fire(state, now)


@in_virtual_time
async def test_due_times_fire_in_order_and_at_their_moment(tmp_path: Path) -> None:
    world = World(tmp_path)
    hub = NotesTheTime()
    await world.start(hub)
    for number in range(5):
        await world.publish(a_referral(number))
        await world.clock.sleep(timedelta(minutes=7))
    await world.clock.sleep(timedelta(hours=6))
    await world.stop()
    assert len(hub.fired) == 10
    assert hub.fired == sorted(hub.fired, key=lambda fired: fired[1])
    for due, at in hub.fired:
        lateness = at - datetime.fromisoformat(due)
        assert timedelta(0) <= lateness < timedelta(seconds=1)
    warnings = [e for e in await world.inbox_of("staff") if isinstance(e.payload, DeadlineWarned)]
    assert len({warning.id for warning in warnings}) == 10
    assert {warning.subject for warning in warnings} == {f"case-ref-{number}" for number in range(5)}
    await world.close()


@in_virtual_time
async def test_a_due_time_fires_once_however_many_coordinators_run(tmp_path: Path) -> None:
    world = World(tmp_path)
    for _ in range(3):
        world.life += 1
        await world.start(SmallHub(), await world.given("hub", store=world.open_store("hub")))
    await world.publish(*(a_referral(number) for number in range(20)))
    await world.clock.sleep(timedelta(hours=7))
    await world.stop()
    for number in range(20):
        assert (await world.case(f"case-ref-{number}"))["warned"] == 2
    warnings = await world.inbox_of("staff")
    assert len({warning.id for warning in warnings}) == 40
    await world.close()


@in_virtual_time
async def test_a_commit_that_brings_an_earlier_due_time_wakes_the_clock(tmp_path: Path) -> None:
    class InAHurry(NotesTheTime):
        def decide(
            self, state: SmallState | None, envelope: Any, now: datetime, found: Any
        ) -> Decided[SmallState]:
            decided = super().decide(state, envelope, now, found)
            if "rag" in decided.state:
                sooner = {**decided.state, "due": (now + timedelta(minutes=1)).isoformat()}
                return Decided(sooner, decided.sending, decided.facts)
            return decided

    world = World(tmp_path)
    hub = InAHurry()
    await world.start(hub, look_again=timedelta(days=1))
    await world.publish(a_referral())
    await world.clock.sleep(timedelta(minutes=10))
    await world.publish(a_rating("case-ref-1"))
    await world.clock.sleep(timedelta(minutes=2))
    [(_, at)] = hub.fired
    assert timedelta(minutes=11) <= at - START < timedelta(minutes=12)
    await world.close()


@in_virtual_time
async def test_due_times_that_another_process_left_behind_are_found(tmp_path: Path) -> None:
    world = World(tmp_path)
    hub = NotesTheTime()
    watching = await world.given("hub", store=world.open_store("hub"))
    await world.start(hub, watching, look_again=timedelta(minutes=5))
    await world.clock.sleep(timedelta(minutes=1))
    kept_by = await world.start(SmallHub())
    await world.publish(a_referral())
    await world.until(world.exists)
    await kept_by.stop()
    await world.clock.sleep(timedelta(hours=3))
    assert (await world.case())["warned"] == 1
    await world.close()


class Counting:
    """A store that says no when it is asked for what is due again and again."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.asked = 0
        self.ghosts: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        self.asked += 1
        if self.asked > 2_000:
            raise StoreError("asked without end")
        return [*self.ghosts, *await self.inner.due(now, limit)]

    async def next_due(self) -> datetime | None:
        if self.ghosts:
            return START
        found: datetime | None = await self.inner.next_due()
        return found


async def the_due_time_is_brought_forward(world: World, kept: Kept, state: SmallState) -> None:
    """By another process, which is killed then."""
    due = START + timedelta(hours=1)
    after = replace(
        kept,
        version=kept.version + 1,
        state=json.dumps({**state, "due": due.isoformat()}),
        due=due,
        facets={"open": True},
    )
    assert await world.store("hub").commit([Step(kept, after, "other", world.clock.now())]) == [True]


@in_virtual_time
async def test_a_due_time_that_a_dead_process_brought_forward_fires_at_its_moment(tmp_path: Path) -> None:
    world = World(tmp_path)
    hub = NotesTheTime()
    store: Any = Counting(world.open_store("hub"))
    await world.start(hub, await world.given("hub", store=store), look_again=timedelta(minutes=5))
    await world.publish(a_referral())
    await world.until(world.exists)
    await world.clock.sleep(timedelta(minutes=1))
    kept = (await world.store("hub").load(["case-ref-1"]))["case-ref-1"]
    await the_due_time_is_brought_forward(world, kept, json.loads(kept.state))
    await world.clock.sleep(timedelta(minutes=90))
    [(_, at)] = hub.fired
    assert timedelta(hours=1) <= at - START < timedelta(hours=1, seconds=1)
    assert (await world.case())["warned"] == 1
    await world.close()


@in_virtual_time
async def test_the_due_time_of_a_case_that_was_unknown_here_fires_at_its_moment(tmp_path: Path) -> None:
    world = World(tmp_path)
    hub = NotesTheTime()
    store: Any = Counting(world.open_store("hub"))
    await world.start(hub, await world.given("hub", store=store), look_again=timedelta(minutes=5))
    await world.publish(a_rating("case-ref-1", message_id="m-early"))
    await world.until(lambda: world.in_quarantine("hub", 1))
    opened = {"open": True, "answers": {}, "warned": 0}
    await the_due_time_is_brought_forward(world, Kept("case-ref-1", 0, ""), opened)
    await world.clock.sleep(timedelta(minutes=90))
    assert [at - START < timedelta(hours=1, seconds=1) for _, at in hub.fired] == [True]
    await world.close()


@in_virtual_time
async def test_a_due_time_that_nothing_comes_of_is_not_asked_for_without_rest(tmp_path: Path) -> None:
    world = World(tmp_path)
    store: Any = Counting(world.open_store("hub"))
    store.ghosts = ["case-that-is-not-there"]
    await world.start(NotesTheTime(), await world.given("hub", store=store))
    await world.clock.sleep(timedelta(minutes=1))
    assert 1 < store.asked < 100
    await world.close()


@pytest.mark.parametrize("how", ["stuck", "raises"])
@in_virtual_time
async def test_a_timer_that_cannot_be_fired_rests_longer_and_longer_and_holds_up_no_other(
    how: str, tmp_path: Path
) -> None:
    class Broken(SmallHub):
        tries = 0
        mended = False

        def fire(self, state: SmallState, now: datetime) -> Decided[SmallState]:
            if self.mended or state["due"] != first_due:
                return super().fire(state, now)
            self.tries += 1
            if how == "raises":
                raise RuntimeError("a bug")
            return Decided(state, facts=(Fact("fired_in_vain"),))

    world = World(tmp_path)
    first_due = (START + timedelta(hours=2)).isoformat()
    hub = Broken()
    await world.start(hub)
    await world.publish(a_referral(1))
    await world.clock.sleep(timedelta(minutes=5))
    await world.publish(a_referral(2))
    await world.clock.sleep(timedelta(hours=6))
    assert (await world.case("case-ref-2"))["warned"] == 2
    assert (await world.case("case-ref-1"))["warned"] == 0
    assert 3 < hub.tries < 100
    hub.mended = True
    await world.clock.sleep(timedelta(hours=1))
    assert (await world.case("case-ref-1"))["warned"] == 2
    await world.stop()
    acts = await world.acts("case-ref-1")
    assert acts == ["opened", "warned", "warned"]
    await world.close()
