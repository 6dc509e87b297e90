"""What a sound rating of a case is turned into, and how the hub has to refuse it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.support.canaries import Canaries

WORDS = Canaries()
TEXT = WORDS.text("content of a bad message")
"""Content that no refusal may repeat."""


def changed(wire: bytes, **attributes: Any) -> bytes:
    """A sound message with other attributes; those of its data by ``data__<name>``, None to leave out."""
    event = json.loads(wire)
    for name, value in attributes.items():
        inner, _, own = name.rpartition("__")
        place = event[inner] if inner else event
        place.pop(own, None)
        if value is not None:
            place[own] = value
    return json.dumps(event).encode()


Spoilt = Callable[[bytes], bytes]

SHAPES: dict[str, tuple[Spoilt, str, tuple[str, ...]]] = {
    "not JSON": (lambda wire: f"no JSON, but {TEXT}".encode(), "not_json", ()),
    "half a message": (lambda wire: wire[: len(wire) // 2], "not_json", ()),
    "a list": (lambda wire: b"[" + wire + b"]", "not_json", ()),
    "300 KB": (lambda wire: wire[:-1] + b', "more": "' + b"x" * 300_000 + b'"}', "too_large", ()),
    "deep nesting": (lambda wire: wire[:-1] + b', "more": ' + b"[" * 99 + b"]" * 99 + b"}", "too_deep", ()),
    "very deep nesting": (lambda wire: b'{"a":' * 40_000 + b"1" + b"}" * 40_000, "too_deep", ()),
    "a key twice": (lambda wire: wire[:-1] + b', "id": "another"}', "duplicate_key", ()),
    "NaN": (lambda wire: wire[:-1] + b', "more": NaN}', "not_a_number", ()),
    "a number too large": (lambda wire: wire[:-1] + b', "more": 1e999}', "not_a_number", ()),
    "a missing attribute": (lambda wire: changed(wire, time=None), "envelope_invalid", ("time: missing",)),
    "a missing field": (
        lambda wire: changed(wire, data__rag=None),
        "payload_invalid",
        ("data.rag: missing",),
    ),
    "a field of another type": (
        lambda wire: changed(wire, data__by=[TEXT]),
        "payload_invalid",
        ("data.by: model_type",),
    ),
    "an unknown value": (
        lambda wire: changed(wire, data__rag=TEXT),
        "payload_invalid",
        ("data.rag: enum",),
    ),
    "an unknown type": (
        lambda wire: changed(wire, type="mash.weather.foretold.v1"),
        "unsupported_version",
        ("type",),
    ),
    "an older version of a type": (
        lambda wire: changed(wire, type="mash.risk.rated.v0"),
        "unsupported_version",
        ("type",),
    ),
    "a version that is yet to come": (
        lambda wire: changed(wire, type="mash.risk.rated.v2"),
        "unsupported_version",
        ("type",),
    ),
    "a type that staff do not send": (
        lambda wire: changed(wire, type="mash.referral.received.v1"),
        "not_for_you",
        ("type",),
    ),
    "a text in the clear": (
        lambda wire: changed(wire, data__rationale={"reason": TEXT, "proportionality": TEXT}),
        "not_sealed",
        ("data.rationale.reason: not_sealed", "data.rationale.proportionality: not_sealed"),
    ),
    "a text that is not there": (
        lambda wire: changed(
            wire, data__rationale={"reason": {"sealed": 9}, "proportionality": {"sealed": -1}}
        ),
        "payload_invalid",
        ("data.rationale.reason: place_unknown", "data.rationale.proportionality: place_unknown"),
    ),
    "no seal": (
        lambda wire: changed(wire, sealed=None),
        "not_sealed",
        (
            "sealed: missing",
            *(
                f"data.rationale.{name}: place_unknown"
                for name in ("reason", "proportionality", "early_risk", "timeliness", "coordination")
            ),
        ),
    ),
}
