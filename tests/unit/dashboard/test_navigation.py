"""The way around: sections by kind of work, each with what the viewer may open, and where they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi.routing import iter_route_contexts

from agents.partnership import Partnership
from agents.partnership.reading import bundled, read_partnership
from ops.dashboard.navigation import SECTIONS, navigation
from ops.dashboard.viewer import Viewer, viewer_of
from tests.support.dashboard import CHAMPION, FIELD, MORNING, SERGEANT, Scene, a_dashboard, with_clearance
from tests.support.whole_hub import PARTNERSHIP

MANAGER = "MASH-MGR-01@csc_staffordshire"
OWNER_OFF_HUB = "HOU-DM-01@housing"
PANEL = "POL-PNL-01@police"


def viewer(who: str, partnership: Partnership = PARTNERSHIP) -> Viewer:
    person, _, agency = who.partition("@")
    found = viewer_of(partnership, person, agency, MORNING.date())
    assert found is not None
    return found


def led_to(who: str, partnership: Partnership = PARTNERSHIP) -> dict[str, list[str]]:
    """The pages of each section that somebody has."""
    found = navigation(viewer(who, partnership), "/", partnership)
    return {one.title: [page.title for page in one.pages] for one in found}


def marked(page: str) -> list[tuple[str, str]]:
    """What a page says is where one is: how, and the title of the link."""
    links = re.findall(r'<a[^>]*aria-current="(\w+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return [(how, unescape(re.sub(r"<[^>]+>", "", text)).strip()) for how, text in links]


def everybody() -> Iterator[tuple[str, Partnership]]:
    for name in ("staffordshire-2012", "larkmoor-2026"):
        partnership = read_partnership(bundled(name))
        for one in partnership.staff:
            yield f"{one.person}@{one.agency}", partnership


def test_the_manager_has_six_sections_and_each_other_person_no_more() -> None:
    assert led_to(MANAGER) == {
        "Your work": ["Your work", "Checks to answer", "Disputes"],
        "Cases": ["Board", "Find a case"],
        "Governance": ["Registers", "Supervision", "Breaches"],
        "Figures": ["Figures"],
        "Operations": ["Operations"],
        "You": ["You"],
    }
    assert max(len(led_to(who, partnership)) for who, partnership in everybody()) == 6


@pytest.mark.parametrize(
    ("who", "sections"),
    [
        (FIELD, ["Your team", "Register a referral", "You"]),
        (PANEL, ["Disputes", "You"]),
        (OWNER_OFF_HUB, ["Your work", "Our data", "You"]),
        (CHAMPION, ["Governance", "You"]),
    ],
)
def test_a_section_with_one_page_goes_straight_there_under_its_name(who: str, sections: list[str]) -> None:
    found = navigation(viewer(who), "/", PARTNERSHIP)
    assert [one.title for one in found] == sections
    assert all(one.title == one.pages[0].title for one in found if len(one.pages) == 1)


async def test_every_page_of_the_navigation_stands_at_the_address_of_its_route(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        routes = {str(route.name): route.path for route in iter_route_contexts(dashboard.app.routes)}
    for page in (page for pages in SECTIONS.values() for page in pages):
        assert routes[page.route] == page.address


@pytest.mark.parametrize(
    ("who", "arrives"),
    [
        (MANAGER, "/board"),
        (CHAMPION, "/retention"),
        (FIELD, "/team"),
        (OWNER_OFF_HUB, "/desk/disclosure"),
        (PANEL, "/desk/disputes"),
    ],
)
async def test_everybody_arrives_at_a_page_that_they_may_open(scene: Scene, who: str, arrives: str) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(who)
        answer = await browser.get("/")
        assert (answer.status_code, answer.headers["location"]) == (303, arrives)
        assert (await browser.get(arrives)).status_code == 200


@pytest.mark.parametrize("who", [MANAGER, OWNER_OFF_HUB, FIELD])
def test_who_is_not_cleared_is_led_nowhere_but_to_why_l03_l04(who: str) -> None:
    assert led_to(who, with_clearance(vetted_until="2012-03-04")) == {"You": ["You"]}


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/registers/supervision", [("true", "Governance"), ("page", "Supervision")]),
        ("/registers?all", [("true", "Governance"), ("page", "Registers")]),
        ("/board", [("true", "Cases"), ("page", "Board")]),
        ("/figures", [("page", "Figures")]),
        ("/operations/installation", [("true", "Operations")]),
        ("/you", [("page", "You")]),
    ],
)
async def test_the_page_and_its_section_are_marked(
    scene: Scene, path: str, where: list[tuple[str, str]]
) -> None:
    async with a_dashboard(scene) as dashboard:
        page = await (await dashboard.signed_in(MANAGER)).get(path)
    assert page.status_code == 200
    assert marked(page.text) == where


async def test_a_case_is_in_the_section_of_cases_whose_pages_give_way_to_its_own(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        page = (await browser.get(f"/cases/{scene.cases['red']}/record")).text
    assert marked(page) == [("true", "Cases"), ("page", "Record")]
    assert 'href="/search"' not in page


async def test_who_is_signed_in_and_the_way_out_stand_at_the_head_of_each_page_and_once(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        page = (await (await dashboard.signed_in(SERGEANT)).get("/board")).text
        nobody = (await dashboard.browser().get("/sign-in")).text
    head, _, rest = page.partition("</header>")
    assert "Signed in as </span>POL-SGT-01, Staffordshire Police" in head
    assert 'action="/sign-out"' in head and 'action="/sign-out"' not in rest and "POL-SGT-01" not in rest
    assert "Signed in as" not in nobody and "Sign out" not in nobody
