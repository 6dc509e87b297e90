"""What is done with, by the rule that keeps it, and what champions may do about it. [L09, M8]"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from agents.coordinator.retention import Document, Keeping
from ops import retention
from ops.dashboard.admitting import session_in, viewer_in
from ops.dashboard.given import Given
from ops.dashboard.rendering import Pages
from ops.dashboard.tasks import OF_CHAMPIONS, Situation, offered

MOST_ROWS = 100
"""So many are shown at once; the rest are counted."""

SHOWN = (Keeping.OVER, Keeping.KEPT, Keeping.HELD)


def routes(given: Given, pages: Pages) -> APIRouter:
    router = APIRouter()

    @router.get("/retention", name="retention")
    async def page(request: Request) -> Response:
        asked = request.query_params.get("keeping", "")
        keeping = Keeping(asked) if asked in SHOWN else Keeping.OVER
        found = [one async for one in retention.standings(given.store, given.partnership, given.today)]
        fitting = [one for one in found if one.term.keeping is keeping]
        fitting.sort(key=lambda one: (one.destroyed, one.decided, one.ended, one.key))
        kept = await given.store.load([one.key for one in fitting[:MOST_ROWS]])
        session = session_in(request)
        told, session.told = session.told, None
        rows = [
            (one, list(offered(_situation(request, retention.document_in(kept[one.key])), OF_CHAMPIONS)))
            for one in fitting[:MOST_ROWS]
            if one.key in kept
        ]
        return pages.page(
            "retention.html",
            request,
            rows=rows,
            total=len(fitting),
            keeping=keeping,
            counts=[(state, sum(one.term.keeping is state for one in found)) for state in SHOWN],
            told=told,
        )

    def _situation(request: Request, document: Document) -> Situation:
        return Situation(document, viewer_in(request), given.partnership, given.now)

    return router
