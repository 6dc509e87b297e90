"""One look for all who ask for the same at once, as when a shift begins and everybody opens the board.

A look begins after everybody asked who gets it, so nobody sees less than what was there when they asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Seen = TypeVar("Seen")


class Together(Generic[Seen]):
    """The looks that are about to begin. At most one for the same thing is under way."""

    def __init__(self) -> None:
        self._next: dict[Hashable, asyncio.Task[Seen]] = {}
        self._under_way: dict[Hashable, asyncio.Lock] = {}

    async def look(self, what: Hashable, look: Callable[[], Awaitable[Seen]]) -> Seen:
        """What ``look`` finds, by this or by another's that begins later than now.

        ``what`` is the same for those who see the same. Raises what the look raises.
        """
        task = self._next.get(what)
        if task is None:
            task = self._next[what] = asyncio.create_task(self._look(what, look))
        return await asyncio.shield(task)  # one who goes away does not take it from the others

    async def _look(self, what: Hashable, look: Callable[[], Awaitable[Seen]]) -> Seen:
        lock = self._under_way.setdefault(what, asyncio.Lock())
        async with lock:
            await asyncio.sleep(0)  # whoever has just arrived comes along
            del self._next[what]
            try:
                return await look()
            finally:
                if what not in self._next:
                    del self._under_way[what]
