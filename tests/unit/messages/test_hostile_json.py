"""Bytes that are not one sound JSON object are refused, each for its own reason."""

from __future__ import annotations

import json

import pytest

from messages.codec import MAX_BYTES, from_wire
from messages.refusal import REMEDIES
from messages.strict_json import MAX_DEPTH
from tests.support.examples import KEYS
from tests.support.refusals import POLICE, SECRET, event, refused


def raw(**changes: str) -> bytes:
    """A sound message with some attributes written exactly so."""
    found = event()
    marks = {f"@{name}@": text for name, text in changes.items()}
    body = json.dumps(found | {name: f"@{name}@" for name in changes})
    for mark, text in marks.items():
        body = body.replace(json.dumps(mark), text)
    return body.encode()


def nested(depth: int) -> str:
    return "[" * depth + json.dumps(SECRET) + "]" * depth


NOT_JSON: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not_json"),
    "a form in XML": (f"<referral>{SECRET}</referral>".encode(), "not_json"),
    "half an object": (json.dumps(event()).encode()[:-20], "not_json"),
    "a list": (json.dumps([SECRET]).encode(), "not_json"),
    "a text": (json.dumps(SECRET).encode(), "not_json"),
    "not UTF-8": (b'{"id": "' + SECRET.encode() + b'\xff"}', "not_json"),
    "UTF-16": (json.dumps(event()).encode("utf-16"), "not_json"),
    "half a character": (raw(addedlater=f'"{SECRET}\\ud800"'), "not_json"),
    "a number of five thousand digits": (raw(addedlater="9" * 5000), "not_json"),
    "two values": (json.dumps(event()).encode() * 2, "not_json"),
    "NaN": (raw(addedlater="NaN"), "not_a_number"),
    "infinity": (raw(addedlater="-Infinity"), "not_a_number"),
    "infinity by its size": (raw(addedlater="1e999"), "not_a_number"),
    "a duplicate key": (raw(addedlater=f'{{"a": "{SECRET}", "a": 2}}'), "duplicate_key"),
    "a duplicate attribute": (raw(addedlater=f'1, "id": "{SECRET}"'), "duplicate_key"),
    "too deep": (raw(addedlater=nested(MAX_DEPTH)), "too_deep"),
    "far too deep": (raw(addedlater=nested(50_000)), "too_deep"),
    "300 KB": (raw(addedlater=json.dumps(SECRET * 12_000)), "too_large"),
}


@pytest.mark.parametrize("case", NOT_JSON)
def test_what_is_not_one_sound_json_object_is_refused(case: str) -> None:
    body, reason = NOT_JSON[case]

    refusal = refused(body)

    assert (refusal.reason, refusal.remedy) == (reason, REMEDIES[reason])


def test_the_size_limit_is_exact() -> None:
    body = json.dumps(event()).encode()
    from_wire(body + b" " * (MAX_BYTES - len(body)), user=POLICE, me="hub", keys=KEYS)

    assert refused(body + b" " * (MAX_BYTES - len(body) + 1)).reason == "too_large"


def test_as_deep_as_allowed_is_read() -> None:
    from_wire(raw(addedlater=nested(MAX_DEPTH - 1)), user=POLICE, me="hub", keys=KEYS)
