"""Where people arrive, and what the register says of them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ops.dashboard.admitting import viewer_in
from ops.dashboard.given import Given
from ops.dashboard.rendering import Pages
from ops.dashboard.viewer import HINDERED, Viewer


def _begins_at(viewer: Viewer) -> str:
    """Where the work of this person is."""
    if viewer.hindered:
        return "/you"
    places = (("view", "/board"), ("operate", "/operations"))
    return next((place for right, place in places if right in viewer.rights), "/you")


def routes(given: Given, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/", name="start")
    async def start(request: Request) -> Response:
        viewer = viewer_in(request)
        return RedirectResponse(_begins_at(viewer), 303)

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
