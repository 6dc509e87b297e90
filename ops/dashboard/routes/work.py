"""What waits for the person who is signed in, kept up to date."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ops.dashboard import live
from ops.dashboard.admitting import Door, viewer_in
from ops.dashboard.given import Given
from ops.dashboard.rendering import Pages
from ops.dashboard.viewer import Viewer
from ops.dashboard.waiting import Waiting, digest_of, waiting_for
from ops.dashboard.watching import Watching


def routes(given: Given, pages: Pages, door: Door, watching: Watching) -> APIRouter:
    router = APIRouter()

    async def seen(viewer: Viewer) -> tuple[Waiting, ...]:
        return await waiting_for(given.store, viewer, given.partnership, given.now)

    async def shown(request: Request, *, part: bool = False) -> Response:
        waiting = await seen(viewer_in(request))
        return pages.page("work.html", request, part=part, waiting=waiting, digest=digest_of(waiting))

    @router.get("/work", name="work")
    async def whole(request: Request) -> Response:
        return await shown(request)

    @router.get("/work/part", name="work_part")
    async def part(request: Request) -> Response:
        return await shown(request, part=True)

    @router.get("/work/events", name="work_events")
    async def events(request: Request) -> Response:
        viewer = viewer_in(request)

        async def look() -> str:
            return digest_of(await seen(viewer))

        return live.events(request, door, watching, ("work", viewer), look)

    return router
