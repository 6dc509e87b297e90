"""Registering a referral that came otherwise, or that a practitioner brings. [A09, A12, B03, B09]"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agents.coordinator.case import Case
from ops.dashboard.admitting import (
    Door,
    NoSuchCase,
    address_of,
    form_in,
    session_in,
    viewer_in,
    written_in,
)
from ops.dashboard.forms import MOST_ENTRIES, Written, entries, entries_changed, leads_to
from ops.dashboard.given import Given
from ops.dashboard.kept_forms import KeptForm, KeptForms
from ops.dashboard.referring import fields, register, sources_of
from ops.dashboard.rendering import Pages
from ops.dashboard.saying import NotSaid


def routes(given: Given, pages: Pages, door: Door, kept_forms: KeptForms) -> APIRouter:
    router = APIRouter()

    async def require_source(request: Request) -> None:
        if not sources_of(viewer_in(request), given.partnership):
            await door.refuse(request, "not_your_source")

    def form(
        request: Request,
        form_id: str,
        written: Written | None = None,
        problems: Mapping[str, str] | None = None,
        status: int = 200,
        *,
        kept: KeptForm | None = None,
    ) -> Response:
        asked = fields(viewer_in(request), given.partnership, given.now)
        return pages.page(
            "refer.html",
            request,
            status,
            fields=asked,
            entries=entries,
            most_entries=MOST_ENTRIES,
            written=written,
            problems=problems or {},
            leads_to={name: leads_to(name, asked, written or {}) for name in problems or {}},
            form_id=form_id,
            kept=kept,
        )

    @router.get("/referrals/new", name="refer")
    async def ask(request: Request) -> Response:
        await require_source(request)
        kept = kept_forms.take(session_in(request), address_of(request))
        if kept is None:
            return form(request, given.new_id())
        asked = fields(viewer_in(request), given.partnership, given.now)
        written = entries_changed(asked, kept.written) or kept.written
        form_id = (kept.written.get("form_id") or ("",))[-1] or given.new_id()
        return form(request, form_id, written, kept=kept)

    @router.post("/referrals/new", name="do_refer")
    async def do(request: Request) -> Response:
        await require_source(request)
        viewer, written = viewer_in(request), written_in(request)
        form_id = form_in(request).get("form_id") or given.new_id()
        asked = fields(viewer, given.partnership, given.now)
        if changed := entries_changed(asked, written):
            return form(request, form_id, changed)
        try:
            session_in(request).registered = await register(given, viewer, written, form_id)
        except NotSaid as why:
            return form(request, form_id, written, why.problems, why.status)
        return RedirectResponse("/referrals/registered", 303)

    @router.get("/referrals/registered", name="referred")
    async def registered(request: Request) -> Response:
        """What became of the last referral that this person registered. It stands in their session, since the
        case is one that not everybody sees who registers it."""
        await require_source(request)
        last = session_in(request).registered
        if last is None:
            return RedirectResponse("/referrals/new", 303)
        viewer, case = viewer_in(request), await case_now(last.case) if last.taken else None
        return pages.page(
            "referred.html",
            request,
            case_id=last.case,
            taken=last.taken,
            route=case.route if case is not None else None,
            sees=case is not None and viewer.sees_cases and viewer.may_see(case),
        )

    async def case_now(case_id: str) -> Case | None:
        try:
            return (await door.find(case_id))[0]
        except NoSuchCase:  # taken, and not to be seen in the store yet
            return None

    return router
