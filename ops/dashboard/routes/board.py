"""The board, its live events, and the search for a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    RedirectResponse,
    Response,
)

from ops.dashboard import live
from ops.dashboard.admitting import Door, form_in, session_in, viewer_in
from ops.dashboard.board import FILTERS, Asked, Board, Row, asked, board, choices, watched
from ops.dashboard.given import Given
from ops.dashboard.kept_forms import KeptForm, KeptForms
from ops.dashboard.rendering import Pages
from ops.dashboard.search import SCHEMES, by_id, by_person, sought
from ops.dashboard.search import rows as listed
from ops.dashboard.together import Together
from ops.dashboard.viewer import Viewer
from ops.dashboard.watching import Watching

_NOT_FOUND = "No case that you may see has this id, nor its referral"


def routes(given: Given, pages: Pages, door: Door, watching: Watching, kept_forms: KeptForms) -> APIRouter:
    router = APIRouter()

    together: Together[_Look] = Together()

    async def seen(want: Asked, viewer: Viewer) -> _Look:
        """The page as it is now, by one look for all who ask for it at once."""

        async def look() -> _Look:
            return _Look(want, await board(given.store, want, viewer, given.now, given.rows))

        return await together.look(watched(want, viewer), look)

    async def found(request: Request) -> tuple[Asked, _Look]:
        want = asked(request.query_params, given.partnership)
        return want, await seen(want, viewer_in(request))

    def rows_of(look: _Look, request: Request) -> str:
        if look.text is None:
            look.text = pages.text("board_rows.html", request, board=look.board, want=look.want, link=_link)
        return look.text

    @router.get("/board", name="board")
    async def whole(request: Request) -> Response:
        want, shown = await found(request)
        return pages.page(
            "board.html",
            request,
            400 if want.problems else 200,
            rows=Markup(rows_of(shown, request)),  # noqa: S704 - it comes from a template
            want=want,
            filters=FILTERS,
            choices=choices(given.partnership),
            link=_link,
        )

    @router.get("/board/rows", name="board_rows")
    async def rows(request: Request) -> Response:
        _, shown = await found(request)
        return HTMLResponse(rows_of(shown, request))

    @router.get("/board/events", name="board_events")
    async def events(request: Request) -> Response:
        want, viewer = asked(request.query_params, given.partnership), viewer_in(request)

        async def look() -> str:
            return (await seen(want, viewer)).board.digest()

        return live.events(request, door, watching, watched(want, viewer), look)

    def searched(
        request: Request,
        said: Mapping[str, str],
        problems: Mapping[str, str] | None = None,
        rows: Sequence[Row] | None = None,
        *,
        kept: KeptForm | None = None,
    ) -> Response:
        """The page of the search, with what was written and what was found."""
        status = 400 if problems else 200
        return pages.page(
            "search.html",
            request,
            status,
            said=said,
            problems=problems or {},
            rows=rows,
            schemes=SCHEMES,
            kept=kept,
        )

    @router.get("/search", name="search")
    async def search(request: Request) -> Response:
        kept = kept_forms.take(session_in(request), "/search")
        said = {name: answers[-1] for name, answers in (kept.written if kept else {}).items()}
        return searched(request, said, kept=kept)

    @router.post("/search", name="search_for")
    async def search_for(request: Request) -> Response:
        said, viewer = form_in(request), viewer_in(request)
        if said.get("by") == "person":
            who = sought(said)
            if who.problems:
                return searched(request, said, who.problems)
            return searched(request, said, rows=await by_person(given, viewer, who.terms))
        asked_for = said.get("id", "").strip()
        if not asked_for:
            return searched(request, said, {"id": "Enter the id of a case or of a referral"})
        cases = await by_id(given, viewer, asked_for)
        if not cases:
            return searched(request, said, {"id": _NOT_FOUND})
        if len(cases) == 1:
            return RedirectResponse(f"/cases/{next(iter(cases))}", 303)
        return searched(request, said, rows=listed(given, cases))

    return router


@dataclass(slots=True)
class _Look:
    """What was seen for those who see the same page, and its rows as the page has them: nothing in them is of
    one viewer."""

    want: Asked
    board: Board
    text: str | None = None


def _link(path: str, want: Asked, number: int | None = None) -> str:
    """An address with the filters of this page of the board."""
    query = urlencode({**want.filters, "page": number or want.number})
    return f"{path}?{query}"
