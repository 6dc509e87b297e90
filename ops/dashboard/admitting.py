"""At the door of every page: who it is, whether they may, and a record of it when they may not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn

from starlette.requests import Request

from agents.coordinator.case import Case
from messages.codec import MAX_BYTES
from ops import case_views
from ops.dashboard.access import (
    ACCESS,
    ASKS_BY_ITSELF,
    KEEPS_FORM,
    SIGNING_IN,
    Open,
    hindrance,
    is_program,
)
from ops.dashboard.bearing import Bearer, bearer_of
from ops.dashboard.forms import Written, page_in
from ops.dashboard.given import Given
from ops.dashboard.guard import route_name
from ops.dashboard.kept_forms import KeptForms
from ops.dashboard.refusals import record_refusal
from ops.dashboard.sessions import Session, Sessions
from ops.dashboard.strangers import Strangers
from ops.dashboard.viewer import Viewer, viewer_of
from store.port import Kept

MOST_BYTES = 3 * MAX_BYTES
"""The longest form that is read: as long as the longest message, since in a form each byte of a text that is
no plain letter takes three."""

_FORM = "application/x-www-form-urlencoded"


class SignInFirst(Exception):
    """Nobody is signed in, or not any more. ``lost``: a form that they sent could not be kept."""

    def __init__(self, *, lost: bool = False) -> None:
        self.lost = lost
        super().__init__("sign_in_first")


class NotAllowed(Exception):
    """A person may not see this; it is on record. ``why`` is a code."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class FormNotTaken(Exception):
    """A form that is none of this session's, or none that is read here."""


class FormKept(Exception):
    """A form of an earlier session of the same person: it is shown again at its ``address``, filled in."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__("form_kept")


class NoSuchCase(Exception):
    """There is no case with this id, nor whatever else was asked for."""


class Door:
    """Admits to the pages of one dashboard."""

    def __init__(self, given: Given, sessions: Sessions, strangers: Strangers, kept_forms: KeptForms) -> None:
        self._given = given
        self._sessions = sessions
        self._strangers = strangers
        self._kept_forms = kept_forms

    @property
    def cookie(self) -> str:
        """The name of the cookie; its prefix binds it to this host over https where there is https."""
        return "__Host-mash" if self._given.secure else "mash"

    @property
    def strangers_cookie(self) -> str:
        """The name of the cookie while somebody signs in. It is another one, because a link from elsewhere
        comes without the cookie of who is signed in, and must not put a stranger's in its place."""
        return f"{self.cookie}-sign-in"

    def recognise(self, request: Request, *, is_use: bool) -> None:
        """Put the session and who it is of, if there are any, to the request."""
        request.state.session = request.state.viewer = request.state.left = None
        if route_name(request.scope) in SIGNING_IN:
            request.state.session = self._strangers.find(request.cookies.get(self.strangers_cookie, ""))
            return
        session = self._sessions.find(request.cookies.get(self.cookie, ""), is_use=is_use)
        if session is None:
            return
        viewer = None
        if session.person is not None and session.agency is not None:
            viewer = viewer_of(self._given.partnership, session.person, session.agency, self._given.today)
            if viewer is None:  # taken off the register
                self._sessions.end(session.id)
                return
        request.state.session, request.state.viewer = session, viewer
        request.state.left = self._sessions.left(session) if viewer else None

    def admits_still(self, request: Request) -> bool:
        """Whether whoever listens to what goes on and on may go on listening."""
        bearer: Bearer | None = getattr(request.state, "bearer", None)
        if bearer is None:
            self.recognise(request, is_use=False)
        else:
            request.state.viewer = bearer.viewer_now(self._given)
        return request.state.viewer is not None and self.hindrance(request) is None

    async def admit(self, request: Request) -> None:
        """Let the request pass to its page.

        Raises
        ------
        SignInFirst, FormNotTaken, FormKept
        NotAllowed
            after it is on record.
        """
        page = route_name(request.scope)
        if is_program(page) and "authorization" in request.headers:
            await self._recognise_bearer(request)
        else:
            self.recognise(request, is_use=page not in ASKS_BY_ITSELF)
            if request.method not in ("GET", "HEAD"):
                await (self._require_own_request if is_program(page) else self._require_own_form)(request)
        if isinstance(ACCESS.get(page), Open):
            return
        if request.state.viewer is None:
            raise SignInFirst
        if why := self.hindrance(request):
            await self.refuse(request, why)

    def hindrance(self, request: Request) -> str | None:
        """Why the person who is signed in may not see a page, as a code; None when they may."""
        return hindrance(route_name(request.scope), viewer_in(request), self._given.partnership)

    async def refuse(self, request: Request, why: str, case: str | None = None) -> NoReturn:
        """Put the refusal on record, and raise it as `NotAllowed`."""
        await record_refusal(self._given, viewer_in(request), route_name(request.scope), why, case)
        raise NotAllowed(why)

    async def case(
        self, request: Request, case_id: str, *, also: Callable[[Case, Viewer], bool] | None = None
    ) -> tuple[Case, Kept]:
        """A case that this person may see, or one in which they have the part that ``also`` asks for: there
        they need no right to view cases. [C10, K03, M2.4]

        Raises
        ------
        NoSuchCase
        NotAllowed
            after it is on record.
        """
        found, kept = await self.find(case_id)
        viewer = viewer_in(request)
        sees = viewer.may_see(found)
        if also is not None:
            sees = (sees and viewer.sees_cases) or also(found, viewer)
        if not sees:
            await self.refuse(request, "not_your_agencys_case", found.case_id)
        return found, kept

    async def teams_case(self, request: Request, case_id: str) -> tuple[Case, Kept]:
        """A case in which a team of this person was sent something. [D19, E03]

        Raises
        ------
        NoSuchCase
        NotAllowed
            after it is on record.
        """
        found, kept = await self.find(case_id)
        if not viewer_in(request).of_team(found, self._given.partnership):
            await self.refuse(request, "not_sent_to_your_team", found.case_id)
        return found, kept

    async def find(self, case_id: str) -> tuple[Case, Kept]:
        """A case, for what looks itself at who may read of it. Raises `NoSuchCase`."""
        kept = (await self._given.store.load([case_id])).get(case_id)
        if kept is None or kept.facets.get("kind") != "case":
            raise NoSuchCase
        return case_views.case_from(kept), kept

    def keep_form(self, request: Request) -> str | None:
        """Keep the form that was sent with a request which failed; returns where it is shown again, None for
        what is none of those that are kept."""
        written: Written | None = getattr(request.state, "written", None)
        session: Session | None = getattr(request.state, "session", None)
        kept = route_name(request.scope) in KEEPS_FORM
        if not kept or written is None or session is None or not session.signed_in:
            return None
        self._kept_forms.keep_failed(session, address_of(request), written)
        return address_of(request)

    async def _recognise_bearer(self, request: Request) -> None:
        """Of an access token, in place of a session. A browser adds none by itself, so nothing is planted."""
        request.state.session = request.state.left = None
        bearer = await bearer_of(request.headers["authorization"], self._given)
        request.state.bearer = bearer
        request.state.viewer = bearer.viewer_now(self._given) if bearer else None

    async def _require_own_request(self, request: Request) -> None:
        """From a script of one of this session's pages: what is on another site cannot read the token."""
        session: Session | None = request.state.session
        if session is None:
            raise SignInFirst
        if not session.is_its_form(request.headers.get("x-form-token", "")):
            raise FormNotTaken

    async def _require_own_form(self, request: Request) -> None:
        length = request.headers.get("content-length", "")
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if not (length.isdecimal() and int(length) <= MOST_BYTES and kind == _FORM):
            raise FormNotTaken
        session: Session | None = request.state.session
        form = await request.form()
        written = {name: tuple(map(str, form.getlist(name))) for name in form}
        token = written.pop("form_token", ("",))[-1]
        address = address_of(request) if route_name(request.scope) in KEEPS_FORM else None
        if session is None:
            before = request.cookies.get(self.cookie, "")
            kept = address is not None and self._kept_forms.keep(before, token, address, written)
            raise SignInFirst(lost=address is not None and before != "" and not kept)
        if not session.is_its_form(token):
            if address is not None and self._kept_forms.keep_for(session, token, address, written):
                raise FormKept(address)
            raise FormNotTaken
        request.state.written = written


class ContentGone(Exception):
    """What was revealed in a case has been destroyed; its record remains. ``why`` says when and by whose
    decision, without a word of what it was. [L09]"""

    def __init__(self, case_id: str, why: str) -> None:
        self.case_id, self.why = case_id, why
        super().__init__("content_destroyed")


def address_of(request: Request) -> str:
    """Path and query, as links have them."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def viewer_in(request: Request) -> Viewer:
    """Who looks at a page that only those see who are signed in."""
    viewer: Viewer = request.state.viewer
    return viewer


def session_in(request: Request) -> Session:
    """The session of whoever looks at a page that only those see who are signed in."""
    session: Session = request.state.session
    return session


def written_in(request: Request) -> Written:
    """What was written into a form, every answer of each field."""
    written: Written = request.state.written
    return written


def told_in(request: Request) -> str | None:
    """What the person is told of the last thing that they did, once."""
    session = session_in(request)
    told, session.told = session.told, None
    return told


def form_in(request: Request) -> Mapping[str, str]:
    """What was written into a form whose fields have one answer each."""
    return {name: answers[-1] for name, answers in written_in(request).items()}


def page_number_in(request: Request) -> int:
    """The page of a list that the address asks for, from 1."""
    return page_in(request.query_params)
