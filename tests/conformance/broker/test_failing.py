"""What happens to a message that is not handled: it comes again, later each time, and then is set apart."""

from __future__ import annotations

from broker.port import Broker, Delivery
from messages.topology import DEAD_QUEUE
from tests.support.broker_engines import (
    POLICE_URGENT,
    TOPOLOGY,
    Engine,
    ids,
    message,
    nothing_comes,
    take,
)

KEY = "agency.police.urgent.x"
DELAYS = len(TOPOLOGY.retry_delays)
LIMIT = TOPOLOGY.delivery_limit


async def fail_until_dead(police: Broker, reason: str) -> None:
    subscription = await police.subscribe(POLICE_URGENT, prefetch=1)
    for attempt in range(1, DELAYS + 2):
        (delivery,) = await take(subscription, 1)
        assert delivery.attempt == attempt
        await subscription.fail(delivery, reason)
    await subscription.stop()


async def the_dead(engine: Engine) -> Delivery:
    coordinator = await engine.connect("coordinator")
    (delivery,) = await take(await coordinator.subscribe(DEAD_QUEUE, prefetch=1), 1)
    await coordinator.close()
    return delivery


async def test_a_failed_message_comes_again_as_it_was_but_for_the_attempt(
    engine: Engine,
) -> None:
    await (await engine.connect("coordinator")).publish([message(1, KEY, body=b"sealed", traceparent="00-1")])
    subscription = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=1)
    (first,) = await take(subscription, 1)
    await subscription.fail(first, "store_unavailable")
    (second,) = await take(subscription, 1)
    assert (first.attempt, second.attempt) == (1, 2)
    for same in ("message_id", "type", "routing_key", "body", "headers", "user", "queue", "failure"):
        assert getattr(second, same) == getattr(first, same)


async def test_a_failed_message_holds_nobody_up(engine: Engine) -> None:
    await (await engine.connect("coordinator")).publish([message(number, KEY) for number in (1, 2)])
    subscription = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=1)
    await subscription.fail((await take(subscription, 1))[0], "x")
    (next_one,) = await take(subscription, 1)
    assert next_one.message_id == "message-2"
    await subscription.acknowledge([next_one])
    assert ids(await take(subscription, 1)) == ["message-1"]


async def test_each_delay_is_longer_than_the_one_before(engine: Engine) -> None:
    coordinator = await engine.connect("coordinator")
    await coordinator.publish([message("twice-failed", KEY)])
    subscription = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=5)
    await subscription.fail((await take(subscription, 1))[0], "x")
    (second,) = await take(subscription, 1)
    await coordinator.publish([message("once-failed", KEY)])
    (other,) = await take(subscription, 1)
    await subscription.fail(second, "x")
    await subscription.fail(other, "x")
    assert ids(await take(subscription, 2)) == ["message-once-failed", "message-twice-failed"]


async def test_after_the_last_delay_a_message_is_dead_with_its_reason_and_origin(
    engine: Engine,
) -> None:
    await (await engine.connect("coordinator")).publish([message(1, KEY, body=b"sealed", traceparent="00-1")])
    await fail_until_dead(await engine.connect("police"), "state_unknown")
    dead = await the_dead(engine)
    assert (dead.queue, dead.failure, dead.origin_queue) == (DEAD_QUEUE, "state_unknown", POLICE_URGENT)
    assert (dead.message_id, dead.body, dead.routing_key) == ("message-1", b"sealed", KEY)
    assert (dead.user, dict(dead.headers)) == ("coordinator", {"traceparent": "00-1"})
    assert dead.attempt == DELAYS + 2


async def test_a_message_whose_consumer_vanished_comes_again_counted(engine: Engine) -> None:
    await (await engine.connect("coordinator")).publish([message(number, KEY) for number in (1, 2)])
    for attempt in range(1, LIMIT + 1):
        police = await engine.connect("police")
        deliveries = await take(await police.subscribe(POLICE_URGENT, prefetch=5), 2)
        assert [(d.message_id, d.attempt) for d in deliveries] == [
            ("message-1", attempt),
            ("message-2", attempt),
        ]
        await engine.kill(police)


async def test_past_the_delivery_limit_a_message_is_dead(
    engine: Engine,
) -> None:
    await (await engine.connect("coordinator")).publish([message(1, KEY, body=b"sealed", traceparent="00-1")])
    for _ in range(LIMIT + 1):
        police = await engine.connect("police")
        await take(await police.subscribe(POLICE_URGENT, prefetch=1), 1)
        await engine.kill(police)
    dead = await the_dead(engine)
    assert (dead.failure, dead.origin_queue, dead.attempt) == ("delivery_limit", POLICE_URGENT, LIMIT + 2)
    assert (dead.message_id, dead.body, dead.routing_key) == ("message-1", b"sealed", KEY)
    assert (dead.user, dict(dead.headers)) == ("coordinator", {"traceparent": "00-1"})
    survivor = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=1)
    assert await nothing_comes(survivor)


async def test_a_vanished_consumer_of_the_dead_queue_is_counted_on_top(engine: Engine) -> None:
    await (await engine.connect("coordinator")).publish([message(1, KEY)])
    for _ in range(LIMIT + 1):
        police = await engine.connect("police")
        await take(await police.subscribe(POLICE_URGENT, prefetch=1), 1)
        await engine.kill(police)
    for attempt in (LIMIT + 2, LIMIT + 3):
        coordinator = await engine.connect("coordinator")
        (dead,) = await take(await coordinator.subscribe(DEAD_QUEUE, prefetch=1), 1)
        assert (dead.failure, dead.attempt) == ("delivery_limit", attempt)
        await engine.kill(coordinator)


async def test_failures_and_vanished_consumers_add_up(engine: Engine) -> None:
    await (await engine.connect("coordinator")).publish([message(1, KEY)])
    police = await engine.connect("police")
    await take(await police.subscribe(POLICE_URGENT, prefetch=1), 1)
    await engine.kill(police)
    police = await engine.connect("police")
    subscription = await police.subscribe(POLICE_URGENT, prefetch=1)
    (second,) = await take(subscription, 1)
    await subscription.fail(second, "x")
    (third,) = await take(subscription, 1)
    assert (second.attempt, third.attempt) == (2, 3)
    # A failure that was waited out starts the count of vanished consumers anew.
    for attempt in range(3, LIMIT + 4):
        await engine.kill(police)
        police = await engine.connect("police")
        if attempt < LIMIT + 3:
            (again,) = await take(await police.subscribe(POLICE_URGENT, prefetch=1), 1)
            assert again.attempt == attempt + 1
    dead = await the_dead(engine)
    assert (dead.failure, dead.attempt) == ("delivery_limit", LIMIT + 4)
    assert (dead.user, dead.routing_key) == ("coordinator", KEY)


async def test_a_dead_letter_that_fails_stays_a_dead_letter(engine: Engine) -> None:
    await (await engine.connect("coordinator")).publish([message(1, KEY)])
    await fail_until_dead(await engine.connect("police"), "state_unknown")
    coordinator = await engine.connect("coordinator")
    subscription = await coordinator.subscribe(DEAD_QUEUE, prefetch=1)
    for attempt in range(DELAYS + 2):
        (dead,) = await take(subscription, 1)
        assert (dead.failure, dead.origin_queue) == ("state_unknown", POLICE_URGENT)
        assert (dead.user, dead.attempt) == ("coordinator", DELAYS + 2 + attempt)
        await subscription.fail(dead, "store_unavailable")
    (dead,) = await take(subscription, 1)
    await subscription.acknowledge([dead])
    assert await nothing_comes(subscription)


async def test_a_dead_letter_outlives_any_number_of_vanished_consumers(engine: Engine) -> None:
    await (await engine.connect("coordinator")).publish([message(1, KEY)])
    await fail_until_dead(await engine.connect("police"), "state_unknown")
    for _ in range(LIMIT + 3):
        coordinator = await engine.connect("coordinator")
        (dead,) = await take(await coordinator.subscribe(DEAD_QUEUE, prefetch=1), 1)
        assert (dead.failure, dead.origin_queue) == ("state_unknown", POLICE_URGENT)
        await engine.kill(coordinator)


async def test_what_failed_cannot_be_failed_or_acknowledged_again(
    engine: Engine,
) -> None:
    await (await engine.connect("coordinator")).publish([message(1, KEY)])
    subscription = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=1)
    (first,) = await take(subscription, 1)
    await subscription.fail(first, "x")
    await subscription.fail(first, "x")
    await subscription.acknowledge([first])
    (second,) = await take(subscription, 1)
    assert second.attempt == 2
    await subscription.acknowledge([second])
    assert await nothing_comes(subscription)
