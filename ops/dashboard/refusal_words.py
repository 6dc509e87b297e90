"""What is wrong with a form, and why the hub refused it, as people read it.

What the contract and the hub say names codes and fields of messages, for whoever writes programs; here it is
in the words of the partnership.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic_core import ErrorDetails

from agents.partnership import Partnership
from messages.refusal import PROBLEMS
from messages.words import CODE_PATTERN, ID_PATTERN, SHA256_PATTERN
from ops.dashboard import words

_FORMS: Mapping[str, str] = {
    CODE_PATTERN: "begin with a letter, and use no more than 64 letters, digits and spaces",
    ID_PATTERN: "use no more than 128 letters, digits and . _ : / - without spaces",
    SHA256_PATTERN: "enter 64 characters, each a digit or a letter from a to f",
}
"""What an answer takes that has to have a certain form, by the pattern of the contract."""

_TOLD: Mapping[str, str] = {
    "missing": "is missing",
    "string_type": "enter it in words",
    "string_too_long": "is too long",
    "string_pattern_mismatch": "is not in the form that this takes",
    "bool_type": "choose yes or no",
    "int_type": "enter a whole number",
    "int_parsing": "enter a whole number",
    "greater_than_equal": "is too small a number",
    "less_than_equal": "is too large a number",
    "enum": "choose from the list",
    "literal_error": "choose from the list",
    "model_type": "is not complete",
    "dict_type": "is not complete",
    "tuple_type": "is not complete",
    "too_short": "enter or choose at least one",
    "too_long": "enter or choose fewer",
    "date_type": "enter a date, such as 2012-03-05",
    "date_parsing": "enter a date, such as 2012-03-05",
    "date_from_datetime_parsing": "enter a date, such as 2012-03-05",
    "date_expected": "enter a date, such as 2012-03-05",
    "moment_expected": "enter a day and a time",
    "offset_missing": "enter a day and a time",
    "moment_out_of_range": "enter a day and a time",
    "text_expected": "enter it in words",
    "text_not_unicode": "has characters that cannot be kept",
    "person_id_repeated": "name each person once",
    "element_id_repeated": "name each element once",
    "by_or_rule": "say who decides",
    "children_of_missing": "a child is among the people: choose the authorities of the children",
    "outcome_only_when_settled": "say what was agreed if it is settled, and only then",
    "outcome_only_when_agreed": "say what was agreed if the panel agrees, and only then",
}
"""What is said to people in place of what the contract says of JSON."""

_CODE = re.compile(r"(?<![\w./:-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w/-])")
"""A code of several words where it stands alone, not in an id or the type of a message."""

_ASIDE = re.compile(r" \((?:[a-z_]+(?:\.[a-z_]+)*|[a-z_]+ in [a-z]+\.toml)\)")
"""What names a field, a type of message or a place in a file to whoever writes them: ``(also_ask)``."""


def form_in_words(pattern: str) -> str:
    """What an answer takes that has to match a pattern of the contract, as the end of a line."""
    return _FORMS.get(pattern, _TOLD["string_pattern_mismatch"])


def problem_in_words(error: ErrorDetails) -> str:
    """What an answer takes that the contract does not take as it is, as the end of a line."""
    kind = error["type"]
    if kind == "string_pattern_mismatch":
        return form_in_words(error.get("ctx", {}).get("pattern", ""))
    return _TOLD.get(kind) or PROBLEMS.get(kind, "is not right")


def remedy_in_words(remedy: str, partnership: Partnership) -> str:
    """What the hub says to do about a refusal. Agencies and teams have their titles; ids stay as they are."""

    def called(found: re.Match[str]) -> str:
        return words.destination_in_words(found[0], partnership)

    return _CODE.sub(called, _ASIDE.sub("", remedy))
