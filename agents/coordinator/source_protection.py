"""A source that must be protected never shows in what leaves. [D13, M2.7]

The words that would give a source away are kept in the vault; the case keeps keyed hashes of them, and
a text is searched by hashing its words the same way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from agents.coordinator.case import Case
from agents.coordinator.elements import Element
from agents.coordinator.setting import Setting
from agents.deciding import Refused
from messages.confidential import Confidential
from messages.words import Actor, ElementChoice

_WORD = re.compile(r"\w+")


def hashes_of(source_words: tuple[Confidential, ...], setting: Setting) -> tuple[str, ...]:
    """Each phrase as ``<number of words>:<keyed hash of its words>``."""
    found = []
    for phrase in source_words:
        said = words(phrase.reveal())
        if said:
            found.append(f"{len(said)}:{setting.keyed_hash(' '.join(said))}")
    return tuple(found)


def known_hashes(case: Case) -> set[str]:
    """The hashes of all words in the case that give a source away."""
    return {h for element in case.elements for h in element.source_hashes}


def require_hidden(
    case: Case, element: Element, choice: ElementChoice, setting: Setting, *, field: str, by: Actor | None
) -> None:
    """Refuse a release in which a source of this case would show.

    Raises `Refused`: the element as it is, when it has words to hide, or a sanitised text that still has
    such words, of this element or another.
    """
    if choice.sanitised is None:
        if element.source_hashes or element.shows_source:
            raise Refused(
                "source_would_show",
                "Sanitise it: the element has words that would give a source away.",
                fields=(f"{field}.choice",),
                by=by,
            )
        return
    require_hidden_in(case, (choice.sanitised.text,), setting, field=f"{field}.sanitised.text", by=by)


def require_hidden_in(
    case: Case, texts: Iterable[Confidential], setting: Setting, *, field: str, by: Actor | None
) -> None:
    """No text that leaves the hub may have words that give a source of the case away. Raises `Refused`."""
    hashes = known_hashes(case)
    if any(shows(text.reveal(), hashes, setting) for text in texts):
        raise Refused(
            "source_would_show",
            "Say it without the words that would give a source away.",
            fields=(field,),
            by=by,
        )


def shows(text: str, hashes: Collection[str], setting: Setting) -> bool:
    """Whether a text has any of these words."""
    said = words(text)
    for length in {int(h.partition(":")[0]) for h in hashes}:
        for start in range(len(said) - length + 1):
            phrase = " ".join(said[start : start + length])
            if f"{length}:{setting.keyed_hash(phrase)}" in hashes:
                return True
    return False


def words(text: str) -> list[str]:
    """The words of a text, as they are compared: whatever their case, and nothing of what stands between."""
    return _WORD.findall(text.casefold())
