"""The management view in a real browser: by keyboard alone, narrow, without scripts. [K05, J01]"""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.support.dashboard import Scene
from tests.support.dashboard_site import Site

expect.set_options(timeout=20_000)

MANAGER = "MASH-MGR-01"


def tab_to(page: Page, selector: str) -> None:
    """As somebody does it who has no mouse."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"nobody gets to {selector} by keyboard")


def to_figures(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/sign-in")
    tab_to(page, "#person")
    page.keyboard.type(MANAGER)
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Board")
    page.goto(f"{site.url}/figures")
    expect(page.get_by_role("heading", level=1)).to_have_text("Figures")


def choose_dates(page: Page, first: tuple[str, str, str], last: tuple[str, str, str]) -> None:
    """Choose the last of the periods, and type into the six fields that it opens."""
    tab_to(page, "[name=period]")
    while not page.evaluate("document.activeElement.value === 'between'"):
        page.keyboard.press("ArrowDown")
    for end, typed in (("from", first), ("to", last)):
        for part, text in zip(("day", "month", "year"), typed, strict=True):
            tab_to(page, f"#{end}-{part}")
            page.keyboard.press("Control+A")
            page.keyboard.type(text)
    tab_to(page, "main form button")
    page.keyboard.press("Enter")


def test_a_manager_chooses_a_period_reads_the_figures_and_saves_them_by_keyboard_alone_k05(
    site: Site, scene: Scene, opened: Opened
) -> None:
    page = opened()
    to_figures(page, site)
    expect(page.locator("#count")).to_contain_text("7 cases received from 7 February to 5 March 2012")
    choose_dates(page, ("40", "1", "2012"), ("5", "3", "2012"))
    expect(page.get_by_role("alert")).to_contain_text("From must be a real date")
    tab_to(page, ".govuk-error-summary a")
    page.keyboard.press("Enter")
    expect(page.locator("#from-day")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("5")
    tab_to(page, "#from-month")
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_contain_text("7 cases received on 5 March 2012")
    row = page.get_by_role("row").filter(has_text="AMBER")
    expect(row.get_by_role("cell").last).to_have_text("100 %")
    expect(page.get_by_role("img", name="Packages on time, by rating")).to_be_visible()
    tab_to(page, "a[href^='/figures/packages.csv']")
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    assert saved.value.suggested_filename == "packages-2012-03-05-2012-03-05.csv"
    with saved.value.path().open(newline="") as file:
        assert ["AMBER", "1", "0", "2", "100", ""] in list(csv.reader(file))


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_figures_are_accessible_in_every_state_and_fit_the_screen(
    site: Site, scene: Scene, opened: Opened, accessible: Callable[[Page], None], width: int
) -> None:
    page = opened(width)
    to_figures(page, site)

    def fine() -> None:
        accessible(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} px too wide"

    fine()
    for query in (
        "period=7",
        "period=5",
        "period=between",
        "period=between&from-day=1&from-month=2&from-year=2012&to-day=4&to-month=3&to-year=2012",
    ):
        page.goto(f"{site.url}/figures?{query}")
        fine()


def test_without_scripts_the_dates_are_there_and_the_figures_too(
    site: Site, scene: Scene, opened: Opened
) -> None:
    page = opened(scripts=False)
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("Who you are").select_option("MASH-MGR-01@csc_staffordshire")
    page.get_by_role("button", name="Sign in").press("Enter")
    page.goto(f"{site.url}/figures")
    expect(page.get_by_label("Day").first).to_be_visible()
    expect(page.get_by_role("img", name="Answers on time, by agency")).to_be_visible()
