"""What a program is told when an operation does not come off: problem details of RFC 9457, never content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse

from ops.dashboard.api import PREFIX
from ops.problem import WrongInput

MEDIA_TYPE = "application/problem+json"

KINDS: Mapping[str, tuple[int, str, str]] = {
    "sign_in_first": (
        401,
        "Nobody is signed in",
        "Send an access token of the partnership's provider as `Authorization: Bearer …`, or sign in at the "
        "dashboard in this browser.",
    ),
    "form_token_wrong": (
        403,
        "Not a request of this session",
        "Send the session's form token, which every page of the dashboard has, as `X-Form-Token`.",
    ),
    "not_allowed": (
        403,
        "Not allowed",
        "The register of the partnership does not give this caller the right; `reason` says what is missing. "
        "The refusal is on record.",
    ),
    "no_such_case": (404, "No such case", "Give the id of a case, as the list of cases has it."),
    "no_such_package": (404, "No such package", "Give a version that the case lists under `packages`."),
    "no_such_operation": (404, "No such operation", f"`{PREFIX}/openapi.json` has them all."),
    "method_not_taken": (405, "No such method here", f"`{PREFIX}/openapi.json` has those there are."),
    "hub_refused": (
        409,
        "The hub refused it",
        "`reason` says why, and `places` where; correct it and send it with a new Idempotency-Key.",
    ),
    "content_destroyed": (410, "The content was destroyed", "Its time was over; the record of it is kept."),
    "too_large": (413, "Too large", "Send less: `places` says how much is taken."),
    "not_json": (415, "Not JSON", "Send JSON in UTF-8, with `Content-Type: application/json`."),
    "input_wrong": (422, "Not as it has to be", "`places` says where, and what each takes."),
    "not_handed_over": (
        503,
        "The hub cannot be reached",
        "Send the same body with the same Idempotency-Key again in a moment: it counts once.",
    ),
    "failed": (500, "Something went wrong", "Try again later; `reason` has the number of it in the log."),
}
"""By code: status, title, and what to do."""


class Problem(BaseModel):
    """Why an operation did not come off, and what to do. It never has content."""

    type: str = Field(description="`urn:mash:problem:` and the code.")
    title: str = Field(description="The kind of problem.")
    status: int = Field(description="The status of the answer.")
    code: str = Field(description="The kind of problem, for programs.", json_schema_extra={"enum": [*KINDS]})
    detail: str = Field(description="What to do.")
    reason: str | None = Field(default=None, description="Why in particular, as a code.")
    places: list[str] = Field(default=[], description="Where it is wrong and what that takes, each a line.")


class NotDone(Exception):
    """An operation that did not come off. ``code`` is one of `KINDS`."""

    def __init__(
        self, code: str, *, reason: str | None = None, places: Sequence[str] = (), detail: str | None = None
    ) -> None:
        self.problem = problem(code, reason=reason, places=places, detail=detail)
        super().__init__(code)


def problem(
    code: str, *, reason: str | None = None, places: Sequence[str] = (), detail: str | None = None
) -> Problem:
    """A problem of one of `KINDS`."""
    status, title, to_do = KINDS[code]
    return Problem(
        type=f"urn:mash:problem:{code}",
        title=title,
        status=status,
        code=code,
        detail=detail or to_do,
        reason=reason,
        places=list(places),
    )


def wrong_input(error: WrongInput) -> NotDone:
    """The same as the command line says of it."""
    said = str(error).splitlines()[0]
    return NotDone("input_wrong", places=error.places or (said,))


def answer(found: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """As an answer."""
    more = {"WWW-Authenticate": "Bearer"} if found.status == 401 else {}
    return JSONResponse(
        found.model_dump(exclude_none=True),
        found.status,
        headers={**(headers or {}), **more},
        media_type=MEDIA_TYPE,
    )


def is_for_programs(request: Request) -> bool:
    """Whether a program asked, so that it is answered as one."""
    return request.url.path.startswith(f"{PREFIX}/")


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """What an operation may answer besides what is wanted, as OpenAPI has it."""
    found: dict[int | str, dict[str, Any]] = {}
    for code in (*codes, "failed"):
        status, title, _ = KINDS[code]
        known = found.setdefault(status, {"description": "", "content": {MEDIA_TYPE: {"schema": _SCHEMA}}})
        known["description"] = "; ".join(filter(None, (known["description"], f"`{code}`: {title}")))
    return found


_SCHEMA = {"$ref": "#/components/schemas/Problem"}
