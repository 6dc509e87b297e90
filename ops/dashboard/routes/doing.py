"""A task about what somebody has before them: the form, what stands beside it, and the message that comes of
it. It is the same for a case, a DIAL, a missing person, a daily round and what champions decide on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from agents.coordinator.case import Case
from agents.coordinator.daily_rounds import Round
from ops.dashboard.admitting import (
    Door,
    NoSuchCase,
    address_of,
    form_in,
    session_in,
    told_in,
    viewer_in,
    written_in,
)
from ops.dashboard.forms import (
    MOST_ENTRIES,
    Kind,
    Written,
    entries,
    entries_changed,
    every,
    leads_to,
    texts_in,
)
from ops.dashboard.given import Given
from ops.dashboard.kept_forms import KeptForm, KeptForms
from ops.dashboard.matters import Find, Matter, Matters
from ops.dashboard.reading_on_record import content_for, require_readable
from ops.dashboard.rendering import Pages
from ops.dashboard.routes.reading import asks_purpose
from ops.dashboard.saying import NotSaid, say
from ops.dashboard.tasks import IN_ROUNDS, OF_CHAMPIONS, TASKS, TEAM_TASKS, Situation, Task


def routes(given: Given, pages: Pages, door: Door, kept_forms: KeptForms) -> APIRouter:
    router = APIRouter()
    matters = Matters(given, door)

    def place(
        path: str,
        route: str,
        find: Find,
        names: Collection[str] = TASKS.keys(),
        tasks: Mapping[str, Task] = TASKS,
    ) -> None:
        """The addresses of the tasks with these names about whatever stands under a path."""

        async def situation(request: Request, name: str, about: str) -> tuple[Matter, Task, Situation]:
            """The task and what it is about now. Raises `NoSuchCase`, `NotAllowed` after it is on record."""
            found = tasks.get(name) if name in names else None
            matter = await find(request, found.also_for if found else None)
            if found is None or not found.fits(matter.document):
                raise NoSuchCase
            form_id = form_in(request).get("form_id", "") if request.method == "POST" else ""
            at = Situation(
                matter.document,
                viewer_in(request),
                given.partnership,
                given.now,
                about or None,
                meeting=matter.meeting,
                form_id=form_id or given.new_id(),
                term=matter.term,
            )
            if not found.may_at(at):
                held = found.right in at.viewer.rights
                await door.refuse(
                    request, "service_not_concerned" if held else "role_may_not", matter.kept.key
                )
            return matter, found, at

        async def with_content(request: Request, matter: Matter, found: Task, at: Situation) -> Situation:
            if not reads(found, at) or isinstance(at.document, Round):
                return at
            content = await content_for(given, door, request, at.document, matter.purpose)
            return replace(at, content=content)

        async def for_saying(
            request: Request, matter: Matter, found: Task, at: Situation, written: Written
        ) -> Situation:
            """With the content where the message has something of it. Else nothing is read, since nothing is
            shown; whoever may not read it is refused all the same. [D02]"""
            if found.takes_text(written):
                return await with_content(request, matter, found, at)
            if reads(found, at) and not isinstance(at.document, Round):
                await require_readable(given, door, request, at.document, matter.purpose)
            return at

        def reads(found: Task, at: Situation) -> bool:
            return found.reads and found.may_read(at)

        def back(matter: Matter, found: Task, at: Situation) -> str:
            """The document, or for whoever does not see it where the task leads."""
            viewer, document = at.viewer, at.document
            sees = not isinstance(document, Case) or (viewer.sees_cases and viewer.may_see(document))
            return matter.home if sees or found.then is None else found.then(at)

        def page(
            request: Request,
            matter: Matter,
            found: Task,
            at: Situation,
            written: Written | None = None,
            problems: Mapping[str, str] | None = None,
            status: int = 200,
            *,
            kept: KeptForm | None = None,
        ) -> Response:
            fields = found.fields(at)
            return pages.page(
                "task.html",
                request,
                status,
                task=found,
                matter=matter,
                at=at,
                fields=fields,
                called=at.called,
                entries=entries,
                most_entries=MOST_ENTRIES,
                has_entries=any(field.kind is Kind.ENTRIES for field in every(fields)),
                about=next((one.title for one in found.open_for(at) if one.id == at.about), at.about),
                shown=found.shows(at),
                back=back(matter, found, at),
                told=told_in(request),
                written=written,
                problems=problems or {},
                leads_to={name: leads_to(name, fields, written or {}) for name in problems or {}},
                form_id=at.form_id,
                kept=kept,
            )

        def hindered(
            request: Request, matter: Matter, found: Task, at: Situation, about: str
        ) -> Response | None:
            """The page that comes before the form, or in its place."""
            if not any(one.id == about for one in found.open_for(at)):
                return pages.page(
                    "task_over.html",
                    request,
                    409,
                    task=found,
                    matter=matter,
                    back=back(matter, found, at),
                    told=told_in(request),
                    typed=texts_in(written_in(request)) if request.method == "POST" else (),
                    over=found.over(at),
                )
            if not reads(found, at):
                return None
            if matter.following:  # in a meeting, which may have yet to be opened
                return RedirectResponse(matter.home, 303) if matter.purpose is None else None
            then = f"{request.url.path}?{urlencode({'about': about})}" if about else request.url.path
            return asks_purpose(given, pages, request, matter, then)

        @router.get(f"{path}/tasks/{{name}}", name=route)
        async def show(request: Request, name: str, about: str = "") -> Response:
            matter, found, at = await situation(request, name, about)
            if other := hindered(request, matter, found, at, about):
                return other
            kept = kept_forms.take(session_in(request), address_of(request))
            if kept is not None:
                at = replace(at, form_id=(kept.written.get("form_id") or ("",))[-1] or at.form_id)
            at = await with_content(request, matter, found, at)
            if kept is None:
                return page(request, matter, found, at)
            written = entries_changed(found.fields(at), kept.written) or kept.written
            return page(request, matter, found, at, written, kept=kept)

        @router.post(f"{path}/tasks/{{name}}", name=f"do_{route}")
        async def do(request: Request, name: str, about: str = "") -> Response:
            matter, found, at = await situation(request, name, about)
            if session_in(request).told and not any(one.id == about for one in found.open_for(at)):
                return RedirectResponse(back(matter, found, at), 303)  # a second click on what is done
            if other := hindered(request, matter, found, at, about):
                return other
            written = written_in(request)
            if changed := entries_changed(found.fields(at), written):
                at = await with_content(request, matter, found, at)
                return page(request, matter, found, at, changed)
            at = await for_saying(request, matter, found, at, written)
            try:
                session_in(request).told = await say(given, found, at, written, at.form_id)
            except NotSaid as why:
                if at.content is None:
                    at = await with_content(request, matter, found, at)
                return page(request, matter, found, at, written, why.problems, why.status)
            then = found.then(at) if found.then is not None else matter.following or matter.home
            return RedirectResponse(then, 303)

    place("/cases/{case_id}", "task", matters.case)
    place("/team/cases/{case_id}", "team_task", matters.teams_case, TEAM_TASKS.keys(), TEAM_TASKS)
    place("/dials/{dial}", "dial_task", matters.dial)
    place("/missing/{missing}", "missing_task", matters.missing)
    place("/rounds/{code}", "round_task", matters.round)
    place("/rounds/{code}/items/{item}", "item_task", matters.item, IN_ROUNDS)
    place("/retention/{document}", "retention_task", matters.retained, OF_CHAMPIONS)
    return router
