"""A moment as a person gives it at the command line."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from ops.local_time import local_time
from ops.problem import WrongInput


def past_moment(said: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A moment that has come, of the partnership's clock where it has no offset.

    Raises
    ------
    WrongInput
        for what is no time, or is still to come: nobody can tell how a case will stand then.
    """
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise WrongInput("--at takes a time such as 2026-07-01T12:00 or 2026-07-01T11:00:00Z") from None
    moment = found if found.tzinfo else found.replace(tzinfo=zone)
    if moment > now:
        raise WrongInput(f"--at: {local_time(moment, zone)} is still to come; it is {local_time(now, zone)}")
    return moment
