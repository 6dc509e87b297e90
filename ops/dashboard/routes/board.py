"""The board, its live events, and the search for a case."""

from __future__ import annotations

from collections.abc import AsyncIterator, Hashable
from contextlib import aclosing
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from ops import case_views
from ops.dashboard.admitting import Door, form_in, viewer_in
from ops.dashboard.board import FILTERS, Asked, Board, asked, board, choices
from ops.dashboard.given import Given
from ops.dashboard.rendering import Pages
from ops.dashboard.viewer import Viewer
from ops.dashboard.watching import Watching
from ops.problem import WrongInput

_NOT_FOUND = "No case has this id, and no referral, or more than one referral has it"


def routes(given: Given, pages: Pages, door: Door, watching: Watching) -> APIRouter:
    router = APIRouter()
    looks: dict[Hashable, _Look] = {}

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
        """What a page asks for that was told of a change: to all who see the same, what was then seen."""
        what = _what(asked(request.query_params, given.partnership), viewer_in(request))
        last = looks.get(what) if watching.is_watched(what) else None
        if last is None:
            want, shown = await found(request)
            last = _Look(want, shown, shown.digest())
        if last.text is None:
            last.text = pages.text("board_rows.html", request, board=last.board, want=last.want, link=_link)
        return HTMLResponse(last.text)

    @router.get("/board/events", name="board_events")
    async def events(request: Request) -> Response:
        want, viewer = asked(request.query_params, given.partnership), viewer_in(request)
        what = _what(want, viewer)

        async def look() -> str:
            shown = await board(given.store, want, viewer, given.now, given.rows)
            digest = shown.digest()
            if what not in looks or looks[what].digest != digest:
                looks[what] = _Look(want, shown, digest)
            return digest

        async def told() -> AsyncIterator[str]:
            """Says that something changed, and never what: the page asks for that, by its own right."""
            yield "retry: 5000\n\n"
            seen = request.query_params.get("seen", "")
            async with aclosing(watching.changes(what, look, seen)) as changes:
                async for digest in changes:
                    door.recognise(request, is_use=False)
                    if request.state.viewer is None or door.hindrance(request):
                        yield "event: ended\ndata:\n\n"
                        return
                    yield f"event: changed\ndata: {digest}\n\n"
            if not watching.is_watched(what):
                looks.pop(what, None)

        return StreamingResponse(told(), media_type="text/event-stream")

    @router.get("/search", name="search")
    async def search(request: Request) -> Response:
        return pages.page("search.html", request, problem=None)

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


@dataclass(slots=True)
class _Look:
    """What was seen last for those who have the same page open, and its rows as a page has them: nothing in
    them is of one viewer."""

    want: Asked
    board: Board
    digest: str
    text: str | None = None


def _what(want: Asked, viewer: Viewer) -> Hashable:
    """The same for all who see the same."""
    return tuple(sorted(want.filters.items())), want.number, tuple(viewer.scope().items())


def _link(path: str, want: Asked, number: int | None = None) -> str:
    """An address with the filters of this page of the board."""
    query = urlencode({**want.filters, "page": number or want.number})
    return f"{path}?{query}"
