"""A task about a case: the form, what stands beside it, and the message that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ops.dashboard.admitting import Door, NoSuchCase, session_in, viewer_in, written_in
from ops.dashboard.forms import Written
from ops.dashboard.given import Given
from ops.dashboard.kept_forms import KeptForms
from ops.dashboard.reading_on_record import content_for
from ops.dashboard.rendering import Pages
from ops.dashboard.saying import NotSaid, say
from ops.dashboard.tasks import TASKS, Situation, Task


def routes(given: Given, pages: Pages, door: Door, kept_forms: KeptForms) -> APIRouter:
    router = APIRouter()

    async def situation(request: Request, case_id: str, name: str, about: str) -> tuple[Task, Situation]:
        """The task and what it is about now. Raises `NoSuchCase`, `NotAllowed` after it is on record."""
        case, _ = await door.case(request, case_id)
        task = TASKS.get(name)
        if task is None:
            raise NoSuchCase
        if not task.may(viewer_in(request)):
            await door.refuse(request, "role_may_not", case.case_id)
        return task, Situation(case, viewer_in(request), given.partnership, given.now, about or None)

    def opened(task: Task, at: Situation) -> bool:
        return any(one.id == (at.about or "") for one in task.open_for(at))

    async def with_content(request: Request, task: Task, at: Situation) -> Situation:
        content = await content_for(given, door, request, at.case) if task.reads else None
        return Situation(at.case, at.viewer, at.partnership, at.now, at.about, content)

    def page(
        request: Request,
        task: Task,
        at: Situation,
        form_id: str,
        written: Written | None = None,
        problems: Mapping[str, str] | None = None,
        *,
        again: bool = False,
    ) -> Response:
        return pages.page(
            "task.html",
            request,
            400 if problems else 200,
            task=task,
            at=at,
            fields=task.fields(at),
            written=written,
            problems=problems or {},
            form_id=form_id,
            again=again,
        )

    @router.get("/cases/{case_id}/tasks/{name}", name="task")
    async def show(request: Request, case_id: str, name: str, about: str = "") -> Response:
        task, at = await situation(request, case_id, name, about)
        if not opened(task, at):
            return pages.page("task_over.html", request, 409, task=task, case_id=at.case.case_id)
        if task.reads and at.case.case_id not in session_in(request).purposes:
            then = f"{request.url.path}?{urlencode({'about': about})}" if about else request.url.path
            return pages.page(
                "purpose.html",
                request,
                case_id=at.case.case_id,
                then=then,
                purposes=given.partnership.purposes,
                problem=None,
            )
        at = await with_content(request, task, at)
        own = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        kept = kept_forms.take(session_in(request), own)
        form_id = _form_id(kept or {}) or given.new_id()
        return page(request, task, at, form_id, kept, again=kept is not None)

    @router.post("/cases/{case_id}/tasks/{name}", name="do_task")
    async def do(request: Request, case_id: str, name: str, about: str = "") -> Response:
        task, at = await situation(request, case_id, name, about)
        written = written_in(request)
        form_id = _form_id(written) or given.new_id()
        if task.reads and at.case.case_id not in session_in(request).purposes:
            return RedirectResponse(str(request.url.path), 303)
        if not opened(task, at):
            return pages.page("task_over.html", request, 409, task=task, case_id=at.case.case_id)
        at = await with_content(request, task, at)
        try:
            session_in(request).told = await say(given, task, at, written, form_id)
        except NotSaid as why:
            return page(request, task, at, form_id, written, why.problems)
        return RedirectResponse(f"/cases/{at.case.case_id}", 303)

    return router


def _form_id(written: Written) -> str:
    return (written.get("form_id") or ("",))[-1]
