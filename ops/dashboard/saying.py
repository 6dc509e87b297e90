"""From a form to the message that it means, and what the hub made of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from pydantic import ValidationError

from agents.coordinator import hidden_words
from agents.coordinator.case import Case
from agents.coordinator.setting import hashing_with
from broker.port import BrokerError
from messages.dial import DialAlerted
from messages.envelope import Envelope
from messages.intake import RiskRated
from messages.parties import HUB
from messages.words import Rag, Said
from ops.dashboard.forms import Field, Packed, Written, asked, field_of, nested, packed, problems_at, read
from ops.dashboard.given import Given
from ops.dashboard.refusal_words import remedy_in_words
from ops.dashboard.tasks.task import Situation, Task
from ops.sending import Answer, lane_for

_Payload = TypeVar("_Payload", bound=Said)

_NOT_HANDED_OVER = (
    "The hub cannot be reached just now. What you entered is as you left it: send it again in a moment. "
    "It counts once."
)
WAITING = "It is sent and kept, and the hub has not taken it yet. Do not send it again."


class NotSaid(Exception):
    """A form that has to be corrected. ``problems`` are by the name of the field; ``""`` has what is about
    none of them. ``status`` is that of the answer over HTTP."""

    def __init__(self, problems: Mapping[str, str], status: int = 400) -> None:
        self.problems, self.status = problems, status
        super().__init__("form_not_right")


async def say(given: Given, task: Task, at: Situation, written: Written, form_id: str) -> str:
    """Say what a form means to the hub; returns what the person is told.

    The same form sent twice says it once. Raises `NotSaid`.
    """
    at = replace(at, form_id=form_id)
    fields = task.fields(at)
    answers = read(fields, written, given.zone)
    if answers.problems:
        raise NotSaid(answers.problems)
    message = packed({"by": task.actor(at), **nested(task.data(at, answers.data))})
    payload = payload_of(task.payload, message, fields, written)
    envelope = Envelope(
        id=message_id(form_id, message.data),
        source=task.sender(at),
        recipient=HUB,
        subject=at.key,
        time=given.now,
        payload=payload,
        lane=lane_for(_is_red(at, payload)),
    )
    answer = await handed_over(given, envelope)
    if answer.outcome == "refused":
        not_said = refusal(answer, message, fields, written, given)
        if answer.reason == "source_would_show":
            not_said = _with_words(not_said, given, at, answers.data)
        raise not_said
    return task.done if answer.outcome == "accepted" else WAITING


def _with_words(not_said: NotSaid, given: Given, at: Situation, data: Mapping[str, object]) -> NotSaid:
    """With the words of what somebody wrote that give a source away: those alone that their own agency
    marked. [D13]"""
    if not isinstance(at.document, Case):
        return not_said
    own = [one for one in at.document.elements if one.owner == at.viewer.agency]
    marked = {phrase for element in own for phrase in element.source_hashes}
    problems = {}
    for name, told in not_said.problems.items():
        text = data.get(name)
        found = isinstance(text, str) and hidden_words.found_in(text, marked, hashing_with(given.index_key))
        problems[name] = f"{told} Your agency marked: {', '.join(found)}." if found else told
    return NotSaid(problems, not_said.status)


async def handed_over(given: Given, envelope: Envelope, case: str | None = None) -> Answer:
    """What the hub made of a message; ``case`` is what it will be about, if that is another than its subject.
    Raises `NotSaid` when it could not be handed over."""
    with suppress(
        BrokerError
    ):  # it may have arrived for all that; it is the same message when it comes again
        return await given.speaker.say(envelope, case)
    raise NotSaid({"": _NOT_HANDED_OVER}, 503)


def refusal(
    answer: Answer, message: Packed, fields: Sequence[Field], written: Written, given: Given
) -> NotSaid:
    """Why the hub refused it and what to do, at the question that it is about."""
    places = [message.in_form(place.removeprefix("data.")) for place in answer.fields]
    names = [field_of(place, list(asked(fields, written))) for place in places]
    name = next((field.name for field in names if field), "")
    said = answer.remedy or f"The hub refused it: {answer.reason or 'see quarantine'}"
    return NotSaid({name: remedy_in_words(said, given.partnership)})


def payload_of(
    payload: type[_Payload], message: Packed, fields: Sequence[Field], written: Written
) -> _Payload:
    """What a form says, as the contract takes it. Raises `NotSaid` with what it does not take."""
    problems: dict[str, str] | None = None
    try:
        return payload.model_validate_json(json.dumps(message.data), strict=True)
    except ValidationError as error:
        problems = problems_at(fields, written, error, message)
    raise NotSaid(problems)


def message_id(form_id: str, data: Mapping[str, object]) -> str:
    """The same for the same form with the same answers, so that a second click says nothing twice; another
    one when an answer was changed."""
    return hashlib.sha256(f"{form_id} {json.dumps(data, sort_keys=True)}".encode()).hexdigest()[:32]


def _is_red(at: Situation, payload: Said) -> bool:
    if isinstance(payload, RiskRated | DialAlerted) and payload.rag is Rag.RED:
        return True
    return isinstance(at.document, Case) and at.case.rating is not None and at.case.rating.rag is Rag.RED
