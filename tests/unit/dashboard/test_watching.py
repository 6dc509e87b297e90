"""Live updates: what is told, when, to whom, and that nobody looks when nobody is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

from ops.clocks import LoopClock
from ops.dashboard.watching import Watching
from tests.support.dashboard import MORNING
from tests.support.small_world import in_virtual_time

EVERY = timedelta(seconds=2)


class Thing:
    """Something to look at, which counts the looks."""

    def __init__(self) -> None:
        self.text, self.looks = "a", 0

    async def look(self) -> str:
        self.looks += 1
        return self.text


async def heard(changes: AsyncIterator[str], into: list[str]) -> None:
    async for text in changes:
        into.append(text)


@in_virtual_time
async def test_those_who_see_the_same_are_told_of_each_change_by_one_look() -> None:
    clock, thing = LoopClock(MORNING), Thing()
    watching = Watching(clock, EVERY)
    told: list[list[str]] = [[], []]
    tasks = [asyncio.create_task(heard(watching.changes("board", thing.look, "a"), into)) for into in told]
    await clock.sleep(EVERY * 10.5)
    assert told == [[], []]
    assert thing.looks <= 12
    thing.text = "b"
    await clock.sleep(EVERY)
    assert told == [["b"], ["b"]]
    watching.end()
    await asyncio.gather(*tasks)


@in_virtual_time
async def test_a_page_that_is_out_of_date_when_it_begins_to_listen_is_told_at_once() -> None:
    clock, thing = LoopClock(MORNING), Thing()
    watching = Watching(clock, EVERY)
    told: list[str] = []
    task = asyncio.create_task(heard(watching.changes("board", thing.look, "older"), told))
    await clock.sleep(timedelta(milliseconds=1))
    assert told == ["a"]
    watching.end()
    await task


@in_virtual_time
async def test_nothing_is_looked_at_once_the_last_one_has_gone() -> None:
    clock, thing = LoopClock(MORNING), Thing()
    watching = Watching(clock, EVERY)
    task = asyncio.create_task(heard(watching.changes("board", thing.look, "a"), []))
    await clock.sleep(EVERY * 2.5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    before = thing.looks
    await clock.sleep(EVERY * 10)
    assert thing.looks == before


@in_virtual_time
async def test_a_look_that_fails_ends_the_listening_so_that_the_page_tries_again() -> None:
    clock, thing = LoopClock(MORNING), Thing()
    watching = Watching(clock, EVERY)

    async def look() -> str:
        if thing.text == "none":
            raise OSError("gone")
        return await thing.look()

    task = asyncio.create_task(heard(watching.changes("board", look, "a"), []))
    await clock.sleep(EVERY * 1.5)
    assert not task.done()
    thing.text = "none"
    await clock.sleep(EVERY * 2)
    assert task.done()
    assert isinstance(task.exception(), OSError)


@in_virtual_time
async def test_a_change_while_others_are_only_beginning_to_look_is_told_to_everybody() -> None:
    clock, thing = LoopClock(MORNING), Thing()
    watching = Watching(clock, EVERY)
    told: list[list[str]] = [[], [], []]

    async def slow() -> str:
        await clock.sleep(timedelta(seconds=1))
        return await thing.look()

    tasks = []
    for into in told:
        tasks.append(asyncio.create_task(heard(watching.changes("board", slow, "a"), into)))
        await clock.sleep(timedelta(milliseconds=400))
    thing.text = "b"
    await clock.sleep(EVERY * 3)
    assert told == [["b"], ["b"], ["b"]]
    watching.end()
    await asyncio.gather(*tasks)


@in_virtual_time
async def test_whoever_joins_while_a_look_fails_is_let_go_too_and_the_next_one_hears_again() -> None:
    clock, thing = LoopClock(MORNING), Thing()
    watching = Watching(clock, EVERY)
    fails = True

    async def look() -> str:
        if fails:
            raise OSError("gone")
        return await thing.look()

    tasks = []
    for _ in range(50):  # one in every turn of the loop, so some come just as the look has failed
        tasks.append(asyncio.create_task(heard(watching.changes("board", look, "a"), [])))
        await asyncio.sleep(0)
    await clock.sleep(EVERY * 2)
    assert [task for task in tasks if not task.done()] == []
    assert all(isinstance(task.exception(), OSError) for task in tasks)

    fails, thing.text = False, "b"
    told: list[str] = []
    later = asyncio.create_task(heard(watching.changes("board", look, "a"), told))
    await clock.sleep(EVERY * 2)
    assert told == ["b"]
    watching.end()
    await later


@in_virtual_time
async def test_who_is_still_being_told_when_a_look_fails_is_let_go_too() -> None:
    clock, thing = LoopClock(MORNING), Thing()
    watching = Watching(clock, EVERY)

    async def look() -> str:
        if thing.looks:
            raise OSError("gone")
        return await thing.look()

    async def slowly() -> None:
        async for _ in watching.changes("board", look, "older"):
            await clock.sleep(EVERY * 2)

    task = asyncio.create_task(slowly())
    await clock.sleep(EVERY * 4)
    assert task.done()
    assert isinstance(task.exception(), OSError)
