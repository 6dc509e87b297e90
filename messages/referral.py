"""What comes in: a concern about one or more people. [G2.1-2.5]"""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from messages.catalogue import Kind, declare
from messages.child_sexual_exploitation import Origin
from messages.confidential import Confidential
from messages.hate_crime import HateCrime
from messages.words import Actor, Category, Code, Id, Moment, Part, Rag, Rationale, Said


class Identifier(Said):
    """A number that some system knows a person by: scheme ``nhs``, ``upn``, ``pnc`` and so on."""

    scheme: Code
    value: Confidential


class PersonConcerned(Said):
    """Someone the case is about, with the part they have in it.

    ``date_of_birth`` is an ISO 8601 date. ``may_be_named`` false marks a referrer who must stay unknown.
    """

    person_id: Id
    part: Part
    given_name: Confidential | None = None
    family_name: Confidential | None = None
    also_known_as: tuple[Confidential, ...] = Field(default=(), max_length=20)
    date_of_birth: Confidential | None = None
    address: Confidential | None = None
    earlier_addresses: tuple[Confidential, ...] = Field(default=(), max_length=20)
    identifiers: tuple[Identifier, ...] = Field(default=(), max_length=20)
    may_be_named: bool = True

    @field_validator("date_of_birth")
    @classmethod
    def _is_a_date(cls, value: Confidential | None) -> Confidential | None:
        if value is not None and value.here:
            is_date = False
            with suppress(ValueError):
                is_date = bool(date.fromisoformat(value.reveal()))
            if not is_date:  # raised out here, so that the text is in no exception's context
                raise PydanticCustomError("date_expected", "must be a date, YYYY-MM-DD")
        return value


def each_once(people: tuple[PersonConcerned, ...]) -> tuple[PersonConcerned, ...]:
    """For validators: these people, each with a ``person_id`` of their own."""
    if len({person.person_id for person in people}) != len(people):
        raise PydanticCustomError("person_id_repeated", "person_id must differ")
    return people


class Belief(Said):
    """Who believes that the section 47 threshold is met, and why. [B08, G06, G3.16]"""

    by: Actor
    why: Confidential


class ProfessionalJudgement(Said):
    """A practitioner brings a case that no cohort takes, with the reason. [B09, G3.17, G3.23]"""

    by: Actor
    rationale: Confidential


TEXTS = frozenset({"application/json", "application/xml"})
"""The media types of texts that do not say so."""


class NativeForm(Said):
    """The source's own form as it came, so that nobody keys anything twice. [A12, A13, G2.5]

    ``form`` is its kind, ``ap1`` or ``first_response`` for instance; ``document`` its text, or the base64
    of a file whose ``media_type`` is neither ``text/…`` nor JSON or XML.
    """

    form: Code
    media_type: str = Field(pattern=r"^[a-z]+/[a-z0-9.+-]+$", max_length=100)
    document: Confidential

    @property
    def is_text(self) -> bool:
        """Whether the document is a text that people and searches can read."""
        return self.media_type.startswith("text/") or self.media_type in TEXTS


class CompletedInHub(Said):
    """What a source's form left open, and who of the hub's staff said it. [A09, A12]

    ``fields`` are those of the referral: ``authority`` for instance.
    """

    by: Actor
    fields: tuple[Code, ...] = Field(min_length=1, max_length=10)


class BroughtBy(Said):
    """What of the hub's own a referral follows from: a DIAL, a missing child. [H09, H10, I09, I10]

    ``document`` is its key, ``reference`` what its source calls it. With ``rag`` the case is taken and rated
    at once, by whoever found it urgent.
    """

    document: Id
    because: Code
    reference: Id | None = None
    by: Actor | None = None
    rag: Rag | None = None
    rationale: Rationale | None = None

    @model_validator(mode="after")
    def _rated_by_somebody(self) -> BroughtBy:
        if self.rag is not None and (self.by is None or self.rationale is None):
            raise PydanticCustomError("rating_unfounded", "a rating needs a person and a rationale")
        return self


@declare("referral.received.v1", senders=[Kind.SOURCE, Kind.HUB], receivers=[Kind.HUB])
class ReferralReceived(Said):
    """A referral source brings a concern. [B01, B03]

    ``authority`` is where the person lives, ``earlier_authorities`` where they lived before. [C03]
    ``open_case_worker`` names the worker the case is open to already; a fresh concern on an open case
    is still a new referral (``routine`` false). [E07, E09] Each person has a ``person_id`` of their own in
    the referral. ``made_at`` lies at most a day ahead of the hub's clock. ``brought_by`` is the hub's own,
    for what a round or a count brings. ``completed`` is there where the source's form left something open.
    ``hate_crime`` is needed for that category and goes with no other [I02, I04]; ``origin`` is other than
    ordinary for child sexual exploitation alone [I07].
    """

    referral_id: Id
    source: Code
    category: Category
    made_at: Moment
    authority: Code
    earlier_authorities: tuple[Code, ...] = Field(default=(), max_length=10)
    people: tuple[PersonConcerned, ...] = Field(min_length=1, max_length=30)
    concern: Confidential
    form: NativeForm | None = None
    completed: CompletedInHub | None = None
    routine: bool = False
    open_case_worker: Id | None = None
    police_response: bool = False
    section_47_belief: Belief | None = None
    professional_judgement: ProfessionalJudgement | None = None
    brought_by: BroughtBy | None = None
    hate_crime: HateCrime | None = None
    origin: Origin = Origin.ORDINARY

    @field_validator("people")
    @classmethod
    def _ids_differ(cls, people: tuple[PersonConcerned, ...]) -> tuple[PersonConcerned, ...]:
        return each_once(people)
