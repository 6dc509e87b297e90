"""What the dashboard is given: it opens nothing itself and has no state but its sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from agents.partnership import Partnership
from messages.clock import Clock, NewId
from ops.dashboard.sign_in import SignIn
from ops.operations.engines import Engines
from ops.speaking import Speaker
from store.port import Store
from store.vault import Vault


@dataclass(frozen=True, slots=True)
class Given:
    """Everything that differs from one dashboard to the next.

    ``clock`` is the hub's; ``wall`` the real one, by which sessions end and lists are looked at again, since
    people wait in real time even where the hub's runs faster. ``store`` and ``vault`` are the coordinator's,
    ``audit_secret`` keys the chains of what was refused, looked for and handled again from here;
    ``index_key`` makes the keyed hashes by which the coordinator finds people. ``speaker`` says to the hub
    what people decide: no document is written. ``engines`` tell operations staff how the hub is.
    ``new_secret`` makes what nobody can guess.
    A session ends after ``idle`` in which nobody asked anything of it, and ``longest`` after it began.
    ``secure`` says that browsers reach it by https, so that cookies go no other way. ``rows`` is the length
    of a page of the board.
    """

    store: Store
    vault: Vault
    audit_secret: bytes
    index_key: bytes
    partnership: Partnership
    speaker: Speaker
    engines: Engines
    sign_in: SignIn
    clock: Clock
    wall: Clock
    new_id: NewId
    new_secret: Callable[[], str]
    secure: bool
    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=12)
    look_every: timedelta = timedelta(seconds=2)
    rows: int = 50

    @property
    def now(self) -> datetime:
        """The hub's time."""
        return self.clock.now()

    @property
    def today(self) -> date:
        """The day by which clearances hold, as the coordinator counts days."""
        return self.partnership.clocks.day_of(self.now)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the partnership's clock."""
        return self.partnership.clocks.zone
