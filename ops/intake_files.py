"""What the police hand in day by day: DIALs and reports of missing people, as JSON or as a CSV batch.

A batch is taken whole or not at all: every row that is wrong is named, and nothing is sent until all are
right. In a CSV each row is one person; rows with the same id are one DIAL. No row and no text is repeated
in a problem.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from messages.dial import DialReceived
from messages.missing import MissingReported
from messages.refusal import Unacceptable
from messages.strict_json import parse_object
from ops.problem import WrongInput
from ops.reading_input import MOST_PLACES, places

MOST_MESSAGES = 2_000
DIAL = "dial"
Handed = DialReceived | MissingReported

_PERSON = ("person_id", "part", "given_name", "family_name", "date_of_birth", "address")
_DIAL = ("dial_id", "incident_at", "authority", "children_of", "adult_at_risk", "account")
_SCENE = ("officer", "scene_at", "imminent_threat", "scene_action", "scene_what")
_MISSING = ("report_id", "person_ref", "reported_at", "authority", "circumstances")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of batch: what each entry is, and the columns of its CSV in any order. ``optional`` ones may be
    missing. With ``document`` the rows of an entry are kept as they came, as a form of that kind. [A13]"""

    model: type[Handed]
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    one: Callable[[list[Mapping[str, str]], str], dict[str, Any]]
    document: str | None = None


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
    for place, raw in entries:
        wrong: tuple[str, ...] = ()
        try:
            entry = said.model.model_validate_json(json.dumps(raw), strict=True)
        except ValidationError as error:
            wrong = places(error, said.model)
        else:
            read.append(entry)
            lives = {entry.authority, *(entry.children_of if isinstance(entry, DialReceived) else ())}
            if not lives <= set(authorities):
                wrong = (f"authority: must be one of {', '.join(authorities)}",)
        problems += [f"{place}: {one}" for one in wrong]
    if problems:
        raise WrongInput(
            "nothing was sent; correct these and hand it in again", tuple(problems[:MOST_PLACES])
        )
    if len(read) > MOST_MESSAGES:
        raise WrongInput(f"at most {MOST_MESSAGES} entries in one file; hand it in as several")
    return read


def _of_json(text: bytes, source: str) -> list[tuple[str, dict[str, Any]]]:
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
    return [(f"entry {n}", {"source": source, **entry}) for n, entry in enumerate(entries, 1)]


def _of_csv(text: bytes, kind: Kind, source: str) -> Iterable[tuple[str, dict[str, Any]]]:
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
    together: dict[str, list[tuple[int, Mapping[str, str]]]] = {}
    as_it_came: dict[str, list[str]] = {}
    before = len(first)
    for line, row in lines:
        if None in row or None in row.values():
            raise WrongInput(f"line {line}: has more or fewer fields than there are columns")
        together.setdefault(row[kind.columns[0]].strip(), []).append((line, row))
        as_it_came.setdefault(row[kind.columns[0]].strip(), [*first]).extend(written[before:line])
        before = line
    for reference, same in together.items():
        said = kind.one([row for _, row in same], source)
        if kind.document is not None:
            said["form"] = {
                "form": kind.document,
                "media_type": "text/csv",
                "document": "".join(as_it_came[reference]),
            }
        yield f"line {same[0][0]}", said


def _dial(rows: list[Mapping[str, str]], source: str) -> dict[str, Any]:
    first = _given(rows[0])
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


def _missing(rows: list[Mapping[str, str]], source: str) -> dict[str, Any]:
    first = _given(rows[0])
    return {
        "source": source,
        **{name: first.get(name) for name in _MISSING},
        "person": _person(rows[0], 1),
    }


def _person(row: Mapping[str, str], number: int) -> dict[str, Any]:
    given = _given(row)
    said: dict[str, Any] = {name: given[name] for name in _PERSON if name in given}
    return {"person_id": f"p{number}", **said}


def _given(row: Mapping[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in row.items() if value.strip()}


def _truth(word: str | None) -> bool | str | None:
    """What is neither yes nor no stays as it is, to be told of."""
    known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    return None if word is None else known.get(word.lower(), word)


KINDS: dict[str, Kind] = {
    "dials": Kind(
        DialReceived,
        (*_DIAL, *_PERSON, *_SCENE),
        ("children_of", "adult_at_risk", *(n for n in _PERSON if n != "part"), *_SCENE),
        _dial,
        DIAL,
    ),
    "missing": Kind(
        MissingReported,
        (*_MISSING, *_PERSON),
        tuple(name for name in _PERSON if name != "part"),
        _missing,
    ),
}
"""The kinds of batch by the word for them."""
