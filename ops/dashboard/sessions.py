"""Who is signed in, in this process's memory: a restart signs everybody out, and processes do not share it.

A session is for one browser. It ends when nothing was asked of it for a while, and some hours after it began,
by the real clock.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from messages.clock import Clock
from ops.dashboard.meeting import Meeting


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a referral that somebody registered. It is ``taken`` unless the hub has not handled it
    yet."""

    case: str
    taken: bool


@dataclass(slots=True)
class Session:
    """What is known of a browser. ``person`` and ``agency`` are None before sign-in, and it has no id then
    (`ops.dashboard.strangers`).

    ``form_token`` has to come back with every form. ``purposes`` has what the person reads each case for, as
    they said it, by its key, and ``meetings`` the daily rounds whose meeting they opened, by its code;
    ``told`` is what the next page tells them of the last thing that they did, and ``registered`` the last
    referral that they registered. ``underway`` is what a sign-in keeps from its first step to its last.
    """

    id: str = field(repr=False)
    form_token: str = field(repr=False)
    seen: datetime
    began: datetime
    person: str | None = None
    agency: str | None = None
    purposes: dict[str, str] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict, repr=False)
    told: str | None = None
    registered: Registered | None = None
    underway: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def signed_in(self) -> bool:
        return self.person is not None

    def is_its_form(self, token: str) -> bool:
        """Whether a form was made for this session."""
        return secrets.compare_digest(self.form_token.encode(), token.encode())


class Sessions:
    """The sessions of the people of one dashboard."""

    def __init__(
        self,
        clock: Clock,
        idle: timedelta,
        longest: timedelta,
        new_secret: Callable[[], str],
        ran_out: Callable[[Session], None] = lambda session: None,
    ) -> None:
        """``ran_out`` is told of each session of a person that ended by itself."""
        self._clock = clock
        self._idle = idle
        self._longest = longest
        self._new_secret = new_secret
        self._ran_out = ran_out
        self._people: dict[str, Session] = {}

    def begin(self, person: str, agency: str) -> Session:
        """A session of a person who has just signed in. Nothing of it was in the browser before, where
        somebody else may have planted it."""
        self._forget_over()
        now = self._clock.now()
        session = Session(self._new_secret(), self._new_secret(), now, now, person, agency)
        self._people[session.id] = session
        return session

    def find(self, session_id: str, *, is_use: bool = True) -> Session | None:
        """The session, unless it has ended. ``is_use``: it was asked for by a person, and not by a page that
        looks for news by itself, so that it counts from now on."""
        session = self._people.get(session_id)
        if session is None:
            return None
        if self._over(session):
            self._lapse(session)
            return None
        if is_use:
            session.seen = self._clock.now()
        return session

    def end(self, session_id: str) -> None:
        """Sign out. Ending twice is not an error."""
        self._people.pop(session_id, None)

    def left(self, session: Session) -> timedelta:
        """How long it goes on when nothing more is asked of it."""
        return min(session.seen + self._idle, self._last(session)) - self._clock.now()

    def can_be_longer(self, session: Session) -> bool:
        """Whether it goes on longer when something is asked of it now."""
        return session.seen + self._idle < self._last(session)

    def _last(self, session: Session) -> datetime:
        return session.began + self._longest

    def _over(self, session: Session) -> bool:
        return self.left(session) <= timedelta(0)

    def _lapse(self, session: Session) -> None:
        self.end(session.id)
        self._ran_out(session)

    def _forget_over(self) -> None:
        for session in [one for one in self._people.values() if self._over(one)]:
            self._lapse(session)
