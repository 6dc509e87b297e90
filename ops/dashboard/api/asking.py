"""What operations have in common: what stands in their headers and how a body is read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Header
from starlette.requests import Request

from messages.codec import MAX_BYTES
from ops.dashboard.api.problems import NotDone

FormToken = Annotated[
    str | None,
    Header(
        alias="X-Form-Token",
        max_length=200,
        description="For a browser that is signed in at the dashboard: the session's form token.",
    ),
]
Purpose = Annotated[
    str,
    Header(
        alias="Purpose",
        pattern="^[a-z][a-z0-9_-]{0,63}$",
        description="What it is read for: a purpose of the partnership that the category of the case has. It "
        "goes on record. [D02, D16]",
    ),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern="^[A-Za-z0-9._:-]{1,128}$",
        description="The same body with the same key is said once, however often it is sent. Without a key "
        "each request says something of its own.",
    ),
]


async def json_body(request: Request) -> bytes:
    """The body, which is JSON and not too long. Raises `NotDone`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise NotDone("not_json")
    return b"".join([piece async for piece in _pieces(request)])


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    length = 0
    async for piece in request.stream():
        length += len(piece)
        if length > MAX_BYTES:
            raise NotDone("too_large", places=[f"at most {MAX_BYTES} bytes"])
        yield piece
