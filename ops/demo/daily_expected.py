"""What people wrote from the guidance of each DIAL, each missing person and each daily round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from messages.words import Code, Count, Id
from ops.demo.daily_outcome import DailyOutcome
from ops.demo.desk.script import Played, read_play
from ops.demo.expected import differs


class _Expected(Played):
    why: str
    paragraphs: tuple[str, ...]
    requirements: tuple[str, ...]

    def differences(self, found: DailyOutcome) -> Iterator[str]:
        """What is otherwise: a line for each field, in codes and numbers."""
        for name in type(self).model_fields:
            if name not in _Expected.model_fields:
                yield from differs(name, getattr(found, name), getattr(self, name))


class ExpectedDial(_Expected):
    """What has to come of a DIAL; `ops/demo/world/expected_daily.toml` says what each field means."""

    outcome: Literal["screened", "rejected"]
    tier_1: Code | None = None
    tier_2: Code | None = None
    tier_3: Code | None = None
    checked: tuple[Code, ...] = ()
    agendas: Count = 0
    cases: tuple[Code, ...] = ()
    before_meeting: tuple[Code, ...] = ()
    refused: tuple[Code, ...] = ()


class ExpectedMissing(_Expected):
    """What has to come of a person's reports."""

    outcome: Literal["counted", "rejected"]
    reports: Count = 0
    cases: tuple[Code, ...] = ()
    refused: tuple[Code, ...] = ()


class ExpectedRound(_Expected):
    """How a daily round has to go."""

    before_it: tuple[Id, ...]
    carried_over: tuple[Id, ...] = ()
    missed: Count = 0
    left: tuple[Id, ...] = ()


class ExpectedDaily(Played):
    """All that has to come of what is no referral, by the world's names."""

    dials: dict[Id, ExpectedDial] = Field(default_factory=dict)
    missing: dict[Id, ExpectedMissing] = Field(default_factory=dict)
    rounds: dict[Code, ExpectedRound] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DailyRow:
    """One of them: what came of it, and how that differs from what should."""

    outcome: DailyOutcome
    differences: tuple[str, ...]

    @property
    def as_expected(self) -> bool:
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        """Its line in what ``mash demo --json`` prints."""
        return {**self.outcome.as_json(), "as_expected": self.as_expected}


def read_expected_daily(file: Path) -> ExpectedDaily:
    """What is expected of what is no referral; nothing when there is no such file.

    Raises
    ------
    ScriptUnsound
        with key and kind of each problem.
    """
    return read_play(file, ExpectedDaily) if file.exists() else ExpectedDaily()
