"""The embedded broker after its process ended, in good order or not, and on a clock that is not real."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broker.embedded import EmbeddedServer
from broker.port import BrokerError, NotPublished
from messages.topology import DEAD_QUEUE
from tests.support.broker_engines import POLICE_ROUTINE, POLICE_URGENT, TOPOLOGY, ids, message, take

KEY = "agency.police.urgent.x"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRST_DELAY, SECOND_DELAY = TOPOLOGY.retry_delays


class HandClock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self._now = START
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, length: timedelta) -> None:
        awake = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + length, awake))
        await awake

    async def move(self, length: timedelta) -> None:
        self._now += length
        for until, awake in self._sleepers:
            if until <= self._now and not awake.done():
                awake.set_result(None)
        for _ in range(5):
            await asyncio.sleep(0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "broker.sqlite"


def server(path: Path, clock: HandClock | None = None) -> EmbeddedServer:
    return EmbeddedServer(path, TOPOLOGY, clock or HandClock())


async def test_what_waited_is_there_when_the_file_is_opened_again(path: Path) -> None:
    before = server(path)
    await before.connect("coordinator").publish([message(number, KEY, body=b"sealed") for number in range(3)])
    before.close()
    subscription = await server(path).connect("police").subscribe(POLICE_URGENT, prefetch=5)
    again = await take(subscription, 3)
    assert ids(again) == ["message-0", "message-1", "message-2"]
    assert [(d.body, d.user, d.attempt) for d in again] == [(b"sealed", "coordinator", 1)] * 3


async def test_what_was_out_in_a_crash_comes_again_counted_and_what_was_done_does_not(path: Path) -> None:
    before = server(path)
    await before.connect("coordinator").publish([message(number, KEY) for number in range(3)])
    subscription = await before.connect("police").subscribe(POLICE_URGENT, prefetch=2)
    out = await take(subscription, 2)
    await subscription.acknowledge(out[:1])
    before.close()
    again = await take(await server(path).connect("police").subscribe(POLICE_URGENT, prefetch=5), 2)
    assert [(d.message_id, d.attempt) for d in again] == [("message-1", 2), ("message-2", 1)]


async def test_crashing_too_often_over_a_message_sets_it_apart(path: Path) -> None:
    before = server(path)
    await before.connect("coordinator").publish([message(1, KEY)])
    for _ in range(TOPOLOGY.delivery_limit + 1):
        await take(await before.connect("police").subscribe(POLICE_URGENT, prefetch=1), 1)
        before.close()
        before = server(path)
    (dead,) = await take(await before.connect("coordinator").subscribe(DEAD_QUEUE, prefetch=1), 1)
    assert (dead.failure, dead.origin_queue) == ("delivery_limit", POLICE_URGENT)


async def test_an_orderly_close_counts_nothing(path: Path) -> None:
    before = server(path)
    await before.connect("coordinator").publish([message(1, KEY)])
    police = before.connect("police")
    await take(await police.subscribe(POLICE_URGENT, prefetch=1), 1)
    await police.close()
    before.close()
    (again,) = await take(await server(path).connect("police").subscribe(POLICE_URGENT, prefetch=1), 1)
    assert again.attempt == 1


async def test_a_delayed_message_comes_when_the_injected_clock_says_so_and_not_before(path: Path) -> None:
    clock = HandClock()
    broker = server(path, clock)
    await broker.connect("coordinator").publish([message(1, KEY)])
    police = broker.connect("police")
    subscription = await police.subscribe(POLICE_URGENT, prefetch=1)
    await subscription.fail((await take(subscription, 1))[0], "x")
    await clock.move(FIRST_DELAY - timedelta(microseconds=1))
    assert await police.depth(POLICE_URGENT) == 0
    await clock.move(timedelta(microseconds=1))
    assert await police.depth(POLICE_URGENT) == 1


async def test_a_shorter_delay_set_later_rings_first(path: Path) -> None:
    clock = HandClock()
    broker = server(path, clock)
    coordinator, police = broker.connect("coordinator"), broker.connect("police")
    urgent = await police.subscribe(POLICE_URGENT, prefetch=5)
    await coordinator.publish([message("long", KEY)])
    await urgent.fail((await take(urgent, 1))[0], "x")
    await clock.move(FIRST_DELAY)
    await urgent.fail((await take(urgent, 1))[0], "x")
    await coordinator.publish([message("short", "agency.police.routine.x")])
    routine = await police.subscribe(POLICE_ROUTINE, prefetch=5)
    await routine.fail((await take(routine, 1))[0], "x")
    await clock.move(FIRST_DELAY)
    assert [await police.depth(queue) for queue in (POLICE_URGENT, POLICE_ROUTINE)] == [0, 1]
    await clock.move(SECOND_DELAY - FIRST_DELAY)
    assert [await police.depth(queue) for queue in (POLICE_URGENT, POLICE_ROUTINE)] == [1, 1]


async def test_a_delay_outlives_the_process_with_the_rest_of_its_length(path: Path) -> None:
    clock = HandClock()
    before = server(path, clock)
    await before.connect("coordinator").publish([message(1, KEY)])
    subscription = await before.connect("police").subscribe(POLICE_URGENT, prefetch=1)
    await subscription.fail((await take(subscription, 1))[0], "x")
    before.close()
    await clock.move(FIRST_DELAY / 2)
    police = server(path, clock).connect("police")
    await police.subscribe(POLICE_ROUTINE, prefetch=1)
    await asyncio.sleep(0)
    assert await police.depth(POLICE_URGENT) == 0
    await clock.move(FIRST_DELAY / 2)
    assert await police.depth(POLICE_URGENT) == 1


async def test_a_second_opener_of_the_file_is_turned_away(path: Path) -> None:
    first = server(path)
    with pytest.raises(BrokerError, match="file"):
        server(path)
    await first.connect("coordinator").publish([message(1, KEY)])


def test_nobody_else_on_the_machine_may_read_the_file(path: Path) -> None:
    server(path).close()
    assert path.stat().st_mode & 0o077 == 0


def test_a_user_that_was_not_declared_is_turned_away(path: Path) -> None:
    with pytest.raises(BrokerError, match="stranger"):
        server(path).connect("stranger")


async def test_a_full_disk_is_an_error_to_the_publisher_and_loses_nothing(path: Path) -> None:
    broker = server(path)
    coordinator = broker.connect("coordinator")
    await coordinator.publish([message(1, KEY)])
    database = broker._journal._db
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(NotPublished) as error:
        await coordinator.publish([message(number, KEY, body=bytes(100_000)) for number in (2, 3)])
    assert error.value.failed == {"message-2": "unconfirmed", "message-3": "unconfirmed"}
    database.execute(f"PRAGMA max_page_count = {pages + 1000}")
    await coordinator.publish([message(4, KEY)])
    subscription = await broker.connect("police").subscribe(POLICE_URGENT, prefetch=5)
    assert ids(await take(subscription, 2)) == ["message-1", "message-4"]
