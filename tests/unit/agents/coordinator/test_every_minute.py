"""Due times for every minute of ten years of receipts, against a calendar that is kept here by hand.

Nothing below asks the code under test, the holidays library or the time zone database what a day is. The
oracle is a walk through the years with the lengths of the months, the bank holidays of England and the
days on which the clocks changed, all written out.

The code is asked about each of the 5 258 880 minutes by itself, so nothing is assumed about how it gets
from one to the next. Only the oracle is spared work, where the guidance itself says that minutes are alike:

- RED and AMBER are elapsed time. The oracle lists all minutes in order, and a package is due as many places
  further down the list as its allowance has minutes. A second walk, that far ahead of the first, reads them.
- BLUE depends on the local day of receipt alone. The oracle works out one due time for each local day, and
  the day says how many minutes it has: 23 hours when the clocks go forward, 25 when they go back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice

import pytest

from agents.coordinator.clocks import CalendarEnds, due_after, is_working_day, promised_after
from agents.coordinator.rating import due_when_rated
from agents.coordinator.setting import Setting
from messages.words import Rag
from tests.support.procedure import MONDAY, PARTNERSHIP, Procedure

CLOCKS = PARTNERSHIP.clocks

FIRST_YEAR, LAST_YEAR = 2010, 2019
RECEIPTS = 5_258_880
"""Minutes from the first of January 2010 to the last of December 2019: 3652 days."""

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
GMT, BST = timezone(timedelta(0)), timezone(timedelta(hours=1))

# The bank holidays in England, with the substitute days as they were kept. Holidays that fell on a weekend
# themselves are not listed: no work was done there anyway.
BANK_HOLIDAYS = frozenset(
    date(year, month, day)
    for year, days in {
        2010: ((1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)),
        2011: ((1, 3), (4, 22), (4, 25), (4, 29), (5, 2), (5, 30), (8, 29), (12, 26), (12, 27)),
        2012: ((1, 2), (4, 6), (4, 9), (5, 7), (6, 4), (6, 5), (8, 27), (12, 25), (12, 26)),
        2013: ((1, 1), (3, 29), (4, 1), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)),
        2014: ((1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)),
        2015: ((1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)),
        2016: ((1, 1), (3, 25), (3, 28), (5, 2), (5, 30), (8, 29), (12, 26), (12, 27)),
        2017: ((1, 2), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)),
        2018: ((1, 1), (3, 30), (4, 2), (5, 7), (5, 28), (8, 27), (12, 25), (12, 26)),
        2019: ((1, 1), (4, 19), (4, 22), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)),
        2020: ((1, 1),),
    }.items()
    for month, day in days
)

# The Sundays on which the clocks of the United Kingdom went forward and back, at 01:00 UTC.
FORWARD = {
    2010: date(2010, 3, 28),
    2011: date(2011, 3, 27),
    2012: date(2012, 3, 25),
    2013: date(2013, 3, 31),
    2014: date(2014, 3, 30),
    2015: date(2015, 3, 29),
    2016: date(2016, 3, 27),
    2017: date(2017, 3, 26),
    2018: date(2018, 3, 25),
    2019: date(2019, 3, 31),
    2020: date(2020, 3, 29),
}
BACK = {
    2010: date(2010, 10, 31),
    2011: date(2011, 10, 30),
    2012: date(2012, 10, 28),
    2013: date(2013, 10, 27),
    2014: date(2014, 10, 26),
    2015: date(2015, 10, 25),
    2016: date(2016, 10, 30),
    2017: date(2017, 10, 29),
    2018: date(2018, 10, 28),
    2019: date(2019, 10, 27),
    2020: date(2020, 10, 25),
}


def days_in(year: int, month: int) -> int:
    if month == 2:
        return 29 if year in (2012, 2016, 2020) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def days() -> Iterator[date]:
    """Every day of the ten years and of the one after, in order."""
    for year in range(FIRST_YEAR, LAST_YEAR + 2):
        for month in range(1, 13):
            for day in range(1, days_in(year, month) + 1):
                yield date(year, month, day)


def minutes() -> Iterator[datetime]:
    """Every minute of these days in UTC, where no day is longer than another."""
    times = [timedelta(hours=hour, minutes=minute) for hour in range(24) for minute in range(60)]
    for day in days():
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        for time in times:
            yield midnight + time


def works(day: date) -> bool:
    return day.weekday() not in (5, 6) and day not in BANK_HOLIDAYS


def five_in_the_afternoon(day: date) -> datetime:
    """17:00 by the clock on the wall. The clocks change in the night, so the day itself has the new time."""
    summer = FORWARD[day.year] <= day < BACK[day.year]
    return datetime(day.year, day.month, day.day, 17, 0, tzinfo=BST if summer else GMT)


def blue_due(received: date) -> datetime:
    day, working_days = received, 0
    while working_days < 3:
        day += DAY
        if works(day):
            working_days += 1
    return five_in_the_afternoon(day)


def hours_of(day: date) -> int:
    if day == FORWARD[day.year]:
        return 23
    return 25 if day == BACK[day.year] else 24


def local_days() -> Iterator[tuple[date, int]]:
    """The local days of the ten years and how many minutes each has."""
    return ((day, 60 * hours_of(day)) for day in days() if day.year <= LAST_YEAR)


@pytest.mark.parametrize(
    ("clock", "allowance"),
    [
        pytest.param(lambda start: due_after(Rag.RED, start, CLOCKS), 2 * 60, id="red-target-e02"),
        pytest.param(lambda start: promised_after(start, CLOCKS), 4 * 60, id="red-promise-e04"),
        pytest.param(lambda start: due_after(Rag.AMBER, start, CLOCKS), 24 * 60, id="amber-e06"),
    ],
)
def test_elapsed_time_is_right_for_every_minute_of_ten_years(
    clock: Callable[[datetime], datetime], allowance: int
) -> None:
    """RED in two hours and promised in four, AMBER in 24, nights, weekends and clock changes included.
    [E02, E03, E04, E06]"""
    receipts = islice(minutes(), RECEIPTS)
    due = islice(minutes(), allowance, None)
    wrong = [start for start, expected in zip(receipts, due, strict=False) if clock(start) != expected]
    assert wrong[:5] == []


def test_blue_is_right_for_every_minute_of_ten_years() -> None:
    """BLUE: 17:00 local time on the third working day, the local day of receipt being day 0. [E07, E08]"""
    receipts, checked, wrong = minutes(), 0, []
    for day, length in local_days():
        expected = blue_due(day)
        of_this_day = list(islice(receipts, length))
        wrong += [start for start in of_this_day if due_after(Rag.BLUE, start, CLOCKS) != expected]
        checked += len(of_this_day)
    assert wrong[:5] == []
    assert checked == RECEIPTS


def test_a_new_rating_at_any_minute_of_two_days_moves_the_due_time_as_written() -> None:
    """More urgent: the earlier of what was due and the new allowance from now. Less urgent: from receipt.
    The same again: as it was. [E10, E11]"""
    amber, red = Procedure(), Procedure()
    amber.until_directed(Rag.AMBER)
    red.until_directed(Rag.RED)
    tomorrow, in_two_hours = MONDAY + timedelta(hours=24), MONDAY + timedelta(hours=2)
    for passed in range(2 * 24 * 60):
        now = MONDAY + passed * MINUTE
        setting = Setting(now, PARTNERSHIP, "", "staff", str)
        upgraded = now + timedelta(hours=2) if passed < 22 * 60 else tomorrow
        assert due_when_rated(amber.case, Rag.RED, setting) == upgraded
        assert due_when_rated(amber.case, Rag.AMBER, setting) == tomorrow
        assert due_when_rated(red.case, Rag.AMBER, setting) == tomorrow
        assert due_when_rated(red.case, Rag.RED, setting) == in_two_hours


def test_the_walk_covers_every_minute_once_and_ends_where_the_years_end() -> None:
    """The oracle's own arithmetic: as many minutes as lie between two midnights. [E08]"""
    first, last = datetime(2010, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
    assert (last - first) // MINUTE == RECEIPTS
    assert next(minutes()) == first
    assert next(islice(minutes(), RECEIPTS, None)) == last
    assert sum(length for _, length in local_days()) == RECEIPTS
    assert {day.weekday() for day in (*FORWARD.values(), *BACK.values())} == {6}
    assert all(day.weekday() < 5 for day in BANK_HOLIDAYS)


def test_the_working_days_are_those_of_the_written_calendar() -> None:
    """Monday to Friday less the bank holidays of England, for every day of ten years. [E08]"""
    ten_years = [day for day in days() if day.year <= LAST_YEAR]
    assert [day for day in ten_years if is_working_day(day, "GB", "ENG") != works(day)] == []
    assert len(ten_years) == 3652


@pytest.mark.parametrize(
    ("received", "red", "amber", "blue"),
    [
        pytest.param(
            "2012-03-25T00:59+00:00",
            "2012-03-25T02:59Z",
            "2012-03-26T00:59Z",
            "2012-03-28T16:00Z",
            id="the-last-minute-before-the-missing-hour",
        ),
        pytest.param(
            # A wall clock that nobody put forward shows 01:30, an hour that this day does not have.
            "2012-03-25T01:30+00:00",
            "2012-03-25T03:30Z",
            "2012-03-26T01:30Z",
            "2012-03-28T16:00Z",
            id="in-the-missing-hour",
        ),
        pytest.param(
            "2012-10-28T01:30+01:00",
            "2012-10-28T02:30Z",
            "2012-10-29T00:30Z",
            "2012-10-31T17:00Z",
            id="the-doubled-hour-for-the-first-time",
        ),
        pytest.param(
            "2012-10-28T01:30+00:00",
            "2012-10-28T03:30Z",
            "2012-10-29T01:30Z",
            "2012-10-31T17:00Z",
            id="the-doubled-hour-for-the-second-time",
        ),
        pytest.param(
            "2012-10-25T10:00+01:00",
            "2012-10-25T11:00Z",
            "2012-10-26T09:00Z",
            "2012-10-30T17:00Z",
            id="three-working-days-over-the-autumn-change",
        ),
        pytest.param(
            # Still the fourth by UTC; the local day is the fifth, a Tuesday, so day 0 is the Tuesday.
            "2011-07-05T00:30+01:00",
            "2011-07-05T01:30Z",
            "2011-07-05T23:30Z",
            "2011-07-08T16:00Z",
            id="after-midnight-in-summer-before-midnight-in-utc",
        ),
        pytest.param(
            "2012-04-05T12:00+01:00",
            "2012-04-05T13:00Z",
            "2012-04-06T11:00Z",
            "2012-04-12T16:00Z",
            id="over-easter",
        ),
        pytest.param(
            "2011-04-21T12:00+01:00",
            "2011-04-21T13:00Z",
            "2011-04-22T11:00Z",
            "2011-04-28T16:00Z",
            id="over-easter-and-up-to-the-royal-wedding",
        ),
        pytest.param(
            "2012-06-01T10:00+01:00",
            "2012-06-01T11:00Z",
            "2012-06-02T09:00Z",
            "2012-06-08T16:00Z",
            id="over-the-diamond-jubilee",
        ),
        pytest.param(
            # The last Monday of May 2012 was worked: its holiday had moved to the jubilee.
            "2012-05-25T10:00+01:00",
            "2012-05-25T11:00Z",
            "2012-05-26T09:00Z",
            "2012-05-30T16:00Z",
            id="the-may-holiday-that-moved-to-the-jubilee",
        ),
        pytest.param(
            "2010-12-24T09:00+00:00",
            "2010-12-24T11:00Z",
            "2010-12-25T09:00Z",
            "2010-12-31T17:00Z",
            id="two-substitute-days-for-christmas-on-a-weekend",
        ),
        pytest.param(
            "2016-12-23T16:59+00:00",
            "2016-12-23T18:59Z",
            "2016-12-24T16:59Z",
            "2016-12-30T17:00Z",
            id="a-substitute-day-for-christmas-on-a-sunday",
        ),
        pytest.param(
            "2010-12-30T09:00+00:00",
            "2010-12-30T11:00Z",
            "2010-12-31T09:00Z",
            "2011-01-05T17:00Z",
            id="over-a-year-end-with-a-substitute-new-year",
        ),
        pytest.param(
            "2015-12-31T23:59+00:00",
            "2016-01-01T01:59Z",
            "2016-01-01T23:59Z",
            "2016-01-06T17:00Z",
            id="the-last-minute-of-a-year",
        ),
        pytest.param(
            "2012-02-28T18:00+00:00",
            "2012-02-28T20:00Z",
            "2012-02-29T18:00Z",
            "2012-03-02T17:00Z",
            id="over-a-leap-day",
        ),
    ],
)
def test_the_days_that_are_unlike_others(received: str, red: str, amber: str, blue: str) -> None:
    """Clock changes, Easter, substitute holidays, year ends and the jubilee of 2012, worked out on paper.
    [E02, E06, E08]"""
    start = datetime.fromisoformat(received)
    due = tuple(due_after(rag, start, CLOCKS) for rag in (Rag.RED, Rag.AMBER, Rag.BLUE))
    assert due == tuple(datetime.fromisoformat(text) for text in (red, amber, blue))


def test_a_due_time_is_kept_in_utc_whatever_offset_the_receipt_came_with() -> None:
    """Two ways to write one moment are due at one moment. [E08]"""
    here, there = datetime(2012, 6, 1, 0, 30, tzinfo=BST), datetime(2012, 5, 31, 23, 30, tzinfo=UTC)
    for rag in Rag:
        assert due_after(rag, here, CLOCKS) == due_after(rag, there, CLOCKS)
        assert due_after(rag, here, CLOCKS).tzinfo is UTC


@pytest.mark.parametrize("leap_day", [date(2012, 2, 29), date(2016, 2, 29)])
def test_a_calendar_without_end_is_refused_on_a_leap_day_too(leap_day: date) -> None:
    """No working days are counted past the years that bank holidays are known for. [E08]"""
    start = datetime(leap_day.year, 2, 29, 12, tzinfo=UTC)
    never = CLOCKS.model_copy(update={"blue_working_days": 2000})
    with pytest.raises(CalendarEnds, match=str(leap_day.year + 5)):
        due_after(Rag.BLUE, start, never)
