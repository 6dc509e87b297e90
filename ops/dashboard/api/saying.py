"""Referrals and decisions in: each becomes the message that the command line sends, and nothing else."""

from __future__ import annotations

import hashlib
from typing import Any, Literal, NoReturn

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agents.coordinator.cases import case_id_for
from agents.decision_rights import RIGHTS
from broker.port import BrokerError
from messages.catalogue import Kind, declaration_of
from messages.envelope import Envelope
from messages.parties import kind_of
from messages.words import Actor
from ops import addressing
from ops.dashboard.admitting import Door, NoSuchCase, NotAllowed, viewer_in
from ops.dashboard.api.asking import FormToken, IdempotencyKey, json_body
from ops.dashboard.api.need_to_know import document_of, stranger_to
from ops.dashboard.api.problems import NotDone, documented, wrong_input
from ops.dashboard.given import Given
from ops.dashboard.reading_on_record import asking_by
from ops.dashboard.tasks import Document
from ops.dashboard.tasks.task import key_of
from ops.dashboard.viewer import Viewer
from ops.problem import WrongInput
from ops.reading_input import Decision, read_decision, read_referral
from ops.who_reads import teams_of

_MAY_FAIL = (
    "sign_in_first", "form_token_wrong", "not_allowed", "hub_refused", "too_large", "not_json", "input_wrong",
    "not_handed_over",
)  # fmt: skip


class Taken(BaseModel):
    """What became of it."""

    case: str = Field(description="The case that it is about, or the key of a DIAL, missing person or round.")
    message_id: str
    outcome: Literal["accepted", "waiting"] = Field(
        description="`waiting`: it is sent and kept, and the hub has not taken it yet. Do not send it again."
    )


def routes(given: Given, door: Door) -> APIRouter:
    router = APIRouter()
    taken: dict[int | str, dict[str, Any]] = {
        200: {"model": Taken, "description": "The hub has taken it."},
        202: {"model": Taken, "description": "It is sent and kept, and the hub has not taken it yet."},
    }

    @router.post(
        "/referrals",
        name="api_refer",
        responses={**taken, **documented(*_MAY_FAIL)},
        openapi_extra=_takes("Referral"),
    )
    async def refer(
        request: Request, form_token: FormToken = None, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """A referral, as `mash refer` takes it: plain JSON, sealed on the way to the hub.

        For the own system of its source, and for people of the agency that the source belongs to. [A01, B03]
        """
        body = await json_body(request)
        try:
            said = read_referral(body)
            addressing.require_known(said, given.partnership, given.now)
        except WrongInput as error:
            raise wrong_input(error) from None
        viewer, source = viewer_in(request), given.partnership.sources[said.source]
        own = viewer.source == said.source if viewer.source else viewer.agency == source.agency
        if not own:
            await door.refuse(request, "not_your_source")
        envelope = addressing.referral(said, _message_id(viewer, idempotency_key, body, given), given.now)
        return await handed_over(envelope, case_id_for(said.source, said.referral_id))

    @router.post(
        "/decisions",
        name="api_decide",
        responses={**taken, **documented("no_such_case", *_MAY_FAIL)},
        openapi_extra=_takes("Decision"),
    )
    async def decide(
        request: Request, form_token: FormToken = None, idempotency_key: IdempotencyKey = None
    ) -> Response:
        """What the caller decides about a case, or reports for a field team, as `mash decide` takes it.

        `data.by` is the caller, in a role that the register gives them; `sender` is left out, or the caller's
        team. Whoever says it for somebody else is refused, on record, as is who has no part in what it is
        about. [A09, C10, D15]
        """
        body, viewer = await json_body(request), viewer_in(request)
        try:
            said = read_decision(body)
        except WrongInput as error:
            raise wrong_input(error) from None
        about = await document_of(said, given)
        key = key_of(about) if about is not None else None
        if why := hindrance(said, viewer, given):
            await door.refuse(request, why, key)
        if about is None:
            raise NoSuchCase
        if why := stranger_to(about, said, viewer, given):
            await refuse_stranger(request, why, said, about)
        message_id = _message_id(viewer, idempotency_key, body, given)
        try:
            envelope = await addressing.decision(said, given.partnership, given.store, message_id, given.now)
        except WrongInput:
            raise NoSuchCase from None
        return await handed_over(envelope, envelope.subject)

    async def refuse_stranger(request: Request, why: str, said: Decision, about: Document) -> NoReturn:
        """Who asked by the id of a referral, which can be guessed, does not learn that it made a case."""
        try:
            await door.refuse(request, why, key_of(about))
        except NotAllowed:
            if said.case != key_of(about):
                raise NoSuchCase from None
            raise

    async def handed_over(envelope: Envelope, case: str) -> Response:
        try:
            answer = await given.speaker.say(envelope, case)
        except BrokerError:
            raise NotDone("not_handed_over") from None
        if answer.outcome == "refused":
            raise NotDone("hub_refused", reason=answer.reason, places=answer.fields, detail=answer.remedy)
        waiting = answer.outcome != "accepted"
        done = Taken(case=case, message_id=envelope.id, outcome="waiting" if waiting else "accepted")
        return JSONResponse(done.model_dump(), 202 if waiting else 200)

    return router


def hindrance(said: Decision, viewer: Viewer, given: Given) -> str | None:
    """Why this person may not say this, as a code. What else there is to it the hub looks at."""
    by: Actor | None = getattr(said.payload, "by", None)
    if by is None or (by.person, by.agency) != (viewer.person, viewer.agency) or by.role not in viewer.roles:
        return "by_somebody_else"
    title = declaration_of(said.payload).title.rpartition(".v")[0]
    rights = {right for right, (_, titles, _) in RIGHTS.items() if title in titles.split(", ")}
    if rights and not rights & viewer.rights:
        return "role_may_not"
    if kind_of(said.sender) is Kind.STAFF:
        return None
    own = {f"team.{team}" for team in teams_of(asking_by(viewer, ""), given.partnership)}
    return None if said.sender in own else "not_your_team"


def _message_id(viewer: Viewer, key: str | None, body: bytes, given: Given) -> str:
    """The same for the same body of the same caller with the same key."""
    if key is None:
        return given.new_id()
    whose = f"{viewer.person}@{viewer.agency} {key} "
    return hashlib.sha256(whose.encode() + body).hexdigest()[:32]


def _takes(schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"requestBody": {"required": True, "content": content}}
