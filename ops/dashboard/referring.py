"""The form for a referral that came otherwise than from its source's own system, by telephone or on paper for
instance, or that a practitioner brings on professional judgement; and the message that comes of it, which is
the one that `mash refer` sends. [A09, A12, B03, B09, G3.17]

READ: whoever may complete a source's form for the hub may register what came without one, and only for a
source of their own agency, as with the HTTP API. The record of the case has who it was.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from agents.coordinator.cases import case_id_for
from agents.coordinator.incoming import AHEAD
from agents.identity import numbers
from agents.partnership import Partnership
from agents.partnership.source_forms import COMPLETED
from messages.child_sexual_exploitation import Origin
from messages.hate_crime import HateStrand
from messages.referral import ReferralReceived
from messages.words import ID_PATTERN, Category, Part
from ops import addressing
from ops.dashboard import words
from ops.dashboard.forms import YES_NO, Field, Kind, Option, Read, Written, in_order, nested, packed, read
from ops.dashboard.given import Given
from ops.dashboard.in_the_clear import tells
from ops.dashboard.saying import NotSaid, handed_over, message_id, payload_of, refusal
from ops.dashboard.search import SCHEMES
from ops.dashboard.sessions import Registered
from ops.dashboard.tasks import asking
from ops.dashboard.viewer import Viewer

REGISTERS, BRINGS = "supply_form", "professional_judgement"
"""The right to register what came otherwise, and the right to bring a case on one's own judgement."""

_AS_REFERRED, _ON_JUDGEMENT = "as_referred", "on_judgement"
_PART_OF_PERSON = ("scheme", "number", "also_known_as", "earlier_address")
"""What a person is asked for that the message has in lists."""


def sources_of(viewer: Viewer, partnership: Partnership) -> Mapping[str, str]:
    """The titles of the referral sources that belong to somebody's agency. [B03]"""
    found = partnership.sources.items()
    return {code: source.title for code, source in found if source.agency == viewer.agency}


def who_registers(partnership: Partnership) -> tuple[str, ...]:
    """The titles of the agencies that have a source and somebody on the register who completes its forms: who
    has no source of their own asks them. [A12, B09]"""
    completing = set(partnership.rights[REGISTERS])
    staffed = {one.agency for one in partnership.staff if completing & set(one.roles)}
    having = {source.agency for source in partnership.sources.values()} & staffed
    return tuple(sorted(partnership.agencies[code].title for code in having))


def fields(viewer: Viewer, partnership: Partnership, now: datetime) -> tuple[Field, ...]:
    """The questions."""
    sources = sources_of(viewer, partnership)
    authorities = tuple(Option(code, words.in_words(code).capitalize()) for code in partnership.authorities)
    return (
        Field(
            "source",
            "Which source does it come from",
            Kind.RADIOS,
            hint="Of your own agency. It goes back there if the hub does not take it.",
            options=tuple(Option(code, title) for code, title in sources.items()),
            needed="Choose which source it comes from",
        ),
        Field(
            "referral_id",
            "Reference that the source gave it",
            Kind.LINE,
            hint="Its number only, never a name or a date of birth: it is not kept sealed. "
            "Leave it empty if it has none, and it gets one.",
            pattern=ID_PATTERN,
        ),
        Field(
            "made_at",
            "When it was made",
            Kind.MOMENT,
            hint="When the source rang or wrote. For example, 5 3 2012 at 14:30",
            needed="Enter when it was made",
        ),
        _how(viewer, partnership, now),
        Field(
            "category",
            "What the concern is about",
            Kind.RADIOS,
            options=tuple(_categories(partnership, now)),
            needed="Choose what the concern is about",
        ),
        Field(
            "concern",
            "The concern",
            hint="In the words of whoever referred it. Only those read it who say what for, on record.",
            rows=8,
            needed="Enter the concern",
        ),
        Field(
            "people",
            "Person",
            Kind.ENTRIES,
            hint="Everybody whom it concerns, and the referrer where that is a person.",
            fields=tuple(_person(now, partnership)),
            least=1,
        ),
        Field(
            "authority",
            "Authority where they live",
            Kind.RADIOS,
            options=authorities,
            needed="Choose the authority where they live",
        ),
        Field("earlier_authorities", "Where they lived before", Kind.CHECKBOXES, options=authorities),
        Field(
            "open_case_worker",
            "Worker to whom a case of theirs is open already",
            Kind.LINE,
            hint="The worker’s id in the agency that has the case, never a name: it is not kept sealed.",
            pattern=ID_PATTERN,
        ),
        Field(
            "routine",
            "How it stands to that case",
            Kind.RADIOS,
            options=(
                Option("fresh", "It is a concern of its own, or there is no such case", data=False),
                Option("routine", "It is routine involvement of the open case", data=True),
            ),
            filled=("fresh",),
            needed="Choose how it stands to an open case",
        ),
    )


def _how(viewer: Viewer, partnership: Partnership, now: datetime) -> Field:
    """Whether a practitioner's judgement brings it: what this person may say of that. [B09]"""
    whose = asking.people(partnership, BRINGS, on=partnership.clocks.day_of(now))
    self_ = f"{viewer.person}@{viewer.agency}"
    if REGISTERS not in viewer.rights:
        whose = tuple(one for one in whose if one.value == self_)
    judgement = Option(
        _ON_JUDGEMENT,
        "A practitioner brings it on professional judgement",
        hint="Also below the threshold, and whatever it is about. It is rated RED or AMBER.",
        fields=(
            Field(
                "professional_judgement.by",
                "Whose judgement it is",
                Kind.SELECT,
                options=whose,
                filled=(self_,) if BRINGS in viewer.rights else (),
                needed="Choose whose judgement it is",
            ),
            Field(
                "professional_judgement.rationale",
                "Why they bring it",
                needed="Enter why they bring it",
            ),
        ),
    )
    as_referred = Option(_AS_REFERRED, "Its source refers it", hint="By telephone, letter or otherwise.")
    return Field(
        "how",
        "How it comes to the hub",
        Kind.RADIOS,
        options=(as_referred, judgement) if REGISTERS in viewer.rights else (judgement,),
        needed="Choose how it comes to the hub",
    )


def _categories(partnership: Partnership, now: datetime) -> Iterator[Option]:
    """What a case may be about, each with what is asked of it besides. [B01, B08, I02, I07]"""
    besides: Mapping[Category, tuple[Field, ...]] = {
        Category.CHILD_PROTECTION: (_belief(partnership, now),),
        Category.DOMESTIC_VIOLENCE: (
            Field(
                "police_response",
                "Did police attend",
                Kind.RADIOS,
                options=YES_NO,
                needed="Choose whether police attended",
            ),
        ),
        Category.HATE_CRIME: (
            Field(
                "hate_crime.strands",
                "What the hostility was about",
                Kind.CHECKBOXES,
                options=tuple(
                    Option(one.value, words.in_words(one.value).capitalize()) for one in HateStrand
                ),
                needed="Choose what the hostility was about",
            ),
            Field(
                "hate_crime.vulnerable_person",
                "Has somebody vulnerable been identified",
                Kind.RADIOS,
                hint="A child is one.",
                options=YES_NO,
                needed="Choose whether somebody vulnerable has been identified",
            ),
        ),
        Category.CHILD_SEXUAL_EXPLOITATION: (
            Field(
                "origin",
                "Where it comes from",
                Kind.RADIOS,
                options=(
                    Option(Origin.ORDINARY, "An ordinary referral"),
                    Option(
                        Origin.INTERNET_EXPLOITATION, "Pre-planned exploitation on the internet, as from CEOP"
                    ),
                ),
                filled=(Origin.ORDINARY,),
                needed="Choose where it comes from",
            ),
        ),
    }
    for one in Category:
        yield Option(one.value, words.in_words(one.value).capitalize(), fields=besides.get(one, ()))


def _belief(partnership: Partnership, now: datetime) -> Field:
    believed = (
        Field(
            "section_47_belief.by",
            "Who believes it",
            Kind.SELECT,
            options=asking.people(partnership, "section_47_belief", on=partnership.clocks.day_of(now)),
            needed="Choose who believes that the section 47 threshold is met",
        ),
        Field("section_47_belief.why", "Why they believe it", needed="Enter why they believe it", rows=3),
    )
    return Field(
        "believed",
        "Does a practitioner believe that the section 47 threshold is met",
        Kind.RADIOS,
        options=(Option("yes", "Yes", fields=believed), Option("no", "No")),
        needed="Choose whether a practitioner believes that the section 47 threshold is met",
    )


def _person(now: datetime, partnership: Partnership) -> Iterator[Field]:
    yield Field(
        "part",
        "Part in the case",
        Kind.SELECT,
        options=tuple(Option(one.value, words.in_words(one.value).capitalize()) for one in Part),
        needed="Choose the part that the person has in the case",
    )
    yield Field("given_name", "Given name", Kind.LINE)
    yield Field("family_name", "Family name", Kind.LINE)
    yield Field("also_known_as", "Also known as", Kind.LINE)
    yield Field(
        "date_of_birth",
        "Date of birth",
        Kind.DAY,
        hint="For example, 1 4 2005",
        latest=partnership.clocks.day_of(now),
    )
    yield Field("address", "Address", rows=2)
    yield Field("earlier_address", "Earlier address", rows=2)
    yield Field(
        "scheme",
        "Kind of number",
        Kind.SELECT,
        options=tuple(Option(code, title) for code, title in SCHEMES.items()),
    )
    yield Field("number", "Number", Kind.LINE)
    yield Field(
        "may_be_named",
        "May be named",
        Kind.RADIOS,
        hint="A referrer alone may ask to stay unnamed.",
        options=YES_NO,
        filled=("yes",),
        needed="Choose whether the person may be named",
    )


async def register(given: Given, viewer: Viewer, written: Written, form_id: str) -> Registered:
    """Say a referral to the hub, in the name of its source, and learn what became of it.

    The same form sent twice says it once. Raises `NotSaid` with what has to be corrected.
    """
    asked = fields(viewer, given.partnership, given.now)
    answers = read(asked, written, given.zone)
    if problems := {**answers.problems, **_slips(answers, written, given)}:
        raise NotSaid(in_order(problems, asked, written))
    message = packed(_data(answers.data, viewer, given, form_id))
    said = payload_of(ReferralReceived, message, asked, written)
    case = case_id_for(said.source, said.referral_id)
    envelope = addressing.referral(said, message_id(form_id, message.data), given.now)
    answer = await handed_over(given, envelope, case)
    if answer.reason == "referral_known":
        raise NotSaid({"referral_id": f"A referral with this reference has been received: it is {case}"})
    if answer.outcome == "refused":
        raise refusal(answer, message, asked, written, given)
    return Registered(case, taken=answer.outcome == "accepted")


def _slips(answers: Read, written: Written, given: Given) -> dict[str, str]:
    """What is wrong with answers that are each as they have to be, by the name of the field."""
    found = {}
    made_at = answers.data.get("made_at")
    if made_at is not None and datetime.fromisoformat(made_at) > given.now + AHEAD:
        found["made_at"] = "When it was made: enter a time that has come"
    concern = answers.data.get("category") == Category.PROFESSIONAL_CONCERN
    if concern and answers.data.get("how") == _AS_REFERRED:
        found["how"] = "Choose that a practitioner brings it: a professional concern is somebody’s judgement"
    people = answers.data.get("people", ())
    for name, its_own in (("referral_id", "its number"), ("open_case_worker", "the worker’s id")):
        told = (tells(" ".join(written.get(name, ())), one) for one in people)
        if what := next(filter(None, told), None):
            found[name] = f"Enter {its_own} alone: it has {what} of a person below in it and is not sealed"
    for n, one in enumerate(people):
        scheme, number = one.get("scheme"), one.get("number")
        if number and not scheme:
            found[f"people.{n}.scheme"] = "Choose what number it is"
        elif scheme and not number:
            found[f"people.{n}.number"] = f"Enter the {SCHEMES[scheme]}, or choose no kind of number"
        elif scheme and number and numbers.number(scheme, number) is None:
            found[f"people.{n}.number"] = f"{SCHEMES[scheme]} must be a right one: check its digits"
    return found


def _data(answers: Mapping[str, Any], viewer: Viewer, given: Given, form_id: str) -> dict[str, Any]:
    """What the message says."""
    said = nested({name: one for name, one in answers.items() if name not in ("how", "believed")})
    said.setdefault("referral_id", _reference(form_id))
    said["people"] = [_as_said(n, one) for n, one in enumerate(said["people"], start=1)]
    judged = said.get("professional_judgement")
    if judged is None or (judged["by"]["person"], judged["by"]["agency"]) != (viewer.person, viewer.agency):
        said["completed"] = {"by": _registrar(viewer, given.partnership), "fields": list(COMPLETED)}
    return said


def _as_said(n: int, one: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: answer for name, answer in one.items() if name not in _PART_OF_PERSON}
    said["person_id"] = f"p{n}"
    if one.get("also_known_as"):
        said["also_known_as"] = [one["also_known_as"]]
    if one.get("earlier_address"):
        said["earlier_addresses"] = [one["earlier_address"]]
    if one.get("number"):
        said["identifiers"] = [{"scheme": one["scheme"], "value": one["number"]}]
    return said


def _registrar(viewer: Viewer, partnership: Partnership) -> dict[str, str]:
    role = min(viewer.roles & frozenset(partnership.rights[REGISTERS]))
    return {"person": viewer.person, "role": role, "agency": viewer.agency}


def _reference(form_id: str) -> str:
    """One for a referral that has none: the same for a form however often it is sent."""
    return f"REF-{b32encode(hashlib.sha256(form_id.encode()).digest())[:10].decode()}"
