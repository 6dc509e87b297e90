"""A case: codes, ids, states and times."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ops.dashboard.admitting import Door, session_in, viewer_in
from ops.dashboard.case_page import case_page
from ops.dashboard.given import Given
from ops.dashboard.rendering import Pages
from ops.dashboard.tasks import Situation, offered


def routes(given: Given, pages: Pages, door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/cases/{case_id}", name="case")
    async def whole(request: Request, case_id: str) -> Response:
        case, kept = await door.case(request, case_id)
        viewer = viewer_in(request)
        page = await case_page(given.store, case, kept, viewer, given.now)
        session, told = session_in(request), session_in(request).told
        session.told = None
        return pages.page(
            "case.html",
            request,
            page=page,
            case=page.shown,
            told=told,
            tasks=list(offered(Situation(case, viewer, given.partnership, given.now))),
        )

    return router
