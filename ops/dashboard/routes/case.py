"""A case, kept up to date, and its record: codes, ids, states and times."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ops.dashboard import live
from ops.dashboard.admitting import Door, told_in, viewer_in
from ops.dashboard.case_page import case_head, case_page, digest, record_of
from ops.dashboard.forecast_words import COUNTED
from ops.dashboard.given import Given
from ops.dashboard.lately import LatelyCounted
from ops.dashboard.next_steps import steps
from ops.dashboard.rendering import Pages
from ops.dashboard.tasks import Situation
from ops.dashboard.watching import Watching
from ops.dashboard.words import elements_in_words


def routes(given: Given, pages: Pages, door: Door, watching: Watching) -> APIRouter:
    router = APIRouter()
    lately = LatelyCounted(given.store, given.wall)

    async def shown(request: Request, case_id: str, *, part: bool = False) -> Response:
        """The page, or of it the part that keeps itself up to date."""
        case, kept = await door.case(request, case_id)
        viewer = viewer_in(request)
        page = await case_page(given, case, kept, viewer, lately)
        told = None if part else told_in(request)
        return pages.page(
            "case.html",
            request,
            part=part,
            head=page.head,
            page=page,
            case=page.shown,
            told=told,
            counted=COUNTED,
            called=elements_in_words(case, given.partnership),
            steps=steps(Situation(case, viewer, given.partnership, given.now)),
        )

    @router.get("/cases/{case_id}", name="case")
    async def whole(request: Request, case_id: str) -> Response:
        return await shown(request, case_id)

    @router.get("/cases/{case_id}/part", name="case_part")
    async def part(request: Request, case_id: str) -> Response:
        return await shown(request, case_id, part=True)

    @router.get("/cases/{case_id}/events", name="case_events")
    async def events(request: Request, case_id: str) -> Response:
        case, _ = await door.case(request, case_id)

        async def look() -> str:
            return digest((await given.store.load([case.case_id]))[case.case_id], given.now)

        return live.events(request, door, watching, ("case", case.case_id), look)

    @router.get("/cases/{case_id}/record", name="case_record")
    async def whole_record(request: Request, case_id: str) -> Response:
        case, kept = await door.case(request, case_id)
        return pages.page(
            "case_record.html",
            request,
            head=await case_head(given, case, kept, viewer_in(request)),
            record=await record_of(given.store, case.case_id),
        )

    return router
