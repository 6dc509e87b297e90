"""One look for all who ask for the same at once."""

from __future__ import annotations

import asyncio

import pytest

from ops.dashboard.together import Together


class Board:
    """Counts the looks; each takes until it is let go."""

    def __init__(self) -> None:
        self.looks = 0
        self.begun = asyncio.Event()
        self.go = asyncio.Event()

    async def look(self) -> int:
        self.looks += 1
        mine = self.looks
        self.begun.set()
        await self.go.wait()
        return mine


async def test_all_who_ask_at_once_get_one_look_and_others_one_of_their_own() -> None:
    together: Together[int] = Together()
    board, other = Board(), Board()
    board.go.set()
    other.go.set()
    found = await asyncio.gather(
        *(together.look("all", board.look) for _ in range(50)), together.look("police", other.look)
    )
    assert found == [1] * 51
    assert (board.looks, other.looks) == (1, 1)


async def test_who_asks_while_a_look_is_under_way_gets_one_that_begins_later() -> None:
    together: Together[int] = Together()
    board = Board()
    first = asyncio.create_task(together.look("all", board.look))
    await board.begun.wait()
    later = [asyncio.create_task(together.look("all", board.look)) for _ in range(3)]
    await asyncio.sleep(0)
    board.go.set()
    assert await first == 1
    assert await asyncio.gather(*later) == [2, 2, 2]


async def test_one_who_goes_away_does_not_take_the_look_from_the_others() -> None:
    together: Together[int] = Together()
    board = Board()
    asking = [asyncio.create_task(together.look("all", board.look)) for _ in range(2)]
    await board.begun.wait()
    asking[0].cancel()
    board.go.set()
    assert await asking[1] == 1


async def test_a_look_that_fails_fails_for_all_and_is_tried_again_by_the_next() -> None:
    together: Together[int] = Together()

    async def fails() -> int:
        raise OSError("gone")

    answers = await asyncio.gather(*(together.look("all", fails) for _ in range(2)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [OSError, OSError]
    board = Board()
    board.go.set()
    assert await together.look("all", board.look) == 1
    with pytest.raises(OSError, match="gone"):
        await together.look("all", fails)
