"""Spans as the hub's processes keep them: files of JSON lines, one span a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of work of one party for a case.

    ``is_send`` says that it is a message on its way to the broker, and not one that was handled.
    ``attributes`` are what `agents.runtime.tracing` lets a span carry: ids, codes and times.
    """

    span_id: str
    parent_id: str | None
    name: str
    party: str
    start: datetime
    end: datetime
    outcome: str | None
    is_send: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        shown = ("span_id", "parent_id", "name", "party", "outcome")
        named = {name: getattr(self, name) for name in shown}
        return {**named, "start": self.start.isoformat(), "end": self.end.isoformat()}


def spans_of(folder: Path, trace_id: str | None) -> list[Span]:
    """The spans of one trace from every file in the folder, in order of their start.

    A line that was cut off by a crash is passed over.
    """
    if trace_id is None or not folder.is_dir():
        return []
    found = {span.span_id: span for file in sorted(folder.glob("*.jsonl")) for span in _read(file, trace_id)}
    return sorted(found.values(), key=lambda span: (span.start, span.end, span.span_id))


def handled(spans: Sequence[Span]) -> list[Span]:
    """Those of work done, without those of messages on their way to the broker."""
    return [span for span in spans if not span.is_send]


def _read(file: Path, trace_id: str) -> Iterator[Span]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if trace_id not in line:
                continue
            try:
                kept = json.loads(line)
            except ValueError:
                continue
            if kept["trace_id"] == trace_id:
                yield _span(kept)


def _span(kept: dict[str, Any]) -> Span:
    attributes = kept.get("attributes", {})
    return Span(
        span_id=kept["span_id"],
        parent_id=kept.get("parent_id"),
        name=kept["name"].removeprefix("process ").removeprefix("send ").removeprefix("mash."),
        party=str(attributes.get("mash.party", "")),
        start=datetime.fromisoformat(kept["start"]),
        end=datetime.fromisoformat(kept["end"]),
        outcome=attributes.get("mash.outcome"),
        is_send=kept.get("kind") == "producer",
        attributes=attributes,
    )
