"""How long a session goes on, for the notice that it is about to end, and going on with it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ops.dashboard.admitting import session_in
from ops.dashboard.sessions import Sessions


def routes(sessions: Sessions) -> APIRouter:
    router = APIRouter()

    @router.get("/session/left", name="session_left")
    async def left(request: Request) -> Response:
        """Seconds that are left, and whether it can be made longer. To ask is no use of the session."""
        session = session_in(request)
        seconds = int(sessions.left(session).total_seconds())
        return JSONResponse({"left": seconds, "can_be_longer": sessions.can_be_longer(session)})

    @router.post("/session/stay", name="stay_signed_in")
    async def stay(request: Request) -> Response:
        """Go on: to have asked for it is enough. A browser stays on the page that it has open."""
        return Response(status_code=204)

    return router
