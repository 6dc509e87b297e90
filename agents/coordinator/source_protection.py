"""A source that must be protected never shows in what leaves. [D13, M2.7]

The words that would give a source away are kept in the vault; the case keeps keyed hashes of them, and
a text is searched by hashing its words the same way.
"""

from __future__ import annotations

import re

from agents.coordinator.case import Element
from agents.coordinator.setting import Setting
from agents.deciding import Refused
from messages.confidential import Confidential
from messages.words import Actor, Choice, ElementChoice

_WORD = re.compile(r"\w+")


def hashes_of(source_words: tuple[Confidential, ...], setting: Setting) -> tuple[str, ...]:
    """Each phrase as ``<number of words>:<keyed hash of its words>``."""
    found = []
    for phrase in source_words:
        words = _words(phrase.reveal())
        if words:
            found.append(f"{len(words)}:{setting.keyed_hash(' '.join(words))}")
    return tuple(found)


def require_hidden(
    element: Element, choice: ElementChoice, setting: Setting, *, field: str, by: Actor | None
) -> None:
    """Refuse a release in which the source would show.

    Raises `Refused`: the element as it is, when it has words to hide, or a sanitised text that still has
    one of them.
    """
    if not element.source_hashes:
        return
    if choice.choice is Choice.RELEASE or choice.sanitised is None:
        raise Refused(
            "source_would_show",
            "Sanitise it: the element has words that would give its source away.",
            fields=(f"{field}.choice",),
            by=by,
        )
    if _shows(choice.sanitised.text.reveal(), element.source_hashes, setting):
        raise Refused(
            "source_would_show",
            "The sanitised text still has words that would give the source away.",
            fields=(f"{field}.sanitised.text",),
            by=by,
        )


def _shows(text: str, hashes: tuple[str, ...], setting: Setting) -> bool:
    words = _words(text)
    for length in {int(h.partition(":")[0]) for h in hashes}:
        for start in range(len(words) - length + 1):
            phrase = " ".join(words[start : start + length])
            if f"{length}:{setting.keyed_hash(phrase)}" in hashes:
                return True
    return False


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
