"""What the police hand in day by day: DIALs and reports of missing people, as JSON or as a CSV batch.

A batch is taken whole or not at all: every row that is wrong is named, and nothing is sent until all are
right. In a CSV each row is one person; rows with the same id are one DIAL. No row and no text is repeated
in a problem.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationError

from messages.dial import DialReceived
from messages.missing import MissingReported
from messages.refusal import PROBLEMS, Unacceptable
from messages.strict_json import parse_object
from ops.problem import WrongInput
from ops.reading_input import MOST_PLACES, places

MOST_MESSAGES = 2_000
DIAL = "dial"
Handed = DialReceived | MissingReported
Row = Mapping[str, str]
Place = tuple[int | str, ...]

_PERSON = ("person_id", "part", "given_name", "family_name", "date_of_birth", "address")
_DIAL = ("dial_id", "incident_at", "authority", "children_of", "adult_at_risk", "account")
_SCENE = ("officer", "scene_at", "imminent_threat", "scene_action", "scene_what")
_MISSING = ("report_id", "person_ref", "reported_at", "authority", "circumstances")


@dataclass(frozen=True, slots=True)
class Entry:
    """What was handed in as one DIAL or report. ``place`` is where it begins; ``name`` calls a place in the
    model by what the person wrote, with the line where there are several."""

    place: str
    said: dict[str, Any]
    name: Callable[[Place], str] | None = None
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of batch: what each entry is, and the columns of its CSV in any order. ``optional`` ones may be
    missing. With ``together`` the rows of one id are one entry, and are kept as they came, as a form of that
    kind. [A13]"""

    model: type[Handed]
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    one: Callable[[list[Row], str], dict[str, Any]]
    column_of: Callable[[Place], str]
    together: str | None = None


def read_batch(
    text: bytes, kind: str, source: str, authorities: Collection[str], *, is_csv: bool
) -> list[Handed]:
    """All entries of a file.

    Raises
    ------
    WrongInput
        with the line of a CSV or the number in a JSON list of each entry that is wrong, and what it takes.
    """
    said = KINDS[kind]
    entries = _of_csv(text, said, source) if is_csv else _of_json(text, source)
    read: list[Handed] = []
    problems: list[str] = []
    for entry in entries:
        wrong = entry.wrong
        try:
            one = said.model.model_validate_json(json.dumps(entry.said), strict=True)
        except ValidationError as error:
            wrong += places(error, said.model, name=entry.name, takes=_CSV_TAKES if is_csv else {})
            lives = _lives(entry.said)
        else:
            read.append(one)
            lives = _lives(one.model_dump(include={"authority", "children_of"}))
        wrong += tuple(
            f"{entry.name((field,)) if entry.name else field}: must be one of {', '.join(authorities)}"
            for field, codes in lives.items()
            if not codes <= set(authorities)
        )
        problems += [line if line.startswith("line ") else f"{entry.place}: {line}" for line in wrong]
    if problems:
        raise WrongInput(
            "nothing was sent; correct these and hand it in again", tuple(problems[:MOST_PLACES])
        )
    if len(read) > MOST_MESSAGES:
        raise WrongInput(f"at most {MOST_MESSAGES} entries in one file; hand it in as several")
    return read


_CSV_TAKES: Mapping[str, str] = {
    "bool_type": "must be yes or no",
    "string_type": "is empty or missing; fill it in",
    "text_empty": "is empty; fill it in",
    "text_expected": "is empty; fill it in",
    "missing": "is empty; fill it in",
    "moment_expected": PROBLEMS["moment_expected"],
}
"""What a cell takes, where a table has no quotation marks and no lists."""


def _lives(said: Mapping[str, Any]) -> dict[str, set[str]]:
    """The authorities that an entry names, by field; what is no text is wrong already."""
    given = {"authority": [said.get("authority")], "children_of": said.get("children_of") or []}
    return {
        field: {code for code in codes if isinstance(code, str)}
        for field, codes in given.items()
        if isinstance(codes, list | tuple)
    }


def _of_json(text: bytes, source: str) -> list[Entry]:
    """An object, or a list of them under ``entries``."""
    problem = None
    raw: dict[str, Any] = {}
    try:
        raw = parse_object(text)
    except Unacceptable as why:
        problem = why
    if problem is not None:
        raise WrongInput(f"the file cannot be read ({problem.reason}): {problem.remedy}")
    entries = raw.get("entries", [raw])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise WrongInput('the file has to be one entry, or {"entries": [ … ]}')
    return [Entry(f"entry {n}", {"source": source, **entry}) for n, entry in enumerate(entries, 1)]


def _of_csv(text: bytes, kind: Kind, source: str) -> Iterable[Entry]:
    try:
        written = list(io.StringIO(text.decode("utf-8-sig"), newline=""))
        rows = csv.DictReader(iter(written), strict=True)
        header = [name.strip() for name in rows.fieldnames or ()]
        rows.fieldnames = header
        first = written[: rows.line_num]
        lines = [(rows.line_num, row) for row in rows]
    except (UnicodeDecodeError, csv.Error):
        raise WrongInput("the file has to be CSV in UTF-8, with the names of its columns first") from None
    needed = [name for name in kind.columns if name not in kind.optional]
    if missing := [name for name in needed if name not in header]:
        raise WrongInput(f"columns are missing: {', '.join(missing)}")
    if unknown := [n for n, name in enumerate(header, 1) if name not in kind.columns]:
        known = ", ".join(kind.columns)
        raise WrongInput(f"no such column: number {', '.join(map(str, unknown))}; the columns are {known}")
    groups: dict[str, list[tuple[int, Row]]] = {}
    as_it_came: dict[str, list[str]] = {}
    before = len(first)
    for line, row in lines:
        if None in row or None in row.values():
            raise WrongInput(f"line {line}: has more or fewer fields than there are columns")
        # Two reports with one id are two: the hub counts one of them, and says of the other that it is known.
        own = row[kind.columns[0]].strip() if kind.together else str(line)
        groups.setdefault(own, []).append((line, row))
        as_it_came.setdefault(own, [*first]).extend(written[before:line])
        before = line
    for reference, same in groups.items():
        together = [row for _, row in same]
        said = kind.one(together, source)
        if kind.together is not None:
            said["form"] = {
                "form": kind.together,
                "media_type": "text/csv",
                "document": "".join(as_it_came[reference]),
            }
        numbers = [line for line, _ in same]
        name = partial(_in_the_table, kind.column_of, numbers)
        yield Entry(f"line {numbers[0]}", said, name, _differing(same) if kind.together else ())


def _in_the_table(column_of: Callable[[Place], str], lines: Sequence[int], place: Place) -> str:
    """A place of the model as the person sees it: the line of the row, and its column."""
    at = place[1] if len(place) > 1 and place[0] == "people" and isinstance(place[1], int) else 0
    return f"line {lines[at]}: {column_of(place)}"


def _differing(rows: Sequence[tuple[int, Row]]) -> tuple[str, ...]:
    """The columns in which rows say different things of one DIAL. An empty cell says nothing."""
    wrong = []
    for column in (*_DIAL, *_SCENE):
        told: str | None = None
        for line, row in rows:
            cell = row.get(column, "").strip()
            if cell and told is not None and cell != told:
                wrong.append(f"line {line}: {column}: differs from an earlier row of the same DIAL")
            told = told or cell or None
    return tuple(wrong)


def _dial(rows: list[Row], source: str) -> dict[str, Any]:
    first: dict[str, str] = {}
    for row in reversed(rows):
        first |= _given(row)
    scene = None
    if "officer" in first:
        scene = {
            "officer": first["officer"],
            "at": first.get("scene_at"),
            "imminent_threat": _truth(first.get("imminent_threat")),
            "action": first.get("scene_action"),
            "what": first.get("scene_what"),
        }
    return {
        "source": source,
        **{name: first.get(name) for name in ("dial_id", "incident_at", "authority", "account")},
        "children_of": [one.strip() for one in first.get("children_of", "").split(";") if one.strip()],
        "adult_at_risk": _truth(first.get("adult_at_risk", "no")),
        "people": [_person(row, n) for n, row in enumerate(rows, 1)],
        "at_the_scene": scene,
    }


def _missing(rows: list[Row], source: str) -> dict[str, Any]:
    first = _given(rows[0])
    return {
        "source": source,
        **{name: first.get(name) for name in _MISSING},
        "person": _person(rows[0], 1),
    }


def _person(row: Row, number: int) -> dict[str, Any]:
    given = _given(row)
    said: dict[str, Any] = {name: given[name] for name in _PERSON if name in given}
    return {"person_id": f"p{number}", **said}


def _given(row: Row) -> dict[str, str]:
    return {name: value.strip() for name, value in row.items() if value.strip()}


def _truth(word: str | None) -> bool | str | None:
    """What is neither yes nor no stays as it is, to be told of."""
    known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    return None if word is None else known.get(word.lower(), word)


def _column_of_dial(place: Place) -> str:
    if place[0] == "at_the_scene":
        of_scene = dict(zip(("officer", "at", "imminent_threat", "action", "what"), _SCENE, strict=True))
        return of_scene.get(str(place[1]), "officer") if len(place) > 1 else "officer"
    return _column(place, 2) if place[0] == "people" else str(place[0])


def _column_of_missing(place: Place) -> str:
    return _column(place, 1) if place[0] == "person" else str(place[0])


def _column(place: Place, depth: int) -> str:
    """The column of a person's field; ``part`` where it is the people as a whole that are not right."""
    return str(place[depth]) if len(place) > depth else "part"


KINDS: dict[str, Kind] = {
    "dials": Kind(
        DialReceived,
        (*_DIAL, *_PERSON, *_SCENE),
        ("children_of", "adult_at_risk", *(n for n in _PERSON if n != "part"), *_SCENE),
        _dial,
        _column_of_dial,
        DIAL,
    ),
    "missing": Kind(
        MissingReported,
        (*_MISSING, *_PERSON),
        tuple(name for name in _PERSON if name != "part"),
        _missing,
        _column_of_missing,
    ),
}
"""The kinds of batch by the word for them."""
