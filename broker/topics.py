"""AMQP topic patterns: which routing keys a pattern takes, as one regular expression for both engines.

A key is words with dots between. In a pattern ``*`` stands for exactly one word (which may be empty,
as in ``a..b``) and ``#`` for any number of words, none included. The empty key has no word at all.

The same expression decides routing in the embedded engine and goes into RabbitMQ's topic permissions,
so it keeps to what Python's ``re`` and RabbitMQ's PCRE read alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = r"[^.]*"
END = r"(?![\s\S])"  # Not ``$``, which also matches before a final newline.


def regex(patterns: Iterable[str]) -> str:
    """An expression for exactly the keys that any of the patterns takes; without patterns, for none."""
    return rf"^(?:{_any([_one(pattern) for pattern in patterns])}){END}"


def names(names: Iterable[str], *, after: str = "") -> str:
    """An expression for exactly these names, behind what the expression ``after`` matches."""
    return rf"^{after}(?:{_any([re.escape(name) for name in names])}){END}"


def _any(choices: list[str]) -> str:
    return "|".join(choices) if choices else "(?!)"


def matches(pattern: str, key: str) -> bool:
    """Whether a message with this routing key goes where the pattern leads."""
    return _compiled(pattern).match(key) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(regex([pattern]))


def _one(pattern: str) -> str:
    words = pattern.split(".") if pattern else []
    first = next((i for i, word in enumerate(words) if word != "#"), None)
    if first is None:
        return r"[\s\S]*" if words else ""
    # A fixed word needs a word in the key, so the empty key is out: that is the first look ahead.
    # Hashes before the first fixed word take the dots behind their words, all others those before.
    parts = [r"(?=[\s\S])", rf"(?:{_WORD}\.)*" if first else "", _fixed(words[first])]
    for word in words[first + 1 :]:
        parts.append(rf"(?:\.{_WORD})*" if word == "#" else rf"\.{_fixed(word)}")
    return "".join(parts)


def _fixed(word: str) -> str:
    return _WORD if word == "*" else re.escape(word)
