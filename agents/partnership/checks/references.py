"""Codes that are said in one place and declared in none."""

from __future__ import annotations

from collections.abc import Iterator

from agents.partnership.checks.finding import Found, entry, person, unknown
from agents.partnership.model import Partnership

_AGENCY = "add it under [agencies] or correct it"
_AUTHORITY = "add it under authorities or correct it"
_PURPOSE = "add it under purposes or correct it"


def codes_that_are_none(p: Partnership) -> Iterator[Found]:
    """Agencies, authorities and purposes that are not declared."""
    for n, check in enumerate(p.core_checks):
        yield from unknown(entry("core_checks", n, "agency"), (check.agency,), p.agencies, _AGENCY)
        yield from unknown(
            entry("core_checks", n, "authorities"), check.authorities, p.authorities, _AUTHORITY
        )
    for code, team in p.teams.items():
        yield from unknown(f"teams.{code}.authorities", team.authorities, p.authorities, _AUTHORITY)
        yield from unknown(f"teams.{code}.agencies", team.agencies, p.agencies, _AGENCY)
    for code, source in p.sources.items():
        yield from unknown(f"sources.{code}.agency", (source.agency,), p.agencies, _AGENCY)
    for code, cohort in p.cohorts.items():
        yield from unknown(f"cohorts.{code}.authorities", cohort.authorities, p.authorities, _AUTHORITY)
    for code, agency in p.agencies.items():
        yield from unknown(f"agencies.{code}.needs_purpose", agency.needs_purpose, p.purposes, _PURPOSE)
    for member in p.staff:
        yield from unknown(person(member, "agency"), (member.agency,), p.agencies, _AGENCY)
    for n, supervisor in enumerate(p.supervisors):
        yield from unknown(entry("supervisors", n, "agency"), (supervisor.agency,), p.agencies, _AGENCY)
    for n, officer in enumerate(p.liaison):
        yield from unknown(entry("liaison", n, "agency"), (officer.agency,), p.agencies, _AGENCY)
    yield from unknown("retention.by_agency", p.retention.by_agency, p.agencies, _AGENCY)


def local_routes(p: Partnership) -> Iterator[Found]:
    """The ends of the links outside the hub. [B07]"""
    for n, route in enumerate(p.local_routes):
        yield from unknown(
            entry("local_routes", n, "authority"), (route.authority,), p.authorities, _AUTHORITY
        )
        yield from unknown(entry("local_routes", n, "agencies"), route.agencies, p.agencies, _AGENCY)
        if len(set(route.agencies)) < 2:
            yield (
                entry("local_routes", n, "agencies"),
                "needs two different agencies: the ends of the link",
            )
