"""How long texts are, so that whatever the hub sends stays under the size of a message.

A package is made up from references, without reading the vault; so lengths are noted as texts come in,
and what would be too long for one message is refused on its way in, or goes out in several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from agents.deciding import Refused
from messages.confidential import Confidential
from messages.sealing import SealingContext
from messages.words import Actor, Said

REFERRAL_BYTES = 60_000
"""All texts of a referral: they go into every notice and package."""

ASSESSMENT_BYTES = 30_000
"""All texts of an assessment: they go into every package."""

ELEMENTS_BYTES = 60_000
"""The texts of the elements in one package or one record-back."""

ELEMENTS_COUNT = 100

_Item = TypeVar("_Item")


def of(text: Confidential) -> int:
    """The length of a text in bytes of UTF-8."""
    return len(text.reveal().encode())


def of_all(said: Said) -> int:
    """The length of all texts of a message together, in bytes of UTF-8."""
    texts = SealingContext()
    said.model_dump_json(context=texts)
    return sum(len(text.encode()) for text in texts.texts)


def require_at_most(limit: int, said: Said, *, by: Actor | None = None) -> None:
    """All texts of a message together. Raises `Refused`."""
    if of_all(said) > limit:
        raise Refused(
            "texts_too_long", f"Keep all texts of this message together under {limit} bytes.", by=by
        )


def in_parts(items: Sequence[_Item], size: Callable[[_Item], int]) -> Iterator[tuple[_Item, ...]]:
    """Items in order, in parts that fit into a message each; one empty part when there are none."""
    part: list[_Item] = []
    taken = 0
    for item in items:
        if part and (taken + size(item) > ELEMENTS_BYTES or len(part) == ELEMENTS_COUNT):
            yield tuple(part)
            part, taken = [], 0
        part.append(item)
        taken += size(item)
    yield tuple(part)
