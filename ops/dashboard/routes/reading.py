"""What the hub knows in a case, in its words: read for one purpose, on record. [D02, L04]"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ops.dashboard.admitting import Door, form_in, session_in
from ops.dashboard.given import Given
from ops.dashboard.places import HUB, Place
from ops.dashboard.purposes import ask_purpose
from ops.dashboard.reading_on_record import content_for
from ops.dashboard.rendering import Pages


def routes(given: Given, pages: Pages, door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/cases/{case_id}/read", name="read_case")
    async def read(request: Request, case_id: str) -> Response:
        case, _ = await door.case(request, case_id)
        if case.case_id not in session_in(request).purposes:
            return ask_purpose(given, pages, request, HUB, case, request.url.path)
        content = await content_for(given, door, request, case)
        return pages.page("read.html", request, case_id=case.case_id, content=content)

    return router


def purpose_routes(given: Given, pages: Pages, door: Door, place: Place) -> APIRouter:
    """Where a person says what they read a case for."""
    router = APIRouter()

    @router.post(place.of("{case_id}/purpose"), name=f"{place.named}say_purpose")
    async def say_purpose(request: Request, case_id: str) -> Response:
        case, _ = await place.case(door, request, case_id)
        said = form_in(request)
        then, own = said.get("then", ""), place.of(case.case_id)
        then = then if then.startswith(f"{own}/") else f"{own}{'/read' if place is HUB else ''}"
        if said.get("purpose") not in given.partnership.purposes_for(case.category):
            return ask_purpose(given, pages, request, place, case, then, "Choose what you read it for")
        session_in(request).purposes[case.case_id] = said["purpose"]
        return RedirectResponse(then, 303)

    return router
