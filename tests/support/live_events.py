"""A stream of live events as a browser opens it that goes away after the first words."""

from __future__ import annotations

import asyncio
from typing import Any

from httpx2 import AsyncClient, Response

from tests.support.dashboard import Dashboard


async def opening_of(dashboard: Dashboard, browser: AsyncClient, path: str, until: bytes = b"") -> Response:
    """What is said at once: the refusal, or the beginning of what would go on and on, up to these words."""
    request = browser.build_request("GET", path)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path,
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 1),
    }
    said: list[dict[str, Any]] = []
    asked, heard = asyncio.Event(), asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not asked.is_set():
            asked.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        await heard.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)
        if message["type"] == "http.response.body" and until in message["body"]:
            heard.set()

    await dashboard.app(scope, receive, send)
    start, *bodies = said
    content = b"".join(body.get("body", b"") for body in bodies)
    return Response(start["status"], headers=start["headers"], content=content, request=request)
