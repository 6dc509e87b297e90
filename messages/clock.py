"""Where time and identifiers come from: injected, so that the same code runs under a virtual clock.

Nothing in messages, broker, store or agents reads the system clock or makes an identifier by
itself; each takes one of these instead.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

NewId = Callable[[], str]
"""Makes an identifier that was never made before (a UUID in production, a counter in a replay)."""


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    async def sleep(self, length: timedelta) -> None:
        """Wait for a length of this clock's own time."""
        ...
