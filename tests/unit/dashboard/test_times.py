"""Times as people enter them: read as they are meant, or not at all. Supervision calls rest on them. [J05]"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ops.dashboard.forms import Field, Kind, read
from ops.dashboard.times import HOW, NoSuchTime, entered

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (("5", "3", "2012", "14:30"), datetime(2012, 3, 5, 14, 30, tzinfo=UTC)),
        (("05", "03", "2012", "9.05"), datetime(2012, 3, 5, 9, 5, tzinfo=UTC)),
        (("5", "7", "2012", "14.30"), datetime(2012, 7, 5, 13, 30, tzinfo=UTC)),
        (("5", "7", "2012", "14:30 BST"), datetime(2012, 7, 5, 13, 30, tzinfo=UTC)),
        (("25", "3", "2012", "00:59"), datetime(2012, 3, 25, 0, 59, tzinfo=UTC)),
        (("25", "3", "2012", "02:00"), datetime(2012, 3, 25, 1, 0, tzinfo=UTC)),
        (("28", "10", "2012", "00:59"), datetime(2012, 10, 27, 23, 59, tzinfo=UTC)),
        (("28", "10", "2012", "1:30 BST"), datetime(2012, 10, 28, 0, 30, tzinfo=UTC)),
        (("28", "10", "2012", "1:30gmt"), datetime(2012, 10, 28, 1, 30, tzinfo=UTC)),
        (("28", "10", "2012", "02:00"), datetime(2012, 10, 28, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_by_the_clock_of_that_day(said: tuple[str, str, str, str], meant: datetime) -> None:
    assert entered(*said, LONDON) == meant


@pytest.mark.parametrize(
    "said",
    [
        ("5", "3", "2012", "14:30+05:00"),
        ("5", "3", "2012", "14:30:15"),
        ("5", "3", "2012", "1430"),
        ("5", "3", "2012", "24:00"),
        ("5", "3", "2012", "14:5"),
        ("5", "3", "12", "14:30"),
        ("1_0", "3", "2012", "14:30"),
        ("\N{ARABIC-INDIC DIGIT FIVE}", "3", "2012", "14:30"),
        ("5", "3", "2012", "1\N{ARABIC-INDIC DIGIT FOUR}:30"),
        ("30", "2", "2012", "14:30"),
        ("1", "1", "0001", "00:00 "),
        ("5", "3", "0000", "14:30"),
        ("", "3", "2012", "14:30"),
    ],
)
def test_what_is_no_day_and_time_is_asked_for_again(said: tuple[str, str, str, str]) -> None:
    with pytest.raises(NoSuchTime) as why:
        entered(*said, LONDON)
    assert why.value.problem == HOW


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (
            ("25", "3", "2012", "1.30"),
            "there was no 01:30 on 25 March 2012, as the clocks went forward; enter another time",
        ),
        (
            ("28", "10", "2012", "1.30"),
            "it was 01:30 on 28 October 2012 twice, as the clocks went back; enter 1:30 BST or 1:30 GMT",
        ),
        (
            ("5", "7", "2012", "14:30 GMT"),
            "the clock that showed 14:30 on 5 July 2012 was BST",
        ),
    ],
)
def test_when_the_clocks_change_nothing_is_guessed(said: tuple[str, str, str, str], problem: str) -> None:
    with pytest.raises(NoSuchTime) as why:
        entered(*said, LONDON)
    assert why.value.problem == problem


def test_the_message_has_it_in_utc_and_a_problem_stands_at_its_field() -> None:
    called = Field("called_at", "When you called", Kind.MOMENT)
    written = {
        "called_at-day": ["5"],
        "called_at-month": ["7"],
        "called_at-year": ["2012"],
        "called_at-time": ["14.30"],
    }
    assert read([called], written, LONDON).data == {"called_at": "2012-07-05T13:30:00+00:00"}
    wrong = read([called], {**written, "called_at-year": ["12"]}, LONDON)
    assert wrong.problems == {"called_at": f"When you called: {HOW}"}
