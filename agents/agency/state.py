"""What an agency's worker remembers of a case: codes, ids and pointers, no content."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from messages.checks import SourceRecord
from messages.words import AnswerState, Choice, Code, Id, RiskFlag


class _Remembered(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Answered(_Remembered):
    """A check and what was answered."""

    request_id: Id
    round: int
    due_at: datetime
    state: AnswerState
    elements: int
    several_fit: int


class Revealed(_Remembered):
    """An element revealed to the hub, with the pointer to the agency's own record. [A10, D11]"""

    element_id: Id
    fingerprint: str
    round: int
    about: tuple[Id, ...]
    kind: Code
    owner: Code
    marking: Code
    risks: tuple[RiskFlag, ...] = ()
    record: SourceRecord


class DecidedByRule(_Remembered):
    """A decision that a rule of the owner took. [D23]"""

    request_id: Id
    discussion_id: Id
    element_id: Id
    rule: Id
    choice: Choice


class LeftToPerson(_Remembered):
    """A decision that a person of the agency has to take, and why no rule did."""

    request_id: Id
    discussion_id: Id
    element_id: Id
    because: Code
    due_at: datetime


class WrittenBack(_Remembered):
    """Something recorded in the agency's own system. [L12]"""

    record_id: Id
    entry: Id


class AgencyCase(_Remembered):
    """One case as one agency's worker knows it."""

    case_id: Id
    checks: tuple[Answered, ...] = ()
    elements: tuple[Revealed, ...] = ()
    decided: tuple[DecidedByRule, ...] = ()
    waiting: tuple[LeftToPerson, ...] = ()
    written: tuple[WrittenBack, ...] = ()
    rejected: tuple[Id, ...] = ()

    def revealed(self, element_id: str) -> Revealed | None:
        """An element by its id."""
        return next((e for e in self.elements if e.element_id == element_id), None)
