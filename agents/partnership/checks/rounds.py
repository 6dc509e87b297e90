"""The daily rounds: somebody holds each, and its quorum can come together. [H02, H04, I01, I08, I09]"""

from __future__ import annotations

from collections.abc import Iterator

from agents.partnership.checks.finding import Found, entry, holders, listed
from agents.partnership.model import Partnership
from messages.words import Category


def one_of_each(p: Partnership) -> Iterator[Found]:
    """Two rounds of the same: what comes is put before one of them alone."""
    first: dict[str, str] = {}
    for code, daily in p.rounds.items():
        if daily.of in first:
            yield f"rounds.{code}.of", f"{first[daily.of]} is of {daily.of} too; take one of them out"
        first.setdefault(daily.of, code)


def held_by_somebody(p: Partnership) -> Iterator[Found]:
    """Rounds whose right is none, or whose quorum has nobody with it."""
    for code, daily in p.rounds.items():
        if daily.right not in p.rights:
            yield (
                f"rounds.{code}.right",
                f"{daily.right} is no right of [rights]; correct the spelling",
            )
        elif daily.quorum and not {seat.role for seat in daily.quorum} & set(p.rights[daily.right]):
            yield (
                f"rounds.{code}.quorum",
                f"none of its seats has the right {daily.right}, so nobody could put the round on record; "
                f"seat one of {listed(p.rights[daily.right])}",
            )
        elif not holders(p, daily.right):
            yield (
                f"rounds.{code}.right",
                f"nobody in [[staff]] has the right {daily.right}; give somebody one of its roles",
            )


def seats(p: Partnership) -> Iterator[Found]:
    """Seats that nobody could take. [H04]"""
    for code, daily in p.rounds.items():
        for n, seat in enumerate(daily.quorum):
            if seat.agency not in p.agencies:
                yield (
                    entry(f"rounds.{code}.quorum", n, "agency"),
                    f"{seat.agency} is not known; add it under [agencies] or correct it",
                )
            elif not any(s.agency == seat.agency and seat.role in s.roles for s in p.staff):
                yield (
                    entry(f"rounds.{code}.quorum", n, "role"),
                    f"nobody of {seat.agency} in [[staff]] is {seat.role}; give somebody the role",
                )


def quorum_of_dials(p: Partnership) -> Iterator[Found]:
    """DIALs are decided by police with the children's services of each authority. [H04, G3.18]"""
    for code, daily in p.rounds.items():
        if daily.of != "dials":
            continue
        for authority in p.authorities:
            if not any(seat.agency in _childrens_services(p, authority) for seat in daily.quorum):
                yield (
                    f"rounds.{code}.quorum",
                    f"has no seat of the children's services of {authority}; add one, with role and agency",
                )
        if not any(_is_no_childrens_service(p, seat.agency) for seat in daily.quorum):
            yield (
                f"rounds.{code}.quorum",
                "has no seat of police beside the children's services; add one, with role and agency",
            )


def where_they_are_needed(p: Partnership) -> Iterator[Found]:
    """Hate crime that nobody reviews, and missing reports or reviews without one another. [I01, I08, I09]"""
    taken = any(
        c.category is Category.HATE_CRIME and c.switches and max(c.switches, key=lambda s: s.since).on
        for c in p.cohorts.values()
    )
    if taken and p.round_of("hate_crimes") is None:
        yield (
            "rounds",
            'none is of hate_crimes, and a cohort takes hate crime; add a round with of = "hate_crimes"',
        )
    reviewed = p.round_of("missing_children")
    if p.missing_children is not None and reviewed is None:
        yield (
            "rounds",
            "none is of missing_children, and [missing_children] takes reports; add a round with "
            'of = "missing_children", or take that table out',
        )
    if p.missing_children is None and reviewed is not None:
        yield (
            "missing_children",
            f"is missing, so that {reviewed} would have no reports before it; add it with reports and days",
        )


def _childrens_services(p: Partnership, authority: str) -> set[str]:
    """Those that are asked about domestic abuse in an authority. [C03, H03]"""
    return {
        core.agency
        for core in p.core_checks
        if Category.DOMESTIC_VIOLENCE in core.categories
        and (not core.authorities or authority in core.authorities)
        and core.agency in p.agencies
        and "child" in p.agencies[core.agency].serves
    }


def _is_no_childrens_service(p: Partnership, agency: str) -> bool:
    known = p.agencies.get(agency)
    return known is not None and "child" not in known.serves
