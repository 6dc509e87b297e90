"""The runtime on RabbitMQ and MongoDB: the same small cases, several processes' worth of agents."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from messages.envelope import Envelope
from messages.notices import OutcomeNotified
from store import audit
from tests.support.servers import MongoServer, RabbitServer
from tests.support.small_world import (
    AUDIT_SECRET,
    SCHOOL,
    SmallHub,
    World,
    a_rating,
    a_referral,
)
from tests.support.small_world_servers import ServersWorld

CASES = 40


@pytest.fixture
async def world(rabbitmq_server: RabbitServer, mongo_server: MongoServer) -> AsyncIterator[World]:
    world = ServersWorld(rabbitmq_server, mongo_server)
    await world.open()
    yield world
    await world.close()


async def test_every_case_comes_to_its_end_once_with_two_coordinators(world: World) -> None:
    await world.start_all()
    world.life = 2
    await world.start(SmallHub(), await world.given("hub", store=world.open_store("hub")))
    await world.publish(*(a_referral(n) for n in range(CASES)), a_referral(0))
    for n in range(CASES):
        await world.until(lambda n=n: world.closed(f"case-ref-{n}"), 60)  # type: ignore[misc]
    await world.stop()
    told: dict[str, Envelope] = {}

    async def all_told() -> bool:
        told.update({envelope.id: envelope for envelope in await world.inbox_of(SCHOOL)})
        return len(told) >= CASES

    await world.until(all_told, 60)
    assert sorted(envelope.subject for envelope in told.values()) == sorted(
        f"case-ref-{n}" for n in range(CASES)
    )
    for envelope in told.values():
        assert isinstance(envelope.payload, OutcomeNotified)
        assert envelope.payload.reason is not None
        assert envelope.payload.reason.reveal() == "SECRET of health"
    for n in range(CASES):
        kept = (await world.store("hub").load([f"case-ref-{n}"]))[f"case-ref-{n}"]
        chain = await world.store("hub").audit(kept.key)
        assert audit.verify(kept.key, chain, audit.Head.of(kept), AUDIT_SECRET) is None
        acts = sorted(await world.acts(kept.key))
        assert acts == ["answered", "answered", "closed", "opened"]
        assert kept.outbox == ()


async def test_a_refusal_and_a_hostile_message_are_told_and_put_aside(world: World) -> None:
    hub = await world.start_all()
    await world.publish(a_referral(), a_rating("case-nobody-knows"))
    await world.until(lambda: world.in_quarantine("hub", 1), 60)
    [told] = await world.rejections_at("staff", 1, 60)
    assert told.reason == "case_unknown"
    await world.until(world.closed, 60)
    assert (await hub.health()).ok
