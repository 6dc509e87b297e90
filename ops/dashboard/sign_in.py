"""How people say who they are. Whoever it is, what they may do is what the partnership's register says.

A way of signing in names a person; it gives no roles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from agents.partnership import Partnership
from ops.dashboard.sessions import Session
from ops.problem import WrongInput


class NotSignedIn(Exception):
    """The sign-in did not come off. ``reason`` is a code, never what anybody wrote."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of an agency, by the ids of the register."""

    person: str
    agency: str


@dataclass(frozen=True, slots=True)
class Named:
    """Whom an access token is for, as the provider says: a person's id of the register, or ``PERSON@AGENCY``,
    or ``source.CODE`` for the system of a referral source; and until when it holds."""

    claimed: str
    until: datetime


def person_claimed(claimed: str, partnership: Partnership) -> Person | None:
    """The one person of the register whom a provider's claim names; None for nobody, and for several."""
    person, _, agency = claimed.partition("@")
    fitting = [one for one in partnership.staff if one.person == person and agency in ("", one.agency)]
    return Person(fitting[0].person, fitting[0].agency) if len(fitting) == 1 else None


class SignIn(Protocol):
    """A way of signing in.

    ``development`` shows a list to choose from, and a banner on every page. ``from_elsewhere`` says that
    people come back from another site, so that the cookie has to come along with a link from there.
    """

    development: bool
    from_elsewhere: bool

    def is_for_here(self, headers: Mapping[str, str]) -> bool:
        """Whether a request was sent to an address at which people may use this dashboard, by its headers."""
        ...

    async def leave(self, session: Session) -> str:
        """Where the browser goes to sign in. Raises `NotSignedIn`."""
        ...

    async def finish(self, session: Session, said: Mapping[str, str]) -> Person:
        """Who it is, by what the browser brings. Raises `NotSignedIn`."""
        ...

    async def of_token(self, token: str) -> Named:
        """Whom an access token of the HTTP API is for. Raises `NotSignedIn`."""
        ...

    async def sign_out_at(self) -> str | None:
        """Where people end their session at the provider too; None where there is nothing to end."""
        ...


class DevelopmentSignIn:
    """Whoever comes chooses who they are: for a first look, on one's own machine only."""

    development = True
    from_elsewhere = False

    def __init__(self, partnership: Partnership, host: str, *, embedded: bool) -> None:
        """``host`` is where the dashboard listens; ``embedded``: the hub has broker and store in its folder.

        Raises
        ------
        WrongInput
            where others could reach it, or the hub is a real one.
        """
        if not is_loopback(host):
            raise WrongInput(
                "the development sign-in asks for no password, so it is for this machine alone: "
                f"{host} is no loopback address; leave out --host, or set oidc_issuer"
            )
        if not embedded:
            raise WrongInput(
                "the development sign-in asks for no password, so it is for a hub on the embedded engine; "
                "set oidc_issuer for one on servers"
            )
        self._partnership = partnership

    def is_for_here(self, headers: Mapping[str, str]) -> bool:
        """By a name or address of this machine, and handed on by nobody. A page of another site may have its
        own name lead to this machine (DNS rebinding), and a proxy here would let others in."""
        return is_loopback(host_in(headers)) and not any(name in headers for name in _HANDED_ON)

    async def leave(self, session: Session) -> str:
        raise NotSignedIn("not_by_another_site")

    async def of_token(self, token: str) -> Named:
        raise NotSignedIn("no_tokens_here")

    async def sign_out_at(self) -> str | None:
        return None

    async def finish(self, session: Session, said: Mapping[str, str]) -> Person:
        person, _, agency = said.get("person", "").rpartition("@")
        if not person:
            raise NotSignedIn("nobody_chosen")
        if not self._partnership.roles_of(person, agency):
            raise NotSignedIn("person_unknown")
        return Person(person, agency)


_HANDED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""What proxies add to what they hand on."""


def host_in(headers: Mapping[str, str]) -> str:
    """The name or address that a request was sent to, without its port; empty where it says none."""
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
