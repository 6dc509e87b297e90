"""Why a message cannot be accepted: a code, the places in it, and what to do. Never content."""

from __future__ import annotations

from pydantic import ValidationError
from pydantic_core import ErrorDetails

REMEDIES: dict[str, str] = {
    "too_large": "Send at most 262144 bytes; put what is larger into several messages.",
    "sender_unknown": "Publish with your own broker user and set user_id, so that the hub knows who speaks.",
    "sender_mismatch": "Set source to the party whose broker user you publish with.",
    "not_json": "Send one JSON object in UTF-8.",
    "too_deep": "Nest objects and lists at most 40 deep.",
    "duplicate_key": "Give each key of an object once.",
    "not_a_number": "Use finite numbers: JSON has no NaN and no Infinity.",
    "envelope_invalid": "Send a CloudEvents 1.0 object with the attributes of the contract (mash contract).",
    "unsupported_version": "Use a message type and version of the contract (mash contract asyncapi).",
    "not_for_you": "This sender may not send this type; see the contract for who may.",
    "wrong_recipient": "This message is addressed to somebody else; correct recipient.",
    "not_sealed": "Seal confidential fields with your wire key, for this message id (see the contract).",
    "payload_invalid": "Correct the fields named; the schema of the type says what each takes.",
    "handler_failed": "Nothing to do: the hub's operators see it in quarantine and can redrive it.",
}
"""What the sender should do, for the reasons that any agent can give. Agents add their own."""

MAX_FIELDS = 50


class Unacceptable(Exception):
    """A message that can never succeed as it is."""

    def __init__(self, reason: str, fields: tuple[str, ...] = (), remedy: str | None = None) -> None:
        self.reason = reason
        self.fields = fields[:MAX_FIELDS]
        self.remedy = remedy or REMEDIES[reason]
        super().__init__(f"{reason} {' '.join(self.fields)}".strip())


def problems_of(error: ValidationError) -> list[ErrorDetails]:
    """What is wrong, without its input. A list is not called too short for want of entries that are there
    and wrong: only those entries are problems."""
    found = error.errors(include_url=False, include_input=False)
    around = {one["loc"][:depth] for one in found for depth in range(len(one["loc"]))}
    return [one for one in found if one["type"] != "too_short" or one["loc"] not in around]


def field_problems(error: ValidationError, prefix: str = "") -> tuple[str, ...]:
    """The places and kinds of a validation error, without its input: ``people.0.part: enum``."""
    return tuple(
        f"{prefix}{'.'.join(str(part) for part in e['loc']) or '(whole)'}: {e['type']}"
        for e in problems_of(error)
    )[:MAX_FIELDS]
