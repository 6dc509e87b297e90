"""At the door of every page: who it is, whether they may, and a record of it when they may not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn

from starlette.requests import Request

from agents.coordinator.case import Case
from ops import case_views
from ops.dashboard.access import (
    ACCESS,
    ASKS_BY_ITSELF,
    OFF_HUB_TOO,
    SIGNING_IN,
    Access,
    Open,
    SignedIn,
    rights_for,
)
from ops.dashboard.forms import Written
from ops.dashboard.given import Given
from ops.dashboard.guard import route_name
from ops.dashboard.refusals import record_refusal
from ops.dashboard.sessions import Session, Sessions
from ops.dashboard.viewer import Viewer, viewer_of
from store.port import Kept

MOST_BYTES = 64_000
"""The longest form that is read."""

_FORM = "application/x-www-form-urlencoded"


class SignInFirst(Exception):
    """Nobody is signed in, or not any more."""


class NotAllowed(Exception):
    """A person may not see this; it is on record. ``why`` is a code."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class FormNotTaken(Exception):
    """A form that is none of this session's, or none that is read here."""


class NoSuchCase(Exception):
    """There is no case with this id, nor whatever else was asked for."""


class Door:
    """Admits to the pages of one dashboard."""

    def __init__(self, given: Given, sessions: Sessions) -> None:
        self._given = given
        self._sessions = sessions

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
        request.state.session = request.state.viewer = None
        name = self.strangers_cookie if route_name(request.scope) in SIGNING_IN else self.cookie
        session = self._sessions.find(request.cookies.get(name, ""), is_use=is_use)
        if session is None:
            return
        viewer = None
        if session.person is not None and session.agency is not None:
            viewer = viewer_of(self._given.partnership, session.person, session.agency, self._given.today)
            if viewer is None:  # taken off the register
                self._sessions.end(session.id)
                return
        request.state.session, request.state.viewer = session, viewer

    async def admit(self, request: Request) -> None:
        """Let the request pass to its page.

        Raises
        ------
        SignInFirst, FormNotTaken
        NotAllowed
            after it is on record.
        """
        page = route_name(request.scope)
        self.recognise(request, is_use=page not in ASKS_BY_ITSELF)
        if request.method not in ("GET", "HEAD"):
            await self._require_own_form(request)
        if isinstance(ACCESS.get(page), Open):
            return
        if request.state.viewer is None:
            raise SignInFirst
        if why := self.hindrance(request):
            await self.refuse(request, why)

    def hindrance(self, request: Request) -> str | None:
        """Why the person who is signed in may not see a page, as a code; None when they may."""
        access, viewer = ACCESS.get(route_name(request.scope)), viewer_in(request)
        if access is None:
            return "page_unknown"
        if isinstance(access, SignedIn):
            return None
        needed = rights_for(access, self._given.partnership)
        return self._hindered(viewer, access) or (None if needed & viewer.rights else "role_may_not")

    def _hindered(self, viewer: Viewer, access: Access) -> str | None:
        """What keeps them out; that their agency is off the hub, from where cases are viewed alone."""
        if viewer.hindered != "agency_off_hub" or access not in OFF_HUB_TOO:
            return viewer.hindered
        return viewer.uncleared

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
        found, kept = await self._found(case_id)
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
        found, kept = await self._found(case_id)
        if not viewer_in(request).of_team(found, self._given.partnership):
            await self.refuse(request, "not_sent_to_your_team", found.case_id)
        return found, kept

    async def _found(self, case_id: str) -> tuple[Case, Kept]:
        kept = (await self._given.store.load([case_id])).get(case_id)
        if kept is None or kept.facets.get("kind") != "case":
            raise NoSuchCase
        return case_views.case_from(kept), kept

    async def _require_own_form(self, request: Request) -> None:
        length = request.headers.get("content-length", "")
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if not (length.isdecimal() and int(length) <= MOST_BYTES and kind == _FORM):
            raise FormNotTaken
        session: Session | None = request.state.session
        if session is None:
            raise SignInFirst
        form = await request.form()
        written = {name: tuple(map(str, form.getlist(name))) for name in form}
        if not session.is_its_form(written.pop("form_token", ("",))[-1]):
            raise FormNotTaken
        request.state.written = written


class ContentGone(Exception):
    """What was revealed in a case has been destroyed; its record remains. ``why`` says when and by whose
    decision, without a word of what it was. [L09]"""

    def __init__(self, case_id: str, why: str) -> None:
        self.case_id, self.why = case_id, why
        super().__init__("content_destroyed")


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
