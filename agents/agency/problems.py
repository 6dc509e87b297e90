"""Problems of an agency's files, gathered so that all of them can be put right at once. Never a value."""

from __future__ import annotations

from pathlib import Path

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
