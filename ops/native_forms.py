"""A source's own form, read by the partnership's mapping into what the hub takes. [A12, A13, B03, G2.4, G2.5]

A form comes as JSON with its own names of fields. What is wrong is said in these names. Nothing of what is
filled in is repeated in a problem.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from agents.partnership import Partnership
from agents.partnership.source_forms import (
    COMPLETED,
    DATES,
    EXAMPLE,
    FLAGS,
    GROUPS,
    IDENTIFIER,
    LISTS,
    MOMENTS,
    REQUIRED,
    PeopleTaken,
    SourceForm,
    Taken,
)
from messages.referral import ReferralReceived
from messages.words import Actor
from ops.form_document import Document
from ops.problem import WrongInput
from ops.reading_input import MOST_PLACES, parsed, places

WITHIN = " > "
_YES = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Filled:
    """A referral, and which field of the form each of its own came from, for what is said of it later."""

    referral: ReferralReceived
    came_from: Mapping[tuple[int | str, ...], str]

    def name_of(self, ours: str) -> str:
        """A place in the referral, such as ``data.people.0.date_of_birth``, in the form's own words."""
        parts = ours.removeprefix("data.").split(".")
        return _name_of(tuple(int(part) if part.isdigit() else part for part in parts), self.came_from)


def form_of(source: str, partnership: Partnership) -> SourceForm:
    """The form of a source. Raises `WrongInput`."""
    found = next((form for form in partnership.source_forms.values() if source in form.sources), None)
    if found is None:
        have = sorted(one for form in partnership.source_forms.values() for one in form.sources)
        raise WrongInput(f"--source: must be one that has a form: {', '.join(have) or 'none has'}")
    return found


def completing(said: str, partnership: Partnership) -> Actor:
    """``PERSON@AGENCY`` in a role of the register that may complete a form. Raises `WrongInput`."""
    person, _, agency = said.partition("@")
    allowed = partnership.rights["supply_form"]
    role = next((role for role in allowed if role in partnership.roles_of(person, agency)), None)
    if role is None:
        raise WrongInput(
            f"--as: must be PERSON@AGENCY of the register of staff, one of: {', '.join(allowed)}"
        )
    return Actor(person=person, role=role, agency=agency)


def read_form(
    body: bytes,
    source: str,
    partnership: Partnership,
    *,
    document: Document | None = None,
    completed: Mapping[str, str] | None = None,
    by: Actor | None = None,
) -> Filled:
    """A filled-in form of a source. Without a ``document`` what came is itself kept as the form.

    ``completed`` is what the form leaves open, as ``by`` says it.

    Raises
    ------
    WrongInput
        with the form's own fields, and what each takes.
    """
    form = form_of(source, partnership)
    reading = _Reading(form, source, partnership, parsed(body, "the form"))
    reading.read()
    reading.complete(completed or {})
    if completed:
        if by is None:
            raise ValueError("a form is completed by somebody")
        reading.said["completed"] = {"by": by.model_dump(), "fields": list(completed)}
    kept = document or Document("application/json", body.decode())
    said = {
        **reading.said,
        "source": source,
        "form": {"form": form.document, "media_type": kept.media_type, "document": kept.text},
    }
    problems, referral = list(reading.problems), None
    if not problems:
        try:
            referral = ReferralReceived.model_validate_json(json.dumps(said), strict=True)
        except ValidationError as error:
            problems += places(error, ReferralReceived, name=reading.name_of)
    if referral is None:
        raise WrongInput(
            "nothing was sent; correct the form and hand it in again", tuple(problems[:MOST_PLACES])
        )
    return Filled(referral, reading.came_from)


def _name_of(ours: tuple[int | str, ...], came_from: Mapping[tuple[int | str, ...], str]) -> str:
    for length in range(len(ours), 0, -1):
        if ours[:length] in came_from:
            return came_from[ours[:length]]
    below = [name for place, name in came_from.items() if place[: len(ours)] == ours]
    return " and ".join(dict.fromkeys(below)) or ".".join(map(str, ours))


def _local(text: str, zone: ZoneInfo) -> str | None:
    """A moment in ISO 8601; without an offset it is local. None for what is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()


class _Reading:
    """One form being read: what it says so far, where from, and what is wrong with it."""

    def __init__(
        self, form: SourceForm, source: str, partnership: Partnership, filled: dict[str, Any]
    ) -> None:
        self.said: dict[str, Any] = {"people": []}
        self.came_from: dict[tuple[int | str, ...], str] = {
            ("form", "document"): "the document",
            ("completed",): "--as",
        }
        self.problems: list[str] = []
        self._told: set[str] = set()
        self._form = form
        self._source = source
        self._partnership = partnership
        self._filled = filled

    def name_of(self, ours: tuple[int | str, ...]) -> str:
        """A place in the referral in the form's own words."""
        return _name_of(ours, self.came_from)

    def _wrong(self, label: str, what: str) -> None:
        self._told.add(label)
        self.problems.append(f"{label}: {what}")

    def read(self) -> None:
        for target, taken in self._form.takes.items():
            group = target.partition(".")[0]
            if group in GROUPS:
                first = self._form.takes[f"{group}.{GROUPS[group][0]}"]
                if not self._is_filled_in(first, self._filled):
                    continue
            value = self._value(target, taken, self._filled, "")
            self._put(self.said, (), target, taken, value, "")
        for people in self._form.people:
            for section, where in self._sections(people.section):
                self._person(people, section, where)

    def complete(self, completed: Mapping[str, str]) -> None:
        """What a person of the hub says where the form leaves it open, and what is still missing."""
        for target, value in completed.items():
            if target not in COMPLETED:
                self._wrong("--complete", f"takes {', '.join(COMPLETED)}")
            elif target in self.said:
                self._wrong(self.name_of((target,)), f"the form says it; leave out --complete {target}=…")
            elif target == "authority" and value not in self._partnership.authorities:
                known = ", ".join(self._partnership.authorities)
                self._wrong("--complete authority=…", f"must be one of {known}")
            else:
                label = f"--complete {target}=…"
                self.came_from[(target,)] = label
                said = _local(value, self._partnership.clocks.zone) if target in MOMENTS else value
                if said is None:
                    self._wrong(label, "must be a date and time such as 2012-11-23T17:45")
                else:
                    self.said[target] = said
        for target in REQUIRED:
            if target not in self.said and target not in completed:
                self._missing(target)
        if not self.said["people"] and not self.problems:
            sections = ", ".join(people.section or "the form" for people in self._form.people)
            self._wrong(sections, "names nobody; fill in whom it is about")

    def _missing(self, target: str) -> None:
        taken = self._form.takes.get(target)
        label = self._label(taken, "") if taken else target
        if label in self._told:
            return
        what = "is not filled in; fill it in, or" if taken else "is not on this form;"
        if target not in COMPLETED:
            self._wrong(label, "is not filled in; fill it in")
            return
        known = self._partnership.authorities if target == "authority" else ("…",)
        ways = " or ".join(f"--complete {target}={value}" for value in known)
        self._wrong(label, f"{what} let somebody of the hub complete it: {ways}")

    def _person(self, people: PeopleTaken, section: dict[str, Any], where: str) -> None:
        """Somebody, where any field about them is filled in."""
        about = [taken for target, taken in people.takes.items() if target not in ("part", "may_be_named")]
        if not any(self._is_filled_in(taken, section) for taken in about):
            return
        place: tuple[int | str, ...] = ("people", len(self.said["people"]))
        person: dict[str, Any] = {"person_id": f"p{len(self.said['people']) + 1}"}
        self.said["people"].append(person)
        for target, taken in people.takes.items():
            value = self._value(target, taken, section, where)
            if target == "name":
                self._put_name(person, place, taken, value, where)
            elif target.startswith(IDENTIFIER):
                if value is not None:
                    found = person.setdefault("identifiers", [])
                    self.came_from[(*place, "identifiers", len(found))] = self._label(taken, where)
                    found.append({"scheme": target.removeprefix(IDENTIFIER), "value": value})
            else:
                self._put(person, place, target, taken, value, where)
        part = self._label(people.takes["part"], where)
        if "part" not in person and part not in self._told:
            self._wrong(part, "is not filled in; fill it in")

    def _put(
        self,
        into: dict[str, Any],
        place: tuple[int | str, ...],
        target: str,
        taken: Taken,
        value: Any,
        where: str,
    ) -> None:
        if value is None:
            self.came_from.setdefault((*place, *target.split(".")), self._label(taken, where))
            return
        *groups, name = target.split(".")
        for group in groups:
            into = into.setdefault(group, {})
        into[name] = value
        self.came_from[(*place, *groups, name)] = self._label(taken, where)

    def _put_name(
        self, person: dict[str, Any], place: tuple[int | str, ...], taken: Taken, value: Any, where: str
    ) -> None:
        """``Family, Given`` or ``Given Family``; what is one word is the family name."""
        if value is None:
            return
        family, comma, given = value.partition(",")
        if not comma:
            given, _, family = value.rpartition(" ")
        for name, part in (("given_name", given.strip()), ("family_name", family.strip())):
            if part:
                self._put(person, place, name, taken, part, where)

    def _value(self, target: str, taken: Taken, section: dict[str, Any], where: str) -> Any:
        """What the hub is told; None where the form leaves it open, or says what it cannot."""
        if taken.fixed is not None:
            return [taken.fixed] if target in LISTS else taken.fixed
        if taken.by_source:
            return [taken.by_source[self._source]] if target in LISTS else taken.by_source[self._source]
        label = self._label(taken, where)
        if taken.fields:
            texts = [(name, self._text(name, section, where)) for name in taken.fields]
            if target in MOMENTS:
                whole = all(text is not None for _, text in texts)
                return self._moment(" ".join(str(text) for _, text in texts), label) if whole else None
            return "\n\n".join(f"{name}: {text}" for name, text in texts if text is not None) or None
        name = taken.asked[0]
        raw = self._raw(name, section)
        if target in FLAGS and isinstance(raw, bool) and not taken.codes:
            return raw
        if target in LISTS:
            many = raw if isinstance(raw, list) else [raw]
            found = [one for each in many if (one := self._coded(taken, each, label)) is not None]
            return found or None
        value = self._coded(taken, raw, label)
        if value is None or not isinstance(value, str):
            return value
        if target in FLAGS:
            return self._one_of(value, _YES, label)
        if target in MOMENTS:
            return self._moment(value, label)
        return self._date(value, label) if target in DATES else value

    def _coded(self, taken: Taken, raw: Any, label: str) -> Any:
        if isinstance(raw, bool) and taken.codes:
            raw = "yes" if raw else "no"
        text = self._as_text(raw, label)
        if text is None or not taken.codes:
            return text
        return self._one_of(text, taken.codes, label)

    def _one_of(self, text: str, codes: Mapping[str, bool | str], label: str) -> bool | str | None:
        meaning = {word.casefold().strip(): value for word, value in codes.items()}
        if text.casefold() not in meaning:
            self._wrong(label, f"must be one of {', '.join(codes)}")
            return None
        return meaning[text.casefold()]

    def _date(self, text: str, label: str) -> str | None:
        with suppress(ValueError):
            return datetime.strptime(text, self._form.dates).replace(tzinfo=UTC).date().isoformat()
        example = EXAMPLE.strftime(self._form.dates)
        self._wrong(label, f"must be a date such as {example}")
        return None

    def _moment(self, text: str, label: str) -> str | None:
        """A moment without an offset is local to the partnership."""
        zone, written = self._partnership.clocks.zone, self._form.moments
        with suppress(ValueError):
            if written:
                return datetime.strptime(text, written).replace(tzinfo=zone).isoformat()
            if (moment := _local(text, zone)) is not None:
                return moment
        example = EXAMPLE.strftime(written or "%Y-%m-%dT%H:%M")
        self._wrong(label, f"must be a date and time such as {example}")
        return None

    def _is_filled_in(self, taken: Taken, section: dict[str, Any]) -> bool:
        return any(self._raw(name, section) not in (None, "", [], False) for name in taken.asked)

    def _label(self, taken: Taken, where: str) -> str:
        names = taken.asked
        return " and ".join(f"{where}{name}" for name in names) or "the partnership's mapping"

    def _text(self, name: str, section: dict[str, Any], where: str) -> str | None:
        return self._as_text(self._raw(name, section), f"{where}{name}")

    def _as_text(self, raw: Any, label: str) -> str | None:
        if isinstance(raw, int) and not isinstance(raw, bool):
            raw = str(raw)
        if raw is None or raw == []:
            return None
        if not isinstance(raw, str):
            self._wrong(label, "must be a text in quotation marks")
            return None
        if any("\ud800" <= letter <= "\udfff" for letter in raw):
            self._wrong(label, "must be valid Unicode, without lone surrogates")
            return None
        return raw.strip() or None

    def _raw(self, name: str, section: dict[str, Any]) -> Any:
        """What stands in a field, in whichever section it is; None where it is not there."""
        if name in section:
            return section[name]
        found: Any = section
        for part in name.split(WITHIN):
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def _sections(self, name: str) -> Iterator[tuple[dict[str, Any], str]]:
        """A section once, or as often as the form repeats it, with what its fields are called by."""
        if not name:
            yield self._filled, ""
            return
        found = self._raw(name, self._filled)
        if isinstance(found, dict):
            yield found, f"{name}{WITHIN}"
        elif isinstance(found, list):
            for n, one in enumerate(found, 1):
                if isinstance(one, dict):
                    yield one, f"{name}{WITHIN}{n}{WITHIN}"
                else:
                    self._wrong(f"{name}{WITHIN}{n}", "must be a section, { … }")
        elif found is not None:
            self._wrong(name, "must be a section, { … }, or a list of them")
