"""The desk at the day's work: looks at the DIALs, the missing people and the rounds, and says what is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from broker.port import NotPublished
from messages.dial import DialAlerted
from messages.envelope import Lane
from messages.words import Rag
from ops.demo.desk.acts import Act
from ops.demo.desk.cast import Cast
from ops.demo.desk.daily import Daily, Day
from ops.demo.desk.post import Post
from ops.demo.desk.rounds import RoundOnDesk
from ops.demo.hub import DemoHub


class DaysWork:
    """Plays everybody in what is no case, in ``daily``. ``postponed`` is how much later everything comes."""

    def __init__(self, hub: DemoHub, cast: Cast, post: Post, daily: Sequence[Daily[Any]]) -> None:
        self._hub = hub
        self._cast = cast
        self._post = post
        self.daily = daily
        self.postponed = timedelta(0)

    def all_ended(self, *, rest_ended: bool) -> bool:
        """Whether nothing more will happen, once everything else has ended as well."""
        day = self._day(rest_ended)
        return all(one.ended(day) for one in self.daily)

    async def look(self, now: datetime, *, rest_ended: bool) -> tuple[bool, datetime | None]:
        """Do what is due: whether anything changed, and when something is due next."""
        changed = await self._see()
        day = self._day(rest_ended)
        next_at: datetime | None = None
        for one in self.daily:
            for act in sorted(one.acts(day), key=lambda act: (act.at, act.key)):
                if act.key in one.done:
                    continue
                if act.at <= now:
                    changed = True
                    await self._say(one, act, now)
                else:
                    next_at = act.at if next_at is None else min(next_at, act.at)
        return changed, next_at

    def _day(self, rest_ended: bool) -> Day:
        """Rounds go on until everything that may be put before them is there."""
        day = Day(self._cast, self._post, self.postponed, rest_ended=False)
        others = all(one.ended(day) for one in self.daily if not isinstance(one, RoundOnDesk))
        return Day(self._cast, self._post, self.postponed, rest_ended=rest_ended and others)

    async def _see(self) -> bool:
        kept = await self._hub.store.load([one.key for one in self.daily]) if self.daily else {}
        moved = [one for one in self.daily if one.key in kept and kept[one.key].version != one.version]
        for one in moved:
            one.see(kept[one.key].state, kept[one.key].version)
        return bool(moved)

    async def _say(self, one: Daily[Any], act: Act, now: datetime) -> None:
        """What could not be sent is said again at the next look."""
        said = act.payload
        urgent = isinstance(said, DialAlerted) and said.rag is Rag.RED
        lane = Lane.URGENT if urgent else Lane.ROUTINE
        try:
            await self._post.send(one.message_id(act.key), act.sender, one.subject(said), said, now, lane)
        except NotPublished:
            return
        one.done.add(act.key)
