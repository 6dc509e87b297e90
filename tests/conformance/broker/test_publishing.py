"""What publish promises: the right queues, all of it, or an error that says which and why."""

from __future__ import annotations

import pytest

from broker.port import NotPublished, Outbound
from tests.support.broker_engines import (
    COORDINATOR,
    HEALTH,
    POLICE_ROUTINE,
    POLICE_URGENT,
    Engine,
    ids,
    message,
    nothing_comes,
    take,
)


@pytest.mark.parametrize(
    ("key", "queues"),
    [
        ("agency.police.urgent.check.requested.v1", {POLICE_URGENT}),
        ("agency.police.urgent", {POLICE_URGENT}),
        ("agency.police.routine.check.requested.v1", {POLICE_ROUTINE}),
        ("agency.all.urgent.check", {POLICE_URGENT, HEALTH}),
    ],
)
async def test_a_message_is_in_every_queue_whose_pattern_takes_its_key_and_in_no_other(
    engine: Engine, key: str, queues: set[str]
) -> None:
    broker = await engine.connect("coordinator")
    await broker.publish([message(1, key)])
    depths = {queue: await broker.depth(queue) for queue in (POLICE_URGENT, POLICE_ROUTINE, HEALTH)}
    assert depths == {queue: int(queue in queues) for queue in depths}


@pytest.mark.parametrize(
    "key", ["agency.all.urgent.check.requested", "agency.police.urgently.x", "nowhere.at.all"]
)
async def test_a_message_that_no_queue_wants_is_an_error(engine: Engine, key: str) -> None:
    broker = await engine.connect("coordinator")
    with pytest.raises(NotPublished) as error:
        await broker.publish([message(1, key)])
    assert error.value.failed == {"message-1": "unroutable"}


async def test_one_unroutable_message_does_not_hold_up_the_others(engine: Engine) -> None:
    broker = await engine.connect("coordinator")
    with pytest.raises(NotPublished) as error:
        await broker.publish(
            [
                message(1, "agency.police.urgent.a"),
                message(2, "nowhere.a"),
                message(3, "agency.police.urgent.a"),
            ]
        )
    assert error.value.failed == {"message-2": "unroutable"}
    police = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=10)
    assert ids(await take(police, 2)) == ["message-1", "message-3"]


async def test_a_delivery_carries_everything_that_was_published(engine: Engine) -> None:
    body = bytes(range(256)) * 1100  # 281,600 bytes: more than one frame
    sent = Outbound(
        "id-1",
        "mash.package.issued.v1",
        "agency.police.urgent.x",
        body,
        {"traceparent": "00-ä", "tracestate": ""},
    )
    await (await engine.connect("coordinator")).publish([sent])
    (got,) = await take(await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=1), 1)
    assert (got.message_id, got.type, got.routing_key) == (sent.message_id, sent.type, sent.routing_key)
    assert got.body == body
    assert dict(got.headers) == dict(sent.headers)
    assert (got.queue, got.user, got.attempt) == (POLICE_URGENT, "coordinator", 1)
    assert (got.failure, got.origin_queue) == (None, None)


async def test_an_empty_body_and_no_headers_arrive_as_such(engine: Engine) -> None:
    await (await engine.connect("coordinator")).publish([message(1, "agency.police.urgent.x", body=b"")])
    (got,) = await take(await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=1), 1)
    assert (got.body, dict(got.headers)) == (b"", {})


async def test_many_messages_at_once_arrive_complete_and_in_order(engine: Engine) -> None:
    sent = [message(number, "agency.police.urgent.x") for number in range(1200)]
    await (await engine.connect("coordinator")).publish(sent)
    police = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=2000)
    assert ids(await take(police, 1200)) == [each.message_id for each in sent]


async def test_the_same_id_may_go_out_twice_at_once(engine: Engine) -> None:
    broker = await engine.connect("coordinator")
    twice = [message(1, "agency.police.urgent.x"), message(1, "agency.health.urgent.x")]
    await broker.publish(twice)
    assert [await broker.depth(queue) for queue in (POLICE_URGENT, HEALTH)] == [1, 1]


async def test_the_same_unroutable_id_sent_twice_at_once_is_never_taken_for_published(engine: Engine) -> None:
    broker = await engine.connect("coordinator")
    with pytest.raises(NotPublished) as error:
        await broker.publish(
            [message(1, "nowhere.x"), message(1, "nowhere.y"), message(1, "agency.police.urgent.x")]
        )
    assert error.value.failed == {"message-1": "unroutable"}
    assert await broker.depth(POLICE_URGENT) == 1


async def test_publishing_nothing_is_no_error(engine: Engine) -> None:
    await (await engine.connect("coordinator")).publish([])


async def test_a_user_may_send_only_with_its_own_routing_keys(engine: Engine) -> None:
    police = await engine.connect("police")
    with pytest.raises(NotPublished) as error:
        await police.publish(
            [
                message(1, "coordinator.routine.check.answered.v1"),
                message(2, "agency.health.urgent.x"),
                message(3, "coordinatorx.routine"),
                message(4, "coordinator.routine.check.answered.v1"),
            ]
        )
    assert error.value.failed == {"message-2": "refused", "message-3": "refused"}
    coordinator = await (await engine.connect("coordinator")).subscribe(COORDINATOR, prefetch=10)
    arrived = await take(coordinator, 2)
    # What was on its way when a neighbour was refused may come twice.
    assert set(ids(arrived)) <= {"message-1", "message-4"}
    health = await (await engine.connect("health")).subscribe(HEALTH, prefetch=10)
    assert await nothing_comes(health)


async def test_after_a_refusal_the_connection_goes_on_publishing(engine: Engine) -> None:
    police = await engine.connect("police")
    with pytest.raises(NotPublished):
        await police.publish([message(1, "agency.health.urgent.x")])
    await police.publish([message(2, "coordinator.routine.x")])
    assert await police.depth(COORDINATOR) == 1


async def test_a_user_cannot_pass_for_another_by_headers(engine: Engine) -> None:
    police = await engine.connect("police")
    forged = {"x-mash-user": "health", "x-mash-attempts": "5", "x-mash-failures": "1", "x-mash-failure": "x"}
    await police.publish([Outbound("id", "t", "coordinator.routine.x", b"", forged)])
    (got,) = await take(await (await engine.connect("coordinator")).subscribe(COORDINATOR, prefetch=1), 1)
    assert (got.user, got.attempt, got.failure, dict(got.headers)) == ("police", 1, None, {})
