"""Questions that several tasks ask in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from agents.partnership import Partnership
from messages.words import Mode
from ops.dashboard import words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.meeting import chair, could_attend
from ops.dashboard.tasks.task import Situation

_MODES: Mapping[Mode, str] = {
    Mode.FACE_TO_FACE: "Face to face",
    Mode.VIDEO: "By video",
    Mode.PHONE: "By telephone",
}


def rationale(before: str = "rationale") -> tuple[Field, ...]:
    """Why, in the terms that every decision has to show. [A02, D15]"""
    return (
        Field(f"{before}.reason", "Reason", hint="What the decision rests on.", needed="Enter the reason"),
        Field(
            f"{before}.proportionality",
            "Proportionality",
            hint="Why this, and not less or more.",
            needed="Enter why it is proportionate",
            rows=3,
        ),
    )


def how_met(name: str = "mode") -> Field:
    """How people met or spoke. [J01, M5]"""
    options = tuple(Option(mode.value, text) for mode, text in _MODES.items())
    return Field(name, "How you met", Kind.RADIOS, options=options, needed="Choose how you met")


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
    partnership: Partnership, right: str, *, of: Iterable[str] | None = None, but: str = ""
) -> tuple[Option, ...]:
    """Those on the register who hold a right, of these agencies, as the messages name them. [A09]"""
    holding = set(partnership.rights.get(right, ()))
    agencies = set(of) if of is not None else set(partnership.agencies)
    found = []
    for one in sorted(partnership.staff, key=lambda one: (one.agency, one.person)):
        if (roles := holding & set(one.roles)) and one.agency in agencies and one.person != but:
            role = min(roles)
            found.append(
                Option(
                    f"{one.person}@{one.agency}",
                    f"{one.person}, {words.in_words(role)}, {words.agency_in_words(one.agency, partnership)}",
                    data={"person": one.person, "role": role, "agency": one.agency},
                )
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
