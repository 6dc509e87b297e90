"""What does not hang together in a partnership: codes that are none, cases that nobody would be told of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

if TYPE_CHECKING:
    from agents.partnership import Partnership

Found = tuple[str, str]
"""A key, and what is wrong with it and what to do."""


def loose_ends(p: Partnership) -> list[Found]:
    """Everything that leads nowhere, in the order of the keys of the reference page."""
    return [*_codes(p), *_nobody(p), *_clocks(p), *_markings(p), *_laws(p)]


def _codes(p: Partnership) -> Iterator[Found]:
    """Codes that are said elsewhere and not where they are declared."""
    places = "add it under authorities or correct it"
    for n, check in enumerate(p.core_checks):
        yield from _unknown(f"core_checks.{n}.authorities", check.authorities, p.authorities, places)
    for code, team in p.teams.items():
        yield from _unknown(f"teams.{code}.authorities", team.authorities, p.authorities, places)
        yield from _unknown(
            f"teams.{code}.agencies", team.agencies, p.agencies, "add it under [agencies] or correct it"
        )
    for code, cohort in p.cohorts.items():
        yield from _unknown(f"cohorts.{code}.authorities", cohort.authorities, p.authorities, places)
    for n, route in enumerate(p.local_routes):
        yield from _unknown(f"local_routes.{n}.authority", (route.authority,), p.authorities, places)
        yield from _unknown(
            f"local_routes.{n}.agencies", route.agencies, p.agencies, "add it under [agencies] or correct it"
        )
        if len(set(route.agencies)) < 2:
            yield f"local_routes.{n}.agencies", "needs two different agencies: the ends of the link"
    for code, agency in p.agencies.items():
        yield from _unknown(
            f"agencies.{code}.needs_purpose",
            agency.needs_purpose,
            p.purposes,
            "add it under purposes or correct it",
        )
    in_rights = {role for roles in p.rights.values() for role in roles}
    yield from _unknown("service_roles", p.service_roles, in_rights, "name it under [rights] or correct it")


def _unknown(key: str, said: Iterable[str], known: Collection[str], do: str) -> Iterator[Found]:
    for code in said:
        if code not in known:
            yield key, f"{code} is not known; {do}"


def _nobody(p: Partnership) -> Iterator[Found]:
    """Cases about which nobody would hear, and checks that could never be directed. [E03, E05, C09]"""
    for authority in p.authorities:
        for concern in ("child", "adult"):
            here = [
                team
                for team in p.teams.values()
                if concern in team.concerns and (not team.authorities or authority in team.authorities)
            ]
            if not any(team.gets_package for team in here):
                yield "teams", f"teams: none gets packages about the {concern} cases of {authority}; add one"
            if not any(team.told_of_red for team in here):
                yield "teams", f"teams: none is told of RED {concern} cases of {authority}; add one"
    for n, check in enumerate(p.core_checks):
        agency = p.agencies.get(check.agency)
        if agency is not None and agency.signed_on is None:
            yield (
                f"core_checks.{n}.agency",
                f"{check.agency} has not signed the Memorandum, so that no check could be directed; give it "
                "signed_on, or take it out of the core checks until then",
            )


def _clocks(p: Partnership) -> Iterator[Found]:
    clocks = p.clocks
    try:
        ZoneInfo(clocks.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        yield "clocks.timezone", "is no time zone; give one such as Europe/London"
    try:
        holidays.country_holidays(clocks.holidays_country, subdiv=clocks.holidays_subdivision)
    except NotImplementedError:  # what the library raises for a place that it has no calendar of
        yield (
            "clocks.holidays_subdivision",
            "has no calendar of bank holidays with holidays_country; give for instance GB with ENG, WLS, SCT "
            "or NIR",
        )
    if not all(0 < percent < 100 for percent in clocks.warn_at_percent):
        yield "clocks.warn_at_percent", "takes whole numbers from 1 to 99"
    if clocks.issue_ahead_minutes >= clocks.red_minutes:
        yield "clocks.issue_ahead_minutes", "must be less than red_minutes, the shortest clock"
    if clocks.red_promise_minutes < clocks.red_minutes:
        yield (
            "clocks.red_promise_minutes",
            "must not be less than red_minutes: the promise is the outer clock",
        )


def _markings(p: Partnership) -> Iterator[Found]:
    if len(set(p.markings)) < len(p.markings):
        yield "markings", "has a marking twice; list each once, the lowest first"


def _laws(p: Partnership) -> Iterator[Found]:
    for code, basis in p.legal_bases.items():
        if basis.until is not None and basis.until < basis.since:
            yield f"legal_bases.{code}.until", "must not be before since"
