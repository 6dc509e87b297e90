"""What fails is tried again, and harms nothing else; what failed too often is put aside."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.deciding import Decided
from broker.port import NotPublished, Outbound
from messages.envelope import Envelope
from messages.topology import DEAD_QUEUE
from store.port import Step, StoreError
from tests.support.small_world import (
    SCHOOL,
    TOPOLOGY,
    SmallAgency,
    SmallHub,
    SmallState,
    World,
    a_bombshell,
    a_rating,
    a_referral,
    in_virtual_time,
)


@in_virtual_time
async def test_a_message_that_the_agent_cannot_cope_with_harms_no_other(tmp_path: Path) -> None:
    world = World(tmp_path)
    await world.publish(a_referral(), a_bombshell("case-ref-1"), a_referral(2))
    await world.start_all()
    await world.until(world.closed)
    await world.until(lambda: world.closed("case-ref-2"))
    await world.close()


@in_virtual_time
async def test_what_failed_too_often_is_put_aside_and_its_sender_is_told(tmp_path: Path) -> None:
    world = World(tmp_path)
    hub = await world.start(SmallHub())
    began = world.clock.now()
    await world.publish(a_referral(), a_bombshell("case-ref-1"))
    await world.until(lambda: world.in_quarantine("hub", 1), 7200)
    assert world.clock.now() - began >= sum(TOPOLOGY.retry_delays, timedelta())
    [item] = await world.store("hub").quarantined()
    [told] = await world.rejections_at("staff", 1)
    assert (told.reason, told.rejected_id, told.rejected_type) == (
        "handler_failed",
        "m-bomb",
        "mash.enquiry.directed.v1",
    )
    assert (item.reason, item.queue, item.user) == ("handler_failed", "hub.routine", "staff")
    assert item.attempts == len(TOPOLOGY.retry_delays) + 2
    assert await (await world.connect("hub")).depth(DEAD_QUEUE) == 0
    assert (await hub.health()).ok
    await world.close()


@in_virtual_time
async def test_the_hub_hears_of_a_request_that_an_agency_cannot_cope_with(tmp_path: Path) -> None:
    class Helpless(SmallAgency):
        async def prepare(self, envelopes: Sequence[Envelope]) -> Mapping[str, Any]:
            raise OSError("the records cannot be reached")

    world = World(tmp_path)
    await world.start(SmallHub())
    await world.start(Helpless("police"))
    await world.publish(a_referral())
    await world.until(lambda: world.has("rejected"), 7200)
    [item] = await world.store("hub").quarantined()
    assert (item.queue, item.user) == ("agency.police.urgent", "hub")
    await world.close()


@in_virtual_time
async def test_look_ups_that_fail_are_tried_again(tmp_path: Path) -> None:
    class Shaky(SmallAgency):
        tries = 0

        async def prepare(self, envelopes: Sequence[Envelope]) -> Mapping[str, Any]:
            self.tries += 1
            if self.tries < 4:
                raise OSError("the records cannot be reached")
            return {envelope.id: "found" for envelope in envelopes}

        def decide(
            self, state: SmallState | None, envelope: Envelope, now: Any, found: Any
        ) -> Decided[SmallState]:
            assert found == "found"
            return super().decide(state, envelope, now, found)

    world = World(tmp_path)
    await world.start(Shaky("police"))
    await world.start(SmallAgency("health"))
    await world.start(SmallHub())
    await world.publish(a_referral())
    await world.until(world.closed, 600)
    await world.close()


class BrokenStore:
    """A store that fails when told to."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.broken = False
        self.refuses: str | None = None
        self.refusals = 0

    def __getattr__(self, name: str) -> Any:
        if self.broken:
            self.refusals += 1
            raise StoreError("not now")
        return getattr(self._inner, name)

    async def healthy(self) -> bool:
        return not self.broken

    async def commit(self, steps: Sequence[Step]) -> list[bool]:
        if any(step.after.key == self.refuses for step in steps):
            raise StoreError("too large")
        won: list[bool] = await self.__getattr__("commit")(steps)
        return won


@in_virtual_time
async def test_while_the_store_is_away_messages_wait_and_no_attempt_is_used_up(tmp_path: Path) -> None:
    world = World(tmp_path)
    store: Any = BrokenStore(world.store("hub"))
    await world.start(SmallHub(), await world.given("hub", store=store))
    store.broken = True
    await world.publish(a_referral())
    await asyncio.sleep(4 * 3600)
    assert 10 < store.refusals < 20_000
    store.broken = False
    await world.until(world.exists, 60)
    assert await world.store("hub").quarantined() == []
    await world.close()


@in_virtual_time
async def test_a_document_that_the_store_refuses_stops_no_other(tmp_path: Path) -> None:
    world = World(tmp_path)
    store: Any = BrokenStore(world.store("hub"))
    store.refuses = "case-ref-1"
    await world.publish(a_referral(1), a_referral(2))
    await world.start(SmallHub(), await world.given("hub", store=store))
    await world.until(lambda: world.exists("case-ref-2"))
    await world.until(lambda: world.in_quarantine("hub", 1), 7200)
    assert not await world.exists()
    await world.close()


class DeafBroker:
    """A broker that takes no message when told to."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.deaf = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def publish(self, messages: Sequence[Outbound]) -> None:
        if self.deaf:
            raise NotPublished({message.message_id: "unconfirmed" for message in messages})
        await self._inner.publish(messages)


@in_virtual_time
async def test_what_could_not_be_sent_is_sent_later(tmp_path: Path) -> None:
    world = World(tmp_path)
    broker: Any = DeafBroker(await world.connect("hub"))
    await world.start(SmallHub(), await world.given("hub", broker=broker))
    for agency in ("police", "health"):
        await world.start(SmallAgency(agency))
    await world.publish(a_referral(), a_rating("case-nobody-knows"))
    await world.until(world.exists)
    await asyncio.sleep(60)
    broker.deaf = False
    await world.until(world.closed, 3600)
    assert len(await world.rejections_at("staff", 1, 3600)) == 1
    await world.until(lambda: nothing_open(world), 3600)
    await world.close()


async def nothing_open(world: World) -> bool:
    kept = (await world.store("hub").load(["case-ref-1"]))["case-ref-1"]
    return not kept.outbox and not kept.audit_pending


@in_virtual_time
async def test_a_graceful_stop_finishes_what_was_begun_and_settles_everything(tmp_path: Path) -> None:
    world = World(tmp_path)
    hub = await world.start(SmallHub())
    await world.publish(*(a_referral(n) for n in range(100)))
    await world.until(lambda: world.exists("case-ref-0"))
    await world.stop()
    assert not (await hub.health()).consuming
    stored = [f"case-ref-{n}" for n in range(100) if await world.exists(f"case-ref-{n}")]
    kept = await world.store("hub").load(stored)
    assert all(not one.outbox and not one.audit_pending for one in kept.values())
    waiting = await (await world.connect("hub")).depth("hub.routine")
    assert waiting + len(stored) == 100
    world.life = 2
    await world.start_all()
    await world.until(lambda: world.closed("case-ref-99"))
    assert len(await world.inbox_of(SCHOOL)) == 100
    await world.close()


@in_virtual_time
async def test_a_runtime_that_was_never_run_can_be_stopped(tmp_path: Path) -> None:
    world = World(tmp_path)
    hub = await world.start(SmallHub())
    _, task = world.running.pop()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await hub.stop()
    await world.close()
