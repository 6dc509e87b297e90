"""A package as one page that a duty social worker reads in a minute. [C05, C06, G02, L11]

The page is laid out once, as blocks of text; a template and the PDF show the same blocks. What is urgent
comes first, then the parts in the partnership's own order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from agents.partnership import Partnership
from agents.registers import PagePart
from messages.referral import TEXTS
from messages.words import AnswerState, Part
from ops.dashboard import moments, words
from ops.package_view import Shown
from ops.package_words import ANSWERS, KINDS, SILENCE
from ops.registers import NOT_SUPPLIED

_FIRST = frozenset({Part.CHILD, Part.VULNERABLE_ADULT, Part.VICTIM})
"""Whom the case is about; the others stand further down."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, perhaps with what it is before it. ``strong`` is for what must not be missed, ``quiet``
    for a note, ``href`` for an address that it leads to."""

    text: str
    label: str = ""
    strong: bool = False
    quiet: bool = False
    href: str = ""
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first cell of a row says what it is about."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = "grid"


@dataclass(frozen=True, slots=True)
class Heading:
    """Before a part of a section."""

    text: str
    kind: str = "heading"


Block = Text | Grid | Heading


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under its title."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PackagePage:
    """``heading`` says what kind of package it is, where that is not a whole one; ``warnings`` are what a
    reader of this version alone would not know, ``facts`` what has to be known at once, ``urgent`` the urgent
    facts in the words of the hub's assessment."""

    case_id: str
    version: int
    heading: str
    marking: str
    rag: str
    warnings: tuple[str, ...]
    urgent: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

    @property
    def name(self) -> str:
        """What it is called, without a word of what is in it."""
        return f"Package {self.version} of case {self.case_id}"


@dataclass(frozen=True, slots=True)
class _Reading:
    """The package that is laid out, and by what its codes are told."""

    said: Mapping[str, Any]
    partnership: Partnership
    today: date

    def agency(self, code: str) -> str:
        return words.agency_in_words(code, self.partnership)

    def moment(self, text: str) -> str:
        return moments.to_the_minute(text, self.partnership.clocks.zone)

    def names(self, ids: Sequence[str]) -> str:
        known = {person["person_id"]: _name(person) for person in self.said["people"]}
        return " and ".join(known.get(one, "somebody who is not named") for one in ids)


def package_page(shown: Shown, partnership: Partnership, today: date) -> PackagePage:
    """The page of a package whose texts have been read, by the day on which it is read."""
    said = shown.package
    at = _Reading(said, partnership, today)
    sections = [Section(s.title, tuple(_PARTS[s.part](at))) for s in partnership.package_page]
    return PackagePage(
        case_id=said["package_id"].partition("/")[0],
        version=said["version"],
        heading="" if said["kind"] == "full" else KINDS[said["kind"]],
        marking=words.in_words(said["marking"]).upper(),
        rag=said["rag"],
        warnings=tuple(_warnings(shown)),
        urgent=(said["suggestion"] or {}).get("urgent_facts") or "",
        facts=tuple(_facts(at)),
        sections=(*sections, *_form(at), Section("About this package", tuple(_about(at, shown)))),
    )


def _warnings(shown: Shown) -> Iterator[str]:
    said = shown.package
    if not shown.as_sent:
        yield "The case has changed since. This is not in every detail what was sent."
    newest = max(version["version"] for version in shown.versions)
    if newest > said["version"]:
        yield f"A later version has been issued: version {newest}."
    if said["kind"] == "supplement":
        yield "This supplement has only what is new. Read it with the versions before it."
    if said["withdrawn"]:
        yield f"Withdrawn, no longer to be used: {', '.join(said['withdrawn'])}."


def _facts(at: _Reading) -> Iterator[tuple[str, str]]:
    """Who, how urgent, what to do and by when, what to beware of; nothing that is not in the package."""
    said = at.said
    yield "Rating", words.in_words(said["rag"])
    yield "Category", words.in_words(said["category"]).capitalize()
    who = [p for p in said["people"] if p["part"] in _FIRST]
    for person in who or said["people"]:
        yield words.in_words(person["part"]).capitalize(), _person(person, at.today)
    for person in said["people"]:
        if person["part"] == Part.ALLEGED_PERPETRATOR:
            yield "Beware: alleged perpetrator", _person(person, at.today)
    if said["suggestion"] is not None:
        yield "Suggested course", _suggested(said["suggestion"])
    if said["waiting_for"]:
        yield "Not known yet", f"{', '.join(map(at.agency, said['waiting_for']))}. {SILENCE}"
    if conditions := sum(bool(element["conditions"]) for element in said["elements"]):
        yield "Conditions", f"{conditions} of what was released may be used on conditions only"
    yield "Received by the hub", at.moment(said["received_at"])
    yield "Package due", at.moment(said["due_at"])
    yield "Issued", f"{at.moment(said['issued_at'])}, {'on time' if said['on_time'] else 'late'}"


def _suggested(made: Mapping[str, Any]) -> str:
    course = words.in_words(made["course"]).capitalize()
    return f"{course}. It binds nobody: the course is your team’s own."


def _concern(at: _Reading) -> Iterator[Block]:
    yield Text(at.said["concern"])


def _people(at: _Reading) -> Iterator[Block]:
    yield people_grid(at.said["people"], at.today)


def people_grid(people: Sequence[Mapping[str, Any]], today: date) -> Grid:
    """Whom a case is about, as a package and a RED notice have it; ages are those of the day."""
    return Grid(
        "People",
        ("Name", "Part", "Born", "Address", "Other names and numbers"),
        tuple(
            (
                _name(person),
                words.in_words(person["part"]),
                moments.born(person["date_of_birth"] or "", today) or "not known",
                "; ".join(_addresses(person)) or "not known",
                "; ".join((*person["also_known_as"], *_numbers(person))) or "–",
            )
            for person in people
        ),
    )


def _released(at: _Reading) -> Iterator[Block]:
    if not at.said["elements"]:
        yield Text("Nothing was released.")
    for element in at.said["elements"]:
        marking = words.in_words(element["marking"]).upper()
        yield Heading(f"{at.agency(element['agency'])}: {words.in_words(element['kind'])} – {marking}")
        yield Text(element["text"])
        for condition in element["conditions"]:
            yield Text(condition, label="Condition", strong=True)
        yield Text("; ".join(_notes(element, at)), quiet=True)


def _notes(element: Mapping[str, Any], at: _Reading) -> Iterator[str]:
    yield f"About {at.names(element['about'])}"
    if element["owner"] != element["agency"]:
        yield f"belongs to {at.agency(element['owner'])}"
    if element["sanitised"]:
        yield "in sanitised form"
    if element["presumed_usable"]:
        yield "its owner could not tell whether it is relevant"
    if basis := element["legal_basis"]:
        known = at.partnership.legal_bases.get(basis)
        yield f"legal basis: {known.title if known else words.in_words(basis)}"
    yield f"element {element['element_id']}"


def _agencies(at: _Reading) -> Iterator[Block]:
    rows = [(at.agency(line["agency"]), *agency_line(line)) for line in at.said["agencies"]]
    yield Grid("Every agency that was asked", ("Agency", "Answer", "What became of it"), tuple(rows))
    if at.said["waiting_for"]:
        waiting = ", ".join(map(at.agency, at.said["waiting_for"]))
        yield Text(f"{waiting}. {SILENCE}", label="Still waiting for", strong=True)


def agency_line(line: Mapping[str, Any]) -> tuple[str, str]:
    """What an agency answered, and what became of what it has, in words. [C05, C06]"""
    counts = (
        (line["released"], "released"),
        (line["sanitised"], "released in sanitised form"),
        (line["withheld"], "withheld"),
        (line["waiting"], "awaiting a decision"),
    )
    became = ", ".join(f"{count} {what}" for count, what in counts if count)
    where = ", outside the hub" if line["off_hub"] else ""
    return f"{ANSWERS[AnswerState(line['state'])]}{where}", became or "–"


def _assessment(at: _Reading) -> Iterator[Block]:
    made, response = at.said["suggestion"], at.said["response"]
    if made is None:
        yield Text("None was made.")
    else:
        yield Text(_suggested(made), label="Suggested course", strong=True)
        for name, text in made["rationale"].items():
            if text:
                yield Text(text, label=words.in_words(name).capitalize())
        yield Text(f"By {_who(made['by'], at)}", quiet=True)
    if response is not None:
        yield Text(words.in_words(response["level"]), label="Level of response to the hate crime")


def _procedures(at: _Reading) -> Iterator[Block]:
    there = [slot for slot in at.partnership.references.values() if at.said["category"] in slot.categories]
    for slot in there:
        yield Text(slot.title if slot.link else f"{slot.title}: {NOT_SUPPLIED}", href=slot.link)
    if not there:
        yield Text("None is referred to.")


def _form(at: _Reading) -> Iterator[Section]:
    """The source's own form as it came; a document that is no text is read by itself. [A13, F04, F06]"""
    form = at.said["form"]
    if form is not None:
        title = f"Form {words.in_words(form['form']).upper()}"
        text = form["document"] if is_text(form) else f"It is a document by itself ({form['media_type']})."
        yield Section(title, (Text(text),))


def is_text(form: Mapping[str, Any]) -> bool:
    """Whether a form can be read on the page."""
    return bool(form["media_type"].startswith("text/") or form["media_type"] in TEXTS)


def _about(at: _Reading, shown: Shown) -> Iterator[Block]:
    said = at.said
    sent = " and ".join(words.team_in_words(team, at.partnership) for team in shown.recipients)
    yield Text(sent, label="Sent to")
    yield Text(words.in_words(said["purpose"]).capitalize(), label="Use it for")
    yield Text(_who(said["agreed_by"], at), label="Agreed by")
    if said["missed_at"]:
        yield Text(at.moment(said["missed_at"]), label="A due time had passed before it")
    yield Text(said["sha256"], label="Fingerprint", quiet=True)


def _who(by: Mapping[str, str], at: _Reading) -> str:
    return f"{by['person']}, {words.in_words(by['role'])}, {at.agency(by['agency'])}"


def _person(person: Mapping[str, Any], today: date) -> str:
    born = moments.born(person["date_of_birth"] or "", today)
    return "; ".join(
        part for part in (_name(person), f"born {born}" if born else "", *_addresses(person)) if part
    )


def _name(person: Mapping[str, Any]) -> str:
    return " ".join(n for n in (person["given_name"], person["family_name"]) if n) or "name not known"


def _addresses(person: Mapping[str, Any]) -> Iterator[str]:
    if person["address"]:
        yield person["address"]
    yield from (f"earlier {address}" for address in person["earlier_addresses"])


def _numbers(person: Mapping[str, Any]) -> Iterator[str]:
    for number in person["identifiers"]:
        yield f"{words.in_words(number['scheme']).upper()} {number['value']}"


_PARTS: Mapping[PagePart, Callable[[_Reading], Iterator[Block]]] = {
    "concern": _concern,
    "people": _people,
    "released": _released,
    "agencies": _agencies,
    "assessment": _assessment,
    "procedures": _procedures,
}
