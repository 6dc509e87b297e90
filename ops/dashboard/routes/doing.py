"""A task about a case: the form, what stands beside it, and the message that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ops.dashboard.admitting import Door, NoSuchCase, session_in, told_in, viewer_in, written_in
from ops.dashboard.forms import Written, filled_in
from ops.dashboard.given import Given
from ops.dashboard.reading_on_record import content_for
from ops.dashboard.rendering import Pages
from ops.dashboard.saying import NotSaid, say
from ops.dashboard.tasks import TASKS, Situation, Task


def routes(given: Given, pages: Pages, door: Door) -> APIRouter:
    router = APIRouter()

    async def situation(request: Request, case_id: str, name: str, about: str) -> tuple[Task, Situation]:
        """The task and what it is about now. Raises `NoSuchCase`, `NotAllowed` after it is on record."""
        task = TASKS.get(name)
        if task is None:
            raise NoSuchCase
        case, _ = await door.case(request, case_id, also=task.also_for)
        if not task.may(viewer_in(request)):
            await door.refuse(request, "role_may_not", case.case_id)
        return task, Situation(case, viewer_in(request), given.partnership, given.now, about or None)

    def opened(task: Task, at: Situation) -> bool:
        return any(one.id == (at.about or "") for one in task.open_for(at))

    async def with_content(request: Request, task: Task, at: Situation) -> Situation:
        if not reads(task, at):
            return at
        return replace(at, content=await content_for(given, door, request, at.case))

    def reads(task: Task, at: Situation) -> bool:
        return task.reads and task.may_read(at)

    def back(task: Task, at: Situation) -> str:
        """The case, or for whoever does not see it where the task leads."""
        sees = at.viewer.sees_cases and at.viewer.may_see(at.case)
        return f"/cases/{at.case.case_id}" if sees else task.then(at)

    def over(request: Request, task: Task, at: Situation) -> Response:
        told = told_in(request)
        return pages.page("task_over.html", request, 409, task=task, at=at, back=back(task, at), told=told)

    def address(request: Request, about: str) -> str:
        return f"{request.url.path}?{urlencode({'about': about})}" if about else str(request.url.path)

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
            fields=task.fields(at),
            shown=task.shows(at),
            written=written,
            problems=problems or {},
            form_id=form_id,
            back=back(task, at),
            told=told_in(request),
        )

    @router.get("/cases/{case_id}/tasks/{name}", name="task")
    async def show(request: Request, case_id: str, name: str, about: str = "") -> Response:
        task, at = await situation(request, case_id, name, about)
        if not opened(task, at):
            return over(request, task, at)
        if reads(task, at) and at.case.case_id not in session_in(request).purposes:
            return pages.page(
                "purpose.html",
                request,
                case_id=at.case.case_id,
                then=address(request, about),
                purposes=given.partnership.purposes,
                problem=None,
            )
        return page(request, task, await with_content(request, task, at), given.new_id())

    @router.post("/cases/{case_id}/tasks/{name}", name="do_task")
    async def do(request: Request, case_id: str, name: str, about: str = "") -> Response:
        task, at = await situation(request, case_id, name, about)
        written = written_in(request)
        form_id = (written.get("form_id") or ("",))[-1] or given.new_id()
        if reads(task, at) and at.case.case_id not in session_in(request).purposes:
            return RedirectResponse(address(request, about), 303)
        if not opened(task, at):
            return over(request, task, at)
        at = await with_content(request, task, at)
        if task.several:
            at = replace(at, entries=entries(written))
            if "more" in written or "fewer" in written:
                return page(request, task, at, form_id, with_new(task, at, written))
        try:
            session_in(request).told = await say(given, task, at, written, form_id)
        except NotSaid as why:
            return page(request, task, at, form_id, written, why.problems)
        return RedirectResponse(task.then(at), 303)

    return router


MOST_ENTRIES = 20
"""How many of what it takes several of a form has room for at most."""


def entries(written: Written) -> int:
    """How many the form has room for, one more or fewer where somebody asks for that."""
    said = (written.get("entries") or ("",))[-1]
    number = int(said) if said.isdecimal() and len(said) < 4 else 1
    return min(max(number + ("more" in written) - ("fewer" in written), 1), MOST_ENTRIES)


def with_new(task: Task, at: Situation, written: Written) -> Written:
    """What was written, and what the part that was added just now is opened with."""
    if "more" not in written:
        return written
    before = dict(filled_in(task.fields(replace(at, entries=at.entries - 1))))
    new = {name: said for name, said in filled_in(task.fields(at)) if name not in before}
    return {**new, **written}
