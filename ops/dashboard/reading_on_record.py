"""Content for a page: read through the vault by the rules of `ops.who_reads`, on record every time. [D02]"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from agents.coordinator.case import Case
from ops import retention
from ops.dashboard.admitting import ContentGone, Door, session_in, viewer_in
from ops.dashboard.given import Given
from ops.local_time import local_time
from ops.reading import Readings
from ops.who_reads import Asking, Denied


def asking_in(request: Request, case_id: str) -> Asking:
    """Who reads, for what they said last that they read this case for."""
    viewer = viewer_in(request)
    return Asking(viewer.person, viewer.agency, session_in(request).purposes[case_id], viewer.roles)


async def require_kept(given: Given, case_id: str) -> None:
    """Raises `ContentGone` when the content of a case has been destroyed, StoreError. [L09]"""
    if gone := await retention.destroyed(case_id, given.store):
        raise ContentGone(case_id, gone.in_words(local_time(gone.at, given.zone)))


async def content_for(given: Given, door: Door, request: Request, case: Case) -> dict[str, Any]:
    """What this person may read of a case.

    Raises
    ------
    NotAllowed
        when they may not; that is on record.
    ContentGone
    VaultError, StoreError
    """
    await require_kept(given, case.case_id)
    readings = Readings(given.vault, given.partnership, given.today)
    try:
        return await readings.read(case, asking_in(request, case.case_id))
    except Denied as denied:
        await door.refuse(request, denied.reason, case.case_id)
