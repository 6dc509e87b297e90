"""Content for a page: read through the vault by the rules of `ops.who_reads`, on record every time. [D02]"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from agents.coordinator.case import Case
from ops.dashboard.admitting import Door, session_in, viewer_in
from ops.dashboard.given import Given
from ops.dashboard.viewer import Viewer
from ops.reading import Readings
from ops.who_reads import Asking, Denied


def asking_in(request: Request, case_id: str) -> Asking:
    """Who reads, for what they said last that they read this case for."""
    return asking_by(viewer_in(request), session_in(request).purposes[case_id])


def asking_by(viewer: Viewer, purpose: str) -> Asking:
    """Who reads, and what for."""
    return Asking(viewer.person, viewer.agency, purpose, viewer.roles)


async def content_for(given: Given, door: Door, request: Request, case: Case) -> dict[str, Any]:
    """What this person may read of a case.

    Raises
    ------
    NotAllowed
        when they may not; that is on record.
    VaultError, StoreError
    """
    return await content_read(given, door, request, case, asking_in(request, case.case_id))


async def content_read(given: Given, door: Door, request: Request, case: Case, who: Asking) -> dict[str, Any]:
    """The same for whoever says what for in the request itself. Raises as `content_for`."""
    readings = Readings(given.vault, given.partnership, given.today)
    try:
        return await readings.read(case, who)
    except Denied as denied:
        await door.refuse(request, denied.reason, case.case_id)
