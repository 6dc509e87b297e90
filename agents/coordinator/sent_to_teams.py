"""What went to the field teams of a case, and which of them have yet to look: for their inboxes.
[C07, D19, E03, E05]"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise

from agents.coordinator import teams
from agents.coordinator.case import Case, Rating
from agents.partnership import Partnership
from messages.words import Rag
from store.port import Facet

_URGENCY: Mapping[Rag, int] = {Rag.RED: 0, Rag.AMBER: 1, Rag.BLUE: 2}


def red_told_at(case: Case) -> datetime | None:
    """When teams last heard that the case is RED; None while it never was. [E03]"""
    before: Rag | None = None
    told = None
    for rating in case.ratings:
        if rating.rag is Rag.RED and before is not Rag.RED:
            told = rating.at
        before = rating.rag
    return told


def red_lowered(case: Case) -> Rating | None:
    """The rating of which the teams that had heard of RED heard last that the case is RED no longer; None
    while it is RED, or never was. [E10, E11]"""
    lowered = None
    for before, rating in pairwise(case.ratings):
        if rating.rag is Rag.RED:
            lowered = None
        elif before.rag is Rag.RED:
            lowered = rating
    return lowered


def told_of_red(case: Case, partnership: Partnership) -> frozenset[str]:
    """The teams that were sent a RED notice. [E03, E05]"""
    return frozenset() if red_told_at(case) is None else frozenset(teams.told_of_red(case, partnership))


def received(case: Case) -> frozenset[str]:
    """The teams that were sent a package. [D19]"""
    return frozenset(team for package in case.packages for team in package.recipients)


def new_for(case: Case, partnership: Partnership) -> frozenset[str]:
    """The teams that have something which they have not acknowledged, or a RED notice whose package has yet
    to come. READ: a notice needs no receipt; the team acknowledges the package that follows it. [E03, C07]"""
    unacknowledged = {
        team
        for package in case.packages
        for team in package.recipients
        if team not in package.acknowledged_by
    }
    promised = frozenset[str]()
    if case.closed_at is None:
        promised = told_of_red(case, partnership) - received(case)
    return promised | unacknowledged


def facets(case: Case, partnership: Partnership) -> Mapping[str, Facet]:
    """By which the inbox of a team finds its cases: each team that was sent anything is in one of the two
    lists. ``urgency`` puts RED before AMBER before BLUE; ``sent_at`` is when something was sent last."""
    new = new_for(case, partnership)
    everybody = received(case) | told_of_red(case, partnership)
    times = [package.issued_at for package in case.packages]
    if everybody and (told := red_told_at(case)) is not None:
        times.append(told)
        if (lowered := red_lowered(case)) is not None:
            times.append(lowered.at)
    return {
        "new_for": tuple(sorted(new)),
        "seen_by": tuple(sorted(everybody - new)),
        "urgency": _URGENCY[case.rating.rag] if case.rating else len(_URGENCY),
        "sent_at": max(times).isoformat() if times else None,
    }
