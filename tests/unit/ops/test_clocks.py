"""Clocks: virtual time passes only when nobody is busy; a scaled clock is the same for all who share it."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from ops.clocks import LoopClock, NothingLeftToHappen, ScaledClock, SystemClock, run_virtual

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_three_days_pass_at_once_when_everybody_sleeps() -> None:
    async def main() -> list[tuple[str, datetime]]:
        clock = LoopClock(NOON)
        woke: list[tuple[str, datetime]] = []

        async def sleeper(name: str, length: timedelta) -> None:
            await clock.sleep(length)
            woke.append((name, clock.now()))

        await asyncio.gather(
            sleeper("third", timedelta(days=3)),
            sleeper("first", timedelta(seconds=0.1)),
            sleeper("second", timedelta(hours=2, microseconds=7)),
        )
        return woke

    began = time.monotonic()
    assert run_virtual(main()) == [
        ("first", NOON + timedelta(seconds=0.1)),
        ("second", NOON + timedelta(hours=2, microseconds=7)),
        ("third", NOON + timedelta(days=3)),
    ]
    assert time.monotonic() - began < 3600


def test_a_sleep_never_ends_before_its_moment() -> None:
    async def main() -> None:
        clock = LoopClock(NOON)
        for n in range(1, 500):
            until = clock.now() + timedelta(microseconds=n * 7919)
            await clock.sleep(until - clock.now())
            assert clock.now() >= until

    run_virtual(main())


def test_time_stands_still_while_a_thread_works() -> None:
    async def main() -> datetime:
        clock = LoopClock(NOON)
        timer = asyncio.create_task(clock.sleep(timedelta(seconds=1)))
        await asyncio.to_thread(time.sleep, 0.02)
        now = clock.now()
        assert not timer.done()
        await timer
        return now

    assert run_virtual(main()) == NOON


def test_a_real_connection_is_waited_for() -> None:
    async def main() -> bytes:
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        late = threading.Timer(0.02, theirs.sendall, (b"late",))
        late.start()
        got = await reader.readexactly(4)
        late.join()
        writer.close()
        await writer.wait_closed()
        theirs.close()
        return got

    assert run_virtual(main()) == b"late"


def test_waiting_for_what_cannot_come_is_an_error_and_not_for_ever() -> None:
    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(NothingLeftToHappen):
        run_virtual(main())


async def test_a_scaled_clock_shows_the_same_to_all_who_share_its_settings() -> None:
    real = [NOON + timedelta(seconds=10)]
    one, other = (
        ScaledClock(origin=NOON, start=NOON - timedelta(days=1), factor=360.0, real=lambda: real[0])
        for _ in range(2)
    )
    assert one.now() == other.now() == NOON - timedelta(days=1) + timedelta(hours=1)


async def test_a_scaled_sleep_lasts_until_its_moment_on_that_clock() -> None:
    clock = ScaledClock(origin=datetime.now(UTC), start=NOON, factor=36_000.0)
    until = clock.now() + timedelta(minutes=5)
    await clock.sleep(until - clock.now())
    assert clock.now() >= until


async def test_the_system_clock_is_aware_and_in_utc() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    await clock.sleep(timedelta(seconds=-1))
