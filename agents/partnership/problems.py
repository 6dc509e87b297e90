"""What is wrong with a partnership's files, in words: the file, the key, and what to do. Never a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from messages.refusal import problems_of

_CODE = "must be a code: small letters, digits, - and _, beginning with a letter"
_TEXT = "must be a text in quotation marks"
_YES_OR_NO = "must be true or false, without quotation marks"
_WHOLE = "must be a whole number, without quotation marks"
_TABLE = "must be a table, with keys of its own"
_MANY = "must be a list, [ … ]"
_DATE = "must be a date, such as 2026-04-01, without quotation marks"
_TIME = "must be a time of day, such as 17:00:00, without quotation marks"
_MOMENT = "must be a moment with its offset, such as 2026-04-01T00:00:00Z, without quotation marks"

_WORDS = {
    "missing": "is missing; add it",
    "extra_forbidden": "no such key; correct the spelling or take it out",
    "string_type": _TEXT,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "tuple_type": _MANY,
    "timezone_aware": _MOMENT,
}
_TOP = re.compile(r"[.\[ ]")
_BEGINNINGS = {"datetime_": _MOMENT, "date_": _DATE, "time_": _TIME}


@dataclass(frozen=True, slots=True)
class ConfigurationProblem:
    """One thing that is wrong: ``what`` says what and what to do. ``key`` is empty for a whole file."""

    file: str
    key: str
    what: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.file}: {self.key}: {self.what}" if self.key else f"{self.file}: {self.what}"


class PartnershipInvalid(Exception):
    """A partnership cannot be used as it is. Its text has a line for each of the ``problems``."""

    def __init__(self, problems: Iterable[ConfigurationProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


_FILES = {
    "partnership.toml": ("title", "authorities", "markings", "service_roles", "adult_form"),
    "agencies.toml": ("agencies", "core_checks"),
    "teams.toml": ("teams", "sources"),
    "cohorts.toml": ("cohorts", "local_routes"),
    "law.toml": ("legal_bases", "purposes"),
    "rounds.toml": ("rounds", "missing_children"),
    "governance.toml": ("memorandum", "clearance", "supervisors", "liaison", "escalation_alarm"),
    "forms.toml": ("source_forms",),
    "formats.toml": ("package_page", "references"),
}
_USUAL = {key: file for file, keys in _FILES.items() for key in keys}
"""Where the bundled partnerships have a key, if not in a file of its name."""


def file_of(key: str, came_from: Mapping[str, str]) -> str:
    """The file that a key stands in; where it stands in none, the one to put it into."""
    top = _TOP.split(key)[0]
    return came_from.get(top) or _USUAL.get(top, f"{top}.toml")


def in_words(error: ValidationError, came_from: Mapping[str, str]) -> list[ConfigurationProblem]:
    """A problem for each wrong key. ``came_from`` has the file of each top-level key."""
    return [
        ConfigurationProblem(file_of(str(e["loc"][0]), came_from), _place(e), _said(e))
        for e in problems_of(error)
    ]


def _place(problem: ErrorDetails) -> str:
    """The key, with the place of an entry in a list as people count."""
    parts = [part for part in problem["loc"] if part != "[key]"]
    entries = [f"entry {part + 1}" for part in parts if isinstance(part, int)]
    return ".".join(map(str, parts)) + (f" ({', '.join(entries)})" if entries else "")


def _said(problem: ErrorDetails) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    match kind:
        case "enum" | "literal_error":
            return f"must be one of {context['expected']}"
        case "greater_than":
            return f"must be more than {context['gt']}"
        case "greater_than_equal":
            return f"must be {context['ge']} or more"
        case "too_short":
            return f"needs {context['min_length']} or more"
        case "string_pattern_mismatch":
            return (
                _CODE if "A-Z" not in context["pattern"] else "must be an id: letters, digits and . _ : / -"
            )
    for beginning, words in _BEGINNINGS.items():
        if kind.startswith(beginning):
            return words
    return _WORDS.get(kind, problem["msg"])  # a check of our own, in words of our own
