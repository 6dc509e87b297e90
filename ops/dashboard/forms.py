"""Forms that people fill in, as data: what is asked, how an answer is read, and what is wrong with it.

The name of a field is the place of its answer in the message that comes of the form, such as
``rationale.reason``, so that whatever the contract finds wrong there is told at the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from messages.confidential import MAX_TEXT
from messages.refusal import problems_of
from ops.dashboard import dates, times
from ops.dashboard.refusal_words import form_in_words, problem_in_words

Written = Mapping[str, Sequence[str]]
"""What somebody wrote into a form, by the name of the field."""


class Kind(StrEnum):
    """How a field looks, and so what its answer is."""

    TEXT = "text"
    LINE = "line"
    RADIOS = "radios"
    CHECKBOXES = "checkboxes"
    SELECT = "select"
    DAY = "day"
    MOMENT = "moment"
    ENTRIES = "entries"


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from. ``data`` goes into the message in place of ``value``; ``fields`` are
    asked only of whoever chooses it."""

    value: str
    text: str
    hint: str = ""
    data: Any = None
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A question. ``needed`` is what somebody is told who leaves it out; without it it may be left out.

    ``filled`` is what stands in it when the form is opened. ``beside`` is a text to be read next to it.
    ``fields`` are what is asked in each of the `Kind.ENTRIES`, of which there are as many as somebody adds;
    their options have no fields of their own. ``label`` names one of the entries then. ``least`` of them are
    there at once, and where that is any, none may be left blank. ``latest`` is the last day that
    a `Kind.DAY` may be. ``pattern`` is that of the contract for a `Kind.LINE`.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    options: tuple[Option, ...] = ()
    needed: str = ""
    filled: tuple[str, ...] = ()
    beside: str = ""
    rows: int = 4
    fields: tuple[Field, ...] = ()
    least: int = 0
    latest: date | None = None
    pattern: str = ""

    @property
    def opens_with(self) -> tuple[str, ...]:
        """What stands in it when the form is opened. Where there is one answer to choose, it is chosen."""
        alone = self.kind is Kind.RADIOS and self.needed and len(self.options) == 1
        return self.filled or ((self.options[0].value,) if alone else ())


@dataclass(frozen=True, slots=True)
class Read:
    """A form as it was read: ``data`` by place, and what is wrong by the name of the field."""

    data: Mapping[str, Any]
    problems: Mapping[str, str]


YES_NO = (Option("yes", "Yes", data=True), Option("no", "No", data=False))


def every(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields, and those of their options."""
    for field in fields:
        yield field
        for option in field.options:
            yield from every(option.fields)


def asked(fields: Iterable[Field], written: Written) -> Iterator[Field]:
    """The fields that count, with those of each entry: those of an option only if it was chosen."""
    for field in _chosen(fields, written):
        yield field
        for questions in entries(field, written):
            yield from asked(questions, written)


def _chosen(fields: Iterable[Field], written: Written) -> Iterator[Field]:
    for field in fields:
        yield field
        chosen = set(written.get(field.name, ()))
        for option in field.options:
            if option.value in chosen:
                yield from _chosen(option.fields, written)


def read(fields: Sequence[Field], written: Written, zone: ZoneInfo) -> Read:
    """What the answers come to. Whatever was not asked is passed over."""
    data: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in _chosen(fields, written):
        if field.kind is Kind.ENTRIES:
            data[field.name], wrong = _entries_read(field, written, zone)
            problems.update(wrong)
            continue
        answer, problem = _answer(field, written, zone)
        if problem:
            problems[field.name] = problem
        elif answer is not None:
            data[field.name] = answer
    return Read(data, problems)


MOST_ENTRIES = 20
"""As many as a form takes of one kind."""


def entries(field: Field, written: Written) -> tuple[tuple[Field, ...], ...]:
    """The questions of each entry that is there so far, at their places: ``positions.0.view``."""
    said = (written.get(f"{field.name}-entries") or ("",))[-1]
    count = min(number_in(said) or 0, MOST_ENTRIES)
    return tuple(
        tuple(replace(one, name=f"{field.name}.{n}.{one.name}") for one in field.fields)
        for n in range(max(count, field.least))
    )


def entries_changed(fields: Iterable[Field], written: Written) -> Written | None:
    """What was written, with one entry more or without one, if its ``add`` or ``remove`` asks for that.

    An entry to add may stand in an option that nobody has chosen: without scripts all of them are shown.
    """
    add, remove = ((written.get(name) or ("",))[-1] for name in ("add", "remove"))
    for field in (one for one in every(fields) if one.kind is Kind.ENTRIES):
        if field.name == add:
            return _with_one_more(field, written)
        for n in range(len(entries(field, written))):
            if f"{field.name}.{n}" == remove:
                return _without(field, n, written)
    return None


def number_in(said: str) -> int | None:
    """A whole number of up to six digits; None for what is none."""
    said = said.strip()
    return int(said) if said.isdecimal() and said.isascii() and len(said) < 7 else None


def page_in(said: Mapping[str, str]) -> int:
    """The page of a list that an address asks for, from 1; the first where it says no number."""
    return max(number_in(said.get("page", "")) or 1, 1)


def _with_one_more(field: Field, written: Written) -> Written:
    longer = {**written, f"{field.name}-entries": (str(len(entries(field, written)) + 1),)}
    return {**{new.name: new.opens_with for new in entries(field, longer)[-1] if new.opens_with}, **longer}


def _without(field: Field, gone: int, written: Written) -> Written:
    """Those after the one that is gone move up."""
    left = [n for n in range(len(entries(field, written))) if n != gone]
    found = {name: said for name, said in written.items() if not name.startswith(f"{field.name}.")}
    for now, before in enumerate(left):
        place = f"{field.name}.{before}."
        inside = [name for name in written if name.startswith(place)]
        found |= {f"{field.name}.{now}.{name.removeprefix(place)}": written[name] for name in inside}
    return {**found, f"{field.name}-entries": (str(len(left)),)}


def _entries_read(field: Field, written: Written, zone: ZoneInfo) -> tuple[list[Any], dict[str, str]]:
    """What the entries come to, None for one that was left blank and may be, and what is wrong in them."""
    found: list[Any] = []
    problems: dict[str, str] = {}
    for n, questions in enumerate(entries(field, written)):
        place = f"{field.name}.{n}."
        said = [text for name in written if name.startswith(place) for text in written[name]]
        if not field.least and not any(text.strip() for text in said):
            found.append(None)
            continue
        one = read(questions, written, zone)
        problems.update(one.problems)
        found.append(nested({name.removeprefix(place): answer for name, answer in one.data.items()}))
    return found, problems


def nested(data: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by place as an object: ``{"rationale.reason": x}`` is ``{"rationale": {"reason": x}}``."""
    found: dict[str, Any] = {}
    for place, answer in data.items():
        *outer, last = place.split(".")
        inner = found
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[last] = answer
    return found


@dataclass(frozen=True, slots=True)
class Packed:
    """A message without what was left out of its lists. ``places`` are those of the form by those of the
    message, for entries that have moved up."""

    data: dict[str, Any]
    places: Mapping[str, str]

    def in_form(self, place: str) -> str:
        """Where in the form something stands that the message has at a place."""
        around = [moved for moved in self.places if place == moved or place.startswith(f"{moved}.")]
        moved = max(around, key=len, default="")
        return self.places[moved] + place[len(moved) :] if moved else place


def packed(data: Mapping[str, Any]) -> Packed:
    """The message of a form in which entries of lists were left out: they are None there."""
    places: dict[str, str] = {}

    def pack(value: Any, at: str, was: str) -> Any:
        match value:
            case dict():
                before, once = (f"{at}." if at else ""), (f"{was}." if was else "")
                return {name: pack(one, f"{before}{name}", f"{once}{name}") for name, one in value.items()}
            case list():
                given = [(n, one) for n, one in enumerate(value) if one is not None]
                for n, (place, _) in enumerate(given):
                    if f"{at}.{n}" != f"{was}.{place}":
                        places[f"{at}.{n}"] = f"{was}.{place}"
                return [pack(one, f"{at}.{n}", f"{was}.{place}") for n, (place, one) in enumerate(given)]
            case _:
                return value

    return Packed(pack(dict(data), "", ""), places)


def problems_at(
    fields: Sequence[Field], written: Written, error: ValidationError, message: Packed
) -> dict[str, str]:
    """What the contract finds wrong, at the fields that it is about; at ``""`` what is about none."""
    found: dict[str, str] = {}
    for one in problems_of(error):
        place = message.in_form(".".join(str(part) for part in one["loc"]))
        field = field_of(place, list(asked(fields, written)))
        called = field.label if field else place.rpartition(".")[2].replace("_", " ").capitalize()
        found.setdefault(field.name if field else "", f"{called}: {problem_in_words(one)}")
    return in_order(found, fields, written)


def in_order(problems: Mapping[str, str], fields: Iterable[Field], written: Written) -> dict[str, str]:
    """The problems in the order in which their questions stand on the page; last what is about none."""
    there = [one.name for one in asked(fields, written) if one.name in problems]
    return {name: problems[name] for name in dict.fromkeys((*there, *problems))}


def field_of(place: str, fields: Sequence[Field]) -> Field | None:
    """The field whose answer stands at a place of the message, or in it or around it."""
    there = [f for f in fields if f.name == place or f.name.startswith(f"{place}.")]
    around = [f for f in fields if place.startswith(f"{f.name}.")]
    return next(iter(there), None) or max(around, key=lambda f: len(f.name), default=None)


def leads_to(name: str, fields: Sequence[Field], written: Written) -> str:
    """The id of what somebody fills in to put a problem right: of entries the first question, or the button
    that adds one."""
    field = next((one for one in asked(fields, written) if one.name == name), None)
    if field is None or field.kind is not Kind.ENTRIES:
        return name
    there = entries(field, written)
    return there[0][0].name if there else f"{name}-add"


def texts_in(written: Written) -> tuple[str, ...]:
    """What somebody wrote in words of their own, for whoever gets no further with a form: not what they chose
    or entered as a code or a number."""
    return tuple(text for said in written.values() for text in said if len(text.split()) > 1)


def _answer(field: Field, written: Written, zone: ZoneInfo) -> tuple[Any, str]:
    """The answer, None for none, and what is wrong with it."""
    if field.kind is Kind.DAY:
        return _day(field, written)
    if field.kind is Kind.MOMENT:
        return _moment(field, written, zone)
    said = [text for text in written.get(field.name, ()) if text.strip()]
    if not said:
        return None, field.needed
    if not field.options and len(said[0]) > MAX_TEXT:
        return None, f"{field.label}: enter {MAX_TEXT} characters or fewer"
    if not field.options:
        text = said[0].strip() if field.kind is Kind.LINE else said[0]
        if field.pattern and not re.fullmatch(field.pattern, text):
            return None, f"{field.label}: {form_in_words(field.pattern)}"
        return text, ""
    known = {option.value: option for option in field.options}
    if any(value not in known for value in said):
        return None, f"{field.label}: choose from the list"
    data = [known[value].data if known[value].data is not None else value for value in said]
    return (data if field.kind is Kind.CHECKBOXES else data[0]), ""


def _day(field: Field, written: Written) -> tuple[str | None, str]:
    """A day, in ISO 8601."""
    day, month, year = ((written.get(f"{field.name}-{part}") or ("",))[0].strip() for part in dates.PARTS)
    if not (day or month or year):
        return None, field.needed
    said = dates.entered(day, month, year)
    if said is None:
        return None, f"{field.label}: enter a day, month and year, such as 5 3 2012"
    if field.latest is not None and said > field.latest:
        return None, f"{field.label}: enter {dates.in_words(field.latest)} or a day before it"
    return said.isoformat(), ""


def _moment(field: Field, written: Written, zone: ZoneInfo) -> tuple[str | None, str]:
    """A day and a time of the partnership's clock, in UTC."""
    parts = [(written.get(f"{field.name}-{part}") or ("",))[0].strip() for part in MOMENT_PARTS]
    if not any(parts):
        return None, field.needed
    day, month, year, time = parts
    try:
        return times.entered(day, month, year, time, zone).isoformat(), ""
    except times.NoSuchTime as why:
        return None, f"{field.label}: {why.problem}"


MOMENT_PARTS = ("day", "month", "year", "time")
"""What a moment is entered in, each at the name of its field with a hyphen before it."""
