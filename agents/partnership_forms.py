"""A referral source's own form: which of its fields says what the hub asks. [A12, B03, G2.4, G2.5]

A form is mapped in the partnership's folder, so that no source is asked for a field that its form does not
have. What a form lacks is the same for all of its referrals (``fixed``), follows from its source
(``by_source``), or is left to a person of the hub (``completed_in_hub``); nothing is made up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from messages.child_sexual_exploitation import Origin
from messages.hate_crime import HateStrand
from messages.words import Category, Code, Part

if TYPE_CHECKING:
    from agents.partnership import Partnership

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


def loose_ends(p: Partnership) -> Iterator[tuple[str, str]]:
    """What of the forms leads nowhere, as pairs of key and what to do."""
    taken: dict[str, str] = {}
    for code, form in p.source_forms.items():
        key = f"source_forms.{code}"
        for source in form.sources:
            if source not in p.sources:
                yield f"{key}.sources", f"{source} is not known; add it under [sources] or correct it"
            if source in taken:
                yield f"{key}.sources", f"{source} has the form {taken[source]} already; a source has one"
            taken[source] = code
        yield from _formats(key, form)
        for field in form.completed_in_hub:
            if field not in COMPLETED:
                yield f"{key}.completed_in_hub", f"a person may complete {', '.join(COMPLETED)}"
        for field in sorted({*REQUIRED} - {*form.takes, *form.completed_in_hub}):
            yield f"{key}.takes", f"nothing says {field}; take it from a field, or say fixed or by_source"
        yield from _whole_groups(key, form)
        yield from _fields(f"{key}.takes", form.takes, REFERRAL, form, p)
        for n, people in enumerate(form.people):
            yield from _fields(f"{key}.people.{n}.takes", people.takes, PERSON, form, p)
            if "part" not in people.takes:
                yield f"{key}.people.{n}.takes", "nothing says part, the part that the person has in the case"


def _formats(key: str, form: SourceForm) -> Iterator[tuple[str, str]]:
    if not _reads_back(form.dates):
        yield f"{key}.dates", "must have day, month and year, such as %d/%m/%Y"
    if form.moments is not None and not _reads_back(form.moments):
        yield f"{key}.moments", "must have day, month and year, and the time if it has one: %d/%m/%Y %H:%M"


def _reads_back(written: str) -> bool:
    """Whether a day can be told from what is written like this."""
    try:
        read = datetime.strptime(EXAMPLE.strftime(written), written).replace(tzinfo=UTC)
    except ValueError:
        return False
    return read.date() == EXAMPLE.date()


def _whole_groups(key: str, form: SourceForm) -> Iterator[tuple[str, str]]:
    for group, names in GROUPS.items():
        said = {name for name in names if f"{group}.{name}" in form.takes}
        if said and said != {*names}:
            lacks = ", ".join(f"{group}.{name}" for name in names if name not in said)
            yield f"{key}.takes", f"{group} is said as a whole; add {lacks}"


def _fields(
    key: str, takes: dict[str, Taken], known: Collection[str], form: SourceForm, p: Partnership
) -> Iterator[tuple[str, str]]:
    for field, taken in takes.items():
        here = f"{key}.{field}"
        if field not in known and not (known is PERSON and field.startswith(IDENTIFIER)):
            yield here, f"no such field of the hub; there is {', '.join(sorted(known))}"
            continue
        if taken.by_source and set(taken.by_source) != set(form.sources):
            yield f"{here}.by_source", f"says it for each of {', '.join(form.sources)}, and no other"
        if len(taken.fields) > 1 and field not in MOMENTS and field not in _TEXTS:
            yield f"{here}.fields", "only a text or a moment is put together; take one field"
        allowed = _allowed(field, p)
        for where, value in _said(taken):
            if isinstance(value, bool) != (field in FLAGS):
                yield f"{here}.{where}", "must be true or false" if field in FLAGS else "must be a text"
            elif allowed and value not in allowed:
                yield f"{here}.{where}", f"{value} is none of {', '.join(sorted(allowed))}"


_TEXTS = frozenset({"concern", "address", "section_47_belief.why", "professional_judgement.rationale"})
"""What boxes of a form may be put together as."""


def _said(taken: Taken) -> Iterator[tuple[str, bool | str]]:
    """What the configuration itself says a field is."""
    if taken.fixed is not None:
        yield "fixed", taken.fixed
    yield from (("by_source", value) for value in taken.by_source.values())
    yield from (("codes", value) for value in taken.codes.values())


def _allowed(field: str, p: Partnership) -> frozenset[str]:
    """The words that a field takes; empty where it is free."""
    match field.rpartition("by.")[2]:
        case "category":
            return frozenset(Category)
        case "authority" | "earlier_authorities":
            return frozenset(p.authorities)
        case "part":
            return frozenset(Part)
        case "origin":
            return frozenset(Origin)
        case "hate_crime.strands":
            return frozenset(HateStrand)
        case "role":
            return frozenset(role for roles in p.rights.values() for role in roles)
        case "agency":
            return frozenset(p.agencies)
    return frozenset()
