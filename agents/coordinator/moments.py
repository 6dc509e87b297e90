"""What a source says of when something was: never far ahead of the hub's own clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from agents.coordinator.setting import Setting
from agents.deciding import Refused

AHEAD = timedelta(days=1)
"""How far ahead of the hub's clock a source's may be; further ahead is a slip, of the year for instance."""


def require_made(at: datetime, setting: Setting, *, field: str) -> None:
    """Raises `Refused` for a moment that has not come."""
    if at > setting.now + AHEAD:
        name = field.rpartition(".")[2]
        raise Refused(
            "made_in_the_future",
            f"Correct {name}: it is later than the hub's clock, {setting.now.isoformat('T', 'minutes')}.",
            fields=(field,),
        )
