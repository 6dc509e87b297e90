"""The stream of events by which an open page learns that it is out of date, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Hashable
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import StreamingResponse

from ops.dashboard.admitting import Door
from ops.dashboard.watching import Look, Watching


def events(request: Request, door: Door, watching: Watching, what: Hashable, look: Look) -> StreamingResponse:
    """Says that something changed, and never what: the page asks for that, by its own right.

    ``what`` and ``look`` are those of `Watching.changes`; what the page shows is in its address (``seen``).
    Ends with an event ``ended`` when nobody is signed in there any more, or they may not see the page.
    """

    async def told() -> AsyncIterator[str]:
        yield "retry: 5000\n\n"
        async with aclosing(watching.changes(what, look, request.query_params.get("seen", ""))) as changes:
            async for digest in changes:
                if not door.admits_still(request):
                    yield "event: ended\ndata:\n\n"
                    return
                yield f"event: changed\ndata: {digest}\n\n"

    return StreamingResponse(told(), media_type="text/event-stream")
