"""The OpenAPI 3.1 document: FastAPI's own, with the payloads of the messages as people say them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from starlette.responses import JSONResponse, Response

from messages.catalogue import CATALOGUE, Declaration, Kind
from messages.confidential import MAX_TEXT, Confidential
from messages.referral import ReferralReceived
from messages.schema import Schema, shared_schemas
from ops.dashboard.api import PREFIX, shown
from ops.dashboard.api.problems import Problem

_REF = "#/components/schemas/{model}"
_ABOUT = """The actions of the dashboard for other programs. Each becomes the message that the command line
sends; what people read goes on record; whoever is refused is told why, and that is on record too.

A caller is a person of the partnership's register of staff, or the system of a referral source, by an access
token of the partnership's OpenID provider (RFC 9068); or a browser that is signed in at the dashboard, which
sends `X-Form-Token` with anything but GET."""


def said_by_people() -> Iterator[Declaration]:
    """The messages that a person says: each names who says it."""
    for declaration in sorted(CATALOGUE.values(), key=lambda one: one.type):
        if "by" in declaration.payload.model_fields and declaration.senders & {Kind.STAFF, Kind.TEAM}:
            yield declaration


def routes(operations: APIRouter, cookie: str) -> APIRouter:
    """The operation that answers with the document of these operations. ``cookie`` is the name of the one
    that says who is signed in."""
    router = APIRouter()
    made: list[Schema] = []

    @router.get("/openapi.json", name="api_document", include_in_schema=False)
    async def document() -> Response:
        if not made:
            made.append(document_of(operations, cookie))
        return JSONResponse(made[0])

    return router


def document_of(operations: APIRouter, cookie: str) -> Schema:
    """The document of these operations, whose paths are below `PREFIX`."""
    found: Schema = get_openapi(
        title="mash-hub",
        version="1",
        description=_ABOUT,
        routes=operations.routes,
        servers=[{"url": PREFIX}],
    )
    components = found.setdefault("components", {})
    components["schemas"] = {**_payloads(), **shown.schemas(_REF), **components.get("schemas", {})}
    components["schemas"]["Problem"] = Problem.model_json_schema(ref_template=_REF)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT (RFC 9068)"},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie},
    }
    found["security"] = [{"token": []}, {"session": []}]
    return found


def _payloads() -> dict[str, Any]:
    """What people say, with plain text where a message has sealed text."""
    schemas = {name: _strict(each) for name, each in shared_schemas(_REF).items()}
    schemas[Confidential.__name__] = {
        "type": "string",
        "minLength": 1,
        "maxLength": MAX_TEXT,
        "description": "Confidential: plain text here; sealed on the way to the hub, and never in an answer "
        "but where it is read on record.",
    }
    schemas["Referral"] = {"$ref": _REF.format(model=ReferralReceived.__name__)}
    schemas["Decision"] = {"oneOf": [_decision(one) for one in said_by_people()]}
    needed: dict[str, Any] = {}
    _gather(schemas, ["Referral", "Decision"], needed)
    return dict(sorted(needed.items()))


def _strict(schema: Schema) -> Schema:
    """A field that the hub does not know is a spelling mistake of whoever wrote it, and is refused."""
    return {**schema, "additionalProperties": False} if "properties" in schema else schema


def _gather(schemas: Mapping[str, Schema], names: Iterable[str], into: dict[str, Any]) -> None:
    """These schemas and all that they refer to."""
    for name in names:
        if name not in into:
            into[name] = schemas[name]
            _gather(schemas, _referred_to(schemas[name]), into)


def _referred_to(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if "$ref" in part:
            yield part["$ref"].rpartition("/")[2]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _referred_to(each)


def _decision(declaration: Declaration) -> Schema:
    by_team = Kind.STAFF not in declaration.senders
    sender: Schema = {"type": "string", "pattern": r"^team\.[a-z][a-z0-9_-]{0,63}$"}
    return {
        "type": "object",
        "title": declaration.title,
        "description": declaration.purpose,
        "additionalProperties": False,
        "required": ["type", "case", "data", *(["sender"] if by_team else [])],
        "properties": {
            "type": {"const": declaration.title},
            "case": {
                "type": "string",
                "maxLength": 128,
                "pattern": "^[A-Za-z0-9][A-Za-z0-9._:/-]*$",
                "description": "The case, or the key of a DIAL, a missing person or a daily round.",
            },
            "data": {"$ref": _REF.format(model=declaration.payload.__name__)},
            "sender": sender if by_team else {"const": "staff"},
        },
    }
