"""Names in comparable form, and how alike two of them are."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from rapidfuzz.distance import OSA, JaroWinkler

from agents.identity.nicknames import full_forms, is_a_name


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼ")
_NOT_A_WORD = re.compile(r"[\W_]+")
_TITLES = _listed("mr mrs ms miss mx dr master sir rev jr jnr junior sr snr senior")
_STAND_INS = _listed("baby unborn infant child unknown male female boy girl twin of nk na")
_PARTICLES = _listed("de da di la le van von der den bin ibn bint al el ul ur st")
_SOUNDS = {
    letter: letters[0] for letters in ("kcq", "sz", "td", "pb", "fv", "jg", "nm") for letter in letters
}
_SOUND_LENGTH = 5


class Likeness(Enum):
    """How one part of a name stands to another.

    ``VARIANT`` is a short form or another spelling of the same name; ``ALIKE`` a slip of the pen, the
    same sound, or a part of it; ``HARDLY`` an initial, or what may be a slip or another name.
    """

    SAME = "same"
    VARIANT = "variant"
    ALIKE = "alike"
    HARDLY = "hardly"
    UNKNOWN = "unknown"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, repr=False)
class Name:
    """Given names and family names as plain words; either may be empty when it is not known."""

    given: tuple[str, ...]
    family: tuple[str, ...]


def plain(text: str) -> str:
    """Small letters without accents and apostrophes, single spaces in place of all else."""
    small = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    folded = unicodedata.normalize("NFKD", small).translate(_APOSTROPHES)
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return _NOT_A_WORD.sub(" ", bare).strip()


def name(given: str | None, family: str | None) -> Name:
    """A name from its two parts, without titles and without words such as "baby" or "unknown"."""
    return Name(_words(given), _words(family))


def whole_name(text: str) -> Name:
    """A name from one text, given names first. A single word is taken for a given name."""
    words = _words(text)
    if len(words) < 2:
        return Name(words, ())
    cut = len(words) - 1
    while cut > 1 and words[cut - 1] in _PARTICLES:
        cut -= 1
    return Name(words[:cut], words[cut:])


def _words(text: str | None) -> tuple[str, ...]:
    words = [w for w in plain(text or "").split() if w not in _TITLES]
    if all(w in _STAND_INS or w.isdigit() for w in words):
        return ()
    return tuple(words)


def compare_given(one: tuple[str, ...], other: tuple[str, ...]) -> Likeness:
    """How given names stand to each other. Middle names are often missing, so only two that differ count
    against; two names in use that differ by a letter are two names ("Jade", "Jake"), not a slip."""
    if not one or not other:
        return Likeness.UNKNOWN
    if "".join(one) == "".join(other):
        return Likeness.SAME
    found = _compare_first(one[0], other[0])
    if found in (Likeness.DIFFERENT, Likeness.HARDLY):
        fuller, shorter = (one, other) if len(one) >= len(other) else (other, one)
        in_the_middle = len(shorter[0]) > 1 and shorter[0] in fuller[1:]
        return Likeness.ALIKE if in_the_middle else found
    if len(one) > 1 and len(other) > 1 and not _middle_fits(one[1], other[1]):
        return Likeness.ALIKE
    return found


def _compare_first(one: str, other: str) -> Likeness:
    if one == other:
        return Likeness.SAME
    if len(one) == 1 or len(other) == 1:
        return Likeness.HARDLY if one[0] == other[0] else Likeness.DIFFERENT
    if set(full_forms(one)) & set(full_forms(other)):
        return Likeness.VARIANT
    if is_a_name(one) and is_a_name(other):
        return Likeness.DIFFERENT
    if _mistyped(one, other):
        return Likeness.ALIKE
    return Likeness.HARDLY if _slip(one, other) else Likeness.DIFFERENT


def _mistyped(one: str, other: str) -> bool:
    """Two letters changed places, one doubled, or one missing in the middle: what nobody would call twins.
    Another vowel or ending may well be a twin ("Amara" and "Amira", "Justin" and "Justine")."""
    if OSA.distance(one, other, score_cutoff=1) > 1:
        return False
    if sorted(one) == sorted(other) or _singled(one) == _singled(other):
        return True
    same_ends = one[0] == other[0] and one[-1] == other[-1]
    return same_ends and len(one) != len(other) and min(len(one), len(other)) >= 5


def _singled(word: str) -> str:
    return "".join(c for c, _ in groupby(word))


def _middle_fits(one: str, other: str) -> bool:
    return _compare_first(one, other) is not Likeness.DIFFERENT


def compare_family(one: tuple[str, ...], other: tuple[str, ...]) -> Likeness:
    """How family names stand to each other. Hyphens, spaces and the order of a double name say nothing;
    one half of a double name is ``ALIKE``."""
    if not one or not other:
        return Likeness.UNKNOWN
    first, second = "".join(one), "".join(other)
    if first == second or sorted(one) == sorted(other):
        return Likeness.SAME
    words, others = set(one) - _PARTICLES, set(other) - _PARTICLES
    shared = {w for w in words & others if len(w) > 2}
    if shared and (words <= others or others <= words):
        return Likeness.ALIKE
    return Likeness.ALIKE if _slip(first, second) else Likeness.DIFFERENT


def _slip(one: str, other: str) -> bool:
    """One letter wrong, missing, doubled or swapped in a name of four or more; two in one of nine or more;
    or the same sound in much the same letters."""
    shorter = min(len(one), len(other))
    if shorter < 3:
        return False
    distance = OSA.distance(one, other, score_cutoff=2)
    if distance <= (2 if shorter >= 9 else 1 if shorter >= 4 else 0):
        return True
    return sound(one) == sound(other) and JaroWinkler.similarity(one, other) >= 0.85


def sound(word: str) -> str:
    """A short key that names which sound alike share: the first sound and the consonants after it."""
    for start, heard in (("kn", "n"), ("wr", "r"), ("mac", "mc")):
        if word.startswith(start):
            word = heard + word[len(start) :]
    word = word.replace("ph", "f").replace("gh", "")
    key = ""
    for place, letter in enumerate(word):
        if letter in "aeiouyhw":
            heard = "a" if place == 0 and letter in "aeiou" else letter if place == 0 else ""
        else:
            heard = _SOUNDS.get(letter, letter)
        if heard and not key.endswith(heard):
            key += heard
    return key[:_SOUND_LENGTH]
