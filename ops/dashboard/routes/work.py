"""What waits for the person who is signed in."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ops.dashboard.admitting import viewer_in
from ops.dashboard.given import Given
from ops.dashboard.rendering import Pages
from ops.dashboard.waiting import waiting_for


def routes(given: Given, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/work", name="work")
    async def work(request: Request) -> Response:
        waiting = await waiting_for(given.store, viewer_in(request), given.partnership, given.now)
        return pages.page("work.html", request, waiting=waiting)

    return router
