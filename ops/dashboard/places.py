"""Where a case stands for the people of the hub, and where for a field team: one address and one door each.

What can be done and read there is made once, for both.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request

from agents.coordinator.case import Case
from agents.partnership import Partnership
from ops.dashboard.matters import Matter, Matters
from ops.dashboard.tasks import TASKS, TEAM_TASKS, Task
from ops.dashboard.viewer import Viewer
from ops.package_view import package_seat
from ops.who_reads import Asking, Seat, member_of


@dataclass(frozen=True, slots=True)
class Place:
    """``root`` is before the id of a case in an address, ``named`` before the names of its routes. ``tasks``
    are what can be done there. ``find`` lets in who may see a case there, ``seat`` says in what capacity
    somebody reads its packages, and ``versions`` which of them."""

    named: str
    root: str
    tasks: Mapping[str, Task]
    find: Callable[[Matters, Request], Awaitable[Matter]]
    seat: Callable[[Case, Asking, Partnership, date], Seat]
    versions: Callable[[Case, Viewer], tuple[int, ...]]

    def of(self, case_id: str) -> str:
        """The address of a case there."""
        return f"{self.root}/{case_id}"


def _all_versions(case: Case, viewer: Viewer) -> tuple[int, ...]:
    return tuple(package.version for package in case.packages)


def _sent_versions(case: Case, viewer: Viewer) -> tuple[int, ...]:
    return tuple(package.version for package in case.packages if viewer.teams & set(package.recipients))


HUB = Place("", "/cases", TASKS, Matters.case, package_seat, _all_versions)
"""For staff of the hub. [C10]"""

TEAM = Place("team_", "/team/cases", TEAM_TASKS, Matters.teams_case, member_of, _sent_versions)
"""For members of field teams: what was sent to a team of theirs, and nothing else. [D19, E03]"""
