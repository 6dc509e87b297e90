"""The application: every page, with its door and its guard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import compile_path
from starlette.staticfiles import StaticFiles

from ops.dashboard import api
from ops.dashboard.access import ASKS_BY_ITSELF
from ops.dashboard.admitting import (
    ContentGone,
    Door,
    FormKept,
    FormNotTaken,
    NoSuchCase,
    NotAllowed,
    SignInFirst,
)
from ops.dashboard.api import cases, document, problems, saying
from ops.dashboard.api.answering import answer_to
from ops.dashboard.given import Given
from ops.dashboard.guard import Guard, route_name
from ops.dashboard.kept_forms import KeptForms
from ops.dashboard.places import HUB, TEAM
from ops.dashboard.referring import who_registers
from ops.dashboard.rendering import HERE, Pages
from ops.dashboard.routes import (
    board,
    case,
    daily,
    desk,
    doing,
    figures,
    operations,
    our_data,
    packages,
    reading,
    referring,
    registers,
    retention,
    rounds,
    session,
    signing_in,
    start,
    team,
    work,
)
from ops.dashboard.sessions import Sessions
from ops.dashboard.strangers import Strangers
from ops.dashboard.viewer import HINDERED
from ops.dashboard.watching import Watching


def create_app(given: Given) -> FastAPI:
    """The dashboard over what it is given. It opens and closes nothing of that."""
    kept_forms = KeptForms(given.wall)
    sessions = Sessions(given.wall, given.idle, given.longest, given.new_secret, kept_forms.ran_out)
    pages = Pages(given)
    strangers = Strangers(given.wall, given.idle, given.new_secret)
    door = Door(given, sessions, strangers, kept_forms)

    guard = Middleware(
        Guard, given.new_id, given.sign_in.is_for_here, _error_page(pages, door), secure=given.secure
    )
    watching = Watching(given.wall, given.look_every)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        watching.end()

    app = FastAPI(
        lifespan=lifespan,
        openapi_url=None,  # of all routes; `ops.dashboard.api.document` has those for programs
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(door.admit)],
        middleware=[guard],
    )
    app.state.watching = watching  # whoever serves it lets listeners go before it waits for them
    app.include_router(signing_in.routes(given, pages, door, sessions, strangers, kept_forms))
    app.include_router(start.routes(given, pages))
    app.include_router(board.routes(given, pages, door, watching, kept_forms))
    app.include_router(work.routes(given, pages, door, watching))
    app.include_router(referring.routes(given, pages, door, kept_forms))
    app.include_router(case.routes(given, pages, door, watching))
    app.include_router(reading.routes(given, pages, door))
    app.include_router(doing.routes(given, pages, door, kept_forms))
    app.include_router(daily.routes(given, pages, door))
    app.include_router(rounds.routes(given, pages, door, kept_forms))
    app.include_router(registers.routes(given, pages))
    app.include_router(retention.routes(given, pages))
    app.include_router(desk.routes(given, pages, door, watching))
    app.include_router(our_data.routes(given, pages, door))
    app.include_router(team.routes(given, pages, door, watching))
    for place in (HUB, TEAM):
        app.include_router(packages.routes(given, pages, door, place))
    app.include_router(operations.routes(given, pages, door, watching))
    app.include_router(figures.routes(given, pages))
    app.include_router(session.routes(sessions))
    app.include_router(_for_programs(given, door, watching))
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _say_what_went_wrong(app, given, pages, door)
    return app


def _for_programs(given: Given, door: Door, watching: Watching) -> APIRouter:
    operations, whole = APIRouter(), APIRouter(prefix=api.PREFIX)
    operations.include_router(cases.routes(given, door, watching))
    operations.include_router(saying.routes(given, door))
    whole.include_router(operations)
    whole.include_router(document.routes(operations, door.cookie))
    return whole


def _error_page(pages: Pages, door: Door) -> Callable[[Request, str], Response]:
    def page(request: Request, request_id: str) -> Response:
        if problems.is_for_programs(request):
            return problems.answer(problems.problem("failed", reason=request_id))
        door.recognise(request, is_use=False)
        form = door.keep_form(request)
        return pages.page("500.html", request, 500, request_id=request_id, form=form)

    return page


def _methods_at(app: FastAPI, path: str) -> list[str]:
    """What may be asked of an address, by all of its routes: each knows its own alone. None of a file's."""
    methods: set[str] = set()
    for route in iter_route_contexts(app.routes):
        if route.methods and compile_path(str(route.path))[0].match(path):
            methods |= route.methods
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


def _say_what_went_wrong(app: FastAPI, given: Given, pages: Pages, door: Door) -> None:
    """A page for each way in which a request may not come off."""

    @app.exception_handler(SignInFirst)
    async def sign_in_first(request: Request, error: Exception) -> Response:
        if problems.is_for_programs(request):
            return answer_to(error)
        if route_name(request.scope) in ASKS_BY_ITSELF:  # a script, which can do nothing with a page
            return Response(status_code=401)
        lost = isinstance(error, SignInFirst) and error.lost
        return RedirectResponse("/sign-in?form=lost" if lost else "/sign-in", 303)

    @app.exception_handler(NotAllowed)
    async def not_allowed(request: Request, error: Exception) -> Response:
        if problems.is_for_programs(request):
            return answer_to(error)
        why = error.why if isinstance(error, NotAllowed) else ""
        ask = who_registers(given.partnership) if why == "not_your_source" else ()
        return pages.page("403.html", request, 403, hindered=HINDERED.get(why), why=why, ask=ask)

    @app.exception_handler(FormNotTaken)
    async def form_not_taken(request: Request, error: Exception) -> Response:
        if problems.is_for_programs(request):
            return answer_to(error)
        return pages.page("form_not_taken.html", request, 400)

    @app.exception_handler(NoSuchCase)
    async def no_such_case(request: Request, error: Exception) -> Response:
        if problems.is_for_programs(request):
            return answer_to(error)
        return pages.page("404.html", request, 404)

    @app.exception_handler(ContentGone)
    async def content_gone(request: Request, error: Exception) -> Response:
        if problems.is_for_programs(request):
            return answer_to(error)
        gone = error if isinstance(error, ContentGone) else ContentGone("", "")
        return pages.page("gone.html", request, 410, case_id=gone.case_id, why=gone.why)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 405 and (methods := _methods_at(app, request.url.path)):
            error.headers = {"Allow": ", ".join(methods)}
        if problems.is_for_programs(request):
            return answer_to(error)
        door.recognise(request, is_use=False)
        page = pages.page("405.html" if error.status_code == 405 else "404.html", request, error.status_code)
        page.headers.update(error.headers or {})
        return page

    @app.exception_handler(problems.NotDone)
    @app.exception_handler(RequestValidationError)
    async def not_done(request: Request, error: Exception) -> Response:
        return answer_to(error)

    @app.exception_handler(FormKept)
    async def form_kept(request: Request, error: Exception) -> Response:
        return RedirectResponse(error.address if isinstance(error, FormKept) else "/", 303)
