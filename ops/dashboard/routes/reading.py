"""What the hub knows, in its words: of a case, a DIAL or a missing person, read for one purpose, on record.
[D02, L04]"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agents.coordinator.daily_rounds import Round
from ops.dashboard.admitting import Door, NoSuchCase, form_in, session_in
from ops.dashboard.given import Given
from ops.dashboard.matters import Find, Matter, Matters, purposes_of
from ops.dashboard.reading_on_record import content_for
from ops.dashboard.rendering import Pages
from ops.dashboard.tasks import has_part_in


def purpose_page(
    given: Given, pages: Pages, request: Request, matter: Matter, then: str, problem: str | None = None
) -> Response:
    """Asks what somebody reads this for; ``then`` is where they go on to."""
    return pages.page(
        "purpose.html",
        request,
        400 if problem else 200,
        matter=matter,
        then=then,
        purposes=purposes_of(matter.document, given.partnership),
        problem=problem,
    )


def routes(given: Given, pages: Pages, door: Door) -> APIRouter:
    router = APIRouter()
    matters = Matters(given, door)

    def place(path: str, reading: str, saying: str, find: Find) -> None:
        """Where whatever stands under a path is read, and where it is said what for."""

        @router.get(f"{path}/read", name=reading)
        async def read(request: Request) -> Response:
            matter = await find(request)
            if isinstance(matter.document, Round):
                raise NoSuchCase
            if matter.purpose is None:
                return purpose_page(given, pages, request, matter, request.url.path)
            content = await content_for(given, door, request, matter.document)
            template = "read.html" if matter.kind == "case" else "read_daily.html"
            return pages.page(template, request, matter=matter, case_id=matter.kept.key, content=content)

        @router.post(f"{path}/purpose", name=saying)
        async def say_purpose(request: Request) -> Response:
            matter, said = await find(request, has_part_in), form_in(request)
            then, own = said.get("then", ""), f"{matter.path}/"
            then = then if then.startswith(own) else f"{own}read"
            if said.get("purpose") not in purposes_of(matter.document, given.partnership):
                return purpose_page(given, pages, request, matter, then, "Choose what you read it for")
            session_in(request).purposes[matter.kept.key] = said["purpose"]
            return RedirectResponse(then, 303)

    place("/cases/{case_id}", "read_case", "say_purpose", matters.case)
    place("/dials/{dial}", "read_dial", "say_dial_purpose", matters.dial)
    place("/missing/{missing}", "read_missing", "say_missing_purpose", matters.missing)
    return router
