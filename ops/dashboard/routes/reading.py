"""What the hub knows, in its words, and why it was decided: of a case, a DIAL or a missing person, read for
one purpose, on record. [D02, D14, D15, L04]"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agents.coordinator.case import Case
from agents.coordinator.daily_rounds import Round
from ops.dashboard.admitting import Door, NoSuchCase, form_in, session_in, viewer_in
from ops.dashboard.case_page import Head, case_head
from ops.dashboard.given import Given
from ops.dashboard.matters import Find, Matter, Matters, purposes_of
from ops.dashboard.reading_on_record import content_for, reasons_for
from ops.dashboard.reasons import laid_out
from ops.dashboard.rendering import Pages
from ops.dashboard.tasks import has_part_in
from ops.dashboard.words import elements_in_words

GONE = 410


def asks_purpose(
    given: Given, pages: Pages, request: Request, matter: Matter, then: str, part: str | None = None
) -> Response | None:
    """The question what somebody reads this for, until they have said it; ``then`` is where they go on to.
    They are asked again too where a case is held, and what they want to read of it is read for another
    purpose: that of a package, ``part``, else that of its last round. [D02, L09]"""
    document = matter.document
    if part is None and isinstance(document, Case) and document.last_direction is not None:
        part = document.last_direction.purpose
    may = purposes_of(document, given.partnership, given.today, part)
    return None if matter.purpose in may else purpose_page(given, pages, request, matter, then, purposes=may)


def purpose_page(
    given: Given,
    pages: Pages,
    request: Request,
    matter: Matter,
    then: str,
    problem: str | None = None,
    purposes: Sequence[str] | None = None,
) -> Response:
    """Asks what somebody reads this for, of all that it may be read for or of these purposes; ``then`` is
    where they go on to."""
    return pages.page(
        "purpose.html",
        request,
        400 if problem else 200,
        matter=matter,
        then=then,
        purposes=purposes_of(matter.document, given.partnership, given.today)
        if purposes is None
        else purposes,
        problem=problem,
    )


def routes(given: Given, pages: Pages, door: Door) -> APIRouter:
    router = APIRouter()
    matters = Matters(given, door)

    async def opened(request: Request) -> tuple[Case, Head, Response | None]:
        """The case, and the page that comes in place of what is to be read: that its content was destroyed
        [L09], or the question what it is read for. [D02]"""
        matter = await matters.case(request)
        case = matter.document
        if not isinstance(case, Case):
            raise NoSuchCase
        head = await case_head(given, case, matter.kept, viewer_in(request))
        if head.gone:
            return case, head, pages.page("destroyed.html", request, GONE, head=head)
        return case, head, asks_purpose(given, pages, request, matter, request.url.path)

    @router.get("/cases/{case_id}/read", name="read_case")
    async def read_case(request: Request) -> Response:
        case, head, instead = await opened(request)
        if instead is not None:
            return instead
        content = await content_for(given, door, request, case)
        purpose = session_in(request).purposes[case.case_id]
        called = elements_in_words(case, given.partnership)
        return pages.page("read.html", request, head=head, content=content, purpose=purpose, called=called)

    @router.get("/cases/{case_id}/reasons", name="read_reasons")
    async def read_reasons(request: Request) -> Response:
        case, head, instead = await opened(request)
        if instead is not None:
            return instead
        reasons = [laid_out(one) for one in await reasons_for(given, door, request, case)]
        purpose = session_in(request).purposes[case.case_id]
        called = elements_in_words(case, given.partnership)
        return pages.page("reasons.html", request, head=head, reasons=reasons, purpose=purpose, called=called)

    @router.get("/cases/{case_id}/purpose", name="purpose")
    async def purpose(request: Request) -> Response:
        """For somebody who reads the case for another purpose than they said."""
        matter = await matters.case(request)
        return purpose_page(given, pages, request, matter, f"{matter.path}/read")

    def ask_for(path: str, saying: str, find: Find) -> None:
        """Where it is said what for, of whatever stands under a path."""

        @router.post(f"{path}/purpose", name=saying)
        async def say_purpose(request: Request) -> Response:
            matter, said = await find(request, has_part_in), form_in(request)
            then, own = said.get("then", ""), f"{matter.path}/"
            then = then if then.startswith(own) else matter.home
            if said.get("purpose") not in purposes_of(matter.document, given.partnership, given.today):
                return purpose_page(given, pages, request, matter, then, "Choose what you read it for")
            session_in(request).purposes[matter.kept.key] = said["purpose"]
            return RedirectResponse(then, 303)

    def place(path: str, reading: str, find: Find) -> None:
        """Where whatever stands under a path is read that is no case."""

        @router.get(f"{path}/read", name=reading)
        async def read(request: Request) -> Response:
            matter = await find(request)
            if isinstance(matter.document, Round):
                raise NoSuchCase
            if asks := asks_purpose(given, pages, request, matter, request.url.path):
                return asks
            content = await content_for(given, door, request, matter.document)
            return pages.page("read_daily.html", request, matter=matter, content=content)

    ask_for("/cases/{case_id}", "say_purpose", matters.case)
    ask_for("/team/cases/{case_id}", "team_say_purpose", matters.teams_case)
    ask_for("/dials/{dial}", "say_dial_purpose", matters.dial)
    ask_for("/missing/{missing}", "say_missing_purpose", matters.missing)
    place("/dials/{dial}", "read_dial", matters.dial)
    place("/missing/{missing}", "read_missing", matters.missing)
    return router
