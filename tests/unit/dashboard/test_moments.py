"""Moments on pages: to the minute, never later than they are, and how far away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ops.dashboard import dates
from ops.dashboard.moments import born, how_far, to_the_minute

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2012, 7, 1, 11, 0, 59, tzinfo=UTC)


def test_a_moment_is_told_to_the_minute_by_the_partnerships_clock() -> None:
    assert to_the_minute(NOON, LONDON) == "1 Jul 2012, 12:00 BST"
    assert to_the_minute("2012-03-05T09:14:59Z", LONDON) == "5 Mar 2012, 09:14 GMT"


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(seconds=-59), "now"),
        (timedelta(minutes=1, seconds=59), "in 1 min"),
        (timedelta(minutes=-25), "25 min ago"),
        (timedelta(hours=1, minutes=5), "in 1 h 05 min"),
        (timedelta(days=-3), "3 days ago"),
    ],
)
def test_how_far_a_moment_is_away_is_told_in_whole_units(away: timedelta, said: str) -> None:
    assert how_far(NOON + away, NOON) == said


@pytest.mark.parametrize(("day", "years"), [(date(2012, 3, 31), 6), (date(2012, 4, 1), 7)])
def test_a_date_of_birth_is_told_with_the_age_of_today(day: date, years: int) -> None:
    assert born("2005-04-01", day) == f"1 April 2005, {years} years old"
    assert born("2013-04-01", day) == "1 April 2013"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2012, 3, 5), date(2012, 3, 11), "5 to 11 March 2012"),
        (date(2012, 2, 27), date(2012, 3, 4), "27 February to 4 March 2012"),
        (date(2011, 12, 26), date(2012, 1, 1), "26 December 2011 to 1 January 2012"),
        (date(2011, 3, 5), date(2012, 3, 4), "5 March 2011 to 4 March 2012"),
    ],
)
def test_days_are_told_from_one_to_the_other_with_nothing_said_twice(
    first: date, last: date, said: str
) -> None:
    assert dates.span_in_words(first, last) == said


def test_a_day_is_told_in_the_same_way_wherever_it_comes_from() -> None:
    assert dates.in_words(date(2012, 3, 5)) == dates.in_words("2012-03-05") == "5 March 2012"
