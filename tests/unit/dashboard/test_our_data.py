"""What became of an agency's information: for those who account for it, without a word of what it says."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from ops.dashboard.our_data import COLUMNS
from tests.support.dashboard import CHAMPION, EDUCATION, PURPOSE, TEXT, WITHHELD, Scene, a_dashboard
from tests.support.desk_work import at_desk, discuss, done, grounds, reveal, task
from tests.support.procedure import PARTNERSHIP, element

CONTROLLER = "EDU-DC-01@education"
HOLDERS = set(PARTNERSHIP.rights["account_for_data"])


def since(day: int) -> str:
    """Of those received on this day of March 2012 or later."""
    return f"since-day={day}&since-month=3&since-year=2012"


def until(day: int) -> str:
    """Of those received on this day of March 2012 or earlier."""
    return f"until-day={day}&until-month=3&until-year=2012"


async def table(desk: object, query: str = "") -> list[dict[str, str]]:
    """The lines of the downloaded table."""
    answer = await desk.get(f"/our-data/table{query}")  # type: ignore[attr-defined]
    assert answer.headers["content-type"].startswith("text/csv")
    assert WITHHELD not in answer.text
    assert TEXT not in answer.text
    read = csv.DictReader(io.StringIO(answer.text))
    lines = list(read)
    assert tuple(read.fieldnames or ()) == COLUMNS
    return lines


async def test_each_reading_release_and_refusal_of_the_agencys_elements_is_accounted_for_d02_d15_l05(
    living: Scene,
) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        reader = await at_desk(dashboard, "CSS-PR-01@csc_staffordshire", case)
        assert WITHHELD in (await reader.get(f"/cases/{case}/read")).text
        stranger = await at_desk(dashboard, "POL-SGT-01@police", living.cases["adult_care"])
        assert stranger is not None
        desk = await dashboard.signed_in(CONTROLLER)
        page = await desk.get("/our-data")
        assert "e/1" in page.text
        assert "p/1" not in page.text
        one = await desk.get(f"/our-data/cases/{case}")
        assert WITHHELD not in page.text + one.text
        assert "CSS-PR-01" in one.text
        lines = await table(desk)
    assert {line["element"] for line in lines} == {"e/1"}
    told = [(line["event"], line["what"], line["person"], line["choice"]) for line in lines]
    assert told == [
        ("revealed", "", "", ""),
        ("decided", "", "EDU-DM-01", "withhold"),
        ("read", "original", "CSS-PR-01", ""),
    ]
    assert lines[-1]["purpose"] == PURPOSE


async def test_what_left_is_accounted_for_with_its_basis_and_its_package_d15(living: Scene) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        buyer = await dashboard.at_desk(EDUCATION, case, PURPOSE)
        read = await buyer.get(f"/cases/{case}/packages/1")
        assert TEXT in read.text
        desk = await dashboard.signed_in(CHAMPION)
        lines = [line for line in await table(desk) if line["case"] == case]
    assert {line["element"] for line in lines} == {"p/1"}
    decided = next(line for line in lines if line["event"] == "decided")
    assert (decided["choice"], decided["legal_basis"]) == ("release", "children_act_2004")
    sent = [line for line in lines if line["event"] == "sent"]
    assert {line["package"] for line in sent} == {"1"}
    assert "EDU-DM-01" in {line["person"] for line in lines if line["event"] == "read"}


async def test_a_reading_of_the_sanitised_text_is_told_from_one_of_the_original_d11(living: Scene) -> None:
    case, choice = living.cases["red"], "decisions.0.choice"
    reveal(living, case, "education", element("e/8", "education", "CANARY original"))
    discuss(living, case, "e/8", number=4)
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, EDUCATION, case)
        said = {
            **grounds(choice),
            f"{choice}.form": "release_sanitised",
            f"{choice}.sanitised.text": "CANARY sanitised",
            f"{choice}.sanitised.transforms": ["summarised"],
        }
        await done(desk, task(case, "disclose", "e/8"), said)
        other = await at_desk(dashboard, "CSS-PR-01@csc_staffordshire", case)
        await done(
            other, task(case, "dispute", "e/8"), {"ground": "necessity", "position": "It says little."}
        )
        read = await other.get(f"/cases/{case}/disputes/read?about={case}/dispute/1")
        assert "CANARY sanitised" in read.text
        lines = await table(desk, f"?case={case}")
        page = (await desk.get(f"/our-data/cases/{case}")).text
    assert "CANARY" not in page + str(lines)
    readings = [(line["person"], line["what"]) for line in lines if line["event"] == "read"]
    assert readings[-1] == ("CSS-PR-01", "original, sanitised")
    assert set(readings[:-1]) == {("EDU-DM-01", "original"), ("CSS-PR-01", "original, sanitised")}
    assert [line["choice"] for line in lines if line["event"] == "decided"] == ["release_sanitised"]


async def test_a_reading_that_was_refused_is_accounted_for_in_the_case_c10_d02(living: Scene) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        refused = await at_desk(dashboard, "ASS-SP-01@asc_staffordshire", case)
        assert (await refused.get(f"/cases/{case}/read")).status_code == 403
        desk = await dashboard.signed_in(CONTROLLER)
        (line,) = [line for line in await table(desk) if line["event"] == "refused"]
        page = (await desk.get("/our-data")).text
    assert (line["person"], line["what"], line["element"]) == ("ASS-SP-01", "no_need_to_know", "")
    assert "1 reading was refused in this case" in page


@pytest.mark.parametrize("role", sorted({role for one in PARTNERSHIP.staff for role in one.roles}))
async def test_only_who_accounts_for_the_agencys_data_sees_what_became_of_it_l05(
    scene: Scene, role: str
) -> None:
    one = min(
        (one for one in PARTNERSHIP.staff if role in one.roles),
        key=lambda one: PARTNERSHIP.agencies[one.agency].off_hub,
    )
    async with a_dashboard(scene) as dashboard:
        desk = await dashboard.signed_in(f"{one.person}@{one.agency}")
        for path in ("/our-data", "/our-data/table"):
            may = bool(set(one.roles) & HOLDERS)
            assert (await desk.get(path)).status_code == (200 if may else 403)


async def test_nothing_of_another_agencys_data_is_shown_l05(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        desk = await dashboard.signed_in(CONTROLLER)
        other = scene.cases["disclosure"]
        assert other not in (await desk.get("/our-data")).text
        assert (await desk.get(f"/our-data/cases/{other}")).status_code == 403
        assert "0 cases" in (await desk.get(f"/our-data?case={other}")).text
        assert await table(desk, f"?case={other}") == []


@pytest.mark.parametrize(
    ("query", "cases"),
    [
        ("", ["disclosure", "issued"]),
        (f"?{since(5)}&{until(5)}", ["disclosure", "issued"]),
        (f"?{until(4)}", []),
        (f"?{since(6)}", []),
        ("?page=9", ["disclosure", "issued"]),
    ],
)
async def test_it_is_narrowed_to_the_days_on_which_cases_were_received_l05(
    scene: Scene, query: str, cases: list[str]
) -> None:
    async with a_dashboard(scene) as dashboard:
        dashboard.clock.show(dashboard.clock.now() + timedelta(days=2))
        desk = await dashboard.signed_in(CHAMPION)
        page = (await desk.get(f"/our-data{query}")).text
        assert {name for name, case in scene.cases.items() if case in page} == set(cases)
        in_table = {line["case"] for line in await table(desk, query)}
        assert in_table == {scene.cases[name] for name in cases}


async def test_a_day_that_is_none_is_told_at_its_field(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        desk = await dashboard.signed_in(CHAMPION)
        page = await desk.get("/our-data?since-day=31&since-month=2&since-year=2012")
        assert page.status_code == 400
        assert 'href="#since-day"' in page.text
        assert page.text.count("Received from must be a real date") == 2
        assert 'id="until-error"' not in page.text


@pytest.mark.parametrize(
    ("query", "field", "problem"),
    [
        (since(6), "since", "Received from must be today or in the past"),
        (until(6), "until", "Received until must be today or in the past"),
        (
            f"{since(5)}&{until(4)}",
            "until",
            "Received until must be the same day as Received from, or after it",
        ),
    ],
)
async def test_days_to_come_and_an_end_before_its_beginning_are_told_at_their_field(
    scene: Scene, query: str, field: str, problem: str
) -> None:
    async with a_dashboard(scene) as dashboard:
        desk = await dashboard.signed_in(CHAMPION)
        page = await desk.get(f"/our-data?{query}")
        assert page.status_code == 400
        assert f'href="#{field}-day"' in page.text
        assert page.text.count(problem) == 2
        assert (await desk.get(f"/our-data/table?{query}")).status_code == 404


async def test_with_a_wrong_filter_there_is_neither_a_list_nor_a_file_of_everything(scene: Scene) -> None:
    wrong = "since=none&since-day=32&since-month=1&since-year=2012"
    async with a_dashboard(scene) as dashboard:
        desk = await dashboard.signed_in(CHAMPION)
        page = await desk.get(f"/our-data?{wrong}")
        assert page.status_code == 400
        assert not [case for case in scene.cases.values() if case in page.text]
        assert "/our-data/table" not in page.text
        assert (await desk.get(f"/our-data/table?{wrong}")).status_code == 404
