"""How a text is searched for words that must stay hidden, also long after the text came. [A05, D13, M2.7]

Texts are in the vault once they have come, and most words that would give a source away are marked later.
So the case keeps keyed hashes of the words of each text that may leave, and of its pairs of neighbouring
words; a phrase is kept as the hashes of its pairs, or of its only word. A text shows a phrase when it has all
of its pairs. Where they all stand apart it is taken to show the phrase as well: on the side of the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from agents.coordinator.setting import Setting
from agents.coordinator.stored import Stored
from messages.confidential import Confidential

_WORD = re.compile(r"\w+")

_HASH = 12
"""Hexadecimal digits kept of each hash: a text has thousands of pairs, and a chance hit does no harm."""


_RUN = 5
"""How many words, one behind the other, make one text repeat another."""


def words(text: str) -> list[str]:
    """The words of a text, as they are compared: whatever their case, and nothing of what stands between."""
    return _WORD.findall(text.casefold())


def searchable(texts: Iterable[Confidential | None], setting: Setting) -> str:
    """What is kept of some texts so that they can be searched later: hashes, one behind the other."""
    parts: set[str] = set()
    for text in texts:
        if text is not None:
            said = words(text.reveal())
            parts.update(said, _pairs(said))
    return "".join(sorted(_hash(part, setting) for part in parts))


def phrases(texts: Iterable[Confidential], setting: Setting) -> tuple[str, ...]:
    """Each phrase that has to stay hidden, as the hashes that a text which shows it has."""
    found = (words(text.reveal()) for text in texts)
    return tuple("".join(_hash(part, setting) for part in (_pairs(said) or said)) for said in found if said)


def shows(text: str, hidden: Collection[str]) -> bool:
    """Whether a text, as `searchable` keeps it, shows any of these `phrases`."""
    if not hidden:
        return False
    there = set(_hashes(text))
    return any(there.issuperset(_hashes(phrase)) for phrase in hidden)


def found_in(text: str, hidden: Collection[str], keyed_hash: Callable[[str], str]) -> tuple[str, ...]:
    """The words of a text at hand by which it shows any of these `phrases`, in its order: single words, and
    pairs of neighbours of which a phrase is made."""
    said = words(text)
    parts = dict.fromkeys((*said, *_pairs(said)))
    hashes = {part: keyed_hash(part)[:_HASH] for part in parts}
    there = set(hashes.values())
    shown = {one for phrase in hidden if there.issuperset(_hashes(phrase)) for one in _hashes(phrase)}
    return tuple(part for part, hashed in hashes.items() if hashed in shown)


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand one behind the other in a text, as the hashes that are kept of them: `_RUN`, or all
    words of a text that has fewer."""

    hashes: frozenset[str]
    full: bool


def runs(text: Confidential, setting: Setting) -> tuple[Run, ...]:
    """Every run of a text that is at hand."""
    said = words(text.reveal())
    single = [_hash(word, setting) for word in said]
    paired = [_hash(pair, setting) for pair in _pairs(said)]
    return tuple(
        Run(frozenset((*single[n : n + _RUN], *paired[n : n + _RUN - 1])), full=len(said) >= _RUN)
        for n in range(max(len(said) - _RUN, 0) + 1)
    )


def parts(text: str) -> frozenset[str]:
    """The hashes of a text, as `searchable` keeps it."""
    return frozenset(_hashes(text))


def repeats(text: Iterable[Run], other: AbstractSet[str], besides: Iterable[AbstractSet[str]]) -> bool:
    """Whether a text repeats another, which is there as `parts`: a run of it, or the whole where that is
    shorter than a run; what it repeats of ``besides`` as well does not count. A single word repeats nothing.
    """
    if len(other) < 2:
        return False
    besides = tuple(besides)
    for run in text:
        if run.full and run.hashes <= other:
            found: AbstractSet[str] = run.hashes
        elif other <= run.hashes:
            found = other
        else:
            continue
        if not any(found <= more for more in besides):
            return True
    return False


def is_same(text: Confidential, other: str, setting: Setting) -> bool:
    """Whether a text has the words of another, which is there as `searchable` keeps it, and no others: only
    capitals, spaces and what stands between the words may differ."""
    return bool(other) and searchable((text,), setting) == other


def _pairs(said: Sequence[str]) -> list[str]:
    return [" ".join(pair) for pair in pairwise(said)]


def _hash(part: str, setting: Setting) -> str:
    return setting.keyed_hash(part)[:_HASH]


def _hashes(kept: str) -> Iterator[str]:
    return (kept[n : n + _HASH] for n in range(0, len(kept), _HASH))


_Kept = TypeVar("_Kept", bound=Stored)


def forgotten(kept: _Kept) -> _Kept:
    """The same without anything that a text could be searched by, wherever in it: its content has been
    destroyed. [L09]"""
    changes: dict[str, object] = {}
    for name in type(kept).model_fields:
        value = getattr(kept, name)
        if name == "words" or name.endswith("_words"):
            changes[name] = type(value)()
        elif isinstance(value, Stored):
            changes[name] = forgotten(value)
        elif isinstance(value, tuple):
            changes[name] = tuple(forgotten(one) if isinstance(one, Stored) else one for one in value)
    return kept.model_copy(update=changes)
