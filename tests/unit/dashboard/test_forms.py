"""How a form is read where people add entries to it one by one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from ops.dashboard.forms import (
    MOST_ENTRIES,
    Field,
    Kind,
    Option,
    entries,
    field_of,
    read,
    with_one_more,
)

LONDON = ZoneInfo("Europe/London")
VIEWS = Field(
    "positions",
    "View",
    Kind.ENTRIES,
    fields=(
        Field("position", "What they hold", Kind.RADIOS, options=(Option("withhold", "Withhold"),)),
        Field("view", "Why", needed="Enter why"),
    ),
)


def test_entries_are_read_in_order_and_those_left_blank_are_passed_over() -> None:
    written = {
        "positions-entries": ["3"],
        "positions.0.view": ["First."],
        "positions.1.view": ["  "],
        "positions.2.position": ["withhold"],
        "positions.2.view": ["Third."],
    }
    found = read([VIEWS], written, LONDON)
    assert found.problems == {}
    assert found.data == {"positions": [{"view": "First."}, {"position": "withhold", "view": "Third."}]}


def test_what_an_entry_lacks_is_told_at_its_place() -> None:
    found = read([VIEWS], {"positions-entries": ["1"], "positions.0.position": ["withhold"]}, LONDON)
    assert found.problems == {"positions.0.view": "Enter why"}


def test_an_entry_that_nobody_added_is_not_read() -> None:
    found = read([VIEWS], {"positions.0.view": ["Smuggled in."]}, LONDON)
    assert found.data == {"positions": []}


@pytest.mark.parametrize(
    ("said", "count"), [("2", 2), ("0", 0), ("", 0), ("-1", 0), ("²", 0), ("99", MOST_ENTRIES), ("9999", 0)]
)
def test_the_number_of_entries_is_a_small_number_whatever_is_sent(said: str, count: int) -> None:
    assert len(entries(VIEWS, {"positions-entries": [said]})) == count


def test_one_more_entry_is_added_to_those_that_are_there() -> None:
    written = with_one_more(VIEWS, {"positions-entries": ["1"], "positions.0.view": ["First."]})
    assert [one.name for one in entries(VIEWS, written)[1]] == ["positions.1.position", "positions.1.view"]
    assert written["positions.0.view"] == ["First."]


def test_a_refusal_about_an_entry_is_told_at_the_entries() -> None:
    assert field_of("positions.0.actor.person", [VIEWS]) is VIEWS


DAY = Field("recorded_on", "Recorded on", Kind.DAY)


def on(day: str, month: str, year: str) -> dict[str, list[str]]:
    return {"recorded_on-day": [day], "recorded_on-month": [month], "recorded_on-year": [year]}


@pytest.mark.parametrize(
    ("written", "data"),
    [
        (on("5", "3", "2012"), {"recorded_on": "2012-03-05"}),
        (on(" 29", "02 ", "2012"), {"recorded_on": "2012-02-29"}),
        (on("", " ", ""), {}),
        ({}, {}),
    ],
)
def test_a_day_is_entered_in_three_parts_and_said_in_iso(
    written: dict[str, list[str]], data: dict[str, str]
) -> None:
    found = read([DAY], written, LONDON)
    assert (found.data, found.problems) == (data, {})


@pytest.mark.parametrize(
    "written",
    [
        on("29", "2", "2011"),
        on("5", "3", ""),
        on("5", "3", "12"),
        on("", "3", "2012"),
        on("five", "3", "2012"),
        on("2012", "3", "5"),
    ],
)
def test_a_day_that_is_none_is_told_at_its_field(written: dict[str, list[str]]) -> None:
    found = read([DAY], written, LONDON)
    assert found.data == {}
    assert found.problems == {"recorded_on": "Recorded on: enter a day, month and year, such as 5 3 2012"}


def test_a_text_that_the_contract_would_not_take_is_told_at_its_field() -> None:
    field = Field("summary", "What was said")
    assert read([field], {"summary": ["x" * 20_000]}, LONDON).problems == {}
    found = read([field], {"summary": ["x" * 20_001]}, LONDON)
    assert found.problems == {"summary": "What was said: enter 20000 characters or fewer"}
