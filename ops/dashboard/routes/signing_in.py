"""Signing in and out."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ops.dashboard.admitting import Door, form_in
from ops.dashboard.given import Given
from ops.dashboard.kept_forms import KeptForms
from ops.dashboard.rendering import Pages
from ops.dashboard.sessions import Session, Sessions
from ops.dashboard.sign_in import NotSignedIn
from ops.dashboard.strangers import Strangers

_CHOSEN: Mapping[str, str] = {
    "nobody_chosen": "Choose who you are",
    "person_unknown": "Choose somebody on the register of staff",
}
_BY_PROVIDER: Mapping[str, str] = {
    "person_unknown": "You are not on the hub’s register of staff. Ask your manager to have you put on it",
}
_ELSE = "You could not be signed in. Try again, or tell whoever runs the hub"


def routes(
    given: Given, pages: Pages, door: Door, sessions: Sessions, strangers: Strangers, kept_forms: KeptForms
) -> APIRouter:
    router = APIRouter()
    whys = _CHOSEN if given.sign_in.development else _BY_PROVIDER

    def with_cookie(answer: Response, session: Session) -> Response:
        answer.set_cookie(
            door.cookie if session.signed_in else door.strangers_cookie,
            session.id if session.signed_in else strangers.sealed(session),
            httponly=True,
            secure=given.secure,
            samesite="lax" if given.sign_in.from_elsewhere else "strict",
            path="/",
        )
        return answer

    def asked(request: Request, problem: str | None = None) -> Response:
        if request.state.session is None:
            request.state.session = strangers.begin()
        page = pages.page(
            "sign_in.html",
            request,
            400 if problem else 200,
            staff=sorted(given.partnership.staff, key=lambda one: (one.agency, one.person)),
            problem=problem,
            form_lost=request.query_params.get("form") == "lost",
            form_waits=kept_forms.waits(request.cookies.get(door.cookie, "")),
        )
        return with_cookie(page, request.state.session)

    async def finished(request: Request, said: Mapping[str, str]) -> Response:
        session: Session | None = request.state.session
        if session is None:
            return asked(request, _ELSE)
        try:
            who = await given.sign_in.finish(session, said)
        except NotSignedIn as why:
            return asked(request, whys.get(why.reason, _ELSE))
        before = request.cookies.get(door.cookie, "")
        now_theirs = sessions.begin(who.person, who.agency)
        sessions.end(before)  # unless it ran out by itself, so that its forms may still come
        answer = RedirectResponse(kept_forms.hand_over(before, now_theirs) or "/", 303)
        answer.delete_cookie(door.strangers_cookie, path="/", httponly=True, secure=given.secure)
        return with_cookie(answer, now_theirs)

    @router.get("/sign-in", name="sign_in")
    async def sign_in(request: Request) -> Response:
        return asked(request)

    @router.post("/sign-in", name="sign_in_finish")
    async def sign_in_finish(request: Request) -> Response:
        return await finished(request, form_in(request))

    @router.get("/sign-in/leave", name="sign_in_leave")
    async def sign_in_leave(request: Request) -> Response:
        session: Session | None = request.state.session
        if session is None:
            return RedirectResponse("/sign-in", 303)
        try:
            there = RedirectResponse(await given.sign_in.leave(session), 303)
        except NotSignedIn as why:
            return asked(request, whys.get(why.reason, _ELSE))
        return with_cookie(there, session)

    @router.get("/sign-in/back", name="sign_in_back")
    async def sign_in_back(request: Request) -> Response:
        """From the provider. Who chooses for themselves does it by the form and its token, not by a link."""
        if not given.sign_in.from_elsewhere:
            return asked(request, _ELSE)
        return await finished(request, request.query_params)

    @router.post("/sign-out", name="sign_out")
    async def sign_out(request: Request) -> Response:
        sessions.end(request.state.session.id)
        kept_forms.forget(request.state.session)
        at_provider = await given.sign_in.sign_out_at()
        answer = RedirectResponse("/signed-out" if at_provider else "/sign-in", 303)
        answer.delete_cookie(door.cookie, path="/", httponly=True, secure=given.secure)
        return answer

    @router.get("/signed-out", name="signed_out")
    async def signed_out(request: Request) -> Response:
        """With the way to sign out at the provider too: a link, since a form may lead to no other site."""
        return pages.page("signed_out.html", request, at_provider=await given.sign_in.sign_out_at())

    return router
