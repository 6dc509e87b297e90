"""A DIAL, and somebody who was reported missing: codes, ids and times; what people do; the record.
[H01-H10, I08, I09]"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from agents.coordinator.dial_record import Dial
from agents.coordinator.missing_record import MissingPerson
from ops import case_views
from ops.dashboard.admitting import Door, NoSuchCase, told_in, viewer_in
from ops.dashboard.case_page import record_of
from ops.dashboard.given import Given
from ops.dashboard.how_it_stands import how_it_stands
from ops.dashboard.matters import Matter, Matters
from ops.dashboard.rendering import Pages
from ops.dashboard.tasks import Situation, offered


def routes(given: Given, pages: Pages, door: Door) -> APIRouter:
    router = APIRouter()
    matters = Matters(given, door)

    async def page(request: Request, matter: Matter) -> Response:
        document = matter.document
        if not isinstance(document, Dial | MissingPerson):
            raise NoSuchCase
        at = Situation(document, viewer_in(request), given.partnership, given.now)
        return pages.page(
            f"{matter.kind}.html",
            request,
            matter=matter,
            shown=case_views.other_page(document, matter.kept),
            stands=await how_it_stands(given, document, viewer_in(request)),
            record=await record_of(given.store, document.key),
            tasks=list(offered(at)),
            told=told_in(request),
        )

    @router.get("/dials/{dial}", name="dial")
    async def dial(request: Request) -> Response:
        return await page(request, await matters.dial(request))

    @router.get("/missing/{missing}", name="missing")
    async def missing(request: Request) -> Response:
        return await page(request, await matters.missing(request))

    return router
