"""Topic patterns: the one expression for routing and permissions says what AMQP says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import topics

WORDS = st.sampled_from(["", "a", "b", "ab", "urgent", "a+b", "^a$", "a\n", "(", "[", "ä"])
KEYS = st.lists(WORDS, max_size=6).map(".".join)
PATTERNS = st.lists(st.one_of(WORDS, st.just("*"), st.just("#")), max_size=6).map(".".join)


def words_of(text: str) -> list[str]:
    return text.split(".") if text else []


def as_amqp_says(pattern: list[str], key: list[str]) -> bool:
    """The definition, word by word, as slow and plain as can be."""
    if not pattern:
        return not key
    if pattern[0] == "#":
        return any(as_amqp_says(pattern[1:], key[i:]) for i in range(len(key) + 1))
    return bool(key) and pattern[0] in ("*", key[0]) and as_amqp_says(pattern[1:], key[1:])


@given(pattern=PATTERNS, key=KEYS)
def test_a_pattern_takes_exactly_the_keys_that_amqp_gives_it(pattern: str, key: str) -> None:
    assert topics.matches(pattern, key) == as_amqp_says(words_of(pattern), words_of(key))


@given(patterns=st.lists(PATTERNS, max_size=4), key=KEYS)
def test_one_expression_for_several_patterns_takes_what_any_of_them_takes(
    patterns: list[str], key: str
) -> None:
    expected = any(as_amqp_says(words_of(pattern), words_of(key)) for pattern in patterns)
    # Not anchored by the caller: RabbitMQ searches, so the expression has to hold both ends itself.
    assert (re.search(topics.regex(patterns), key) is not None) == expected


@pytest.mark.parametrize(
    ("pattern", "key", "taken"),
    [
        ("agency.police.urgent.#", "agency.police.urgent.check.requested.v1", True),
        ("agency.police.urgent.#", "agency.police.urgent", True),
        ("agency.police.urgent.#", "agency.police.urgently", False),
        ("agency.*.urgent.#", "agency.police.routine.check.requested.v1", False),
        ("*", "", False),
        ("#", "", True),
        ("a.*", "a.", True),
        ("coordinator.case", "coordinator.case\n", False),
        ("agency.police", "agencyxpolice", False),
    ],
)
def test_keys_at_the_edge_of_a_pattern(pattern: str, key: str, taken: bool) -> None:
    assert topics.matches(pattern, key) is taken


@given(st.lists(st.text(min_size=1), max_size=4), st.text())
def test_an_expression_for_names_takes_no_other_name(names: list[str], other: str) -> None:
    for name in (*names, other, f"{other}\n", f"x{other}"):
        assert (re.search(topics.names(names), name) is not None) == (name in names)
        assert (re.search(topics.names(names, after="x"), f"x{name}") is not None) == (name in names)


def test_without_any_pattern_no_key_is_taken() -> None:
    assert re.search(topics.regex([]), "") is None
    assert re.search(topics.names([]), "") is None
