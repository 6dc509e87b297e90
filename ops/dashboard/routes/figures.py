"""The management view, and each of its tables as a file. [K05, M6.1]"""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ops.dashboard.admitting import NoSuchCase
from ops.dashboard.figures import figures
from ops.dashboard.given import Given
from ops.dashboard.period import LENGTHS, asked
from ops.dashboard.rendering import Pages


def routes(given: Given, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/figures", name="figures")
    async def whole(request: Request) -> Response:
        period = asked(request.query_params, given.today)
        return pages.page(
            "figures.html",
            request,
            400 if period.problems else 200,
            period=period,
            lengths=LENGTHS,
            figures=await figures(given.store, given.partnership, period),
            query=urlencode(period.query),
        )

    @router.get("/figures/{name}.csv", name="figures_file")
    async def file(request: Request, name: str) -> Response:
        period = asked(request.query_params, given.today)
        table = (await figures(given.store, given.partnership, period)).table(name)
        if table is None or period.problems:
            raise NoSuchCase
        called = f"{table.name}-{period.first}-{period.last}.csv"
        return Response(
            table.csv(),
            media_type="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{called}"'},
        )

    return router
