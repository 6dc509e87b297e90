"""Rows of a CSV or TSV file with their line numbers, and the values in them. Never shows a value."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from agents.agency.layout import Table
from agents.agency.problems import Problems

SEVERAL = ";"
"""Stands between several values in one column."""

LARGEST_VALUE = 1_000_000
"""Characters in one value of a file; more means that a quotation mark is missing somewhere."""


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One row. ``line`` is where it ends in the file, counted from 1."""

    line: int
    values: dict[str, str]
    unknown: frozenset[str]

    def get(self, column: str) -> str:
        """The value of a column without blanks around it; "" when it is missing or means "not known"."""
        value = self.values.get(column, "").strip()
        return "" if value.casefold() in self.unknown else value

    def several(self, *columns: str) -> tuple[str, ...]:
        """All values of some columns, taken apart at ``;``."""
        parts = (part.strip() for column in columns for part in self.get(column).split(SEVERAL))
        return tuple(part for part in parts if part)


def rows_of(
    folder: Path, table: Table, problems: Problems, *, needed: Collection[str]
) -> tuple[frozenset[str], list[Row]]:
    """The headings and rows of a file; what is wrong goes into ``problems``.

    ``needed`` are headings that have to be there.
    """
    path = folder / table.file
    unknown = frozenset(word.casefold() for word in (*table.unknown, ""))
    rows: list[Row] = []
    csv.field_size_limit(LARGEST_VALUE)
    try:
        with path.open(encoding=table.encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=table.separator, strict=True)
            headings = [h.strip() for h in next(reader, [])]
            _check_headings(headings, needed, problems)
            for line, values in _lines(reader, problems):
                if len(values) != len(headings):
                    problems.add(
                        f"has {len(values)} values for {len(headings)} columns; "
                        "put values with separators into quotation marks",
                        line=line,
                    )
                elif any(values):
                    rows.append(Row(line, dict(zip(headings, values, strict=True)), unknown))
    except OSError:
        problems.add("cannot be read; put the file into the folder or correct `file` in agency.toml")
        return frozenset(), []
    except LookupError:
        problems.add("its encoding is not known; correct `encoding` in agency.toml")
        return frozenset(), []
    except UnicodeError:
        problems.add(f"is not {table.encoding}; save it so, or set `encoding` in agency.toml")
        return frozenset(), []
    return frozenset(headings), rows


def _lines(reader: Iterator[list[str]], problems: Problems) -> Iterator[tuple[int, list[str]]]:
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            line = reader.line_num  # type: ignore[attr-defined]
            problems.add("quotation marks do not match; double those inside a value", line=line)
            return
        yield reader.line_num, values  # type: ignore[attr-defined]


def _check_headings(headings: list[str], needed: Collection[str], problems: Problems) -> None:
    for heading in sorted(set(needed) - set(headings)):
        problems.add("is missing; add it or name the right one in agency.toml", line=1, column=heading)
    for heading in sorted({h for h in headings if h and headings.count(h) > 1}):
        problems.add("is there twice; rename one", line=1, column=heading)


def date_in(row: Row, column: str, formats: tuple[str, ...], problems: Problems) -> date | None:
    """The date in a column, or None when it is not known; another text is a problem."""
    written = row.get(column)
    if not written:
        return None
    for each in formats:
        try:
            return datetime.strptime(written, each).date()  # noqa: DTZ007 (a date has no zone)
        except ValueError:
            continue
    problems.add(
        "is not a date in any of `date_formats`; correct it, or list its form there (or under `unknown`)",
        line=row.line,
        column=column,
    )
    return None
