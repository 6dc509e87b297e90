"""The hub's suggested course beside what the field teams did. [G02-G04, G3.13, G3.14]

A team speaks of a package by its id. What it reports counts for the round of that package: a team that asked
for more says anew what it did. A supplement of the same round it need only acknowledge. [A07, D20]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agents.coordinator.case import Case
from agents.coordinator.package_record import Outcome, PackageRecord
from messages.words import Course


@dataclass(frozen=True, slots=True)
class Compared:
    """What was suggested to a team in a round and what it did. ``taken`` is None until it has reported."""

    team: str
    round: int
    suggested: Course | None
    taken: Course | None = None
    at: datetime | None = None

    @property
    def as_suggested(self) -> bool | None:
        """Whether the team did what was suggested; None until both are known. It binds nobody."""
        return None if None in (self.suggested, self.taken) else self.taken is self.suggested


def compared(case: Case) -> tuple[Compared, ...]:
    """For each team, every round that it has reported on and its latest: the suggestion in the package that
    it spoke of, or else in the last of the round, and its report."""
    return tuple(
        row
        for team in _teams(case)
        for number in sorted({p.round for p in _received(case, team)})
        if (row := _row(case, team, number)).taken is not None or number == _latest_round(case, team)
    )


def unreported(case: Case) -> tuple[str, ...]:
    """The teams that have not said what they did in the latest round in which they received a package."""
    return tuple(team for team in _teams(case) if _reports(case, team, _latest_round(case, team)) == ())


def unacknowledged(case: Case) -> tuple[str, ...]:
    """The teams that have reported on a round, and then received more in it that they have not
    acknowledged. [A07, C07]"""
    return tuple(team for team in _teams(case) if _unseen(case, team))


def _unseen(case: Case, team: str) -> tuple[PackageRecord, ...]:
    number = _latest_round(case, team)
    spoken_of = {done.package_id for done in _reports(case, team, number)}
    packages = [p for p in _received(case, team) if p.round == number]
    last = max((p.version for p in packages if p.package_id in spoken_of), default=None)
    if last is None:
        return ()
    return tuple(p for p in packages if p.version > last and team not in p.acknowledged_by)


def _row(case: Case, team: str, number: int) -> Compared:
    done = next(reversed(_reports(case, team, number)), None)
    packages = {p.package_id: p for p in _received(case, team) if p.round == number}
    package = packages[done.package_id] if done else list(packages.values())[-1]
    suggestion = package.issued.suggestion
    return Compared(
        team=team,
        round=number,
        suggested=suggestion.course if suggestion else None,
        taken=done.course if done else None,
        at=done.at if done else None,
    )


def _teams(case: Case) -> tuple[str, ...]:
    return tuple(dict.fromkeys(team for package in case.packages for team in package.recipients))


def _received(case: Case, team: str) -> tuple[PackageRecord, ...]:
    return tuple(package for package in case.packages if team in package.recipients)


def _latest_round(case: Case, team: str) -> int:
    return _received(case, team)[-1].round


def _reports(case: Case, team: str, number: int) -> tuple[Outcome, ...]:
    of_round = {p.package_id for p in _received(case, team) if p.round == number}
    return tuple(done for done in case.outcomes if done.team == team and done.package_id in of_round)
