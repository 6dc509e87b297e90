"""The runtime on RabbitMQ and MongoDB: the same small cases, several processes' worth of agents."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from broker.port import Delivery
from broker.rabbitmq import RabbitBroker, names, retrying
from messages.envelope import Envelope, Lane
from messages.notices import OutcomeNotified
from messages.parties import queue_name
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


async def test_the_hub_sends_again_what_it_sent_and_not_what_an_agency_says_that_it_sent(
    world: World,
) -> None:
    hub = await world.start(SmallHub())
    await world.publish(a_referral())
    police = await world.connect("agency.police")
    assert isinstance(police, RabbitBroker)
    subscription = await police.subscribe(queue_name("agency.police", Lane.URGENT), prefetch=1)
    (request,) = await subscription.take(1)
    elsewhere = "agency.health.urgent.check.requested.v1"

    def made_up(message_id: str, user: str, key: str) -> Delivery:
        body = json.dumps({**json.loads(request.body), "id": message_id}).encode()
        return replace(request, message_id=message_id, user=user, routing_key=key, body=body)

    forged = [
        made_up("m-made-up", "hub", request.routing_key),
        made_up("m-for-another", "hub", elsewhere),
        made_up("m-in-the-name-of-another", "agency.health", "hub.urgent.check.answered.v1"),
    ]
    copies = [retrying.after_failure(one, "handler_failed", ()) for one in (request, *forged)]
    await police._publisher.publish(names.DELAY_EXCHANGE, copies)
    await subscription.acknowledge([request])
    await world.until(lambda: world.in_quarantine("hub", 4), 60)
    users = {item.message_id: item.user for item in await world.store("hub").quarantined()}
    assert users == {
        request.message_id: "hub",
        "m-made-up": None,
        "m-for-another": None,
        "m-in-the-name-of-another": None,
    }
    for one in forged:
        assert (await hub.redrive(one.message_id)).kind == "rejected"
    assert (await hub.redrive(request.message_id)).kind == "sent"
    (again,) = await subscription.take(1)
    assert (again.user, again.body) == ("hub", request.body)
    await world.until(lambda: world.has("rejected"), 60)
    assert (await world.case())["rejected"] == 1
    await police.close()
    assert not await world.rejections_of("agency.health")
