"""A referral source's own form: which of its fields says what the hub asks. [A12, B03, G2.4, G2.5]

A form is mapped in the partnership's folder, so that no source is asked for a field that its form does not
have. What a form lacks is the same for all of its referrals (``fixed``), follows from its source
(``by_source``), or is left to a person of the hub (``completed_in_hub``); nothing is made up.
"""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from messages.words import Code

REQUIRED = ("referral_id", "category", "made_at", "authority", "concern")
"""What every referral says besides its people."""

COMPLETED = ("referral_id", "category", "made_at", "authority")
"""What a person of the hub may say where a form leaves it open: which case it is, and whose. Never the
concern itself."""

GROUPS = {
    "section_47_belief": ("why", "by.person", "by.role", "by.agency"),
    "professional_judgement": ("rationale", "by.person", "by.role", "by.agency"),
    "hate_crime": ("strands", "vulnerable_person"),
}
"""What is said together or not at all: it is there when its first field is filled in."""

EXAMPLE = datetime(2012, 11, 23, 17, 45, tzinfo=UTC)
"""A moment that shows how a form writes them."""

MOMENTS = frozenset({"made_at"})
DATES = frozenset({"date_of_birth"})
FLAGS = frozenset({"routine", "police_response", "may_be_named", "hate_crime.vulnerable_person"})
LISTS = frozenset({"earlier_authorities", "hate_crime.strands", "also_known_as", "earlier_addresses"})

REFERRAL = frozenset(
    {*REQUIRED, "earlier_authorities", "routine", "open_case_worker", "police_response", "origin"}
    | {f"{group}.{name}" for group, names in GROUPS.items() for name in names}
)
PERSON = frozenset(
    {"part", "name", "given_name", "family_name", "also_known_as", "date_of_birth", "address"}
    | {"earlier_addresses", "may_be_named"}
)
IDENTIFIER = "identifiers."
"""What the number of a person in some system begins with: ``identifiers.nhs``."""


class _Configured(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Taken(_Configured):
    """Where one of the hub's fields comes from: one of ``field``, ``fields``, ``fixed`` and ``by_source``.

    ``fields`` are put together: a date and its time, or the boxes of an account under their names. ``codes``
    says what each word of the form means to the hub, whatever its case.
    """

    field: str | None = None
    fields: tuple[str, ...] = ()
    fixed: bool | str | None = None
    by_source: dict[Code, str] = {}
    codes: dict[str, bool | str] = {}

    @model_validator(mode="after")
    def _one_origin(self) -> Taken:
        if (
            sum((self.field is not None, bool(self.fields), self.fixed is not None, bool(self.by_source)))
            != 1
        ):
            raise PydanticCustomError("one_origin", "takes one of field, fields, fixed and by_source")
        if self.codes and self.field is None:
            raise PydanticCustomError("codes_of_a_field", "codes go with field alone")
        return self

    @property
    def asked(self) -> tuple[str, ...]:
        """The fields of the form that it looks at."""
        return self.fields if self.field is None else (self.field,)


class PeopleTaken(_Configured):
    """A person, or with a ``section`` that the form repeats, several."""

    section: str = ""
    takes: dict[str, Taken]


class SourceForm(_Configured):
    """One form, of one or several sources. A field in a section of the form is ``Section > Field``.

    ``document`` is the kind that the form is kept as, such as ``ap1``. ``dates`` and ``moments`` say how the
    form writes them, in the codes of C's strptime; ISO 8601 where they are left out.
    """

    title: str
    document: Code
    sources: tuple[Code, ...] = Field(min_length=1)
    dates: str = "%Y-%m-%d"
    moments: str | None = None
    completed_in_hub: tuple[str, ...] = ()
    takes: dict[str, Taken]
    people: tuple[PeopleTaken, ...] = Field(min_length=1)
