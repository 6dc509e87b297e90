"""People read times by their own clock, summer and winter."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ops.local_time import local_time

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("moment", "read"),
    [
        ("2026-07-01T11:06:44.917789Z", "2026-07-01 12:06:44 BST"),
        ("2026-11-22T11:06:44.999999+00:00", "2026-11-22 11:06:44 GMT"),
        ("2026-10-25T00:30:00Z", "2026-10-25 01:30:00 BST"),
        ("2026-10-25T01:30:00Z", "2026-10-25 01:30:00 GMT"),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), "2026-12-31 23:59:59 GMT"),
    ],
)
def test_a_time_names_its_zone_and_never_says_more_than_has_passed(moment: datetime | str, read: str) -> None:
    assert local_time(moment, LONDON) == read


def test_another_hub_reads_its_own_clock() -> None:
    assert local_time("2026-07-01T23:00:00Z", ZoneInfo("Asia/Kolkata")) == "2026-07-02 04:30:00 IST"
    assert local_time("2026-07-01T23:00:00Z", ZoneInfo("America/Sao_Paulo")) == "2026-07-01 20:00:00 -03"
