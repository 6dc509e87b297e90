"""Live events of a page of the board: that something changed, and never what."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import StreamingResponse

from ops.dashboard.admitting import Door, viewer_in
from ops.dashboard.board import Asked, board
from ops.dashboard.given import Given
from ops.dashboard.watching import Watching


def events_of(
    given: Given, door: Door, watching: Watching, request: Request, want: Asked, seen: str
) -> StreamingResponse:
    """Server-sent events: ``changed`` with another digest each time, beginning at once when the page is no
    longer what was ``seen``; ``ended`` when whoever listens may see it no more."""
    viewer = viewer_in(request)
    what = (tuple(sorted(want.filters.items())), want.number, tuple(viewer.scope().items()))

    async def look() -> str:
        return (await board(given.store, want, viewer, given.now, given.rows)).digest()

    async def told() -> AsyncIterator[str]:
        yield "retry: 5000\n\n"
        async for digest in watching.changes(what, look, seen):
            if not door.admits_still(request):
                yield "event: ended\ndata:\n\n"
                return
            yield f"event: changed\ndata: {digest}\n\n"

    return StreamingResponse(told(), media_type="text/event-stream")
