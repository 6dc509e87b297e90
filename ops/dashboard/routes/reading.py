"""What the hub knows in a case, in its words: read for one purpose, on record. [D02, L04]"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ops.dashboard.admitting import Door, form_in, session_in
from ops.dashboard.given import Given
from ops.dashboard.reading_on_record import content_for
from ops.dashboard.rendering import Pages
from ops.dashboard.tasks import has_part_in


def routes(given: Given, pages: Pages, door: Door) -> APIRouter:
    router = APIRouter()

    def ask_purpose(request: Request, case_id: str, then: str, problem: str | None = None) -> Response:
        return pages.page(
            "purpose.html",
            request,
            400 if problem else 200,
            case_id=case_id,
            then=then,
            purposes=given.partnership.purposes,
            problem=problem,
        )

    @router.get("/cases/{case_id}/read", name="read_case")
    async def read(request: Request, case_id: str) -> Response:
        case, _ = await door.case(request, case_id)
        if case.case_id not in session_in(request).purposes:
            return ask_purpose(request, case.case_id, request.url.path)
        content = await content_for(given, door, request, case)
        return pages.page("read.html", request, case_id=case.case_id, content=content)

    @router.post("/cases/{case_id}/purpose", name="say_purpose")
    async def say_purpose(request: Request, case_id: str) -> Response:
        case, _ = await door.case(request, case_id, also=has_part_in)
        said = form_in(request)
        then, own = said.get("then", ""), f"/cases/{case.case_id}/"
        then = then if then.startswith(own) else f"{own}read"
        if said.get("purpose") not in given.partnership.purposes_for(case.category):
            return ask_purpose(request, case.case_id, then, "Choose what you read it for")
        session_in(request).purposes[case.case_id] = said["purpose"]
        return RedirectResponse(then, 303)

    return router
