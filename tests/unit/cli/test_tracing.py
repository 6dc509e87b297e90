"""A case's spans are read from the files of all processes and drawn on one line of time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from ops.tracing.spans import Span, spans_of
from ops.tracing.waterfall import waterfall

TRACE = "a" * 32
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def line(
    span_id: str, parent: str | None, party: str, *, after: float, took: float, trace: str = TRACE
) -> str:
    start = NOON + timedelta(seconds=after)
    kept = {
        "trace_id": trace,
        "span_id": span_id,
        "parent_id": parent,
        "name": f"process mash.{span_id}.v1",
        "party": party,
        "start": start.isoformat(),
        "end": (start + timedelta(seconds=took)).isoformat(),
        "attributes": {"mash.party": party, "mash.outcome": "accepted"},
    }
    return json.dumps(kept) + "\n"


def drawn(spans: list[Span]) -> list[str]:
    console = Console(width=160, file=StringIO())
    with console.capture() as captured:
        console.print(waterfall(spans, width=10))
    return captured.get().splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hub.jsonl").write_text(
        line("referred", None, "hub", after=0, took=1)
        + line("answered", "asked", "hub", after=8, took=2)
        + line("other", None, "hub", after=0, took=1, trace="b" * 32)
    )
    (tmp_path / "agency.police.jsonl").write_text(
        line("asked", "referred", "agency.police", after=4, took=2) + '{"trace_id": "' + TRACE
    )
    return tmp_path


def test_the_spans_of_one_trace_are_gathered_from_all_files_in_order(folder: Path) -> None:
    assert [s.span_id for s in spans_of(folder, TRACE)] == ["referred", "asked", "answered"]


def test_a_case_without_a_trace_and_a_folder_that_is_not_there_have_none(folder: Path) -> None:
    assert spans_of(folder, None) == []
    assert spans_of(folder / "nowhere", TRACE) == []


def test_each_span_is_below_its_cause_and_at_its_time(folder: Path) -> None:
    lines = drawn(spans_of(folder, TRACE))

    assert "0 to 10.0 s" in lines[0]
    assert [text.split()[0] for text in lines[1:]] == ["referred.v1", "asked.v1", "answered.v1"]
    bars = [text[text.index("█") : text.rindex("█") + 1] for text in lines[1:]]
    assert [len(bar) for bar in bars] == [1, 2, 2]
    first = lines[1].index("█")
    assert [text.index("█") - first for text in lines[1:]] == [0, 4, 8]
    indents = [len(text) - len(text.lstrip()) for text in lines[1:]]
    assert indents[0] < indents[1] < indents[2]


def test_a_span_whose_cause_is_not_here_is_drawn_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "hub.jsonl").write_text(line("alone", "gone", "hub", after=0, took=0))

    lines = drawn(spans_of(tmp_path, TRACE))

    assert "alone.v1" in lines[1]
    assert lines[1].count("█") == 1
