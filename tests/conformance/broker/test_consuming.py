"""What a subscription promises: order, prefetch, acknowledgement, hand-back and an orderly stop."""

from __future__ import annotations

import asyncio

import pytest

from broker.port import BrokerError, Standing
from messages.topology import DEAD_QUEUE
from tests.support.broker_engines import (
    HEALTH,
    LIMIT_S,
    POLICE_URGENT,
    QUIET_S,
    TOPOLOGY,
    Engine,
    ids,
    message,
    nothing_comes,
    take,
)

KEY = "agency.police.urgent.x"


async def publish(engine: Engine, count: int, start: int = 0) -> None:
    broker = await engine.connect("coordinator")
    await broker.publish([message(number, KEY) for number in range(start, start + count)])


async def test_take_waits_until_something_is_there(engine: Engine) -> None:
    subscription = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=10)
    waiting = asyncio.create_task(subscription.take(10))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await publish(engine, 1)
    assert ids(await asyncio.wait_for(waiting, LIMIT_S)) == ["message-0"]


async def test_take_returns_no_more_than_asked_for_oldest_first(engine: Engine) -> None:
    await publish(engine, 5)
    subscription = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=10)
    first = await subscription.take(2)
    assert 1 <= len(first) <= 2
    assert ids(first + await take(subscription, 5 - len(first))) == [f"message-{n}" for n in range(5)]


async def test_no_more_than_the_prefetch_is_out_at_any_moment(engine: Engine) -> None:
    await publish(engine, 5)
    subscription = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=2)
    out = await take(subscription, 2)
    assert await nothing_comes(subscription)
    await subscription.acknowledge(out[:1])
    assert ids(await take(subscription, 1)) == ["message-2"]
    assert await nothing_comes(subscription)


async def test_a_cancelled_take_loses_nothing(engine: Engine) -> None:
    subscription = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=10)
    assert await nothing_comes(subscription)
    await publish(engine, 1)
    assert ids(await take(subscription, 1)) == ["message-0"]


async def test_depth_counts_what_waits_and_not_what_is_out(engine: Engine) -> None:
    await publish(engine, 3)
    police = await engine.connect("police")
    assert await police.depth(POLICE_URGENT) == 3
    await take(await police.subscribe(POLICE_URGENT, prefetch=1), 1)
    assert await police.depth(POLICE_URGENT) == 2


@pytest.mark.parametrize("done", [[0, 1, 2, 3, 4, 5], [0, 1, 3], [1, 2, 4], [5], [3, 0, 5], []])
async def test_exactly_what_was_acknowledged_is_done_with(engine: Engine, done: list[int]) -> None:
    await publish(engine, 6)
    police = await engine.connect("police")
    subscription = await police.subscribe(POLICE_URGENT, prefetch=10)
    out = await take(subscription, 6)
    await subscription.acknowledge([out[number] for number in done])
    await police.close()
    again = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=10)
    left = [f"message-{number}" for number in range(6) if number not in done]
    assert ids(await take(again, len(left))) == left
    assert await nothing_comes(again)


async def test_acknowledging_in_several_goes_and_twice_is_harmless(engine: Engine) -> None:
    await publish(engine, 4)
    police = await engine.connect("police")
    subscription = await police.subscribe(POLICE_URGENT, prefetch=4)
    out = await take(subscription, 4)
    for several in (out[2:3], out[:1], out[:3], out[1:2], out[:3]):
        await subscription.acknowledge(several)
    await publish(engine, 1, start=4)
    assert ids(await take(subscription, 1)) == ["message-4"]
    await police.close()
    again = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=10)
    assert sorted(ids(await take(again, 2))) == ["message-3", "message-4"]
    assert await nothing_comes(again)


async def test_what_was_acknowledged_comes_once_more_at_most_however_often_consumers_vanish(
    engine: Engine,
) -> None:
    await publish(engine, 1)
    came = 0
    for _ in range(TOPOLOGY.delivery_limit + 3):
        police = await engine.connect("police")
        subscription = await police.subscribe(POLICE_URGENT, prefetch=100)
        try:
            async with asyncio.timeout(QUIET_S):
                await subscription.acknowledge(await subscription.take(1))
                came += 1
        except TimeoutError:
            pass
        await engine.kill(police)
    assert 1 <= came <= 2
    assert await (await engine.connect("coordinator")).depth(DEAD_QUEUE) == 0


async def test_a_failed_message_stays_one_though_its_consumer_vanishes(engine: Engine) -> None:
    await publish(engine, 1)
    police = await engine.connect("police")
    subscription = await police.subscribe(POLICE_URGENT, prefetch=100)
    await subscription.fail((await take(subscription, 1))[0], "x")
    await engine.kill(police)
    again = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=100)
    assert [d.attempt for d in await take(again, 1)] == [2]
    assert await nothing_comes(again)


async def test_two_consumers_of_a_queue_share_its_messages(engine: Engine) -> None:
    first = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=3)
    second = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=3)
    await publish(engine, 6)
    shared = ids(await take(first, 3)) + ids(await take(second, 3))
    assert sorted(shared) == [f"message-{number}" for number in range(6)]


async def test_what_is_handed_back_comes_again_at_once(engine: Engine) -> None:
    await publish(engine, 3)
    first = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=3)
    out = await take(first, 3)
    await first.stop()
    await first.acknowledge(out[:1])
    await first.hand_back(out[1:])
    second = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=10)
    again = await take(second, 2)
    assert ids(again) == ["message-1", "message-2"]
    if not engine.counts_hand_backs:
        assert [delivery.attempt for delivery in again] == [1, 1]


async def test_no_number_of_hand_backs_sets_a_message_apart(engine: Engine) -> None:
    await publish(engine, 2)
    police = await engine.connect("police")
    subscription = await police.subscribe(POLICE_URGENT, prefetch=2)
    for _ in range(2 * TOPOLOGY.delivery_limit + 3):
        await subscription.hand_back(await take(subscription, 2))
    again = await take(subscription, 2)
    assert sorted(ids(again)) == ["message-0", "message-1"]
    assert {delivery.user for delivery in again} == {"coordinator"}
    assert {delivery.routing_key for delivery in again} == {KEY}


async def test_no_number_of_orderly_stops_sets_a_message_apart(engine: Engine) -> None:
    await publish(engine, 2)
    for _ in range(2 * TOPOLOGY.delivery_limit + 3):
        police = await engine.connect("police")
        # One is taken, the other waits in the consumer's buffer.
        await take(await police.subscribe(POLICE_URGENT, prefetch=2), 1)
        await police.close()
    last = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=2)
    assert sorted(ids(await take(last, 2))) == ["message-0", "message-1"]


async def test_after_stop_nothing_is_taken_and_what_was_not_taken_is_back(engine: Engine) -> None:
    await publish(engine, 5)
    police = await engine.connect("police")
    subscription = await police.subscribe(POLICE_URGENT, prefetch=5)
    out = await take(subscription, 2)
    await subscription.stop()
    await subscription.stop()
    assert await subscription.take(5) == []
    other = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=5)
    assert ids(await take(other, 3)) == ["message-2", "message-3", "message-4"]
    await subscription.acknowledge(out)
    await police.close()
    assert await nothing_comes(other)


async def test_stop_wakes_a_waiting_take_with_nothing(engine: Engine) -> None:
    subscription = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=5)
    waiting = asyncio.create_task(subscription.take(5))
    await asyncio.sleep(0)
    await subscription.stop()
    assert await asyncio.wait_for(waiting, LIMIT_S) == []


async def test_closing_hands_back_what_is_out(engine: Engine) -> None:
    await publish(engine, 2)
    police = await engine.connect("police")
    await take(await police.subscribe(POLICE_URGENT, prefetch=5), 2)
    await police.close()
    again = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=5)
    assert ids(await take(again, 2)) == ["message-0", "message-1"]


async def test_a_user_may_not_read_a_queue_of_others(engine: Engine) -> None:
    police = await engine.connect("police")
    with pytest.raises(BrokerError):
        await police.subscribe(HEALTH, prefetch=1)
    # And can go on with its own.
    await police.subscribe(POLICE_URGENT, prefetch=1)


async def test_a_queue_that_was_never_declared_is_an_error(engine: Engine) -> None:
    police = await engine.connect("police")
    with pytest.raises(BrokerError):
        await police.subscribe("agency.police.unknown", prefetch=1)
    with pytest.raises(BrokerError):
        await police.depth("agency.police.unknown")


async def test_health_is_told_from_connection_and_consumers(engine: Engine) -> None:
    police = await engine.connect("police")
    assert await police.healthy()
    await police.subscribe(POLICE_URGENT, prefetch=1)
    assert await police.healthy()
    await police.close()
    assert not await police.healthy()


async def test_how_many_wait_and_how_many_consume_is_told_to_whoever_asks(engine: Engine) -> None:
    coordinator, police = await engine.connect("coordinator"), await engine.connect("police")
    await publish(engine, 1)
    assert await coordinator.standing(POLICE_URGENT) == Standing(waiting=1, consumers=0)
    subscription = await police.subscribe(POLICE_URGENT, prefetch=1)
    out = await take(subscription, 1)
    assert (await coordinator.standing(POLICE_URGENT)).consumers == 1
    await subscription.acknowledge(out)
    await subscription.stop()
    async with asyncio.timeout(LIMIT_S):
        while (await coordinator.standing(POLICE_URGENT)).consumers:  # noqa: ASYNC110 - a server says so
            await asyncio.sleep(0.01)
    with pytest.raises(BrokerError):
        await coordinator.standing("no.such.queue")
