"""What the hub asks an agency to record is in its file once, whatever happens in between."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from agents.agency.csv_sink import COLUMNS, CsvSink, on_one_line
from messages.confidential import Confidential
from messages.package import RecordedElement, RecordRequested
from tests.support.agencies import NOW


def request(record_id: str = "r1", *texts: str) -> RecordRequested:
    elements = tuple(
        RecordedElement(
            element_id=f"e{n}", agency="education", owner="education", own=n == 0, text=Confidential(text)
        )
        for n, text in enumerate(texts or ("One", "Two"))
    )
    return RecordRequested(record_id=record_id, package_id="p1", elements=elements, people=(), due_at=NOW)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


async def test_each_element_is_a_row_and_each_request_an_entry(tmp_path: Path) -> None:
    sink = CsvSink(tmp_path / "back.csv")
    first, second = await sink.write(request("r1")), await sink.write(request("r2"))
    assert [(r["entry"], r["element_id"], r["own"], r["text"]) for r in rows(tmp_path / "back.csv")] == [
        (first, "e0", "yes", "One"),
        (first, "e1", "no", "Two"),
        (second, "e0", "yes", "One"),
        (second, "e1", "no", "Two"),
    ]


async def test_a_request_that_comes_again_is_written_once_also_by_another_worker(tmp_path: Path) -> None:
    file = tmp_path / "back.csv"
    one, other = CsvSink(file), CsvSink(file)
    entries = {await sink.write(request()) for sink in (one, other, one, CsvSink(file))}
    assert len(entries) == 1
    assert len(rows(file)) == 2


async def test_a_request_with_nothing_to_record_is_still_on_record(tmp_path: Path) -> None:
    sink = CsvSink(tmp_path / "back.csv")
    nothing = request().model_copy(update={"elements": ()})
    await sink.write(nothing)
    await sink.write(nothing)
    assert [r["record_id"] for r in rows(tmp_path / "back.csv")] == ["r1"]


async def test_a_crash_at_any_byte_leaves_nothing_out_and_nothing_twice(tmp_path: Path) -> None:
    file = tmp_path / "back.csv"
    texts = ('One,\n"two"', "=HYPERLINK(1)", "Ünïcode")
    await CsvSink(file).write(request("r1", *texts))
    await CsvSink(file).write(request("r2", *texts))
    both = file.read_bytes()
    for cut in range(len(both)):
        file.write_bytes(both[:cut])
        sink = CsvSink(file)
        await sink.write(request("r1", *texts))
        await sink.write(request("r2", *texts))
        assert sorted(file.read_bytes().splitlines()) == sorted(both.splitlines())


async def test_a_torn_row_is_cut_off_before_something_else_is_written(tmp_path: Path) -> None:
    file = tmp_path / "back.csv"
    await CsvSink(file).write(request("r1", "A long text that was torn when the power went"))
    whole = file.read_bytes()
    file.write_bytes(whole[:-4])
    await CsvSink(file).write(request("r2", "Short"))
    assert [r["record_id"] for r in rows(file)] == ["r2"]
    assert file.read_bytes().endswith(b",Short,\n")


@given(st.text(min_size=1).filter(str.strip))
def test_any_text_is_one_line_and_no_formula(text: str) -> None:
    line = on_one_line(text)
    assert len(line.splitlines()) <= 1
    assert not line.startswith(("=", "+", "-", "@"))


async def test_only_the_agency_can_read_the_file(tmp_path: Path) -> None:
    await CsvSink(tmp_path / "back.csv").write(request())
    assert (tmp_path / "back.csv").stat().st_mode & 0o077 == 0
    assert rows(tmp_path / "back.csv")[0].keys() == set(COLUMNS)
