"""Which field teams a case concerns. [E03, E05, F02, F04, F06, G3.8-3.13]"""

from __future__ import annotations

from collections.abc import Callable

from agents.coordinator.case import Case
from agents.partnership import Partnership, Team
from messages.words import Category, Part

_ABOUT_CHILDREN = frozenset({Category.CHILD_PROTECTION, Category.CHILD_SEXUAL_EXPLOITATION})


def concerns(case: Case) -> frozenset[str]:
    """Whether a case is about a child, an adult, or both. A case about neither by its people is an
    adult's, except for the categories that are about children."""
    parts = {person.part for person in case.people}
    found = set()
    if case.category in _ABOUT_CHILDREN or Part.CHILD in parts:
        found.add("child")
    if case.category is Category.ADULT_PROTECTION or Part.VULNERABLE_ADULT in parts or not found:
        found.add("adult")
    return frozenset(found)


def told_of_red(case: Case, partnership: Partnership) -> tuple[str, ...]:
    """The police and social work teams that hear of a RED referral at once. [E03, E05]"""
    return _fitting(case, partnership, lambda team: team.told_of_red)


def package_teams(case: Case, partnership: Partnership) -> tuple[str, ...]:
    """The teams that the package goes to. [G3.1, G3.8-3.13]

    That of adult protection goes where the two signatories decided, and what follows it goes the same way;
    a child in the case brings in the child's teams besides. [F02, F04, F06]
    """
    if case.category is not Category.ADULT_PROTECTION:
        return _fitting(case, partnership, lambda team: team.gets_package)
    if case.packages:
        return case.packages[0].recipients
    decision = case.adult.decision if case.adult else None
    chosen = decision.recipients if decision else frozenset()
    about_child = "child" in concerns(case)
    return _fitting(
        case,
        partnership,
        lambda team: (
            bool(chosen & set(team.receives))
            or (about_child and team.gets_package and "child" in team.concerns)
        ),
    )


def _fitting(case: Case, partnership: Partnership, wanted: Callable[[Team], bool]) -> tuple[str, ...]:
    about = concerns(case)
    return tuple(
        code
        for code, team in sorted(partnership.teams.items())
        if wanted(team)
        and about & set(team.concerns)
        and (not team.authorities or case.authority in team.authorities)
    )
