"""A RabbitMQ server that goes away and comes back, and consumers that are lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aio_pika
import pytest
from aiormq.channel import Channel
from pamqp import commands

from broker.port import Delivery, NotPublished
from broker.rabbitmq.broker import RabbitBroker
from broker.rabbitmq.subscription import RabbitSubscription
from tests.support.broker_engines import (
    POLICE_URGENT,
    RECOVERY_S,
    TOPOLOGY,
    RabbitEngine,
    ids,
    message,
    take,
    until,
)
from tests.support.proxy import proxy_before
from tests.support.servers import RabbitServer

KEY = "agency.police.urgent.x"


@pytest.fixture
async def engine(rabbitmq_server: RabbitServer) -> AsyncIterator[RabbitEngine]:
    engine = RabbitEngine(rabbitmq_server)
    await engine.start(TOPOLOGY)
    yield engine
    await engine.end()


async def receive(subscription: RabbitSubscription, wanted: set[str]) -> list[Delivery]:
    """Take and acknowledge until each wanted message came, maybe some of them more than once."""
    taken: list[Delivery] = []
    async with asyncio.timeout(RECOVERY_S):
        while not wanted <= set(ids(taken)):
            several = await subscription.take(100)
            await subscription.acknowledge(several)
            taken += several
    return taken


@pytest.mark.parametrize("how", ["restart", "crash"])
async def test_messages_and_consumers_outlive_a_server(engine: RabbitEngine, how: str) -> None:
    coordinator, police = await engine.connect("coordinator"), await engine.connect("police")
    subscription = await police.subscribe(POLICE_URGENT, prefetch=5)
    await coordinator.publish([message(number, KEY) for number in range(20)])
    out = await take(subscription, 3)
    await (engine.restart() if how == "restart" else engine.crash())
    await until(police.healthy)
    await until(coordinator.healthy)
    # From before the restart: passed over.
    await subscription.acknowledge(out)
    await subscription.hand_back(out)
    await coordinator.publish([message(20, KEY)])
    everything = {f"message-{number}" for number in range(21)}
    again = await receive(subscription, everything)
    assert all(delivery.attempt == 2 for delivery in again if delivery.message_id in set(ids(out)))


async def test_a_consumer_that_consumes_anew_has_acknowledged_what_was_done(engine: RabbitEngine) -> None:
    coordinator, police = await engine.connect("coordinator"), await engine.connect("police")
    subscription = await police.subscribe(POLICE_URGENT, prefetch=100)
    await coordinator.publish([message(number, KEY) for number in range(3)])
    await subscription.acknowledge(await take(subscription, 3))
    subscription.restart()
    await coordinator.publish([message(3, KEY)])
    assert ids(await take(subscription, 1)) == ["message-3"]


@pytest.mark.parametrize("steps", range(8))
async def test_an_agent_that_stops_while_it_consumes_anew_does_stop(
    engine: RabbitEngine, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """Python before 3.12 can forget a cancellation that comes just when what is waited for comes too."""
    subscription = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=100)
    next_frame: Any = Channel._get_frame
    stopping: asyncio.Future[asyncio.Task[None]] = asyncio.get_running_loop().create_future()

    async def stop_soon_after() -> None:
        for _ in range(steps):
            await asyncio.sleep(0)
        await subscription.leave()

    async def told(self: Channel) -> Any:
        frame = await next_frame(self)
        if isinstance(frame, commands.Basic.ConsumeOk):
            stopping.set_result(asyncio.create_task(stop_soon_after()))
        return frame

    monkeypatch.setattr(Channel, "_get_frame", told)
    subscription.restart()
    async with asyncio.timeout(RECOVERY_S):
        await (await stopping)
    assert await subscription.take(1) == []


async def test_an_acknowledgement_does_not_wait_for_ever_for_company(engine: RabbitEngine) -> None:
    coordinator, police = await engine.connect("coordinator"), await engine.connect("police")
    subscription = await police.subscribe(POLICE_URGENT, prefetch=100)
    await coordinator.publish([message(0, KEY)])
    await subscription.acknowledge(await take(subscription, 1))

    async def the_server_knows() -> bool:
        found = await asyncio.to_thread(engine.management.get, "queues", engine.vhost, POLICE_URGENT)
        return bool(found.get("messages") == 0)

    await until(the_server_knows)


async def test_what_is_published_during_an_outage_arrives_after_it(engine: RabbitEngine) -> None:
    coordinator = await engine.connect("coordinator", publish_timeout=timedelta(seconds=RECOVERY_S))
    subscription = await (await engine.connect("police")).subscribe(POLICE_URGENT, prefetch=100)
    outage = asyncio.create_task(engine.restart())
    sent: set[str] = set()
    while not outage.done():
        batch = [message(len(sent) + number, KEY) for number in range(10)]
        await coordinator.publish(batch)
        sent |= {each.message_id for each in batch}
        await asyncio.sleep(0.01)
    await outage
    await receive(subscription, sent)


async def test_an_agent_comes_back_whatever_the_client_library_makes_of_a_server_that_hangs_up(
    engine: RabbitEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server, or a proxy before it, that hangs up between two frames of the first exchange makes the
    library raise what no library should. It was seen when a container was started again."""
    address = engine.url("police")
    assert address.host is not None and address.port is not None
    connect, refused = aio_pika.Connection.connect, 0

    async def hung_up(self: aio_pika.Connection, timeout: float | None = None) -> None:
        nonlocal refused
        if refused < 4:
            refused += 1
            raise StopAsyncIteration
        await connect(self, timeout)

    coordinator = await engine.connect("coordinator")
    async with proxy_before(address.host, address.port) as proxy:
        url = address.with_host("127.0.0.1").with_port(proxy.port)
        police = RabbitBroker(url, TOPOLOGY, jitter=lambda: 0.0)
        await police.open()
        try:
            subscription = await police.subscribe(POLICE_URGENT, prefetch=5)
            monkeypatch.setattr(aio_pika.Connection, "connect", hung_up)
            proxy.cut()
            await coordinator.publish([message(1, KEY)])
            await receive(subscription, {"message-1"})
            await until(police.healthy)
            assert refused == 4
        finally:
            await police.close()


async def test_a_publisher_gives_up_when_the_server_stays_away_too_long(engine: RabbitEngine) -> None:
    coordinator = await engine.connect("coordinator", publish_timeout=timedelta(milliseconds=200))
    outage = asyncio.create_task(engine.restart())
    number = 0
    with pytest.raises(NotPublished) as error:
        while True:
            number += 1
            await coordinator.publish([message(number, KEY)])
            await asyncio.sleep(0.01)
    assert set(error.value.failed.values()) == {"unconfirmed"}
    await outage
    await until(coordinator.healthy)
    await coordinator.publish([message(number, KEY)])


async def test_a_consumer_whose_connection_is_cut_by_the_server_comes_back(engine: RabbitEngine) -> None:
    coordinator, police = await engine.connect("coordinator"), await engine.connect("police")
    subscription = await police.subscribe(POLICE_URGENT, prefetch=5)

    async def cut() -> bool:
        """The management API learns of a connection some seconds after it is made."""
        connections = await asyncio.to_thread(engine.management.get, "vhosts", engine.vhost, "connections")
        names = [each["name"] for each in connections if each.get("user") == "police"]
        for name in names:
            await asyncio.to_thread(engine.management.delete, "connections", name)
        return len(names) >= 2

    await until(cut)
    await coordinator.publish([message(1, KEY)])
    await receive(subscription, {"message-1"})
    await until(police.healthy)


async def test_the_watchdog_brings_back_a_consumer_that_the_server_has_lost(engine: RabbitEngine) -> None:
    police = await engine.connect("police", watch_every=timedelta(milliseconds=50))
    subscription = await police.subscribe(POLICE_URGENT, prefetch=5)
    channel: Any = subscription._channel
    tag = subscription._consumer_tag
    callback = channel.consumers[tag]
    await channel.basic_cancel(tag)
    # The client goes on believing that it has a consumer.
    channel.consumers[tag] = callback
    assert not await police.healthy()
    await until(police.healthy)
    await (await engine.connect("coordinator")).publish([message(1, KEY)])
    await receive(subscription, {"message-1"})


async def test_a_consumer_comes_back_when_its_channel_is_shut(engine: RabbitEngine) -> None:
    police = await engine.connect("police")
    subscription = await police.subscribe(POLICE_URGENT, prefetch=5)
    await (await engine.connect("coordinator")).publish([message(1, KEY)])
    (out,) = await take(subscription, 1)
    channel: Any = subscription._channel
    # The server shuts a channel over a delivery tag that it never gave out.
    await channel.basic_ack(999)
    (again,) = await take(subscription, 1)
    assert (again.message_id, again.attempt) == (out.message_id, 2)
    await subscription.acknowledge([out])
    await subscription.acknowledge([again])
    assert await police.depth(POLICE_URGENT) == 0
    await until(police.healthy)
