"""How a form is read where people add entries to it one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from ops.dashboard.forms import (
    MOST_ENTRIES,
    Field,
    Kind,
    Option,
    asked,
    entries,
    entries_changed,
    field_of,
    leads_to,
    nested,
    packed,
    page_in,
    read,
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
ELEMENTS = Field(
    "elements",
    "Element",
    Kind.ENTRIES,
    fields=(
        Field("text", "What it says", needed="Enter what it says"),
        Field("owner", "Owner", Kind.LINE, filled=("education",)),
        Field("suggestion.text", "Suggested text"),
    ),
    least=1,
)
STATE = Field(
    "state",
    "State",
    Kind.RADIOS,
    options=(Option("found", "Found", fields=(ELEMENTS,)), Option("nothing", "Nothing")),
)
THREE = {
    "positions-entries": ["3"],
    "positions.0.view": ["First."],
    "positions.1.view": ["  "],
    "positions.2.position": ["withhold"],
    "positions.2.view": ["Third."],
}


def test_entries_are_read_in_order_and_those_left_blank_are_passed_over() -> None:
    found = read([VIEWS], THREE, LONDON)
    assert found.problems == {}
    message = packed(nested(found.data))
    assert message.data == {"positions": [{"view": "First."}, {"position": "withhold", "view": "Third."}]}
    assert message.in_form("positions.1.view") == "positions.2.view", "where its problems are told"


def test_an_entry_that_has_to_be_there_is_asked_for_when_it_is_blank_and_its_option_chosen() -> None:
    assert read([STATE], {"state": ["found"]}, LONDON).problems == {"elements.0.text": "Enter what it says"}
    assert read([STATE], {"state": ["nothing"]}, LONDON).data == {"state": "nothing"}


def test_what_an_entry_lacks_is_told_at_its_place() -> None:
    found = read([VIEWS], {"positions-entries": ["1"], "positions.0.position": ["withhold"]}, LONDON)
    assert found.problems == {"positions.0.view": "Enter why"}


def test_an_entry_that_nobody_added_is_not_read() -> None:
    found = read([VIEWS], {"positions.0.view": ["Smuggled in."]}, LONDON)
    assert found.data == {"positions": []}


@pytest.mark.parametrize(
    ("said", "count"),
    [("2", 2), ("0", 0), ("", 0), ("-1", 0), ("²", 0), ("99", MOST_ENTRIES), ("1234567", 0)],
)
def test_the_number_of_entries_is_a_small_number_whatever_is_sent(said: str, count: int) -> None:
    assert len(entries(VIEWS, {"positions-entries": [said]})) == count
    assert len(entries(ELEMENTS, {"elements-entries": [said]})) == max(count, 1)


def test_one_more_entry_is_added_and_opened_as_the_first_was_though_its_option_is_not_chosen() -> None:
    written = {"elements.0.text": ["First."], "elements.0.owner": [""], "add": ["elements"]}
    longer = entries_changed([STATE], written)
    assert longer is not None
    assert [one.name for one in entries(ELEMENTS, longer)[1]] == [
        "elements.1.text",
        "elements.1.owner",
        "elements.1.suggestion.text",
    ]
    assert longer["elements.0.text"] == ["First."]
    assert (longer["elements.0.owner"], longer["elements.1.owner"]) == ([""], ("education",))


def test_any_entry_is_removed_and_the_others_keep_what_was_written_in_them() -> None:
    shorter = entries_changed([VIEWS], {**THREE, "summary": ["s"], "remove": ["positions.1"]})
    assert shorter is not None
    kept = {name: said[-1] for name, said in shorter.items() if name != "remove"}
    assert kept == {
        "positions-entries": "2",
        "positions.0.view": "First.",
        "positions.1.position": "withhold",
        "positions.1.view": "Third.",
        "summary": "s",
    }


@pytest.mark.parametrize("asks", [{"remove": ["positions.3"]}, {"remove": ["summary"]}, {"add": ["x"]}, {}])
def test_what_asks_for_no_entry_that_there_can_be_changes_nothing(asks: dict[str, list[str]]) -> None:
    assert entries_changed([VIEWS], {**THREE, **asks}) is None


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ("elements.1.text.0", "elements.1.text"),
        ("elements.1.suggestion", "elements.1.suggestion.text"),
        ("elements.1", "elements.1.text"),
        ("elements.1.element_id", "elements"),
        ("elements", "elements"),
        ("state", "state"),
    ],
)
def test_a_refusal_is_told_at_the_field_of_its_entry_or_else_at_the_entries(place: str, field: str) -> None:
    written = {"state": ["found"], "elements-entries": ["2"]}
    found = field_of(place, list(asked([STATE], written)))
    assert found is not None and found.name == field


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
        on("1_0", "3", "2012"),
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


def test_a_day_after_the_last_one_there_may_be_is_told_at_its_field() -> None:
    until = replace(DAY, latest=date(2012, 3, 5))
    assert read([until], on("5", "3", "2012"), LONDON).problems == {}
    assert read([until], on("6", "3", "2012"), LONDON).problems == {
        "recorded_on": "Recorded on: enter 5 March 2012 or a day before it"
    }


def test_the_one_answer_there_is_to_choose_is_chosen_and_no_other() -> None:
    one, two = Option("child", "Children"), Option("adult", "Adults")
    alone = Field("purpose", "Purpose", Kind.RADIOS, options=(one,), needed="Choose the purpose")
    assert alone.opens_with == ("child",)
    assert replace(alone, options=(one, two)).opens_with == ()
    assert replace(alone, needed="").opens_with == (), "it may be left out"
    assert replace(alone, kind=Kind.CHECKBOXES).opens_with == (), "to tick it is to say so"


@pytest.mark.parametrize(
    ("written", "name", "leads"),
    [
        ({}, "positions", "positions-add"),
        (THREE, "positions", "positions.0.position"),
        ({"state": ["found"]}, "elements", "elements.0.text"),
        (THREE, "positions.0.view", "positions.0.view"),
        ({}, "", ""),
    ],
)
def test_a_problem_leads_to_what_can_be_filled_in(
    written: dict[str, list[str]], name: str, leads: str
) -> None:
    assert leads_to(name, (VIEWS, STATE), written) == leads


@pytest.mark.parametrize(
    ("said", "page"),
    [("3", 3), ("", 1), ("0", 1), ("-2", 1), ("two", 1), ("²", 1), ("1234567", 1)],
)
def test_the_page_of_a_list_is_the_first_where_an_address_says_no_number(said: str, page: int) -> None:
    assert page_in({"page": said}) == page
