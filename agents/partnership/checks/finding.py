"""What a check finds, and the sentences and questions that several checks have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from agents.partnership.model import Partnership, StaffMember
from messages.words import Category

Found = tuple[str, str]
"""A key, and what is wrong with it and what to do."""


def entry(key: str, number: int, part: str) -> str:
    """A key of an entry in a list, with its place as people count."""
    return f"{key}.{number}.{part} (entry {number + 1})"


def person(member: StaffMember, part: str) -> str:
    """A key of somebody's entry in the register of staff."""
    return f"staff[{member.person}].{part}"


def unknown(key: str, said: Iterable[str], known: Collection[str], do: str) -> Iterator[Found]:
    """Each code that is said and not known, with what to do."""
    for code in said:
        if code not in known:
            yield key, f"{code} is not known; {do}"


def listed(codes: Iterable[str]) -> str:
    """Codes in a sentence."""
    return ", ".join(codes)


def names_category(p: Partnership, category: Category) -> bool:
    """Whether a cohort takes cases of a category, now or at another time."""
    return any(cohort.category is category for cohort in p.cohorts.values())


def in_words(category: Category) -> str:
    """A category in a sentence."""
    return category.value.replace("_", " ")


def holders(p: Partnership, right: str, agency: str | None = None) -> list[StaffMember]:
    """Who has a right, of one agency or of all."""
    roles = set(p.rights.get(right, ()))
    return [s for s in p.staff if agency in (None, s.agency) and roles & set(s.roles)]


def held_roles(p: Partnership) -> set[str]:
    """The roles that somebody on the register has."""
    return {role for member in p.staff for role in member.roles}
