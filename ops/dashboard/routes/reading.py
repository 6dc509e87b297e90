"""What the hub knows in a case, and why everything was decided: read for one purpose, on record.

[D02, D14, D15, L04]
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agents.coordinator.case import Case
from ops.dashboard.admitting import Door, form_in, session_in
from ops.dashboard.case_page import Head, case_head
from ops.dashboard.given import Given
from ops.dashboard.reading_on_record import content_for, reasons_for
from ops.dashboard.reasons import laid_out
from ops.dashboard.rendering import Pages

GONE = 410


def routes(given: Given, pages: Pages, door: Door) -> APIRouter:
    router = APIRouter()

    def ask_purpose(request: Request, case: Case, then: str, problem: str | None = None) -> Response:
        return pages.page(
            "purpose.html",
            request,
            400 if problem else 200,
            case_id=case.case_id,
            then=then,
            purposes=given.partnership.purposes_for(case.category),
            problem=problem,
        )

    async def opened(request: Request, case_id: str) -> tuple[Case, Head, Response | None]:
        """The case, and the page that comes in place of what is to be read: that its content was destroyed
        [L09], or the question what it is read for. [D02]"""
        case, kept = await door.case(request, case_id)
        head = await case_head(given, case, kept)
        if head.gone:
            return case, head, pages.page("destroyed.html", request, GONE, head=head)
        if case.case_id not in session_in(request).purposes:
            return case, head, ask_purpose(request, case, request.url.path)
        return case, head, None

    @router.get("/cases/{case_id}/read", name="read_case")
    async def read(request: Request, case_id: str) -> Response:
        case, head, instead = await opened(request, case_id)
        if instead is not None:
            return instead
        content = await content_for(given, door, request, case)
        purpose = session_in(request).purposes[case.case_id]
        return pages.page("read.html", request, head=head, content=content, purpose=purpose)

    @router.get("/cases/{case_id}/reasons", name="read_reasons")
    async def read_reasons(request: Request, case_id: str) -> Response:
        case, head, instead = await opened(request, case_id)
        if instead is not None:
            return instead
        reasons = [laid_out(one) for one in await reasons_for(given, door, request, case)]
        purpose = session_in(request).purposes[case.case_id]
        return pages.page("reasons.html", request, head=head, reasons=reasons, purpose=purpose)

    @router.get("/cases/{case_id}/purpose", name="purpose")
    async def purpose(request: Request, case_id: str) -> Response:
        """For somebody who reads the case for another purpose than they said."""
        case, _ = await door.case(request, case_id)
        return ask_purpose(request, case, f"/cases/{case.case_id}/read")

    @router.post("/cases/{case_id}/purpose", name="say_purpose")
    async def say_purpose(request: Request, case_id: str) -> Response:
        case, _ = await door.case(request, case_id)
        said = form_in(request)
        then, own = said.get("then", ""), f"/cases/{case.case_id}/"
        then = then if then.startswith(own) else f"{own}read"
        if said.get("purpose") not in given.partnership.purposes_for(case.category):
            return ask_purpose(request, case, then, "Choose what you read it for")
        session_in(request).purposes[case.case_id] = said["purpose"]
        return RedirectResponse(then, 303)

    return router
