"""A waterfall: each span a bar on one common line of time, below the span that caused it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rich.table import Table
from rich.text import Text

from ops.tracing.spans import Span

WIDTH = 60
_STYLES = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green", "bright_magenta")
_OUTCOME_STYLES = {"accepted": "green", "duplicate": "dim", "refused": "red", "failed": "bold red"}


def waterfall(spans: Sequence[Span], width: int = WIDTH) -> Table:
    """The spans of one trace, drawn ``width`` characters wide. There has to be at least one."""
    begin, end = min(s.start for s in spans), max(s.end for s in spans)
    whole = max(end - begin, timedelta(microseconds=1))
    names = dict.fromkeys(span.party for span in spans)
    styles = {party: _STYLES[n % len(_STYLES)] for n, party in enumerate(names)}
    table = Table(
        "span", "party", f"0 to {_length(whole)}", "after", "took", "outcome", box=None, header_style="bold"
    )
    for depth, span in _in_order(spans):
        bar = _bar((span.start - begin) / whole, (span.end - begin) / whole, width)
        table.add_row(
            Text("  " * depth + span.name),
            Text(span.party, style=styles[span.party]),
            Text(bar, style=styles[span.party]),
            Text(_length(span.start - begin), justify="right"),
            Text(_length(span.end - span.start), justify="right"),
            Text(span.outcome or "", style=_OUTCOME_STYLES.get(span.outcome or "", "")),
        )
    return table


def _in_order(spans: Sequence[Span]) -> Iterator[tuple[int, Span]]:
    """Each span after its parent, with how deep it lies; those whose parent is not here at the top."""
    here = {span.span_id for span in spans}
    below: dict[str | None, list[Span]] = {}
    for span in spans:
        below.setdefault(span.parent_id if span.parent_id in here else None, []).append(span)
    waiting = [(0, span) for span in reversed(below.get(None, []))]
    while waiting:
        depth, span = waiting.pop()
        yield depth, span
        waiting += [(depth + 1, child) for child in reversed(below.get(span.span_id, []))]


def _bar(start: float, end: float, width: int) -> str:
    first = min(int(start * width), width - 1)
    last = max(first + 1, min(round(end * width), width))
    return " " * first + "█" * (last - first)


def _length(length: timedelta) -> str:
    seconds = length.total_seconds()
    if seconds < 1:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s"
    if seconds < 7200:
        return f"{seconds / 60:.1f} min"
    return f"{seconds / 3600:.1f} h"
