"""Desks: what waits for the viewer's agency; and the page of a dispute. [C06, D03, D09, K01-K08]"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from agents.coordinator.case import Case
from ops.dashboard import live
from ops.dashboard.admitting import Door, NoSuchCase, page_number_in, told_in, viewer_in
from ops.dashboard.desk import Desk, Waiting, waiting
from ops.dashboard.dispute_page import DisputePage, dispute_page
from ops.dashboard.given import Given
from ops.dashboard.matters import Matter, Matters
from ops.dashboard.reading_on_record import dispute_for
from ops.dashboard.rendering import Pages
from ops.dashboard.routes.reading import asks_purpose
from ops.dashboard.tasks import Situation, escalating, offered
from ops.dashboard.tasks.escalating import disputes, has_part, said_of_choice
from ops.dashboard.viewer import Viewer
from ops.dashboard.watching import Watching

TITLES: dict[Desk, tuple[str, str]] = {
    "disclosure": ("Disclosure desk", "Elements of your agency that wait for its decision"),
    "answers": ("Checks to answer", "Checks that wait for your agency’s answer"),
    "disputes": ("Disputes", "Disputes in which you or your agency have a part"),
}


def routes(given: Given, pages: Pages, door: Door, watching: Watching) -> APIRouter:
    router = APIRouter()
    matters = Matters(given, door)

    async def seen(name: Desk, viewer: Viewer, number: int) -> Waiting:
        return await waiting(given.store, name, viewer, given.partnership, given.now, number, given.rows)

    def place(name: Desk) -> None:
        """A desk, and what keeps it up to date."""
        title, lead = TITLES[name]
        address = f"/desk/{name}"

        async def shown(request: Request, *, part: bool = False) -> Response:
            found = await seen(name, viewer_in(request), page_number_in(request))
            return pages.page(
                "desk.html",
                request,
                part=part,
                address=address,
                title=title,
                lead=lead,
                waiting=found,
                told=None if part else told_in(request),
            )

        @router.get(address, name=f"{name}_desk")
        async def whole(request: Request) -> Response:
            return await shown(request)

        @router.get(f"{address}/part", name=f"{name}_desk_part")
        async def part(request: Request) -> Response:
            return await shown(request, part=True)

        @router.get(f"{address}/events", name=f"{name}_desk_events")
        async def events(request: Request) -> Response:
            viewer, number = viewer_in(request), page_number_in(request)

            async def look() -> str:
                return (await seen(name, viewer, number)).digest()

            return live.events(request, door, watching, (name, viewer, number), look)

    for desk in TITLES:
        place(desk)

    async def found(request: Request, about: str) -> tuple[Matter, Case, DisputePage]:
        """The dispute, for those who see the case or have a part in this dispute."""

        def part(case: Case, viewer: Viewer) -> bool:
            return any(one.dispute_id == about and has_part(viewer, one, of) for one, of in disputes(case))

        matter = await matters.case(request, part)
        case = matter.document
        page = dispute_page(case, about, given.now) if isinstance(case, Case) else None
        if page is None or not isinstance(case, Case):
            raise NoSuchCase
        return matter, case, page

    def of_dispute(
        request: Request, case: Case, page: DisputePage, said: Mapping[str, Any] | None = None
    ) -> Response:
        viewer = viewer_in(request)
        situation = Situation(case, viewer, given.partnership, given.now)
        about = page.dispute.dispute_id
        return pages.page(
            "dispute.html",
            request,
            case=case,
            page=page,
            tasks=[(task, one) for task, one in offered(situation) if one.id == about],
            query=urlencode({"about": about}),
            sees=viewer.sees_cases and viewer.may_see(case),
            told=told_in(request),
            said_of_choice=said_of_choice,
            called=situation.called,
            said=said,
        )

    @router.get("/cases/{case_id}/disputes", name="dispute")
    async def dispute(request: Request, about: str = "") -> Response:
        _, case, page = await found(request, about)
        return of_dispute(request, case, page)

    @router.get("/cases/{case_id}/disputes/read", name="read_dispute")
    async def read(request: Request, about: str = "") -> Response:
        matter, case, page = await found(request, about)
        # Whoever has a part in the dispute alone does not see the case: the way back is to the dispute.
        home = replace(matter, title=f"Dispute {about}", home=escalating.address(case.case_id, about))
        then = f"{request.url.path}?{urlencode({'about': about})}"
        if asks := asks_purpose(given, pages, request, home, then):
            return asks
        return of_dispute(request, case, page, said=await dispute_for(given, door, request, case, about))

    return router
