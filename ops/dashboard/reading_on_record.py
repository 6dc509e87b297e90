"""Content for a page: read through the vault by the rules of `ops.who_reads`, on record every time. [D02]"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from agents.coordinator.case import Case
from ops.dashboard.admitting import Door, session_in, viewer_in
from ops.dashboard.given import Given
from ops.reading import Readings
from ops.who_reads import Asking, Denied


def asking_in(request: Request, case_id: str) -> Asking:
    """Who reads, for what they said last that they read this case for."""
    viewer = viewer_in(request)
    return Asking(viewer.person, viewer.agency, session_in(request).purposes[case_id], viewer.roles)


async def content_for(given: Given, door: Door, request: Request, case: Case) -> dict[str, Any]:
    """What this person may read of a case.

    Raises
    ------
    NotAllowed
        when they may not; that is on record.
    VaultError, StoreError
    """
    try:
        return await _readings(given).read(case, asking_in(request, case.case_id))
    except Denied as denied:
        await door.refuse(request, denied.reason, case.case_id)


async def reasons_for(given: Given, door: Door, request: Request, case: Case) -> list[dict[str, Any]]:
    """Why everything in a case was decided, as far as this person may read it. [D14, D15]

    Raises as `content_for` does.
    """
    try:
        return await _readings(given).reasons(case, asking_in(request, case.case_id))
    except Denied as denied:
        await door.refuse(request, denied.reason, case.case_id)


def _readings(given: Given) -> Readings:
    return Readings(given.vault, given.partnership, given.today)
