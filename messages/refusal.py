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

PROBLEMS: dict[str, str] = {
    "missing": "is missing; add it",
    "string_type": "must be a text in quotation marks",
    "string_pattern_mismatch": "must have the form that the schema gives, such as that of a code or an id",
    "string_too_long": "is longer than the schema allows",
    "bool_type": "must be true or false, without quotation marks",
    "int_type": "must be a whole number, without quotation marks",
    "greater_than_equal": "is a smaller number than the schema allows",
    "less_than_equal": "is a larger number than the schema allows",
    "enum": "must be one of the values that the schema lists",
    "literal_error": "must be one of the values that the schema lists",
    "model_type": "must be an object, { … }",
    "dict_type": "must be an object, { … }",
    "tuple_type": "must be a list, [ … ]",
    "too_short": "needs at least one entry",
    "too_long": "has more entries than the schema allows",
    "date_type": "must be a date, YYYY-MM-DD, in quotation marks",
    "date_parsing": "must be a date, YYYY-MM-DD",
    "date_expected": "must be a date, YYYY-MM-DD",
    "moment_expected": "must be an ISO 8601 date and time, such as 2012-03-05T09:00:00+00:00",
    "offset_missing": "needs a UTC offset, such as +00:00 or Z",
    "moment_out_of_range": "must lie in the years 1 to 9999",
    "json_invalid": "is no JSON in UTF-8",
    "not_sealed": "stands in the clear; seal it, and put its place here",
    "place_unknown": 'must be {"sealed": n} alone, n being the place of a text in the sealed list, from 0',
    "text_expected": "must be a text in quotation marks",
    "text_empty": "must not be empty or blank",
    "text_too_long": "must have at most 20000 characters",
    "text_hidden": "must be the text, not the word that stands for it",
    "text_not_unicode": "must be valid Unicode, without lone surrogates",
    "person_id_repeated": "each person needs a person_id of their own",
    "element_id_repeated": "give each element_id once",
    "grounds_only_when_complex": "grounds go with complex alone",
    "police_only_when_not_complex": "a complex case has one recipient",
    "elements_only_when_found": "elements go with the state found, and with no other; found has at least one",
    "reason_needed": "give a reason: the state is withheld or unavailable",
    "by_or_rule": "give either by, a person, or rule, and not both",
    "action_or_reason": "give an action, or the reason for none; a referral is an action",
    "children_of_missing": "a child is among the people: give the authorities of the children (children_of)",
    "rating_unfounded": "a rating that is brought along needs its person and rationale",
    "outcome_only_when_settled": "give outcome when settled is true, and only then",
    "outcome_only_when_agreed": "give outcome when agreed is true, and only then",
}
"""What a place in a message takes, by the code of the problem that is named with the place."""

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
