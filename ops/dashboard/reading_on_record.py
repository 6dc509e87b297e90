"""Content for a page: read through the vault by the rules of `ops.who_reads`, on record every time. [D02]"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from agents.coordinator.case import Case
from ops import retention
from ops.dashboard.admitting import ContentGone, Door, session_in, viewer_in
from ops.dashboard.given import Given
from ops.dashboard.moments import to_the_minute
from ops.dashboard.viewer import Viewer
from ops.reading import Document, Readings
from ops.who_reads import Asking, Denied


def asking_in(request: Request, key: str, purpose: str | None = None) -> Asking:
    """Who reads, for a purpose; without one for what they said last that they read this document for."""
    return asking_by(viewer_in(request), purpose or session_in(request).purposes[key])


def asking_by(viewer: Viewer, purpose: str) -> Asking:
    """Who reads, and what for."""
    return Asking(viewer.person, viewer.agency, purpose, viewer.roles)


async def require_kept(given: Given, key: str) -> None:
    """Raises `ContentGone` when the content of a document has been destroyed, StoreError. [L09]"""
    if gone := await retention.destroyed(key, given.store):
        raise ContentGone(key, gone.in_words(to_the_minute(gone.at, given.zone)))


async def content_for(
    given: Given, door: Door, request: Request, document: Document, purpose: str | None = None
) -> dict[str, Any]:
    """What this person may read of a case, a DIAL or a missing person.

    Raises
    ------
    NotAllowed
        when they may not; that is on record.
    ContentGone
    VaultError, StoreError
    """
    key = document.case_id if isinstance(document, Case) else document.key
    return await content_read(given, door, request, document, asking_in(request, key, purpose))


async def require_readable(
    given: Given, door: Door, request: Request, document: Document, purpose: str | None = None
) -> None:
    """That this person may read of it what `content_for` gives; nothing is read. Raises as it does."""
    key = document.case_id if isinstance(document, Case) else document.key
    await require_kept(given, key)
    try:
        await _readings(given).require(document, asking_in(request, key, purpose))
    except Denied as denied:
        await door.refuse(request, denied.reason, key)


async def content_read(
    given: Given, door: Door, request: Request, document: Document, who: Asking
) -> dict[str, Any]:
    """The same for whoever says what for in the request itself. Raises as `content_for`."""
    key = document.case_id if isinstance(document, Case) else document.key
    await require_kept(given, key)
    try:
        return await _readings(given).read(document, who)
    except Denied as denied:
        await door.refuse(request, denied.reason, key)


async def dispute_for(
    given: Given, door: Door, request: Request, case: Case, dispute_id: str
) -> dict[str, Any]:
    """What was said of one dispute, and nothing else of the case. Raises as `content_for` does. [K03, K07]"""
    try:
        return await _readings(given).dispute(case, dispute_id, asking_in(request, case.case_id))
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
