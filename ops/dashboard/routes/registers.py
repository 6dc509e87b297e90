"""The registers of the partnership, and the ledgers of supervision calls and breaches. [J02-J07, L01-L10]"""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ops.dashboard.admitting import page_number_in, viewer_in
from ops.dashboard.given import Given
from ops.dashboard.rendering import Pages
from ops.governance_ledgers import breaches, calls, supervisors
from ops.registers import entries, to_see_to


def routes(given: Given, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/registers", name="registers")
    async def registers(request: Request) -> Response:
        found = entries(given.partnership, given.today)
        due = to_see_to(found)
        everything = "all" in request.query_params
        shown = found if everything else due
        return pages.page(
            "registers.html",
            request,
            registers=[(name, list(of)) for name, of in groupby(shown, key=lambda one: one.register)],
            everything=everything,
            due=len(due),
        )

    @router.get("/registers/supervision", name="supervision")
    async def supervision(request: Request) -> Response:
        """The calls about the cases that this person may see, and who may be called today."""
        scope = viewer_in(request).scope()
        return pages.page(
            "supervision.html",
            request,
            ledger=await calls(given.store, scope, page_number_in(request), given.rows),
            supervisors=supervisors(given.partnership, given.today),
        )

    @router.get("/registers/breaches", name="breaches")
    async def breach(request: Request) -> Response:
        scope = viewer_in(request).scope()
        ledger = await breaches(given.store, scope, page_number_in(request), given.rows)
        return pages.page("breaches.html", request, ledger=ledger)

    return router
