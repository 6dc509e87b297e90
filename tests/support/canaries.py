"""Distinct words that stand for confidential texts, and a search that finds them in any usual dress.

All words of one `Canaries` begin with the same run of letters, so that a large heap is searched for that
run first; what can hold no such run (a number, a date) is searched for as it is.
"""

from __future__ import annotations

import base64
import json
import secrets
import string
from collections.abc import Iterable
from urllib.parse import quote

_PIECE, _OVERLAP = 65_536, 512
"""Large contents are searched in pieces, each with the beginning of the next."""

_PART = "a part of some word"


class Canaries:
    """Makes words and remembers what each stands for."""

    def __init__(self) -> None:
        self._run = _letters(9)
        self._labels: dict[str, str] = {}
        self._forms: dict[str, _Forms] = {}
        self._of_the_run = _Forms(self._run)
        self._others: list[str] = []

    def word(self, label: str) -> str:
        """A name of one word, in letters only."""
        return self._known(self._run + _letters(6), label).capitalize()

    def text(self, label: str) -> str:
        """A text, with a letter in it that each encoding writes in its own way."""
        word = self._known(self._run + _letters(6), label)
        return f"A remark: {word}é, and so on."

    def value(self, label: str, value: str) -> str:
        """A value that has to look like itself, such as a number or a date."""
        self._others.append(self._known(value, label))
        return value

    @property
    def labels(self) -> frozenset[str]:
        """What the words stand for."""
        return frozenset(self._labels.values())

    def found_in(self, content: bytes) -> set[str]:
        """What is told by this content: labels of all words that are in it, in whatever form."""
        starts = range(0, max(len(content), 1), _PIECE)
        return set().union(*(self._in_piece(content[at : at + _PIECE + _OVERLAP]) for at in starts))

    def _in_piece(self, content: bytes) -> set[str]:
        lower = content.lower()
        if not self._of_the_run.are_in(content, lower):
            return {self._labels[word] for word in self._others if self._forms[word].are_in(content, lower)}
        found = {label for word, label in self._labels.items() if self._forms[word].are_in(content, lower)}
        return found or {_PART}

    def found(self, places: Iterable[tuple[str, bytes]]) -> dict[str, set[str]]:
        """What is told where."""
        told: dict[str, set[str]] = {}
        for place, content in places:
            if labels := self.found_in(content):
                told.setdefault(place, set()).update(labels)
        return told

    def _known(self, word: str, label: str) -> str:
        assert label not in self._labels.values(), label
        self._labels[word] = label
        self._forms[word] = _Forms(word)
        return word


class _Forms:
    """A text as it is, in any case and in hexadecimal; and in base64 wherever it may begin."""

    def __init__(self, text: str) -> None:
        plain = {text.encode(), quote(text).encode(), json.dumps(text)[1:-1].encode()}
        cases = {text, text.lower(), text.upper(), text.capitalize()}
        plain |= {text.encode("utf-16-le"), *(each.encode().hex().encode() for each in cases)}
        self._in_any_case = tuple({form.lower() for form in plain})
        self._exact = tuple({form for each in cases for form in _base64_forms(each.encode())})

    def are_in(self, content: bytes, lower: bytes) -> bool:
        return any(form in lower for form in self._in_any_case) or any(
            form in content for form in self._exact
        )


def _base64_forms(text: bytes) -> Iterable[bytes]:
    """The characters that come from this text alone, for each place in a group of three bytes."""
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(bytes(before) + text)
            yield whole[-(-before * 8 // 6) : (before + len(text)) * 8 // 6]


def _letters(count: int) -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(count))
