"""For operations staff: how the hub is, live; its quarantine; the messages of a case; the installation.

They see ids, codes, counts and times of every case, and no content of any. [C10, D02]
"""

from __future__ import annotations

import json

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agents.runtime.origin import TRACEPARENT
from agents.runtime.tracing import trace_id
from broker.port import BrokerError
from ops import case_views
from ops.dashboard import live
from ops.dashboard.admitting import Door, NoSuchCase, form_in, session_in, told_in, viewer_in
from ops.dashboard.given import Given
from ops.dashboard.operations import operations
from ops.dashboard.redrives import record_redrive
from ops.dashboard.rendering import Pages
from ops.dashboard.watching import Watching
from ops.dashboard.waterfall import WIDTH, waterfall
from ops.operations.in_quarantine import marked
from ops.operations.messages_of_a_case import messages_of
from ops.operations.redriving import MovedOn
from ops.problem import Problem
from store.audit_check import whole_chain
from store.quarantine import NotInQuarantine, QuarantineUnreadable

_FIND = "id"
_NOT_FOUND = "Enter the id of a case or of a referral: no case has this one, nor has its referral"
_SEVERAL = "Enter the id of the case: referrals of several sources have this id"
_GONE = "This message is no longer in quarantine"
_NO_ANSWER = "The hub did not answer. It does what was asked when it runs; look again then"
_UNREADABLE = "This message cannot be opened: it was sealed with another key, or changed"


def routes(given: Given, pages: Pages, door: Door, watching: Watching) -> APIRouter:
    router = APIRouter()

    async def whole_page(request: Request, problem: str | None = None, at: str = "quarantine") -> Response:
        return pages.page(
            "operations.html",
            request,
            400 if problem else 200,
            shown=await operations(given),
            problem=problem,
            problem_at=at,
            told=told_in(request),
        )

    @router.get("/operations", name="operations")
    async def whole(request: Request) -> Response:
        return await whole_page(request)

    @router.get("/operations/now", name="operations_now")
    async def now(request: Request) -> Response:
        return pages.page("operations_now.html", request, shown=await operations(given))

    @router.get("/operations/events", name="operations_events")
    async def events(request: Request) -> Response:
        async def look() -> str:
            return (await operations(given)).digest()

        return live.events(request, door, watching, "operations", look)

    @router.get("/operations/installation", name="operations_installation")
    async def installation(request: Request) -> Response:
        findings = await given.engines.findings()
        return pages.page("operations_installation.html", request, findings=findings)

    @router.post("/operations/redrive", name="redrive")
    async def redrive(request: Request) -> Response:
        """Have a message handled again: its sender stays who it was, and is checked as then. Who asks for it
        goes on record first, so that nothing takes effect of which nobody knows who let it. [D15]"""
        said = form_in(request)
        mark = said.get("mark", "")
        message_id = await marked(given.store, mark)
        if message_id is None:
            return await whole_page(request, _GONE)
        anyway = said.get("anyway") == "yes"
        await record_redrive(given, viewer_in(request), message_id, mark, anyway=anyway)
        try:
            outcome = await given.engines.redrive(message_id, anyway=anyway)
        except MovedOn as why:
            return pages.page(
                "operations_moved_on.html", request, 409, case=why.case, acts=why.acts, mark=mark
            )
        except NotInQuarantine:
            return await whole_page(request, _GONE)
        except QuarantineUnreadable:
            return await whole_page(request, _UNREADABLE, f"redrive-{mark}")
        except (Problem, BrokerError):
            return await whole_page(request, _NO_ANSWER, f"redrive-{mark}")
        if not outcome.done:
            reason = f": {outcome.reason.replace('_', ' ')}" if outcome.reason else ""
            stays = f"It was {outcome.outcome} again{reason}. It stays there"
            return await whole_page(request, stays, f"redrive-{mark}")
        session_in(request).told = f"The message was handled again: {outcome.outcome}."
        return RedirectResponse("/operations", 303)

    @router.post("/operations/find", name="operations_find")
    async def find(request: Request) -> Response:
        """By POST, so that what somebody types stands in no address."""
        found = await case_views.fitting(given.store, form_in(request).get("id", "").strip())
        if len(found) != 1:
            return await whole_page(request, _SEVERAL if found else _NOT_FOUND, _FIND)
        return RedirectResponse(f"/operations/cases/{next(iter(found))}", 303)

    @router.get("/operations/cases/{case_id}", name="operations_case")
    async def messages(request: Request, case_id: str) -> Response:
        kept = (await given.store.load([case_id])).get(case_id)
        if kept is None or kept.facets.get("kind") != "case":
            raise NoSuchCase
        record = [json.loads(entry.body) for entry in await whole_chain(given.store, case_id)]
        traceparent = kept.facets.get(TRACEPARENT)
        spans = await given.engines.spans(trace_id(traceparent if isinstance(traceparent, str) else None))
        drawn = waterfall(messages_of(kept, record, spans))
        return pages.page(
            "operations_case.html", request, case_id=case_id, drawn=drawn, traced=bool(spans), width=WIDTH
        )

    return router
