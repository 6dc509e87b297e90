"""Unsound messages to the hub, and a check that their refusal tells nothing of their content."""

from __future__ import annotations

import json
import traceback
from typing import Any

import pytest

from messages.codec import from_wire, plain_wire
from messages.refusal import Unacceptable
from messages.sealing import WireKeys
from tests.support.examples import EXAMPLES, KEYS, envelope

POLICE = "agency.police"
SECRET = "Thistlewood-of-Quince-Row"
"""Stands for content: it is put into every message and must be in no refusal."""

Event = dict[str, Any]


def event(full_type: str = "mash.check.answered.v1") -> Event:
    """A sound message as a JSON object, sealed by its sender."""
    found: Event = json.loads(plain_wire(envelope(EXAMPLES[full_type]), KEYS))
    return found


def refused(body: bytes | Event, *, user: str | None = POLICE, keys: WireKeys = KEYS) -> Unacceptable:
    """The refusal of a message; fails when it is accepted, or when the refusal tells too much."""
    wire = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(Unacceptable) as caught:
        from_wire(wire, user=user, me="hub", keys=keys)
    assert_tells_nothing(caught.value)
    return caught.value


def assert_tells_nothing(refusal: BaseException) -> None:
    """No content in the refusal, nor in any exception that it was raised from or beside."""
    assert refusal.__cause__ is None
    assert refusal.__context__ is None
    shown = [str(refusal), repr(refusal), repr(refusal.args), repr(vars(refusal))]
    shown += traceback.format_exception(refusal)
    assert not any(SECRET in text for text in shown)


def with_data(**changes: object) -> Event:
    found = event()
    found["data"].update(changes)
    return found


def without(path: str) -> Event:
    found = inner = event()
    *outer, last = path.split(".")
    for name in outer:
        inner = inner[int(name)] if isinstance(inner, list) else inner[name]
    del inner[last]
    return found


def element(**changes: object) -> Event:
    found = event()
    found["data"]["elements"][0].update(changes)
    return found
