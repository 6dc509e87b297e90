"""The records file of an agency: one row an element; rows with one record number are one document."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from agents.agency.acceptance import Acceptance
from agents.agency.csv_table import Row, date_in, rows_of
from agents.agency.layout import RecordsTable
from agents.agency.ports import HeldElement, Keyed
from agents.agency.problems import Problems
from messages.checks import SourceRecord
from messages.confidential import MAX_TEXT, Confidential
from messages.words import Code, Id, RiskFlag, Sanitised

_CODE: TypeAdapter[str] = TypeAdapter(Code)
_ID: TypeAdapter[str] = TypeAdapter(Id)
MOST_RISKS = 10
MOST_WORDS = 20


@dataclass(slots=True, repr=False)
class _Written:
    """A row as it was read: everything of an element but its place in the document."""

    line: int
    people: list[str]
    record: str
    text: str
    kind: str
    owner: str
    marking: str
    risks: tuple[RiskFlag, ...]
    source_words: tuple[str, ...]
    recorded_on: date | None
    suggestion: Sanitised | None


@dataclass(slots=True)
class _Reading:
    """One pass over the file."""

    agency: str
    table: RecordsTable
    problems: Problems
    people: Collection[str]
    accepted: Acceptance | None
    documents: dict[str, list[_Written]] = field(default_factory=dict)


def read_records(
    folder: Path,
    table: RecordsTable,
    agency: str,
    people: Collection[str],
    keyed: Keyed,
    accepted: Acceptance | None = None,
) -> Mapping[str, list[HeldElement]]:
    """What is held about each person, by reference; held against the partnership when it is at hand.

    Raises
    ------
    FolderUnsound
        with file, line and column of each problem.
    """
    reading = _Reading(agency, table, Problems(folder / table.file), people, accepted)
    columns = table.columns
    named = {getattr(columns, name) for name in columns.model_fields_set}
    needed = {columns.person, columns.record, columns.text} | named
    _, rows = rows_of(folder, table, reading.problems, needed=needed)
    for row in rows:
        _take(row, reading)
    reading.problems.stop_if_any()
    held: dict[str, list[HeldElement]] = {}
    for record, written in reading.documents.items():
        for element, about in _elements(record, written, keyed):
            for person in about:
                held.setdefault(person, []).append(element)
    return held


def _take(row: Row, reading: _Reading) -> None:
    columns, problems = reading.table.columns, reading.problems
    about = list(dict.fromkeys(row.several(columns.person)))
    if not about:
        problems.add("is empty; say who the record is about", line=row.line, column=columns.person)
    if any(person not in reading.people for person in about):
        problems.add(
            "names somebody who is not in the people file; add the person or correct the reference",
            line=row.line,
            column=columns.person,
        )
    written = _Written(
        line=row.line,
        people=about,
        record=_checked(row, columns.record, _ID, "letters, digits and . _ : / -", problems),
        text=_text(row, columns.text, problems),
        kind=_code(row, columns.kind, reading.table.codes.kind, reading.table.defaults.kind, problems),
        owner=_code(row, columns.owner, reading.table.codes.owner, reading.agency, problems),
        marking=_code(
            row, columns.marking, reading.table.codes.marking, reading.table.defaults.marking, problems
        ),
        risks=_risks(row, reading),
        source_words=row.several(columns.source_words),
        recorded_on=date_in(row, columns.recorded_on, reading.table.date_formats, problems),
        suggestion=_suggestion(row, reading),
    )
    if reading.accepted is not None:
        wrong = reading.accepted.of_record(owner=written.owner, marking=written.marking)
        for name, what in wrong.items():
            problems.add(what, line=row.line, column=getattr(columns, name))
    if len(written.source_words) > MOST_WORDS:
        problems.add(f"has more than {MOST_WORDS} words", line=row.line, column=columns.source_words)
    _join(written, reading)


def _join(written: _Written, reading: _Reading) -> None:
    """The same text of the same record again is the same element, about one more person."""
    document = reading.documents.setdefault(written.record, [])
    for before in document:
        if before.text == written.text:
            if _particulars(before) != _particulars(written):
                reading.problems.add(
                    f"says the same as line {before.line} with other particulars; make them agree",
                    line=written.line,
                )
            before.people.extend(p for p in written.people if p not in before.people)
            return
    document.append(written)


def _particulars(w: _Written) -> tuple[object, ...]:
    return w.kind, w.owner, w.marking, w.risks, w.source_words, w.recorded_on, w.suggestion


def _elements(record: str, written: list[_Written], keyed: Keyed) -> list[tuple[HeldElement, list[str]]]:
    digest = keyed.digest("\n".join(w.text for w in written))
    found, start = [], 0
    for w in written:
        element = HeldElement(
            text=Confidential(w.text),
            kind=w.kind,
            owner=w.owner,
            marking=w.marking,
            record=SourceRecord(document=record, digest=digest, span=(start, start + len(w.text) - 1)),
            fingerprint=keyed.fingerprint(record, w.text),
            risks=w.risks,
            source_words=tuple(map(Confidential, w.source_words)),
            recorded_on=w.recorded_on,
            suggestion=w.suggestion,
        )
        found.append((element, w.people))
        start += len(w.text) + 1
    return found


def _text(row: Row, column: str, problems: Problems) -> str:
    text = row.values.get(column, "").strip()
    if not text:
        problems.add("is empty; leave the row out if there is nothing to say", line=row.line, column=column)
    if len(text) > MAX_TEXT:
        problems.add(f"is longer than {MAX_TEXT} characters; split it", line=row.line, column=column)
    return text


def _checked(row: Row, column: str, form: TypeAdapter[str], allowed: str, problems: Problems) -> str:
    value = row.get(column)
    try:
        return form.validate_python(value)
    except ValidationError:
        problems.add(f"has to be there and made of {allowed}", line=row.line, column=column)
        return ""


def _code(row: Row, column: str, codes: Mapping[str, str], default: str | None, problems: Problems) -> str:
    value = row.get(column)
    if not value and default is not None:
        return default
    try:
        return _CODE.validate_python(codes.get(value.casefold(), value))
    except ValidationError:
        problems.add(
            "is not a code; use one, map the word under [records.codes], or give a default",
            line=row.line,
            column=column,
        )
        return ""


def _risks(row: Row, reading: _Reading) -> tuple[RiskFlag, ...]:
    column = reading.table.columns.risks
    flags: list[RiskFlag] = []
    for word in row.several(column):
        try:
            flags.append(reading.table.codes.risks.get(word.casefold()) or RiskFlag(word))
        except ValueError:
            reading.problems.add(
                "has a word that is no risk flag; use one or map it under [records.codes.risks]",
                line=row.line,
                column=column,
            )
    return tuple(dict.fromkeys(flags))


def _as_compared(text: str) -> list[str]:
    """The words of a text, as the hub compares them: whatever their case and what stands between."""
    return re.findall(r"\w+", text.casefold())


def _suggestion(row: Row, reading: _Reading) -> Sanitised | None:
    """The text that may leave in place of the other: not that one, and giving no source away. [D11, D13]"""
    columns, defaults, problems = reading.table.columns, reading.table.defaults, reading.problems
    text = row.get(columns.sanitised_text)
    if not text:
        return None
    if _as_compared(text) == _as_compared(row.get(columns.text)):
        problems.add(
            "is the text itself; leave it empty, or say it in other words",
            line=row.line,
            column=columns.sanitised_text,
        )
    for word in row.several(columns.source_words):
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE):
            problems.add(
                "still has one of the row's source words in it; take it out",
                line=row.line,
                column=columns.sanitised_text,
            )
            break
    transforms = row.several(columns.sanitised_transforms) or (defaults.sanitised_transforms,)
    author = row.get(columns.sanitised_by) or defaults.sanitised_by or f"{reading.agency}-records"
    try:
        return Sanitised(text=Confidential(text), transforms=transforms, author=author)
    except ValidationError:
        problems.add(
            "the text is too long, a transform is not a code, or the author is not a reference",
            line=row.line,
            column=columns.sanitised_text,
        )
        return None
