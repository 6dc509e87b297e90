"""Every case that comes is taken by somebody, asked about and told. [B04, C01-C03, C09, E03, E05, F02-F06]"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product

from agents.partnership.checks.finding import Found, entry, in_words, listed, names_category
from agents.partnership.model import ADULT, AdultRecipient, Concern, Partnership, Team
from messages.words import Category

SERVICE: Mapping[Category, Concern] = {
    Category.CHILD_PROTECTION: "child",
    Category.CHILD_SEXUAL_EXPLOITATION: "child",
    Category.DOMESTIC_VIOLENCE: "child",
    Category.MISSING_PERSONS: "child",
    Category.ADULT_PROTECTION: ADULT,
    Category.HATE_CRIME: ADULT,
}
"""Whose social care is always asked about a case of a category. [C01, C02, H03, I02]"""


def brought_and_taken(p: Partnership) -> Iterator[Found]:
    """A hub that nobody could bring a case to, or that would take none. [B03, B04]"""
    if not p.authorities:
        yield "authorities", "names none, so no referral could; name the local authorities of the hub"
    if not p.sources:
        yield "sources", "there is none, so no referral could come; add one under [sources]"
    if not any(max(c.switches, key=lambda s: s.since).on for c in p.cohorts.values() if c.switches):
        yield "cohorts", "none is switched on, so every referral would go back; switch one on"


def teams_told(p: Partnership) -> Iterator[Found]:
    """Cases about which no field team would hear. [E03, E05]"""
    concerns: tuple[Concern, ...] = ("child", ADULT)
    for authority, concern in product(p.authorities, concerns):
        here = [team for team in p.teams.values() if _is_for(team, concern, authority)]
        if not any(team.gets_package for team in here):
            yield "teams", f"none gets packages about the {concern} cases of {authority}; add one"
        if not any(team.told_of_red for team in here):
            yield "teams", f"none is told of RED {concern} cases of {authority}; add one"


def adult_recipients(p: Partnership) -> Iterator[Found]:
    """Packages of adult protection that would go to nobody, or to two. [F02, F04, F06]"""
    if not names_category(p, Category.ADULT_PROTECTION):
        return
    for recipient, authority in product(AdultRecipient, p.authorities):
        fitting = [
            code
            for code, team in p.teams.items()
            if recipient in team.receives and _is_for(team, ADULT, authority)
        ]
        if not fitting:
            yield (
                "teams",
                f"no team of {authority} receives {recipient.value}; add it to the receives of the one adult "
                "team that gets these packages",
            )
        elif len(fitting) > 1:
            yield (
                f"teams.{fitting[-1]}.receives",
                f"{recipient.value} goes to one team of {authority}, and {listed(fitting[:-1])} has it too; "
                "take it out of all but one",
            )


def services_asked(p: Partnership) -> Iterator[Found]:
    """Cases about which the social care that they concern would not be asked. [C01, C02, H03, I02]"""
    for category, concern in SERVICE.items():
        if not names_category(p, category):
            continue
        asked = [
            core
            for core in p.core_checks
            if category in core.categories
            and core.agency in p.agencies
            and concern in p.agencies[core.agency].serves
        ]
        for authority in p.authorities:
            if not any(not core.authorities or authority in core.authorities for core in asked):
                yield (
                    "core_checks",
                    f"none asks an agency that serves {concern} about {in_words(category)} in {authority}; "
                    f'add one, or say serves = ["{concern}"] of the agency that is asked',
                )


def adult_form(p: Partnership) -> Iterator[Found]:
    """Adult protection in which no package could leave: its form goes with it. [A13, F04, F06]"""
    if names_category(p, Category.ADULT_PROTECTION) and p.adult_form is None:
        yield (
            "adult_form",
            "is missing, so no package about an adult could leave; name the kind of form that goes with it",
        )


def levels_of_response(p: Partnership) -> Iterator[Found]:
    """A hub that takes hate crime has levels of response to it. [I03]"""
    if names_category(p, Category.HATE_CRIME) and not p.response_levels:
        yield "response_levels", "is missing; a cohort takes hate crime: name the levels of response to it"


def core_agencies_signed(p: Partnership, day: date) -> Iterator[Found]:
    """Checks that could not be directed, because who is always asked has not signed. [C09]"""
    for n, check in enumerate(p.core_checks):
        if check.agency in p.agencies and not p.signed(check.agency, day):
            yield (
                entry("core_checks", n, "agency"),
                f"{check.agency} has not signed the Memorandum by {day}, so that no check could be directed; "
                "correct its signed_on, or take it out of the core checks until then",
            )


def _is_for(team: Team, concern: Concern, authority: str) -> bool:
    return concern in team.concerns and (not team.authorities or authority in team.authorities)
