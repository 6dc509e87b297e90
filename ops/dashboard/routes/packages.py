"""The packages of a case with their texts, for staff of the hub and for the teams that received them.

Every look is a reading on record: the page, the PDF, the form that comes with it, and two versions side by
side, each of which is read. [C07, D02, D19]
"""

from __future__ import annotations

import asyncio
import base64
import binascii

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from agents.coordinator.case import Case
from ops.dashboard.admitting import Door, NoSuchCase, session_in, viewer_in
from ops.dashboard.forms import number_in
from ops.dashboard.given import Given
from ops.dashboard.matters import Matter, Matters
from ops.dashboard.package_changes import changes
from ops.dashboard.package_page import PackagePage, is_text, package_page
from ops.dashboard.package_pdf import package_pdf
from ops.dashboard.places import HUB, Place
from ops.dashboard.reading_packages import package_for
from ops.dashboard.rendering import Pages
from ops.dashboard.routes.reading import asks_purpose
from ops.dashboard.tasks import Situation, offered
from ops.package_view import Shown


def routes(given: Given, pages: Pages, door: Door, place: Place = HUB) -> APIRouter:
    router = APIRouter()
    at = place.of("{case_id}/packages/{version}")

    matters = Matters(given, door)

    async def case_and_version(request: Request, version: str) -> tuple[Matter, Case, int]:
        """Raises `NoSuchCase`, for a version too that there is not for this person; `NotAllowed`."""
        matter = await place.find(matters, request)
        case = matter.document
        if not isinstance(case, Case):
            raise NoSuchCase
        number = number_in(version)
        if number is None or number not in place.versions(case, viewer_in(request)):
            raise NoSuchCase
        return matter, case, number

    def purpose_needed(request: Request, matter: Matter, case: Case, version: int) -> Response | None:
        made_for = next(one.issued.purpose for one in case.packages if one.version == version)
        return asks_purpose(given, pages, request, matter, request.url.path, made_for)

    async def read(request: Request, case: Case, version: int) -> tuple[Shown, PackagePage]:
        shown = await package_for(given, door, request, place, case, version)
        return shown, package_page(shown, given.partnership, given.today)

    @router.get(at, name=f"{place.named}read_package")
    async def whole(request: Request, version: str) -> Response:
        """One page that is read in a minute."""
        matter, case, number = await case_and_version(request, version)
        if asks := purpose_needed(request, matter, case, number):
            return asks
        shown, page = await read(request, case, number)
        form = shown.package["form"]
        open_now = offered(
            Situation(case, viewer_in(request), given.partnership, given.now), tasks=place.tasks
        )
        return pages.page(
            "package.html",
            request,
            page=page,
            base=place.of(case.case_id),
            purpose=session_in(request).purposes[case.case_id],
            versions=place.versions(case, viewer_in(request)),
            has_document=form is not None and not is_text(form),
            tasks=[(task, about) for task, about in open_now if about.id.startswith(f"{number}/")],
            form_id=given.new_id(),
        )

    @router.get(f"{at}/pdf", name=f"{place.named}package_pdf")
    async def pdf(request: Request, version: str) -> Response:
        """The same to file or to print, read on record as the page is."""
        matter, case, number = await case_and_version(request, version)
        if asks := purpose_needed(request, matter, case, number):
            return asks
        _, page = await read(request, case, number)
        made = await asyncio.to_thread(package_pdf, page, given.now)
        return _attached(made, "application/pdf", f"{case.case_id}-package-{number}.pdf")

    @router.get(f"{at}/form", name=f"{place.named}package_form")
    async def form(request: Request, version: str) -> Response:
        """The source's own form, where it is a document by itself. [A13, F04, F06]"""
        matter, case, number = await case_and_version(request, version)
        if asks := purpose_needed(request, matter, case, number):
            return asks
        shown, _ = await read(request, case, number)
        said = shown.package["form"]
        if said is None or is_text(said):
            raise NoSuchCase
        try:
            document = base64.b64decode(said["document"], validate=True)
        except binascii.Error:
            raise NoSuchCase from None
        return _attached(document, "application/octet-stream", f"{case.case_id}-form-{number}")

    @router.get(f"{at}/changes", name=f"{place.named}package_changes")
    async def changed(request: Request, version: str, since: str = "") -> Response:
        """A version beside an earlier one, the one before it where none is named. [C07]"""
        matter, case, number = await case_and_version(request, version)
        earlier = [one for one in place.versions(case, viewer_in(request)) if one < number]
        if not earlier or (since and since not in map(str, earlier)):
            raise NoSuchCase
        if asks := purpose_needed(request, matter, case, number):
            return asks
        before, _ = await read(request, case, int(since) if since else earlier[-1])
        after, page = await read(request, case, number)
        return pages.page(
            "package_changes.html",
            request,
            page=page,
            base=place.of(case.case_id),
            changes=changes(before.package, after.package, given.partnership),
            earlier=earlier,
        )

    return router


def _attached(content: bytes, media_type: str, name: str) -> Response:
    """A file to keep. Its name is made of ids."""
    return Response(
        content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
