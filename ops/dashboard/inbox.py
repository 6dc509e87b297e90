"""What was sent to a field team, as codes, versions and times: what has not been acknowledged comes first.
[C07, D19, E03, G3.6]"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agents.coordinator import sent_to_teams, suggestions
from agents.coordinator.case import Case
from agents.partnership import Partnership
from ops import case_views
from ops.dashboard import words
from ops.package_words import KINDS
from store.port import Facet, Store

_ORDER: Mapping[str, Sequence[tuple[str, int]]] = {
    "new_for": [("urgency", 1), ("sent_at", -1)],
    "seen_by": [("sent_at", -1)],
}
"""The two lists of an inbox by their facets, and their order over all pages."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A package that went to a team; or, ``version`` 0, that a case is RED, or no longer is. ``state`` is
    what the team has said of it, or what is to come; ``by`` when that was promised. [E03, E04, E11]"""

    version: int
    what: str
    team: str
    at: datetime
    state: str
    by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A case in which something was sent to a team. ``owes_report``: it has yet to say what it did. [G03]"""

    case: str
    category: str
    authority: str
    rag: str | None
    sent: tuple[Sent, ...]
    owes_report: bool

    @property
    def announced(self) -> str:
        """What somebody is told who does not see the inbox, when it changes."""
        said = [f"{one.what}: {one.state}" for one in self.sent]
        return "; ".join([*said, "to be reported: what your team did"] if self.owes_report else said)


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of what was sent to a team: ``new`` is not acknowledged, or a notice whose package has yet to
    come, the most urgent of all pages first and of these the latest; ``seen`` is everything else, the latest
    first. ``number`` counts the pages of the longer of the two from 1."""

    team: str
    new: tuple[Row, ...]
    new_total: int
    seen: tuple[Row, ...]
    seen_total: int
    number: int
    pages: int


async def inbox(store: Store, team: str, number: int, rows: int, partnership: Partnership) -> Inbox:
    """A page of the inbox of a team, or the last one when there are not so many. Raises StoreError."""
    number = max(number, 1)
    while True:
        found = [
            await store.find(_of(name, team), sort=order, offset=(number - 1) * rows, limit=rows)
            for name, order in _ORDER.items()
        ]
        pages = max(1, *(-(-page.total // rows) for page in found))
        if number <= pages:
            break
        number = pages
    new, seen = ([case_views.case_from(kept) for kept in page.rows] for page in found)
    return Inbox(
        team,
        tuple(_row(case, team, partnership) for case in new),
        found[0].total,
        tuple(_row(case, team, partnership) for case in seen),
        found[1].total,
        number,
        pages,
    )


async def count_new(store: Store, team: str) -> int:
    """How many cases have something that a team has not acknowledged. Raises StoreError."""
    return (await store.find(_of("new_for", team), limit=1)).total


def sent_to(case: Case, teams: frozenset[str], partnership: Partnership) -> tuple[Sent, ...]:
    """Everything that went to any of these teams in a case, the latest first."""
    return tuple(sorted(_sent(case, teams, partnership), key=lambda one: one.at, reverse=True))


def owing(case: Case, teams: frozenset[str]) -> tuple[str, ...]:
    """Those of these teams that have yet to say what they did with what they were sent last. Nobody owes it
    once the case is closed. [G03]"""
    if case.closed_at is not None:
        return ()
    return tuple(team for team in suggestions.unreported(case) if team in teams)


def _sent(case: Case, teams: frozenset[str], partnership: Partnership) -> Iterator[Sent]:
    for package in case.packages:
        for team in sorted(teams & set(package.recipients)):
            done = team in package.acknowledged_by
            what = f"{KINDS[package.kind].partition(':')[0]}, version {package.version}"
            yield Sent(package.version, what, team, package.issued_at, "acknowledged" if done else "new")
    told = sent_to_teams.red_told_at(case)
    if told is None:
        return
    lowered = sent_to_teams.red_lowered(case)
    for team in sorted(teams & sent_to_teams.told_of_red(case, partnership)):
        if lowered is not None:
            now = words.in_words(lowered.rag.value)
            yield Sent(0, f"No longer RED, now {now}", team, lowered.at, "told to your team")
        came = any(team in package.recipients for package in case.packages)
        state = "package sent" if came else "case closed" if case.closed_at else "package to follow"
        promised = case.rating.promise_at if case.rating and state == "package to follow" else None
        yield Sent(0, "RED notice", team, told, state, promised)


def _of(name: str, team: str) -> dict[str, Facet]:
    return {"kind": "case", name: team}


def _row(case: Case, team: str, partnership: Partnership) -> Row:
    rag = case.rating.rag.value if case.rating else None
    its = frozenset({team})
    sent, owes = sent_to(case, its, partnership), bool(owing(case, its))
    return Row(case.case_id, words.in_words(case.category), case.authority, rag, sent, owes)
