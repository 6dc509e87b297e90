"""The expected outcomes, which people wrote from the guidance, and how a run differs from them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from messages.refusal import field_problems
from messages.words import Category, Code, Count, Rag
from ops.demo.desk.script import ScriptUnsound
from ops.demo.outcome import Outcome
from ops.local_time import local_time

_DUE = re.compile(r"(\d+)h( after the last rating)?|\d{4}-\d\d-\d\d \d\d:\d\d")


class Expected(BaseModel):
    """What has to come out of one referral; `ops/demo/world/expected.toml` says what each field means."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    why: str
    paragraphs: tuple[str, ...]
    requirements: tuple[str, ...]
    outcome: Literal["passed_to_teams", "not_in_mash", "local_route", "redirected", "reviewed", "rejected"]
    category: Category
    rag: Rag | None = None
    asked: tuple[Code, ...] = ()
    answered: tuple[Code, ...] = ()
    found: Count = 0
    released: Count = 0
    sanitised: Count = 0
    withheld: Count = 0
    waiting: Count = 0
    due: str | None = None
    due_on: date | None = None
    on_time: bool | None = None
    packages: tuple[Literal["full", "partial", "supplement"], ...] = ()
    sent_to: tuple[Code, ...] = ()
    ratings: tuple[Rag, ...] | None = None
    alerted: tuple[Code, ...] = ()
    lines: dict[Code, Code] = {}
    waited_for: tuple[Code, ...] = ()
    rejected: tuple[Code, ...] = ()
    settled_by: Code | None = None
    presumed: Count = 0
    conditions: Count = 0
    earlier: tuple[str, ...] = ()
    signed: tuple[Literal["met", "not_met"], ...] = ()
    form: Code | None = None
    redirected_to: Code | None = None
    calls: Count = 0
    reconsidered: Count = 0

    @field_validator("due")
    @classmethod
    def _can_be_read(cls, due: str | None) -> str | None:
        if due is not None and not _DUE.fullmatch(due):
            raise PydanticCustomError("due_expected", "must be a length, or a local time")
        return due

    def differences(self, found: Outcome, zone: ZoneInfo) -> tuple[str, ...]:
        """What is otherwise: a line for each field, in codes and numbers."""
        return tuple(self._differences(found, zone))

    def _differences(self, found: Outcome, zone: ZoneInfo) -> Iterator[str]:
        wanted_ratings = self.ratings if self.ratings is not None else ((self.rag,) if self.rag else ())
        pairs = {name: getattr(self, name) for name in _ALIKE} | {"ratings": wanted_ratings}
        for name, wanted in pairs.items():
            yield from differs(name, getattr(found, name), wanted)
        if not self._due_is(found, zone):
            due = local_time(found.due_at, zone) if found.due_at else "-"
            yield f"due: {due}, expected {self.due or '-'} {self.due_on or ''}".rstrip()
        yield from found.loose_ends

    def _due_is(self, found: Outcome, zone: ZoneInfo) -> bool:
        if self.due is None or found.due_at is None or found.received_at is None:
            return self.due is None and found.due_at is None
        local = found.due_at.astimezone(zone)
        if self.due_on is not None and local.date() != self.due_on:
            return False
        match = _DUE.fullmatch(self.due)
        if match is None or match[1] is None:
            return f"{local:%Y-%m-%d %H:%M}" == self.due
        start = found.last_rated_at if match[2] else found.received_at
        return found.due_at - (start or found.received_at) == timedelta(hours=int(match[1]))


_NOT_ALIKE = frozenset({"why", "paragraphs", "requirements", "due", "due_on", "ratings"})
_ALIKE = tuple(name for name in Expected.model_fields if name not in _NOT_ALIKE)
"""Fields that an expected outcome and an outcome both have."""


def differs(name: str, got: object, wanted: object) -> Iterator[str]:
    """A line for a field that is otherwise than it should be."""
    if got != wanted:
        yield f"{name}: {_shown(got)}, expected {_shown(wanted)}"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "-"
    return "-" if value is None else str(value)


def read_expected(file: Path) -> dict[str, Expected]:
    """The expected outcomes by referral.

    Raises
    ------
    ScriptUnsound
        with referral, key and kind of each problem.
    """
    found: dict[str, Expected] = {}
    problems = []
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise ScriptUnsound(f"{file.name}: has to be a TOML file in UTF-8") from None
    for referral, fields in written.items():
        try:
            found[referral] = Expected.model_validate(fields)
        except ValidationError as error:
            problems += [f"{file.name}: {referral}.{problem}" for problem in field_problems(error)]
    if problems:
        raise ScriptUnsound("\n".join(problems))
    return found
