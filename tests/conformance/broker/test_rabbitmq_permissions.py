"""What the RabbitMQ server itself refuses, to a client that does not play by the port's rules."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aio_pika
import pytest
from aio_pika.exceptions import AMQPException
from aiormq.abc import AbstractChannel
from aiormq.exceptions import ChannelAccessRefused, ChannelPreconditionFailed
from pamqp.commands import Basic
from pamqp.common import FieldTable

from broker.connect import connect
from broker.port import BrokerError, Delivery
from messages.topology import DEAD_QUEUE, EXCHANGE
from tests.support.broker_engines import (
    COORDINATOR,
    HEALTH,
    LIMIT_S,
    POLICE_URGENT,
    TOPOLOGY,
    RabbitEngine,
    message,
    take,
)
from tests.support.servers import RabbitServer

LIMIT = TOPOLOGY.delivery_limit
FORGED: FieldTable = {
    "x-mash-user": "health",
    "x-mash-attempts": "3",
    "x-mash-failures": "1",
    "x-mash-routing-key": "coordinator.routine.forged",
    "x-mash-failure": "forged",
    "x-mash-origin": HEALTH,
    "x-delivery-count": 5,
    "x-death": [
        {"queue": COORDINATOR, "reason": "delivery_limit", "exchange": "mash.return", "count": 1},
    ],
}


@pytest.fixture
async def engine(rabbitmq_server: RabbitServer) -> AsyncIterator[RabbitEngine]:
    engine = RabbitEngine(rabbitmq_server)
    await engine.start(TOPOLOGY)
    yield engine
    await engine.end()


@pytest.fixture
async def police(engine: RabbitEngine) -> AsyncIterator[AbstractChannel]:
    """A bare channel of the user ``police``."""
    async with await aio_pika.connect(engine.url("police")) as connection:
        channel = connection.channel(publisher_confirms=True)
        await channel.initialize()
        yield await channel.get_underlay_channel()


async def send(
    channel: AbstractChannel,
    exchange: str,
    key: str,
    *,
    user: str | None = "police",
    headers: FieldTable | None = None,
) -> object:
    properties = Basic.Properties(delivery_mode=2, message_id="m", user_id=user, headers=headers)
    async with asyncio.timeout(LIMIT_S):
        return await channel.basic_publish(
            b"", exchange=exchange, routing_key=key, mandatory=True, properties=properties
        )


@pytest.mark.parametrize(
    ("exchange", "key"),
    [
        (EXCHANGE, "agency.health.urgent.x"),
        (EXCHANGE, "coordinator\n"),
        (EXCHANGE, ""),
        ("mash.delay", f"100.{HEALTH}"),
        ("mash.delay", f"dead.{HEALTH}"),
        ("mash.delay", f"dead.{DEAD_QUEUE}"),
        ("mash.delay", f"100.{POLICE_URGENT}.x"),
        ("mash.delay", f"100.x.{POLICE_URGENT}"),
        ("mash.delay", POLICE_URGENT),
        ("mash.delay", f"100.{POLICE_URGENT}\n"),
        ("mash.return", f"100.{POLICE_URGENT}"),
        ("mash.dead", "x"),
        ("", POLICE_URGENT),
        ("amq.topic", "x"),
    ],
)
async def test_a_user_can_write_nowhere_but_where_it_may(
    police: AbstractChannel, exchange: str, key: str
) -> None:
    with pytest.raises(ChannelAccessRefused):
        await send(police, exchange, key)


async def test_a_user_cannot_put_another_name_on_a_message(police: AbstractChannel) -> None:
    with pytest.raises(ChannelPreconditionFailed):
        await send(police, EXCHANGE, "coordinator.routine.x", user="health")


async def test_a_user_can_declare_bind_purge_and_delete_nothing(engine: RabbitEngine) -> None:
    async def ignore(_: object) -> None: ...

    async with await aio_pika.connect(engine.url("police")) as connection:
        attempts: list[Callable[[AbstractChannel], Awaitable[object]]] = [
            lambda channel: channel.queue_declare("mine"),
            lambda channel: channel.queue_declare("", exclusive=True),
            lambda channel: channel.exchange_declare("mine"),
            lambda channel: channel.queue_bind(POLICE_URGENT, EXCHANGE, "agency.health.#"),
            lambda channel: channel.queue_purge(HEALTH),
            lambda channel: channel.queue_delete(HEALTH),
            lambda channel: channel.queue_delete(POLICE_URGENT),
            lambda channel: channel.exchange_delete(EXCHANGE),
            lambda channel: channel.basic_consume(HEALTH, ignore),
            lambda channel: channel.basic_consume(DEAD_QUEUE, ignore),
            lambda channel: channel.basic_get(COORDINATOR),
        ]
        for attempt in attempts:
            channel = connection.channel()
            await channel.initialize()
            with pytest.raises(AMQPException):
                await attempt(await channel.get_underlay_channel())


async def test_a_message_without_a_user_id_is_from_nobody(
    engine: RabbitEngine, police: AbstractChannel
) -> None:
    await send(police, EXCHANGE, "coordinator.routine.x", user=None, headers=FORGED)
    coordinator = await engine.connect("coordinator")
    (got,) = await take(await coordinator.subscribe(COORDINATOR, prefetch=1), 1)
    assert got.user is None


async def test_a_forged_past_is_not_believed(engine: RabbitEngine, police: AbstractChannel) -> None:
    await send(police, EXCHANGE, "coordinator.routine.x", headers=FORGED)
    coordinator = await engine.connect("coordinator")
    (got,) = await take(await coordinator.subscribe(COORDINATOR, prefetch=1), 1)
    assert (got.user, got.routing_key, got.failure, got.origin_queue) == (
        "police",
        "coordinator.routine.x",
        None,
        None,
    )
    assert dict(got.headers) == {}


async def test_a_forged_past_is_not_believed_of_a_failed_message_either(
    engine: RabbitEngine, police: AbstractChannel
) -> None:
    await send(police, EXCHANGE, "coordinator.routine.x", headers=FORGED)
    subscription = await (await engine.connect("coordinator")).subscribe(COORDINATOR, prefetch=1)
    (got,) = await take(subscription, 1)
    await subscription.fail(got, "x")
    (again,) = await take(subscription, 1)
    assert (again.user, again.routing_key, again.attempt) == (
        "police",
        "coordinator.routine.x",
        got.attempt + 1,
    )


async def test_a_forged_past_is_not_believed_of_a_dead_letter(
    engine: RabbitEngine, police: AbstractChannel
) -> None:
    await send(police, EXCHANGE, "coordinator.routine.x", headers=FORGED)
    for _ in range(LIMIT + 1):
        coordinator = await engine.connect("coordinator")
        await take(await coordinator.subscribe(COORDINATOR, prefetch=1), 1)
        await engine.kill(coordinator)
    coordinator = await engine.connect("coordinator")
    (dead,) = await take(await coordinator.subscribe(DEAD_QUEUE, prefetch=1), 1)
    assert (dead.user, dead.routing_key) == ("police", "coordinator.routine.x")
    assert (dead.failure, dead.origin_queue) == ("delivery_limit", COORDINATOR)


async def test_an_unroutable_delay_does_not_lose_the_message(engine: RabbitEngine) -> None:
    await (await engine.connect("coordinator")).publish([message(1, "agency.police.urgent.x")])
    # It cannot be delayed, so it comes again at once, counted.
    for delay in ("100", "700"):
        engine.management.delete("queues", engine.vhost, f"mash.delay.{delay}")
    subscription = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=1)
    for attempt in range(1, LIMIT + 2):
        (got,) = await take(subscription, 1)
        assert got.attempt == attempt
        await subscription.fail(got, "x")
    coordinator = await engine.connect("coordinator")
    (dead,) = await take(await coordinator.subscribe(DEAD_QUEUE, prefetch=1), 1)
    assert (dead.message_id, dead.failure) == ("message-1", "delivery_limit")


async def test_a_wrong_password_is_an_error_that_does_not_show_it(engine: RabbitEngine) -> None:
    url = engine.url("police").with_password("a-secret-thing")
    with pytest.raises(BrokerError) as error:
        await connect(str(url), "police", TOPOLOGY, jitter=lambda: 0.5)
    assert "a-secret-thing" not in str(error.value)


@pytest.mark.parametrize("how", [f"dead.{POLICE_URGENT}", f"100.{POLICE_URGENT}"])
@pytest.mark.parametrize(
    ("claimed", "key"),
    [
        ("coordinator", "agency.health.urgent.x"),
        ("health", "coordinator.routine.x"),
        ("health", "agency.police.urgent.x"),
        ("nobody-known", "agency.police.urgent.x"),
    ],
)
async def test_who_gives_up_a_message_cannot_name_a_sender_who_could_not_have_sent_it(
    engine: RabbitEngine, police: AbstractChannel, claimed: str, key: str, how: str
) -> None:
    await send(police, "mash.delay", how, headers=a_past(claimed, key))
    dead = await the_dead_letter(engine, how)
    assert dead.user is None
    assert dead.routing_key != key
    assert dead.origin_queue == POLICE_URGENT


async def test_who_gives_up_a_message_is_believed_of_a_sender_who_can_have_sent_it(
    engine: RabbitEngine, police: AbstractChannel
) -> None:
    key = "agency.police.urgent.x"
    await send(police, "mash.delay", f"dead.{POLICE_URGENT}", headers=a_past("coordinator", key))
    dead = await the_dead_letter(engine, "dead")
    assert (dead.user, dead.routing_key, dead.attempt) == ("coordinator", key, 4)


async def test_nobody_is_believed_who_does_not_say_who_it_is(
    engine: RabbitEngine, police: AbstractChannel
) -> None:
    past = a_past("coordinator", "agency.police.urgent.x")
    await send(police, "mash.delay", f"dead.{POLICE_URGENT}", user=None, headers=past)
    assert (await the_dead_letter(engine, "dead")).user is None


def a_past(user: str, key: str) -> FieldTable:
    return {
        "x-mash-user": user,
        "x-mash-routing-key": key,
        "x-mash-attempts": "3",
        "x-mash-failures": "0",
        "x-mash-failure": "handler_failed",
    }


async def the_dead_letter(engine: RabbitEngine, how: str) -> Delivery:
    """What comes to the dead queue, once its reader has vanished often enough if it takes that."""
    if not how.startswith("dead"):
        for _ in range(LIMIT + 1):
            reader = await engine.connect("police")
            await take(await reader.subscribe(POLICE_URGENT, prefetch=1), 1)
            await engine.kill(reader)
    coordinator = await engine.connect("coordinator")
    (dead,) = await take(await coordinator.subscribe(DEAD_QUEUE, prefetch=1), 1)
    return dead
