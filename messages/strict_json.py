"""JSON as every reader understands it: what one parser lets pass and another would not is refused."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any, NoReturn, cast

from messages.refusal import Unacceptable

MAX_DEPTH = 40
"""How deep objects and lists may be nested."""


def parse_object(body: bytes) -> dict[str, Any]:
    """The one JSON object in these bytes, which are UTF-8.

    Raises
    ------
    Unacceptable
        ``not_json``, ``too_deep``, ``duplicate_key`` or ``not_a_number``.
    """
    problem, raw = "", None
    try:
        raw = json.loads(
            body.decode(),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constants,
            parse_float=_finite,
        )
    except RecursionError:
        problem = "too_deep"
    except ValueError:
        problem = "not_json"
    if problem or not isinstance(raw, dict):
        raise Unacceptable(problem or "not_json")
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _deeper_than(raw, MAX_DEPTH):
        raise Unacceptable("too_deep")
    return raw


def _finite(number: str) -> float:
    found = float(number)
    if not isfinite(found):
        raise Unacceptable("not_a_number")
    return found


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unacceptable("duplicate_key")
    return found


def _no_constants(name: str) -> NoReturn:
    raise Unacceptable("not_a_number")


def _deeper_than(value: object, depth: int) -> bool:
    level: list[object] = [value]
    for _ in range(depth):
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(cast(dict[str, object], item).values())
            elif isinstance(item, list):
                inner.extend(item)
        if not inner:
            return False
        level = inner
    return any(isinstance(item, dict | list) for item in level)
