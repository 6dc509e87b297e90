"""Looks at the board for those who have it open, once for all who look at the same page of it.

The store tells nobody of a change, so it is asked every few seconds of real time, and only while somebody
looks.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import timedelta

from messages.clock import Clock

Look = Callable[[], Awaitable[str]]
"""Says by another text each time that something is otherwise."""


def digest(*shown: object) -> str:
    """Such a text of what a page shows: values whose ``repr`` has all of them."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


@dataclass(slots=True)
class _Watched:
    seen: str | None = None
    watchers: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class Watching:
    """What is looked at for the open pages of one dashboard."""

    def __init__(self, clock: Clock, every: timedelta) -> None:
        self._clock = clock
        self._every = every
        self._watched: dict[Hashable, _Watched] = {}
        self._ended = False

    async def changes(self, what: Hashable, look: Look, seen: str) -> AsyncGenerator[str]:
        """Each new text of ``look``, beginning with the present one if it is not what was ``seen``.

        Ends when `end` is called. ``what`` is the same for those who see the same.
        """
        one = self._watched.get(what)
        if one is None:
            one = self._watched[what] = _Watched()
            one.task = asyncio.create_task(self._keep_looking(what, one, look))
        one.watchers += 1
        try:
            while not self._ended:
                if one.seen is not None and one.seen != seen:
                    seen = one.seen
                    yield seen
                elif one.task is not None and one.task.done():
                    one.task.result()  # what went wrong goes to the page that looks
                else:
                    await one.changed.wait()
        finally:
            one.watchers -= 1
            if one.watchers == 0:
                self._forget(what, one)

    def end(self) -> None:
        """Let everybody go: the dashboard stops."""
        self._ended = True
        for what, one in list(self._watched.items()):
            one.changed.set()
            self._forget(what, one)

    def _forget(self, what: Hashable, one: _Watched) -> None:
        if self._watched.get(what) is one:
            del self._watched[what]
        if one.task is not None:
            one.task.cancel()

    async def _keep_looking(self, what: Hashable, one: _Watched, look: Look) -> None:
        try:
            while True:
                # Nothing but this sets what was seen, so that nobody misses a change that another saw first.
                found = await look()
                if found != one.seen:
                    one.seen = found
                    self._tell(one)
                await self._clock.sleep(self._every)
        finally:
            # Whoever comes after a look that failed begins anew, and does not join those who are let go.
            if self._watched.get(what) is one:
                del self._watched[what]
            self._tell(one)

    @staticmethod
    def _tell(one: _Watched) -> None:
        told, one.changed = one.changed, asyncio.Event()
        told.set()
