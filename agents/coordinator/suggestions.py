"""The hub's suggested course beside what the field teams did. [G02-G04, G3.13, G3.14]"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agents.coordinator.case import Case
from messages.words import Course


@dataclass(frozen=True, slots=True)
class Compared:
    """What was suggested to a team and what it did. ``taken`` is None until it has reported."""

    team: str
    suggested: Course | None
    taken: Course | None = None
    at: datetime | None = None

    @property
    def as_suggested(self) -> bool | None:
        """Whether the team did what was suggested; None until both are known. It binds nobody."""
        return None if None in (self.suggested, self.taken) else self.taken is self.suggested


def compared(case: Case) -> tuple[Compared, ...]:
    """For each team that received a package: the suggestion in the package that it reported on, or else in
    its latest, and its report."""
    latest = {team: package for package in case.packages for team in package.recipients}
    by_id = {package.package_id: package for package in case.packages}
    reported = {outcome.team: outcome for outcome in case.outcomes}
    rows = []
    for team, package in latest.items():
        outcome = reported.get(team)
        if outcome is not None:
            package = by_id[outcome.package_id]
        suggestion = package.issued.suggestion
        rows.append(
            Compared(
                team=team,
                suggested=suggestion.course if suggestion else None,
                taken=outcome.course if outcome else None,
                at=outcome.at if outcome else None,
            )
        )
    return tuple(rows)


def unreported(case: Case) -> tuple[str, ...]:
    """The teams that have not said what they did."""
    return tuple(row.team for row in compared(case) if row.taken is None)
