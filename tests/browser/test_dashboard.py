"""The dashboard in a real browser: by keyboard, live, on a narrow screen, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.support.dashboard import CHAMPION, EDUCATION, SERGEANT, TEXT, Scene, with_clearance
from tests.support.dashboard_site import Site, a_site

expect.set_options(timeout=20_000)


def sign_in(page: Page, site: Site, who: str = SERGEANT) -> None:
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("Who you are").select_option(who)
    page.get_by_role("button", name="Sign in").click()


def tab_to(page: Page, selector: str) -> None:
    """As somebody does it who has no mouse."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"nobody gets to {selector} by keyboard")


def test_somebody_signs_in_filters_the_board_and_opens_a_case_by_keyboard_alone(
    site: Site, scene: Scene, opened: Opened
) -> None:
    page = opened()
    page.goto(f"{site.url}/sign-in")
    tab_to(page, "#person")
    page.keyboard.type("POL-SGT-01")
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pause updates")).to_be_visible()
    page.wait_for_load_state("load")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "#rating")
    page.keyboard.type("RED")
    tab_to(page, ".hub-filters button")
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_contain_text("2 open cases that fit")
    tab_to(page, f"#case-{scene.cases['late']}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Case {scene.cases['late']}")


def test_the_board_updates_itself_says_so_and_leaves_the_focus_where_it_is(
    living: Site, opened: Opened
) -> None:
    page = opened()
    sign_in(page, living)
    red = page.locator(f"#row-{living.scene.cases['red']}")
    expect(red).to_contain_text("1 h 59 min left")
    expect(page.locator("#live-state")).to_have_text("Updates come by themselves.")
    page.locator(f"#case-{living.scene.cases['red']}").focus()
    with page.expect_response(re.compile("/board/rows")):
        living.pass_time(timedelta(hours=2, minutes=1))
    expect(red).to_contain_text("late by 2 min")
    expect(page.locator("#news")).to_contain_text(f"{living.scene.cases['red']}: RED, checks, late")
    expect(page.locator(f"#case-{living.scene.cases['red']}")).to_be_focused()


def test_updates_can_be_paused_and_taken_up_again(living: Site, opened: Opened) -> None:
    page = opened()
    sign_in(page, living)
    red, pause = (
        page.locator(f"#row-{living.scene.cases['red']}"),
        page.get_by_role("button", name="Pause updates"),
    )
    expect(page.locator("#live-state")).to_have_text("Updates come by themselves.")
    pause.click()
    expect(pause).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#live-state")).to_have_text("Updates are paused.")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    living.pass_time(timedelta(hours=2, minutes=1))
    page.get_by_role("link", name="Find a case").focus()
    assert asked == []
    expect(red).to_contain_text("1 h 59 min left")
    pause.click()
    expect(red).to_contain_text("late by 2 min")


def test_a_session_that_has_ended_is_told_on_the_open_board_and_nothing_more_is_shown(
    living: Site, opened: Opened
) -> None:
    page = opened()
    sign_in(page, living)
    expect(page.locator("#live-state")).to_have_text("Updates come by themselves.")
    living.pass_time(timedelta(minutes=31), outside=timedelta(minutes=31))
    expect(page.locator("#live-state")).to_contain_text("You are no longer signed in")
    page.reload()
    expect(page).to_have_title(re.compile("^Sign in"))


def test_a_session_that_ends_just_when_something_changed_is_told_too(living: Site, opened: Opened) -> None:
    page = opened()
    sign_in(page, living)
    expect(page.locator("#live-state")).to_have_text("Updates come by themselves.")
    page.route("**/board/rows*", lambda route: route.fulfill(status=401))
    living.pass_time(timedelta(minutes=5))
    expect(page.locator("#live-state")).to_contain_text("You are no longer signed in")


def test_updates_that_failed_are_not_told_as_the_end_of_the_session_and_are_tried_again(
    site: Site, opened: Opened
) -> None:
    page = opened()
    page.clock.install()
    page.route("**/board/events*", lambda route: route.fulfill(status=502))
    sign_in(page, site)
    state = page.locator("#live-state")
    expect(state).to_contain_text("This page may be out of date")
    expect(page.locator("#news")).to_have_text(state.inner_text())
    page.unroute("**/board/events*")
    page.clock.fast_forward(30_000)
    expect(state).to_have_text("Updates come by themselves.")


def test_updates_that_were_refused_are_told_so_and_are_asked_for_no_more(site: Site, opened: Opened) -> None:
    page = opened()
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(re.compile("/board/(events|rows)"), lambda route: route.fulfill(status=403))
    sign_in(page, site)
    expect(page.locator("#live-state")).to_contain_text("You can no longer see this page")
    page.clock.fast_forward(120_000)
    page.get_by_role("link", name="Skip to main content").focus()
    assert len([url for url in asked if "/board/" in url]) == 2


def test_everything_works_without_scripts(site: Site, scene: Scene, opened: Opened) -> None:
    page = opened(scripts=False)
    sign_in(page, site)
    expect(page.get_by_role("button", name="Pause updates")).to_have_count(0)
    page.get_by_label("Rating").select_option("amber")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("#count")).to_contain_text("3 open cases that fit")
    page.get_by_role("link", name=scene.cases["issued"]).click()
    page.get_by_role("link", name="Read version 1").click()
    page.get_by_label("Safeguarding children").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text(TEXT)).to_be_visible()
    page.get_by_role("link", name="Cases", exact=True).click()
    page.get_by_role("link", name="Find a case").click()
    page.get_by_label("Find a case").fill("R-1")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page).to_have_url(f"{site.url}/cases/{scene.cases['issued']}")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title(re.compile("^Sign in"))


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_every_page_in_every_state_is_accessible_and_fits_the_screen(
    site: Site, scene: Scene, opened: Opened, accessible: Callable[[Page], None], width: int
) -> None:
    page = opened(width)

    def fine() -> None:
        accessible(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} px too wide"

    page.goto(f"{site.url}/sign-in")
    fine()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose who you are")
    fine()
    sign_in(page, site)
    expect(page.locator("#live-state")).to_have_text("Updates come by themselves.")
    fine()
    page.get_by_role("button", name="Pause updates").click()
    fine()
    for path in ("/board?category=hate_crime", "/board?rating=purple", "/search", "/you", "/nothing"):
        page.goto(f"{site.url}{path}")
        fine()
    page.goto(f"{site.url}/search")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the id")
    fine()
    page.get_by_label("Given name").fill("Tilly")
    page.get_by_label("Family name").fill("Thornquist")
    page.get_by_label("Day").fill("31")
    page.get_by_role("button", name="Find by person").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Date of birth must be a real date")
    fine()
    for label, said in (("Day", "1"), ("Month", "4"), ("Year", "2005")):
        page.get_by_label(label).fill(said)
    page.get_by_label("Year").press("Enter")
    expect(page.get_by_role("table", name="Cases found")).to_contain_text(scene.cases["red"])
    assert "Tilly" not in page.url
    fine()
    for case in scene.cases.values():
        page.goto(f"{site.url}/cases/{case}")
        fine()
    page.goto(f"{site.url}/cases/{scene.cases['issued']}")
    page.get_by_role("link", name="Read version 1").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what you read it for")
    fine()
    page.get_by_label("Safeguarding children").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text(TEXT)).to_be_visible()
    fine()
    sign_in(page, site, CHAMPION)
    expect(page).to_have_title(re.compile("^Retention"))
    fine()
    page.goto(f"{site.url}/you")
    expect(page).to_have_title(re.compile("^What the register says of you"))
    fine()
    page.goto(f"{site.url}/board")
    expect(page).to_have_title(re.compile("^You may not see this"))
    fine()


def test_who_is_no_longer_cleared_is_told_why_on_an_accessible_page(
    scene: Scene, opened: Opened, accessible: Callable[[Page], None]
) -> None:
    with a_site(scene, partnership=with_clearance(vetted_until="2012-03-04")) as site:
        page = opened()
        sign_in(page, site, EDUCATION)
        expect(page.get_by_role("main")).to_contain_text("Your vetting has run out")
        accessible(page)
        page.goto(f"{site.url}/board")
        expect(page).to_have_title(re.compile("^You cannot see cases now"))
        accessible(page)


def test_header_menu_content_and_footer_of_a_page_begin_and_end_on_the_same_lines(
    site: Site, opened: Opened
) -> None:
    page = opened(1600)
    sign_in(page, site, "MASH-MGR-01@csc_staffordshire")
    for path in ("/board", "/operations", "/you"):
        page.goto(f"{site.url}{path}")
        lines = page.locator(".govuk-width-container").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect()).map(box => [box.left, box.right].join())"
        )
        assert len(lines) >= 4 and len(set(lines)) == 1, f"{path}: {lines}"


def test_your_work_updates_itself_and_says_so(living: Site, opened: Opened) -> None:
    page = opened()
    sign_in(page, living)
    page.goto(f"{living.url}/work")
    expect(page.locator("#live-state")).to_have_text("Updates come by themselves.")
    new = living.scene.cases["new"]
    with page.expect_response(re.compile("/work/part")):
        living.pass_time(timedelta(hours=2, minutes=1))
    row = page.locator(f"tr[data-item='Threshold: met or not, case {new}']")
    expect(row).to_contain_text("late by")
    expect(page.locator("#news")).to_contain_text("late")


def test_the_board_is_read_as_a_table_on_a_narrow_screen_too(
    site: Site, scene: Scene, opened: Opened
) -> None:
    page = opened(360)
    sign_in(page, site)
    row = page.get_by_role("row").filter(has_text=scene.cases["late"])
    expect(row.get_by_role("rowheader")).to_contain_text(scene.cases["late"])
    expect(row.get_by_role("cell").first).to_contain_text("RED")
