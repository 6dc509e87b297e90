"""A task about a case: the form, what stands beside it, and the message that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ops.dashboard.admitting import Door, NoSuchCase, session_in, viewer_in, written_in
from ops.dashboard.forms import Written
from ops.dashboard.given import Given
from ops.dashboard.places import HUB, Place
from ops.dashboard.purposes import ask_purpose
from ops.dashboard.reading_on_record import content_for
from ops.dashboard.rendering import Pages
from ops.dashboard.saying import NotSaid, say
from ops.dashboard.tasks import Situation, Task


def routes(given: Given, pages: Pages, door: Door, place: Place = HUB) -> APIRouter:
    router = APIRouter()

    async def situation(request: Request, case_id: str, name: str, about: str) -> tuple[Task, Situation]:
        """The task and what it is about now. Raises `NoSuchCase`, `NotAllowed` after it is on record."""
        case, _ = await place.case(door, request, case_id)
        task = place.tasks.get(name)
        if task is None:
            raise NoSuchCase
        if not task.may(viewer_in(request)):
            await door.refuse(request, "role_may_not", case.case_id)
        return task, Situation(case, viewer_in(request), given.partnership, given.now, about or None)

    def opened(task: Task, at: Situation) -> bool:
        return any(one.id == (at.about or "") for one in task.open_for(at))

    def over(request: Request, task: Task, at: Situation) -> Response:
        case_id = at.case.case_id
        return pages.page("task_over.html", request, 409, task=task, case_id=case_id, base=place.of(case_id))

    async def with_content(request: Request, task: Task, at: Situation) -> Situation:
        content = await content_for(given, door, request, at.case) if task.reads else None
        return replace(at, content=content)

    def page(
        request: Request,
        task: Task,
        at: Situation,
        form_id: str,
        written: Written | None = None,
        problems: Mapping[str, str] | None = None,
    ) -> Response:
        return pages.page(
            "task.html",
            request,
            400 if problems else 200,
            task=task,
            at=at,
            base=place.of(at.case.case_id),
            about=next((one.title for one in task.open_for(at) if one.id == at.about), at.about),
            fields=task.fields(at),
            written=written,
            problems=problems or {},
            form_id=form_id,
        )

    @router.get(place.of("{case_id}/tasks/{name}"), name=f"{place.named}task")
    async def show(request: Request, case_id: str, name: str, about: str = "") -> Response:
        task, at = await situation(request, case_id, name, about)
        if not opened(task, at):
            return over(request, task, at)
        if task.reads and at.case.case_id not in session_in(request).purposes:
            then = f"{request.url.path}?{urlencode({'about': about})}" if about else request.url.path
            return ask_purpose(given, pages, request, place, at.case, then)
        return page(request, task, await with_content(request, task, at), given.new_id())

    @router.post(place.of("{case_id}/tasks/{name}"), name=f"{place.named}do_task")
    async def do(request: Request, case_id: str, name: str, about: str = "") -> Response:
        task, at = await situation(request, case_id, name, about)
        written = written_in(request)
        form_id = (written.get("form_id") or ("",))[-1] or given.new_id()
        if task.reads and at.case.case_id not in session_in(request).purposes:
            return RedirectResponse(str(request.url.path), 303)
        if not opened(task, at):
            return over(request, task, at)
        at = await with_content(request, task, at)
        try:
            session_in(request).told = await say(given, task, at, written, form_id)
        except NotSaid as why:
            return page(request, task, at, form_id, written, why.problems)
        return RedirectResponse(place.of(at.case.case_id), 303)

    return router
