"""The board, its live events, and the search for a case."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ops import case_views
from ops.dashboard.admitting import Door, form_in, session_in, viewer_in
from ops.dashboard.board import FILTERS, Asked, Board, asked, board, choices
from ops.dashboard.given import Given
from ops.dashboard.kept_forms import KeptForms
from ops.dashboard.live import events_of
from ops.dashboard.rendering import Pages
from ops.dashboard.watching import Watching
from ops.problem import WrongInput

_NOT_FOUND = "No case has this id, and no referral, or more than one referral has it"


def routes(given: Given, pages: Pages, door: Door, watching: Watching, kept_forms: KeptForms) -> APIRouter:
    router = APIRouter()

    async def found(request: Request) -> tuple[Asked, Board]:
        want = asked(request.query_params, given.partnership)
        return want, await board(given.store, want, viewer_in(request), given.now, given.rows)

    @router.get("/board", name="board")
    async def whole(request: Request) -> Response:
        want, shown = await found(request)
        return pages.page(
            "board.html",
            request,
            400 if want.problems else 200,
            board=shown,
            want=want,
            filters=FILTERS,
            choices=choices(given.partnership),
            link=_link,
        )

    @router.get("/board/rows", name="board_rows")
    async def rows(request: Request) -> Response:
        want, shown = await found(request)
        return pages.page("board_rows.html", request, board=shown, want=want, link=_link)

    @router.get("/board/events", name="board_events")
    async def events(request: Request) -> Response:
        seen = request.query_params.get("seen", "")
        return events_of(given, door, watching, request, asked(request.query_params, given.partnership), seen)

    @router.get("/search", name="search")
    async def search(request: Request) -> Response:
        kept = kept_forms.take(session_in(request), "/search")
        said = (kept or {}).get("id", ("",))[-1]
        return pages.page("search.html", request, problem=None, said=said, again=kept is not None)

    @router.post("/search", name="search_for")
    async def search_for(request: Request) -> Response:
        said = form_in(request).get("id", "").strip()
        problem = None if said else "Enter the id of a case or of a referral"
        if said:
            try:
                case, _ = await case_views.look_up(given.store, said)
            except WrongInput:
                problem = _NOT_FOUND
            else:
                return RedirectResponse(f"/cases/{case.case_id}", 303)
        return pages.page("search.html", request, 400, problem=problem)

    return router


def _link(path: str, want: Asked, number: int | None = None) -> str:
    """An address with the filters of this page of the board."""
    query = urlencode({**want.filters, "page": number or want.number})
    return f"{path}?{query}"
