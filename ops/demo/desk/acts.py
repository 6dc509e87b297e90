"""What the people of a scenario do next, as plain values, and the scene that they see."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from agents.coordinator.case import Case
from messages.words import Said
from ops.demo.desk.cast import Cast
from ops.demo.desk.script import CasePlay

A_MOMENT = timedelta(minutes=5)
A_WHILE = timedelta(minutes=10)
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody says, at a time. ``key`` tells it from all else in its scenario."""

    key: str
    at: datetime
    sender: str
    payload: Said


@dataclass(frozen=True, slots=True)
class Scene:
    """A case as its people see it. ``in_hand`` are the packages and records that reached their receivers,
    as pairs of party and id; ``quiet_since`` is when somebody of the scenario last said anything."""

    case: Case
    script: CasePlay
    cast: Cast
    in_hand: Set[tuple[str, str]]
    quiet_since: datetime

    @property
    def due_at(self) -> datetime:
        """When the package is due by the rating in force."""
        if self.case.rating is None:
            raise ValueError("not rated yet")
        return self.case.rating.due_at

    def part_of_time(self, share: float) -> datetime:
        """When this share of the time of the round is used up."""
        start = self.case.round.started_at
        return start + (self.due_at - start) * share
