"""Problems of an agency's files, gathered so that all of them can be put right at once. Never a value."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from messages.refusal import problems_of

MOST_SHOWN = 20


class FolderUnsound(Exception):
    """An agency's folder cannot be used as it is: a line for each problem, with its place and a remedy."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        shown = problems[:MOST_SHOWN]
        if len(problems) > MOST_SHOWN:
            shown.append(f"and {len(problems) - MOST_SHOWN} more problems like these")
        super().__init__("\n".join(shown))


class Problems:
    """Collects problems of one file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.found: list[str] = []

    def add(self, what: str, *, line: int | None = None, column: str | None = None) -> None:
        """Note a problem: what is wrong and what to do. ``line`` counts from 1, with the headings."""
        place = self.file.name
        if line is not None:
            place += f", line {line}"
        if column is not None:
            place += f", column {column}"
        self.found.append(f"{place}: {what}")

    def stop_if_any(self) -> None:
        """Raise `FolderUnsound` when there is a problem."""
        if self.found:
            raise FolderUnsound(self.found)


def key_problems(file: Path, error: ValidationError) -> list[str]:
    """A line for each wrong key of a TOML file: its place, and what is wrong with it.

    Our own words where a validator of ours spoke, which hold no input; else the kind of problem.
    """
    return [
        f"{file.name}: {'.'.join(map(str, e['loc'])) or '(whole)'}: {_said(e)}" for e in problems_of(error)
    ]


def _said(problem: ErrorDetails) -> str:
    match problem["type"]:
        case "value_error":
            return str(problem["ctx"]["error"])
        case "extra_forbidden":
            return "no such key; correct the spelling or take it out"
        case kind:
            return kind
