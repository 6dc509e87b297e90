"""The registers of people: each has one employer and roles that mean something. [A09, J02, J03, L06, L07]"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from agents.partnership.checks.finding import Found, entry, holders, listed, person
from agents.partnership.model import Partnership


def one_entry_each(p: Partnership) -> Iterator[Found]:
    """Somebody who is listed twice."""
    for (who, agency), times in Counter((s.person, s.agency) for s in p.staff).items():
        if times > 1:
            yield f"staff[{who}].agency", f"is listed twice for {agency}; put all roles in one entry"


def one_employer_each(p: Partnership) -> Iterator[Found]:
    """Somebody whom two agencies employ. [A09]"""
    employers: dict[str, dict[str, None]] = {}
    for member in p.staff:
        employers.setdefault(member.person, {})[member.agency] = None
    for who, agencies in employers.items():
        if len(agencies) > 1:
            yield (
                f"staff[{who}].agency",
                f"is employed by {listed(agencies)}; keep the entry of the one employer",
            )


def useful_roles(p: Partnership) -> Iterator[Found]:
    """Roles that let nobody do anything, and entries without one: the hub does not know such a person."""
    used = {role for roles in p.rights.values() for role in roles}
    used |= {seat.role for daily in p.rounds.values() for seat in daily.quorum}
    without: dict[str, list[str]] = {}
    for member in p.staff:
        if not member.roles:
            yield person(member, "roles"), "has none; give the person a role, or take the entry out"
        for role in member.roles:
            if role not in used:
                without.setdefault(role, []).append(member.person)
    for role, (first, *others) in without.items():
        also = f" (also of {len(others)} more)" if others else ""
        yield (
            f"staff[{first}].roles",
            f"{role}{also} is in no right; correct the spelling, name it under [rights], or take it out",
        )


def supervisors(p: Partnership) -> Iterator[Found]:
    """A supervisor has no role in the hub. [J03]"""
    staff = {(s.person, s.agency) for s in p.staff}
    for n, one in enumerate(p.supervisors):
        if (one.person, one.agency) in staff:
            yield (
                entry("supervisors", n, "person"),
                f"{one.person} is on the register of staff too; a supervisor has no role: take one out",
            )


def liaison_officers(p: Partnership) -> Iterator[Found]:
    """An officer is staff of the agency, its champion of data protection too, and attests for some time.
    [L06, L07, L09]"""
    staff = {(s.person, s.agency) for s in p.staff}
    champions = {(s.person, s.agency) for s in holders(p, "purge")}
    for n, one in enumerate(p.liaison):
        who = (one.person, one.agency)
        if one.agency in p.agencies and who not in staff:
            yield (
                entry("liaison", n, "person"),
                f"{one.person} is not on the register of staff of {one.agency}; add the person to [[staff]]",
            )
        elif who in staff and who not in champions:
            yield (
                entry("liaison", n, "person"),
                f"{one.person} has no role of the right purge ({listed(p.rights.get('purge', ()))}), so the "
                "agency could never agree to a purge; add one to the person's roles",
            )
        if one.attested_until < one.attested_on:
            yield entry("liaison", n, "attested_until"), "must not be before attested_on"
