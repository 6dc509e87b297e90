"""What is done with, by the rule that keeps it, and what champions may do about it. [L09, M8]"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ops.dashboard.admitting import page_number_in, told_in, viewer_in
from ops.dashboard.given import Given
from ops.dashboard.rendering import Pages
from ops.dashboard.tasks import OF_CHAMPIONS, Situation, offered
from ops.retention_lists import Heading, Standing, contents, standings, total


def routes(given: Given, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/retention", name="retention")
    async def page(request: Request) -> Response:
        asked = request.query_params.get("keeping", "")
        heading = Heading(asked) if asked in set(Heading) else Heading.OVER
        listed = await contents(given.store, given.partnership, given.today)
        in_all = total(listed[heading])
        last = max(-(-in_all // given.rows), 1)
        number = min(page_number_in(request), last)
        found = await standings(
            given.store,
            listed[heading],
            given.partnership,
            given.today,
            offset=(number - 1) * given.rows,
            limit=given.rows,
        )
        return pages.page(
            "retention.html",
            request,
            rows=[(one, list(offered(_situation(request, one), OF_CHAMPIONS))) for one in found],
            heading=heading,
            counts=[(each, total(lots)) for each, lots in listed.items()],
            number=number,
            pages=last,
            today=given.today,
            told=told_in(request),
        )

    def _situation(request: Request, one: Standing) -> Situation:
        return Situation(one.document, viewer_in(request), given.partnership, given.now, term=one.term)

    return router
