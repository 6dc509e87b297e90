"""Where people arrive, and what the register says of them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ops.dashboard.access import hindrance
from ops.dashboard.admitting import viewer_in
from ops.dashboard.given import Given
from ops.dashboard.navigation import navigation
from ops.dashboard.rendering import Pages
from ops.dashboard.viewer import HINDERED


def routes(given: Given, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/", name="start")
    async def start(request: Request) -> Response:
        viewer = viewer_in(request)
        for page in ("board", "rounds", "retention", "operations"):
            if hindrance(page, viewer, given.partnership) is None:
                return RedirectResponse(f"/{page}", 303)
        return RedirectResponse(navigation(viewer, "/", given.partnership)[0].address, 303)

    @router.get("/you", name="you")
    async def you(request: Request) -> Response:
        viewer = viewer_in(request)
        return pages.page(
            "you.html",
            request,
            clearance=given.partnership.clearance_of(viewer.person, viewer.agency),
            hindered=HINDERED.get(viewer.hindered or ""),
        )

    return router
