"""What may change in a released schema: nothing but one more optional field.

A receiver passes over fields that it does not know, so a new optional field breaks nobody. Anything
else may: a new value of a closed set is one that no receiver of today can read. It takes a new version.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from messages.schema import Schema

_WORDS_ONLY = {"$schema", "$id", "$defs", "title", "description", "examples", "required"}
"""Keywords that change nothing, or that are compared by their own rule."""


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """What makes ``new`` another contract than ``old``, each with its place; empty when nothing does.

    ``old`` and ``new`` are schemas of one message type, as `messages.schema.schemas` makes them.
    """
    return list(_changes(old, new, old, new, ""))


def _changes(old: Any, new: Any, old_root: Schema, new_root: Schema, place: str) -> Iterator[str]:
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _fields(old, new, old_root, new_root, place)
        for keyword in sorted((set(old) | set(new)) - _WORDS_ONLY - {"properties"}):
            if keyword not in old or keyword not in new:
                yield f"{_at(place)}: {keyword} {'added' if keyword in new else 'removed'}"
            elif isinstance(old[keyword], dict | list):
                inner = place if keyword in ("items", "anyOf") else f"{place}.{keyword}"
                yield from _changes(old[keyword], new[keyword], old_root, new_root, inner.lstrip("."))
            elif old[keyword] != new[keyword] or type(old[keyword]) is not type(new[keyword]):
                yield f"{_at(place)}: {keyword} was {old[keyword]!r} and is {new[keyword]!r}"
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for was, now in zip(old, new, strict=True):
            yield from _changes(was, now, old_root, new_root, place)
    elif old != new:
        yield f"{_at(place)}: was {_short(old)} and is {_short(new)}"


def _fields(old: Schema, new: Schema, old_root: Schema, new_root: Schema, place: str) -> Iterator[str]:
    had, has = old.get("properties", {}), new.get("properties", {})
    must, must_now = set(old.get("required", ())), set(new.get("required", ()))
    for name in had:
        field = f"{place}.{name}".lstrip(".")
        if name not in has:
            yield f"{field}: removed"
            continue
        if (name in must) != (name in must_now):
            yield f"{field}: {'was optional and is required' if name in must_now else 'is optional now'}"
        yield from _changes(had[name], has[name], old_root, new_root, field)
    for name in has:
        if name not in had and (name in must_now or old.get("additionalProperties") is False):
            yield f"{place}.{name}: added, and not as an optional field".lstrip(".")


def _resolved(schema: Any, root: Schema) -> Any:
    """A definition in place of the reference to it; what stands beside the reference stays."""
    if not isinstance(schema, dict) or "$ref" not in schema:
        return schema
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return root["$defs"][schema["$ref"].removeprefix("#/$defs/")] | beside


def _at(place: str) -> str:
    return place or "(whole)"


def _short(value: Any) -> str:
    return repr(value) if not isinstance(value, dict) else "something else"
