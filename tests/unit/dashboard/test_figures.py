"""The management view. [E02-E14, D02, D03, J01, K05]"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from html import escape

import pytest

from agents.coordinator import counted
from messages.envelope import Envelope
from messages.intake import ThresholdDecided
from messages.parties import HUB
from ops.case_views import case_from
from ops.dashboard.figures import Week, tables
from ops.dashboard.period import asked
from ops.dashboard.small_counts import FEW, NOT_TOLD, told
from store.port import COUNTED
from tests.support.dashboard import SERGEANT, Dashboard, Scene, a_dashboard
from tests.support.procedure import SENIOR_PRACTITIONER, WORKER, why
from tests.support.whole_hub import PARTNERSHIP

MANAGER = "MASH-MGR-01@csc_staffordshire"
TODAY = date(2012, 3, 5)
NAMES = (
    "packages", "promise", "answers", "breaches", "waited", "volumes", "owners", "refusals", "disputes",
    "meetings",
)  # fmt: skip


async def saved(dashboard: Dashboard, name: str, query: str = "") -> list[list[str]]:
    answer = await (await dashboard.signed_in(MANAGER)).get(f"/figures/{name}.csv?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(codecs.BOM_UTF8), "a spreadsheet has to know its letters"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_the_store_adds_up_what_reading_every_case_would_find(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        store = dashboard.given.store
        read: Counter[tuple[str, ...]] = Counter()
        for kept in (await store.find({"kind": "case"})).rows:
            words = counted.of_case(case_from(kept), PARTNERSHIP.clocks)
            read.update(tuple(word.split(":")) for word in words)
        added: Counter[tuple[str, ...]] = Counter()
        for text, n in (await store.tally(COUNTED[1], COUNTED[0], "2012-03-05", "2012-03-05")).items():
            for parts, times in counted.read(text):
                added[parts] += n * times
    assert sum(n for parts, n in read.items() if parts[0] == "case") == len(scene.cases)
    assert added == read


async def test_rates_are_of_what_is_over_by_rating_and_by_agency_e02_e06_e14(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        packages = {row[0]: row[1:] for row in await saved(dashboard, "packages")}
        answers = {row[0]: row[1:] for row in await saved(dashboard, "answers")}
        breaches = await saved(dashboard, "breaches")
    assert packages["RED"] == ["0", "1", "1", "0", ""]
    assert packages["AMBER"] == ["1", "0", "2", "100", ""]
    assert packages["BLUE"] == ["0", "0", "0", "", ""]
    assert answers["Staffordshire Police"] == ["2", "1", "2", "66", ""]
    assert ["hub target: agency silent", "1", ""] in breaches


async def test_what_owners_withheld_is_told_without_pointing_to_a_person_d03_d02(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        owners = {row[0]: row[1:] for row in await saved(dashboard, "owners")}
    assert owners["Education (EMS)"] == ["0", "0", "0", "", "0", "0", f"withheld: {FEW}"]


async def test_the_page_has_each_table_with_its_plot_and_no_case_and_no_person_d02(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        page = await (await dashboard.signed_in(MANAGER)).get("/figures")
    assert page.status_code == 200
    assert page.text.count('role="img"') == page.text.count("as a table</caption>") > 0
    assert all(f'id="{name}"' in page.text for name in NAMES)
    assert "7 cases received from 7 February to 5 March 2012" in page.text
    for case in scene.cases.values():
        assert case not in page.text
    assert "R-1" not in page.text
    assert " style=" not in page.text


async def test_cases_outside_the_period_do_not_count(scene: Scene) -> None:
    query = "period=between&from-day=1&from-month=2&from-year=2012&to-day=4&to-month=3&to-year=2012"
    async with a_dashboard(scene) as dashboard:
        page = await (await dashboard.signed_in(MANAGER)).get(f"/figures?{query}")
        weeks = await saved(dashboard, "volumes", query)
        assert f"/figures/packages.csv?{query}" not in page.text  # as it stands in a page
        assert "from-day=1&amp;" in page.text
    assert "0 cases received from 1 February to 4 March 2012" in page.text
    assert [row[0] for row in weeks[1:]] == [
        "2012-01-30",
        "2012-02-06",
        "2012-02-13",
        "2012-02-20",
        "2012-02-27",
    ]
    assert "as a table</caption>" not in page.text, "rows of nothing but zeros are no table"
    assert 'role="img"' not in page.text
    assert page.text.count("There was none.") == len(NAMES)
    assert f'href="/figures/volumes.csv?{escape(query)}"' in page.text, "the file has every week"


async def test_what_nothing_was_counted_of_is_named_in_a_sentence_and_has_no_row_but_in_the_file(
    scene: Scene,
) -> None:
    query = "period=between&from-day=9&from-month=1&from-year=2012&to-day=11&to-month=3&to-year=2012"
    async with a_dashboard(scene) as dashboard:
        page = (await (await dashboard.signed_in(MANAGER)).get(f"/figures?{query}")).text
        weeks = await saved(dashboard, "volumes", query)
        packages = await saved(dashboard, "packages", query)
    rows = re.findall(r'<th scope="row"[^>]*>([^<]*)</th>', page)
    assert "5 to 11 March 2012" in rows and "RED" in rows
    assert [row for row in rows if row in ("BLUE", "27 February to 4 March 2012")] == []
    assert "Left out, since there was none: 9 January to 4 March 2012." in page
    assert "Left out, since there was none: BLUE" in page
    assert len(weeks) == 1 + 9, "the file has every week"
    assert ["BLUE", "0", "0", "0", "", ""] in packages


def test_a_row_with_a_count_that_is_not_told_is_not_left_out_for_that_d02() -> None:
    counts: dict[tuple[str, ...], int] = {
        ("case", "hate_crime", "2012-02-20"): 3,
        ("case", "hate_crime", "2012-03-05"): 9,
    }
    volumes = next(one for one in tables(counts, PARTNERSHIP, asked({}, TODAY)) if one.name == "volumes")
    assert [row[0] for row in volumes.shown] == [Week(date(2012, 2, 20)), Week(date(2012, 3, 5))]
    assert volumes.left_out == ("6 to 19 February 2012", "27 February to 4 March 2012")


@pytest.mark.parametrize(
    ("query", "told_"),
    [
        ("period=5", "Choose one of these periods"),
        ("period=between", "From must be a real date"),
        ("period=between&from-day=31&from-month=2&from-year=2012", "From must be a real date"),
        (
            "period=between&from-day=5&from-month=3&from-year=2012&to-day=4&to-month=3&to-year=2012",
            "To must be the same day as From, or after it",
        ),
        (
            "period=between&from-day=5&from-month=3&from-year=2000&to-day=4&to-month=3&to-year=2012",
            "To must be at most three years after From",
        ),
    ],
)
async def test_a_period_that_there_is_not_is_told_in_a_summary_and_beside_its_field(
    scene: Scene, query: str, told_: str
) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(MANAGER)
        page = await browser.get(f"/figures?{query}")
        assert (await browser.get(f"/figures/packages.csv?{query}")).status_code == 404
        assert (await browser.get("/figures/nothing.csv")).status_code == 404
    assert page.status_code == 400
    assert page.text.count(told_) == 2
    assert "<title>Error: Figures" in page.text


async def test_only_managers_see_figures_and_are_led_to_them(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        of_agency = await dashboard.signed_in("CSK-LM-01@csc_stoke")  # and not of the hub
        assert (await of_agency.get("/figures")).status_code == 403
        sergeant, manager = await dashboard.signed_in(SERGEANT), await dashboard.signed_in(MANAGER)
        for path in ("/figures", "/figures/packages.csv"):
            assert (await sergeant.get(path)).status_code == 403
            assert (await manager.get(path)).status_code == 200
        assert 'href="/figures"' not in (await sergeant.get("/board")).text
        assert 'href="/figures"' in (await manager.get("/board")).text


def test_the_last_days_include_today_and_twenty_eight_are_usual() -> None:
    assert (asked({}, TODAY).first, asked({}, TODAY).last) == (date(2012, 2, 7), TODAY)
    assert asked({"period": "7"}, TODAY).first == date(2012, 2, 28)


@pytest.mark.parametrize(
    ("counts", "shown", "with_sum"),
    [
        ([0, 5, 12], [0, 5, 12], [0, 5, 12]),
        ([0, 4, 12], [0, FEW, 12], [0, NOT_TOLD, NOT_TOLD]),
        ([4, 9, 12], [FEW, 9, 12], [NOT_TOLD, NOT_TOLD, 12]),
        ([1, 4, 12], [FEW, FEW, 12], [FEW, FEW, 12]),
        ([1, 1, 10], [FEW, FEW, 10], [NOT_TOLD, NOT_TOLD, NOT_TOLD]),
        ([4, 4, 0], [FEW, FEW, 0], [NOT_TOLD, NOT_TOLD, NOT_TOLD]),
        ([1, 5, 12], [FEW, 5, 12], [NOT_TOLD, NOT_TOLD, NOT_TOLD]),
        ([4, 12, 12], [FEW, 12, 12], [NOT_TOLD, NOT_TOLD, NOT_TOLD]),
        ([1, 5], [FEW, 5], [NOT_TOLD, NOT_TOLD]),
        ([1, 1, 1, 1], [FEW, FEW, FEW, FEW], [NOT_TOLD, NOT_TOLD, NOT_TOLD, NOT_TOLD]),
        ([0, 3], [0, FEW], [0, FEW]),
        ([], [], []),
    ],
)
def test_a_count_that_could_point_to_a_person_is_not_told_nor_left_to_be_worked_out(
    counts: list[int], shown: list[object], with_sum: list[object]
) -> None:
    assert told(counts) == shown
    assert told(counts, with_sum=True) == with_sum


@pytest.mark.parametrize(("columns", "below"), [(1, 20), (2, 40), (3, 30), (4, 24), (6, 14)])
def test_no_small_count_follows_from_what_is_told_of_its_row_by_whoever_knows_the_rule(
    columns: int, below: int
) -> None:
    """Every row with a smaller sum is worked out backwards."""
    meant: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for row in rows_below(columns, below):
        (sum_,) = told([sum(row)])
        meant[sum_, *told(row, with_sum=True)].append(row)
    for rows in meant.values():
        for place in range(columns):
            could_be = {row[place] for row in rows}
            assert len(could_be) > 1 or not 0 < min(could_be) < 5, rows[0]


def rows_below(columns: int, below: int) -> Iterator[tuple[int, ...]]:
    """Every row of so many counts with a smaller sum."""
    if columns == 0:
        yield ()
        return
    for count in range(below):
        for rest in rows_below(columns - 1, below - count):
            yield (count, *rest)


def test_what_is_not_told_in_a_table_is_drawn_as_some_with_one_length_whatever_it_is() -> None:
    counts: dict[tuple[str, ...], int] = {
        ("case", "hate_crime", "2012-03-05"): 3,
        ("element", "police", "withheld"): 2,
    }
    found = {table.name: table for table in tables(counts, PARTNERSHIP, asked({"period": "7"}, TODAY))}
    assert found["volumes"].rows[-1] == (Week(date(2012, 3, 5)), FEW, FEW)
    assert found["owners"].rows == (("Staffordshire Police", 0, 0, 0, FEW, 0, 0),)
    for name in ("volumes", "owners"):
        drawn = [bar.parts for bar in found[name].bars if bar.parts]
        assert [[(part.kind, part.length) for part in parts] for parts in drawn] == [[("hidden", 2.0)]]


def test_bars_lie_side_by_side_within_the_width() -> None:
    counts: dict[tuple[str, ...], int] = {
        ("target", "red", "on_time"): 3, ("target", "red", "late"): 1, ("target", "amber", "running"): 2,
    }  # fmt: skip
    (packages,) = (t for t in tables(counts, PARTNERSHIP, asked({}, TODAY)) if t.name == "packages")
    red, amber, *_ = packages.bars
    assert [(part.kind, part.start, part.length) for part in red.parts] == [
        ("main", 0, 75),
        ("against", 75, 25),
    ]
    assert [(part.kind, part.length) for part in amber.parts] == [("open", 50)]
    assert red.text == "3 on time, 1 late, 0 still running"


async def test_what_the_hub_refused_is_counted_by_its_reason_and_stays_counted_b11(living: Scene) -> None:
    case = living.cases["new"]
    for n in range(2):
        said = ThresholdDecided(by=WORKER, met=True, rationale=why())
        answer = await living.say(Envelope(f"M-{n}", "staff", HUB, case, living.now, said))
        assert answer.reason == "role_may_not"
    accepted = ThresholdDecided(by=SENIOR_PRACTITIONER, met=True, rationale=why())
    assert (await living.say(Envelope("M-3", "staff", HUB, case, living.now, accepted))).outcome == "accepted"
    async with a_dashboard(living) as dashboard:
        assert await saved(dashboard, "refusals") == [
            ["Reason", "Times", "Not told"],
            ["role may not", "2", ""],
        ]
