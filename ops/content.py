"""Content in the outline of a document: places that refer to the vault, and the same filled with texts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from messages.confidential import Confidential
from messages.sealing import KeepingContext

_REF = "kept"


def outline(part: BaseModel, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A part of a document as JSON values, with ``{"kept": ref}`` for each text."""
    found: dict[str, Any] = json.loads(
        part.model_dump_json(context=KeepingContext("unkept"), exclude=set(without))
    )
    return found


def reference(text: Confidential) -> dict[str, str]:
    """A text of a case, in an outline. Raises ValueError when it is not in the vault yet."""
    if text.ref is None:
        raise ValueError("content of a case is in the vault before it is read")
    return {_REF: text.ref}


def refs_in(value: Any) -> Iterator[str]:
    """The vault references in an outline."""
    if isinstance(value, dict):
        if value.keys() == {_REF}:
            yield value[_REF]
        else:
            for inner in value.values():
                yield from refs_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from refs_in(inner)


def filled(value: Any, texts: Mapping[str, str]) -> Any:
    """The outline with every reference replaced by its text. Raises KeyError for one that is not there."""
    if isinstance(value, dict):
        if value.keys() == {_REF}:
            return texts[value[_REF]]
        return {name: filled(inner, texts) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [filled(inner, texts) for inner in value]
    return value
