"""Questions that several tasks ask in the same way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from agents.coordinator.authority import UNVETTED
from agents.partnership import Partnership
from messages.words import Actor, Mode
from ops.dashboard import words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.meeting import chair, could_attend
from ops.dashboard.tasks.task import Situation

_MODES: Mapping[Mode, str] = {
    Mode.FACE_TO_FACE: "Face to face",
    Mode.VIDEO: "By video",
    Mode.PHONE: "By telephone",
}


def as_code(text: str) -> str:
    """What was written in plain words as the contract has it: ``Home visit!`` is ``home_visit``."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return "_".join(re.findall(r"[a-z0-9]+", plain))


def rationale(before: str = "rationale", hint: str = "What the decision rests on.") -> tuple[Field, ...]:
    """Why, in the terms that every decision has to show. ``hint`` says who gets to see it. [A02, D15]"""
    return (
        Field(f"{before}.reason", "Reason", hint=hint, needed="Enter the reason"),
        Field(
            f"{before}.proportionality",
            "Proportionality",
            hint="Why this, and not less or more.",
            needed="Enter why it is proportionate",
            rows=3,
        ),
    )


def how_met(question: str = "How you met") -> Field:
    """How people met or spoke, or are to meet. [J01, K04, M5]"""
    options = tuple(Option(mode.value, text) for mode, text in _MODES.items())
    needed = f"Choose {question[0].lower()}{question[1:]}"
    return Field("mode", question, Kind.RADIOS, options=options, needed=needed)


def purpose(at: Situation, name: str = "purpose") -> Field:
    """What information is used for in cases of this category. [D16]"""
    options = tuple(
        Option(code, words.in_words(code).capitalize())
        for code in at.partnership.purposes_for(at.case.category)
    )
    said = at.case.last_direction.purpose if at.case.last_direction else ""
    return Field(
        name,
        "Purpose",
        Kind.RADIOS,
        options=options,
        needed="Choose the purpose",
        filled=(said,) if said else (),
    )


def legal_basis(at: Situation, name: str = "legal_basis") -> Field:
    """A basis of this category that is in force today. [L08]"""
    today = at.partnership.clocks.day_of(at.now)
    options = tuple(
        Option(code, at.partnership.legal_bases[code].title)
        for code in at.partnership.bases_for(at.case.category, today)
    )
    return Field(
        name,
        "Legal basis",
        Kind.RADIOS,
        hint="Those in force today for this kind of case.",
        options=options,
        needed="Choose the legal basis",
    )


def people(
    partnership: Partnership,
    right: str,
    *,
    of: Iterable[str] | None = None,
    but: str = "",
    on: date | None = None,
) -> tuple[Option, ...]:
    """Those on the register who hold a right, of these agencies, as the messages name them; with a day, only
    who may use it on that day. [A09, C09, L02-L04]"""
    holding = set(partnership.rights.get(right, ()))
    agencies = set(of) if of is not None else set(partnership.agencies)
    found = []
    for one in sorted(partnership.staff, key=lambda one: (one.agency, one.person)):
        if (roles := holding & set(one.roles)) and one.agency in agencies and one.person != but:
            if on is not None and _hindered(partnership, right, one.person, one.agency, on):
                continue
            by = Actor(person=one.person, role=min(roles), agency=one.agency)
            found.append(
                Option(called(by), words.person_in_words(by, partnership), data=by.model_dump(mode="json"))
            )
    return tuple(found)


def meeting(code: str, at: Situation) -> tuple[Field, ...]:
    """Who was there and how they met; filled in as the meeting was opened, if it was. [H04, J01]"""
    opened = at.meeting
    there = tuple(
        Option(
            chair(person, role, agency),
            f"{person}, {words.in_words(role)}, {words.agency_in_words(agency, at.partnership)}",
            data={"person": person, "role": role, "agency": agency},
        )
        for person, role, agency in could_attend(code, at.partnership)
    )
    participants = Field(
        "participants",
        "Who is there",
        Kind.CHECKBOXES,
        hint="In the role in which they take part.",
        options=there,
        needed="Choose who is there",
        filled=opened.participants if opened else (),
    )
    return (replace(how_met(), filled=(opened.mode,) if opened else ()), participants)


def called(by: Actor) -> str:
    """What stands for a person in a form."""
    return f"{by.person}@{by.agency}"


def made_id(at: Situation, what: str) -> str:
    """The id of something new in the case, such as a discussion."""
    return f"{at.case.case_id}/{what}/{at.new_number(what)}"


def _hindered(partnership: Partnership, right: str, person: str, agency: str, on: date) -> bool:
    found = set(partnership.hindrances(person, agency, on))
    return bool(found - {"vetting_expired"} if right in UNVETTED else found)
