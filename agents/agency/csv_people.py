"""The people file of an agency: one row a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from agents.agency.csv_table import Row, date_in, rows_of
from agents.agency.layout import PeopleTable
from agents.agency.problems import Problems
from agents.identity import Identity
from agents.identity.numbers import number
from agents.identity.person import identity

STANDARD_IDENTIFIERS = {"nhs": "nhs_number", "upn": "upn", "pnc": "pnc", "nino": "nino"}


def read_people(folder: Path, table: PeopleTable) -> dict[str, Identity]:
    """Everybody in the file by the agency's own reference.

    Raises
    ------
    FolderUnsound
        with file, line and column of each problem.
    """
    problems = Problems(folder / table.file)
    columns = table.columns
    named = {
        heading for field in columns.model_fields_set for heading in _headings(getattr(columns, field))
    } | set((table.identifiers or {}).values())
    headings, rows = rows_of(folder, table, problems, needed={columns.person} | named)
    schemes = _schemes(table, headings)
    people: dict[str, Identity] = {}
    for row in rows:
        key = row.get(columns.person)
        person = _person(row, table, schemes, problems)
        if not key:
            problems.add("is empty; give the person a reference", line=row.line, column=columns.person)
        elif people.setdefault(key, person) != person:
            problems.add(
                "was there before with other particulars; keep one row a person",
                line=row.line,
                column=columns.person,
            )
    problems.stop_if_any()
    return people


def numbers_in_doubt(folder: Path, table: PeopleTable) -> list[str]:
    """Where a number stands that cannot be right: file, line and column, for somebody to correct.

    Such a number is no reason to refuse the folder: the person is still recognised by everything else.
    """
    problems = Problems(folder / table.file)
    headings, rows = rows_of(folder, table, problems, needed=())
    return [
        f"{table.file}, line {row.line}, column {column}"
        for row in rows
        for scheme, column in _schemes(table, headings).items()
        if any(number(scheme, value) is None for value in row.several(column))
    ]


def _schemes(table: PeopleTable, headings: Collection[str]) -> Mapping[str, str]:
    """The column of each scheme of numbers."""
    if table.identifiers is not None:
        return table.identifiers
    return {s: heading for s, heading in STANDARD_IDENTIFIERS.items() if heading in headings}


def _person(row: Row, table: PeopleTable, schemes: Mapping[str, str], problems: Problems) -> Identity:
    columns = table.columns
    return identity(
        given_name=row.get(columns.given_name),
        family_name=row.get(columns.family_name),
        also_known_as=row.several(*columns.also_known_as),
        born=date_in(row, columns.date_of_birth, table.date_formats, problems),
        address=", ".join(part for part in map(row.get, columns.address) if part),
        earlier_addresses=row.several(*columns.earlier_addresses),
        numbers=[(scheme, value) for scheme, column in schemes.items() for value in row.several(column)],
    )


def _headings(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
