"""The people of an agency, indexed so that only a few of a million need comparing.

Whoever could be possible at all shares a block with the person asked about: a number, the date of birth,
the sound of the family name and the year of birth, the sound of the whole name when a date of birth
is missing, or the postcode.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator

from agents.agency.evidence import out_of_question
from agents.agency.matching import Match, settle, weigh
from agents.identity import Identity
from agents.identity.dates import is_stand_in, swapped
from agents.identity.names import Name, sound
from agents.identity.nicknames import full_forms


class Register:
    """People by the agency's own reference."""

    def __init__(self, people: Iterable[tuple[str, Identity]]) -> None:
        self._people: dict[str, Identity] = {}
        self._blocks: dict[str, list[str]] = {}
        self._bearers: Counter[str] = Counter()
        for key, person in people:
            self._people[key] = person
            self._bearers.update({_bearer(name) for name in person.names})
            for block in set(_blocks_of(person)):
                self._blocks.setdefault(block, []).append(key)

    def __len__(self) -> int:
        return len(self._people)

    def match(self, asked: Identity) -> Match:
        """Find a person: surely one, several that fit, or nobody."""
        namesakes = self._namesakes(asked)
        candidates = [
            weigh(key, asked, held, namesakes=namesakes)
            for key in self._candidates(asked)
            if not out_of_question(asked, held := self._people[key])
        ]
        return settle(candidates, self._people.__getitem__)

    def _namesakes(self, asked: Identity) -> float:
        """Bearers of the commonest of somebody's names; infinity for 1 January, which stands for "not
        known" in many systems."""
        if asked.born is not None and is_stand_in(asked.born):
            return math.inf
        return max((self._bearers[_bearer(n)] for n in asked.names), default=0)

    def _candidates(self, asked: Identity) -> list[str]:
        """Without repeats, in the order of the register's blocks, so that every run judges alike."""
        found: dict[str, None] = {}
        for block in _blocks_for(asked):
            found.update(dict.fromkeys(self._blocks.get(block, ())))
        return list(found)


def _blocks_of(person: Identity) -> Iterator[str]:
    yield from person.numbers
    yield from (f"at:{p.postcode}" for p in (*person.places, *person.earlier) if p.postcode)
    if person.born is not None:
        if is_stand_in(person.born):
            yield from (f"on:{person.born}:{s}" for s in _family_sounds(person))
        else:
            yield f"on:{person.born}"
        yield from (f"in:{person.born.year}:{s}" for s in _family_sounds(person))
    dated = "dated" if person.born else "undated"
    yield from (f"{dated}:{s}" for s in _name_sounds(person))


def _blocks_for(asked: Identity) -> Iterator[str]:
    """The blocks to look in: those the person would be in, and those of a slip of the pen."""
    yield from _blocks_of(asked)
    yield from (f"undated:{s}" for s in _name_sounds(asked))
    if asked.born is None:
        yield from (f"dated:{s}" for s in _name_sounds(asked))
        return
    other = swapped(asked.born)
    if other is not None:
        yield f"on:{other}"
    for year in (asked.born.year - 1, asked.born.year + 1):
        yield from (f"in:{year}:{s}" for s in _family_sounds(asked))


def _family_sounds(person: Identity) -> set[str]:
    return {sound(part) for n in person.names for part in (*n.family, "".join(n.family)) if part}


def _name_sounds(person: Identity) -> set[str]:
    """Both parts, whichever came first; a given name under each of its full forms."""
    return {
        "|".join(sorted((sound(full), sound("".join(n.family)))))
        for n in person.names
        if n.given and n.family
        for given in n.given[:1]
        for full in full_forms(given)
    }


def _bearer(name: Name) -> str:
    given = full_forms(name.given[0])[0] if name.given else ""
    return f"{given}|{''.join(name.family)}"
