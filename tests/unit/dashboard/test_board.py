"""The board: which cases, in which order, with which clocks, narrowed and found. [E03, E04, C10]"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ops import case_views
from ops.dashboard.refusals import CHAIN as REFUSED
from ops.dashboard.search import CHAIN as SEARCHED
from ops.dashboard.search import sought
from store.audit_check import verify_chain
from tests.support.dashboard import (
    ADULT_CARE,
    AUDIT_SECRET,
    SERGEANT,
    Dashboard,
    Scene,
    a_dashboard,
    a_scene,
    send,
)
from tests.support.procedure import Procedure
from tests.support.whole_hub import PARTNERSHIP

TILLY = {
    "by": "person",
    "given_name": "Tilly",
    "family_name": "Thornquist",
    "born-day": "1",
    "born-month": "4",
    "born-year": "2005",
}
_ROW = re.compile(r'data-item="([^"]+)" data-says="([^"]+)"')


async def entries(dashboard: Dashboard, chain: str) -> list[dict[str, Any]]:
    return [json.loads(entry.body) for entry in await dashboard.given.store.audit(chain)]


async def listed(dashboard: Dashboard, path: str = "/board") -> list[tuple[str, str]]:
    browser = await dashboard.signed_in(SERGEANT)
    return _ROW.findall((await browser.get(path)).text)


async def test_the_most_urgent_are_first_and_what_waits_for_its_teams_last(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        shown = [case for case, _ in await listed(dashboard)]
    names = {case: name for name, case in scene.cases.items()}
    order = [names[case] for case in shown]
    assert (order[0], order[-1]) == ("late", "issued")
    # What nobody has rated stands where it would if it were RED: after one that came a minute earlier.
    assert order[1:3] == ["red", "new"]
    assert set(order[3:5]) == {"disclosure", "adult_care"}


async def test_the_board_and_the_list_of_the_command_line_have_one_order(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        given, clocks = dashboard.given, dashboard.given.partnership.clocks
        shown = [case for case, _ in await listed(dashboard)]
        by_command = await case_views.listed(given.store, {"open": True}, 50, clocks=clocks, now=given.now)
    assert [row["case"] for row in by_command.rows] == shown


async def test_red_has_two_clocks_and_what_is_late_says_so_in_words_e03_e04(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        page = (await (await dashboard.signed_in(SERGEANT)).get("/board")).text
    row = page[page.index(f'id="row-{scene.cases["late"]}"') :]
    row = row[: row.index("</tr>")]
    assert re.search(r"Due <time[^>]*>5 Mar 2012, .* GMT</time><br>late by \d+ min", row)
    assert re.search(r"Promised <time[^>]*>5 Mar 2012, .* GMT</time><br>1 h \d\d min left", row)
    assert '<strong class="hub-rag hub-rag--red">RED</strong>' in row
    issued = page[page.index(f'id="row-{scene.cases["issued"]}"') :]
    assert "no clock runs" in issued[: issued.index("</tr>")]


async def test_until_it_is_rated_a_case_has_the_time_of_red_from_receipt_wherever_it_is_shown_e11(
    living: Scene,
) -> None:
    case = living.cases["new"]
    received = living.now
    due = received + PARTNERSHIP.clocks.red
    async with a_dashboard(living) as dashboard:
        browser, store = await dashboard.signed_in(SERGEANT), dashboard.given.store
        for now, left in ((received, "2 h 00 min left"), (due + timedelta(minutes=1), "late by 1 min")):
            dashboard.clock.show(now)
            for path in ("/board?needs=threshold", f"/cases/{case}", "/work"):
                page = (await browser.get(path)).text
                assert re.search(rf"Due if RED <time[^>]*>5 Mar 2012, 13:11 GMT</time><br>{left}", page)
            (row,) = (await browser.get("/api/v1/cases?needs=threshold")).json()["rows"]
            (clock,) = row["clocks"]
            assert (clock["name"], datetime.fromisoformat(clock["due"])) == ("due_if_red", due)
            by_command = await case_views.listed(
                store, {"needs": "threshold"}, 1, clocks=PARTNERSHIP.clocks, now=now
            )
            assert by_command.rows[0]["due_at"] == due.isoformat()
            assert clock["late"] == row["late"] == by_command.rows[0]["late"] == (now > due)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("rating=red", {"late", "red"}),
        ("needs=threshold", {"new"}),
        ("needs=owner", {"disclosure"}),
        ("needs=owner&agency=police", {"disclosure"}),
        ("needs=owner&agency=education", set()),
        ("rating=amber&needs=answer&agency=asc_staffordshire", {"adult_care"}),
        ("agency=asc_staffordshire", {"adult_care"}),
        ("agency=police", {"late", "red", "disclosure", "adult_care"}),
        ("needs=assessment&agency=asc_staffordshire", {"adult_care"}),
        ("category=hate_crime", set()),
        ("authority=stoke", set()),
        ("category=child_protection", {"issued", "late", "disclosure", "adult_care", "red", "new"}),
    ],
)
async def test_filters_narrow_the_list_and_stand_in_the_address(
    scene: Scene, query: str, expected: set[str]
) -> None:
    async with a_dashboard(scene) as dashboard:
        shown = {case for case, _ in await listed(dashboard, f"/board?{query}")}
    assert shown == {scene.cases[name] for name in expected}


async def test_a_filter_that_there_is_not_is_told_beside_its_field(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        page = await (await dashboard.signed_in(SERGEANT)).get("/board?rating=purple")
    assert page.status_code == 400
    assert page.text.count("Choose a value for rating from the list") == 2
    assert "purple" not in page.text


async def test_pages_follow_one_another_without_gap_or_repetition(scene: Scene) -> None:
    async with a_dashboard(scene, rows=4) as dashboard:
        all_ = await listed(dashboard, "/board?page=1") + await listed(dashboard, "/board?page=2")
        assert len(all_) == len(set(all_)) == 6
        for number in ("3", "999999", "x", "-1", "9" * 30):
            assert (await listed(dashboard, f"/board?page={number}")) in (all_[:4], all_[4:])


async def test_a_case_is_found_by_its_id_or_its_referrals_and_nothing_searched_stands_in_an_address(
    scene: Scene,
) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        case = scene.cases["issued"]
        for said in (case, case.lower(), "R-1", "r-1", " r-1 "):
            answer = await send(browser, "/search", {"id": said}, at="/search")
            assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case}")
        for said, told in (
            ("", "Enter the id"),
            ("Tilly Thornquist", "No case that you may see has this id"),
        ):
            answer = await send(browser, "/search", {"id": said}, at="/search")
            assert answer.status_code == 400
            assert answer.text.count(told) == 2
            assert f'value="{said}"' in answer.text or not said  # what was typed is there to be corrected


def _by(source: str) -> Callable[[Procedure, str], None]:
    def play(at: Procedure, referral_id: str) -> None:
        at.refer(referral_id="Log-7", source=source)

    return play


async def test_an_id_that_referrals_of_several_sources_have_leads_to_all_of_them_and_not_to_an_error(
    tmp_path: Path,
) -> None:
    sources = ("first_response", "emergency_duty")
    with a_scene(tmp_path, {source: _by(source) for source in sources}) as made:
        async with a_dashboard(made) as dashboard:
            found = await send(await dashboard.signed_in(SERGEANT), "/search", {"id": "Log-7"}, at="/search")
            desk = await dashboard.signed_in("MASH-MGR-01@csc_staffordshire")
            several = await send(desk, "/operations/find", {"id": "Log-7"})
            none = await send(desk, "/operations/find", {"id": "Log-8"})
    assert found.status_code == 200
    assert "2 cases found" in found.text
    assert all(f'href="/cases/{case}"' in found.text for case in made.cases.values())
    told = "referrals of several sources have this id"
    assert (several.status_code, none.status_code) == (400, 400)
    assert told in several.text and told not in none.text
    assert "no case has this one" in none.text and "no case has this one" not in several.text


async def test_a_case_that_one_may_not_see_is_found_no_more_than_one_that_there_is_not_c10(
    scene: Scene,
) -> None:
    async with a_dashboard(scene) as dashboard:
        browser, before = await dashboard.signed_in(ADULT_CARE), len(await entries(dashboard, REFUSED))
        case = scene.cases["issued"]
        answers = [
            (await send(browser, "/search", {"id": said}, at="/search")).text.replace(said, "…")
            for said in ("C-NONE", "R-1", case)
        ]
        assert answers[0] == answers[1] == answers[2]
        refused = (await entries(dashboard, REFUSED))[before:]
        assert [(one["page"], one["why"], one["case"]) for one in refused] == [
            ("search_for", "not_your_agencys_case", case)
        ] * 2
        found = await send(browser, "/search", {"id": "R-4"}, at="/search")
        assert found.headers["location"] == f"/cases/{scene.cases['adult_care']}"


async def test_cases_are_found_by_somebody_they_are_about_within_need_to_know_and_on_record_c10_d15(
    scene: Scene,
) -> None:
    async with a_dashboard(scene) as dashboard:
        for who, names in ((SERGEANT, scene.cases.keys()), (ADULT_CARE, {"adult_care"})):
            browser, before = await dashboard.signed_in(who), len(await entries(dashboard, SEARCHED))
            answer = await send(browser, "/search", TILLY, at="/search")
            shown = set(re.findall(r'href="/cases/([^"/]+)"', answer.text))
            assert (answer.status_code, shown) == (200, {scene.cases[name] for name in names})
            (entry,) = (await entries(dashboard, SEARCHED))[before:]
            assert f"{entry['by']['person']}@{entry['by']['agency']}" == who
            assert set(entry["shown"]) == shown
            assert {*entry["shown"], *entry["not_shown"]} == set(scene.cases.values())
            assert "ill" not in json.dumps(entry["people"])  # of whom was looked for, hashes alone
        nobody = await send(browser, "/search", {**TILLY, "given_name": "Tom"}, at="/search")
        assert "No case found" in nobody.text
        assert await verify_chain(dashboard.given.store, SEARCHED, AUDIT_SECRET) is None


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, {"given_name"}),
        ({"given_name": "Tilly", "family_name": "Thornquist"}, {"born-day"}),
        ({**TILLY, "given_name": ""}, {"given_name"}),
        ({**TILLY, "born-month": "13"}, {"born-day"}),
        ({**TILLY, "born-day": "1", "born-month": "1"}, {"born-day"}),
        ({**TILLY, "family_name": "x" * 300}, {"family_name"}),
        ({"number": "9434765919"}, {"scheme"}),
        ({"number": "9434765918", "scheme": "nhs"}, {"number"}),
    ],
)
async def test_who_is_sought_is_asked_for_again_at_the_field_that_is_wrong(
    scene: Scene, said: dict[str, str], wrong: set[str]
) -> None:
    async with a_dashboard(scene) as dashboard:
        browser, before = await dashboard.signed_in(SERGEANT), len(await entries(dashboard, SEARCHED))
        answer = await send(browser, "/search", {"by": "person", **said}, at="/search")
        assert answer.status_code == 400
        assert set(re.findall(r'<a href="#([^"]+)">', answer.text)) - {"main"} == wrong
        for text in said.values():
            assert f'value="{text}"' in answer.text or not text
        assert len(await entries(dashboard, SEARCHED)) == before


def test_a_number_finds_whoever_has_it_with_or_without_a_name() -> None:
    nhs = sought({"number": "943 476 5919", "scheme": "nhs"})
    assert (list(nhs.terms), nhs.problems) == (["nhs:9434765919"], {})
    assert len(sought({**TILLY, "number": "943 476 5919", "scheme": "nhs"}).terms) > 1


async def test_the_case_page_shows_agencies_elements_needs_packages_and_the_record(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        issued = (await browser.get(f"/cases/{scene.cases['issued']}")).text
        open_ = (await browser.get(f"/cases/{scene.cases['disclosure']}")).text
        gone = (await browser.get(f"/cases/{scene.cases['sent_back']}")).text
        assert (await browser.get("/cases/C-NONE")).status_code == 404
        assert (await browser.get("/cases/round")).status_code == 404
    for said in (
        "Education (EMS)",
        "nothing found",
        "withheld",
        "Version 1",
        "Package issued",
        "by CSS-SP-01",
    ):
        assert said in issued
    assert "Decision of Staffordshire Police on its elements" in open_
    assert "awaiting owner" in open_
    assert "no live cohort" in gone
