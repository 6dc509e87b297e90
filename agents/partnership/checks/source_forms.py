"""The mapping of the sources' own forms: all that the hub asks for is said by something. [A12, G2.4]"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from agents.partnership.checks.finding import Found
from agents.partnership.model import Partnership
from agents.partnership.source_forms import (
    COMPLETED,
    EXAMPLE,
    FLAGS,
    GROUPS,
    IDENTIFIER,
    MOMENTS,
    PERSON,
    REFERRAL,
    REQUIRED,
    SourceForm,
    Taken,
)
from messages.child_sexual_exploitation import Origin
from messages.hate_crime import HateStrand
from messages.words import Category, Part


def loose_ends(p: Partnership) -> Iterator[Found]:
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


def _formats(key: str, form: SourceForm) -> Iterator[Found]:
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


def _whole_groups(key: str, form: SourceForm) -> Iterator[Found]:
    for group, names in GROUPS.items():
        said = {name for name in names if f"{group}.{name}" in form.takes}
        if said and said != {*names}:
            lacks = ", ".join(f"{group}.{name}" for name in names if name not in said)
            yield f"{key}.takes", f"{group} is said as a whole; add {lacks}"


def _fields(
    key: str, takes: dict[str, Taken], known: Collection[str], form: SourceForm, p: Partnership
) -> Iterator[Found]:
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
