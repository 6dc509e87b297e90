"""The messages of a case as bars on one line of time, beside the table that says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from messages.catalogue import CATALOGUE
from ops.operations.in_quarantine import showable_id
from ops.operations.messages_of_a_case import CaseMessage

WIDTH = 1000
"""Of the whole line, in the units of the drawing."""

_LEAST = 20
"""Of a bar: a course of milliseconds among hours has to be seen. Its length stands beside it in words."""

DEEPEST = 8
"""How far a line is set in at most."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a line: where it begins, how long it is, and what it stands for: ``way``, from when a message
    was said until it was taken, or ``work``, from then until it was done."""

    x: int
    width: int
    kind: str


@dataclass(frozen=True, slots=True)
class Line:
    """A message with its bars. ``took`` is how long its receiver took, as people read it; ``type`` is None
    where it is not known, ``message_id`` where it is none that may be shown."""

    message: CaseMessage
    depth: int
    type: str | None
    message_id: str | None
    bars: tuple[Bar, ...]
    waited: str
    took: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """All lines, and the moments at which the line of time begins and ends."""

    lines: tuple[Line, ...]
    begins: datetime | None
    ends: datetime | None


def waterfall(messages: Sequence[tuple[int, CaseMessage]]) -> Waterfall:
    """The messages of a case, drawn."""
    times = [at for _, one in messages for at in one.times]
    if not times:
        return Waterfall(tuple(_line(one, depth, None) for depth, one in messages), None, None)
    begins, ends = min(times), max(times)
    scale = _Scale(begins, max(ends - begins, timedelta(microseconds=1)))
    return Waterfall(tuple(_line(one, depth, scale) for depth, one in messages), begins, ends)


@dataclass(frozen=True, slots=True)
class _Scale:
    begins: datetime
    whole: timedelta

    def bar(self, first: datetime, last: datetime, kind: str) -> Bar:
        x = min(round((first - self.begins) / self.whole * WIDTH), WIDTH - _LEAST)
        return Bar(x, max(round((last - self.begins) / self.whole * WIDTH) - x, _LEAST), kind)


def _line(one: CaseMessage, depth: int, scale: _Scale | None) -> Line:
    return Line(
        one,
        min(depth, DEEPEST),
        one.type if one.type in CATALOGUE else None,
        None if one.is_due_time else showable_id(one.key),
        tuple(_bars(one, scale)) if scale else (),
        _length(one.taken - one.said) if one.said and one.taken else "",
        _length(one.done - one.taken) if one.taken and one.done else "",
    )


def _bars(one: CaseMessage, scale: _Scale) -> Iterator[Bar]:
    way_ends = one.taken or one.sent or one.said
    if one.said is not None and way_ends is not None and way_ends >= one.said:
        yield scale.bar(one.said, way_ends, "way")
    if one.taken is not None:
        yield scale.bar(one.taken, max(one.done or one.taken, one.taken), "work")


def _length(time: timedelta) -> str:
    """From milliseconds to days, as exactly as anybody wants to know."""
    seconds = max(time.total_seconds(), 0.0)
    for limit, unit, of in ((1, "ms", 0.001), (120, "s", 1), (7200, "min", 60), (172_800, "h", 3600)):
        if seconds < limit:
            return f"{seconds / of:.1f} {unit}"
    return f"{seconds / 86_400:.1f} days"
