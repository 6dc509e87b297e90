"""`make bench` measures the board. Here it does so with few cases, so that it works when it is wanted."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.board import Size, on_sqlite


async def test_the_board_is_measured_for_all_at_one_page_and_for_each_at_their_own(tmp_path: Path) -> None:
    found = await on_sqlite(tmp_path, Size(open=50, closed=50, viewers=3, changes=2))

    assert (found["same"]["pages"], found["distinct"]["pages"]) == (1, 3)
    for measured in (found["same"], found["distinct"]):
        assert measured["first"] > 0
        assert measured["live"] > 0
    assert min(found["bare"], found["found"], found["alone"], found["ratio"]) > 0
