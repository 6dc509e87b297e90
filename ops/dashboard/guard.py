"""Around every answer: none for another address, headers that keep a page to itself, and an error page that
tells nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agents.runtime.log import fault
from messages.clock import NewId

log: Any = structlog.get_logger("mash.dashboard")

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer. No script or style stands in a page itself."""

NOT_KEPT = "no-store"
"""Pages are kept nowhere."""

KEPT_IF_UNCHANGED = "no-cache"
"""What is the same for everybody, and holds nothing of any case: kept, and asked after each time."""

OVER_HTTPS = "max-age=31536000"

NOT_HERE = (
    "The hub's dashboard is not at this address. Open the address that it was started with. "
    "Whoever runs a proxy before it: hand on the Host header; the development sign-in takes no proxy.\n"
)
"""What is said to a request for another address: not even a page to sign in (RFC 9110, 7.4)."""


class Guard:
    """Around the whole application. ``is_for_here`` says by the headers whether a request was meant for this
    dashboard. ``error_page`` is what is shown of an error, by the id of the request."""

    def __init__(
        self,
        app: ASGIApp,
        new_id: NewId,
        is_for_here: Callable[[Mapping[str, str]], bool],
        error_page: Callable[[Request, str], Response],
        *,
        secure: bool,
    ) -> None:
        self._app = app
        self._new_id = new_id
        self._is_for_here = is_for_here
        self._error_page = error_page
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = self._new_id()
        status = 0
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, _without_body(send)

        async def with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                is_static = route_name(scope) == "static"
                headers["Cache-Control"] = KEPT_IF_UNCHANGED if is_static else NOT_KEPT
                for name, value in HEADERS.items():
                    headers[name] = value
                if self._secure:
                    headers["Strict-Transport-Security"] = OVER_HTTPS
            await send(message)

        asked = self._app if self._is_for_here(Headers(scope=scope)) else _not_here
        try:
            with suppress(_Answered):
                await asked(scope, receive, with_headers)
        except Exception as error:
            log.error("request_failed", request=request_id, route=route_name(scope), **fault(error))
            if status:  # too late for a page: the answer is under way, and breaks off
                raise _BrokenOff from None
            with suppress(_Answered):
                await self._error_page(Request(scope), request_id)(scope, receive, with_headers)
        else:
            log.info("request", request=request_id, route=route_name(scope), status=status)


def _without_body(send: Send) -> Send:
    """For HEAD, which is answered as GET is, but for what would be read (RFC 9110, 9.3.2)."""

    async def send_no_body(message: Message) -> None:
        await send(message)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        raise _Answered

    return send_no_body


class _Answered(Exception):
    """HEAD has all of its answer: what GET goes on to read, perhaps without end, is not made."""


async def _not_here(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(NOT_HERE, 421)(scope, receive, send)


class _BrokenOff(Exception):
    """An answer that began could not be ended; what went wrong is in the log."""


def route_name(scope: Scope) -> str:
    """The name of the route, or ``none``. A path is never logged: it may be anything that anybody wrote."""
    route = scope.get("route")
    if route is None and scope.get("root_path", "").endswith("/static"):
        return "static"
    return str(getattr(route, "name", "none"))
