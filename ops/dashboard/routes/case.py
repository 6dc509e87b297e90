"""A case, kept up to date, its record, and its packages with their texts, which are read on record."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ops.dashboard import live
from ops.dashboard.admitting import Door, NoSuchCase, form_in, told_in, viewer_in
from ops.dashboard.case_page import case_head, case_page, digest, record_of
from ops.dashboard.forecast_words import COUNTED
from ops.dashboard.given import Given
from ops.dashboard.lately import LatelyCounted
from ops.dashboard.rendering import Pages
from ops.dashboard.tasks import Situation, offered
from ops.dashboard.watching import Watching
from ops.package_view import read_package, reader_of
from ops.problem import Problem


def routes(given: Given, pages: Pages, door: Door, watching: Watching) -> APIRouter:
    router = APIRouter()
    lately = LatelyCounted(given.store, given.wall)

    async def shown(
        request: Request, case_id: str, problem: str | None = None, *, part: bool = False
    ) -> Response:
        """The page, or of it the part that keeps itself up to date."""
        case, kept = await door.case(request, case_id)
        viewer = viewer_in(request)
        page = await case_page(given, case, kept, viewer, lately)
        told = None if part else told_in(request)
        return pages.page(
            "case.html",
            request,
            400 if problem else 200,
            part=part,
            head=page.head,
            page=page,
            case=page.shown,
            purposes=given.partnership.purposes,
            problem=problem,
            told=told,
            counted=COUNTED,
            tasks=list(offered(Situation(case, viewer, given.partnership, given.now))),
        )

    @router.get("/cases/{case_id}", name="case")
    async def whole(request: Request, case_id: str) -> Response:
        return await shown(request, case_id)

    @router.get("/cases/{case_id}/part", name="case_part")
    async def part(request: Request, case_id: str) -> Response:
        return await shown(request, case_id, part=True)

    @router.get("/cases/{case_id}/events", name="case_events")
    async def events(request: Request, case_id: str) -> Response:
        case, _ = await door.case(request, case_id)

        async def look() -> str:
            return digest((await given.store.load([case.case_id]))[case.case_id], given.now)

        return live.events(request, door, watching, ("case", case.case_id), look)

    @router.get("/cases/{case_id}/record", name="case_record")
    async def whole_record(request: Request, case_id: str) -> Response:
        case, kept = await door.case(request, case_id)
        return pages.page(
            "case_record.html",
            request,
            head=await case_head(given, case, kept),
            record=await record_of(given.store, case.case_id),
        )

    @router.post("/cases/{case_id}/packages/{version}", name="read_package")
    async def read(request: Request, case_id: str, version: str) -> Response:
        """The texts of a package, for one purpose; on record before anything is shown. [D02]"""
        case, _ = await door.case(request, case_id)
        viewer, purpose = viewer_in(request), form_in(request).get("purpose", "")
        if purpose not in given.partnership.purposes:
            return await shown(request, case_id, "Choose what you read it for")
        if not version.isdecimal() or int(version) not in {one.version for one in case.packages}:
            raise NoSuchCase
        try:
            package = await read_package(
                case,
                int(version),
                given.vault,
                reader=reader_of(given.partnership, f"{viewer.person}@{viewer.agency}", purpose, given.today),
                purpose=purpose,
                partnership=given.partnership,
                today=given.today,
            )
        except Problem:
            await door.refuse(request, "package_not_read", case.case_id)
        return pages.page(
            "package.html",
            request,
            case_id=case.case_id,
            shown=package,
            package=package.package,
            purpose=purpose,
        )

    return router
