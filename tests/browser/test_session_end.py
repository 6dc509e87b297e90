"""The end of a session in a real browser, by keyboard alone: it is told before, and no form is lost. [D02]"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.support.dashboard import SERGEANT, Scene
from tests.support.dashboard_site import Site, a_site

expect.set_options(timeout=20_000)
TYPED = "What somebody typed for twenty minutes."


def tab_to(page: Page, selector: str) -> None:
    """As somebody does it who has no mouse."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
    raise AssertionError(f"nobody gets to {selector} by keyboard")


def sign_in(page: Page) -> None:
    tab_to(page, "#person")
    page.keyboard.type(SERGEANT.partition("@")[0])
    tab_to(page, "main button")
    page.keyboard.press("Enter")


def at_task(page: Page, site: Site, case: str) -> None:
    """Sign in, and open a form of a case for a purpose."""
    page.goto(f"{site.url}/sign-in")
    sign_in(page)
    expect(page).to_have_title(re.compile("^Open cases|^Board"))
    page.goto(f"{site.url}/cases/{case}/tasks/direction")
    say_purpose(page)


def say_purpose(page: Page) -> None:
    expect(page).to_have_title(re.compile("^What you read this case for"))
    tab_to(page, "input[name=purpose]")
    page.keyboard.press("Space")
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Direct the checks"))
    page.wait_for_load_state("load")  # and with it the script, so that its time begins before it goes by


def type_reason(page: Page) -> None:
    tab_to(page, "textarea[name='rationale.reason']")
    page.keyboard.type(TYPED)


def minutes(page: Page, site: Site, number: int) -> None:
    """Let time go by, outside the hub: in the browser and in the dashboard."""
    site.pass_time(timedelta(0), outside=timedelta(minutes=number))
    page.clock.fast_forward(number * 60_000)


@pytest.mark.parametrize("width", [360, 1280])
def test_two_minutes_before_the_end_it_is_told_and_the_session_goes_on_when_asked(
    site: Site, scene: Scene, opened: Opened, accessible: Callable[[Page], None], width: int
) -> None:
    page = opened(width)
    page.clock.install()
    at_task(page, site, scene.cases["red"])
    type_reason(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_count(0)
    minutes(page, site, 28)
    expect(dialog).to_have_accessible_name("You will be signed out in 2 minutes")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    accessible(page)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    stay, close = (
        dialog.get_by_role("button", name=name).bounding_box() for name in ("Stay signed in", "Close")
    )
    assert stay and close
    apart = (close["x"] - stay["x"] - stay["width"], close["y"] - stay["y"] - stay["height"])
    assert max(apart) >= 10, "the buttons touch"
    minutes(page, site, 1)
    expect(dialog).to_have_accessible_name("You will be signed out in 1 minute")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator("textarea[name='rationale.reason']")).to_be_focused()
    minutes(page, site, 20)
    page.goto(f"{site.url}/you")
    expect(page).to_have_title(re.compile("^What the register says of you"))


def test_a_session_that_goes_on_elsewhere_is_not_told_to_end_here(
    site: Site, scene: Scene, opened: Opened
) -> None:
    page = opened()
    page.clock.install()
    at_task(page, site, scene.cases["red"])
    minutes(page, site, 20)
    other = page.context.new_page()
    other.goto(f"{site.url}/you")
    minutes(page, site, 8)
    expect(page.locator("#session-end")).to_have_attribute("data-left", str(22 * 60))
    expect(page.get_by_role("dialog")).to_have_count(0)
    minutes(page, site, 20)
    expect(page.get_by_role("dialog")).to_have_count(1)


def test_who_is_signed_out_while_writing_sends_the_form_signs_in_and_goes_on_where_they_were(
    site: Site, scene: Scene, opened: Opened, accessible: Callable[[Page], None]
) -> None:
    page = opened()
    page.clock.install()
    at_task(page, site, scene.cases["red"])
    expect(page.get_by_role("main")).to_contain_text("What is known")
    type_reason(page)
    minutes(page, site, 28)
    expect(page.get_by_role("dialog")).to_have_accessible_name("You will be signed out in 2 minutes")
    minutes(page, site, 2)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.keyboard.type(" And more. ")  # of somebody who did not look up; it sends nothing
    left_on_screen = page.get_by_role("main").inner_text()
    assert left_on_screen.startswith("You are signed out\n\nWhat you typed here is not lost.")
    assert left_on_screen.endswith("Sign in again")
    assert page.locator("main > form").count() == page.locator("main form, main dl, main section").count()
    expect(page).to_have_title("You are signed out")
    accessible(page)
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Nothing of it was lost")
    accessible(page)
    sign_in(page)
    say_purpose(page)
    expect(page.get_by_role("main")).to_contain_text("You are signed in again.")
    expect(page.locator("textarea[name='rationale.reason']")).to_have_value(TYPED)
    accessible(page)


def test_a_page_on_which_nothing_was_typed_is_left_when_the_session_ends(
    site: Site, scene: Scene, opened: Opened
) -> None:
    page = opened()
    page.clock.install()
    at_task(page, site, scene.cases["red"])
    page.goto(f"{site.url}/cases/{scene.cases['red']}")
    minutes(page, site, 28)
    expect(page.get_by_role("dialog")).to_have_count(1)
    minutes(page, site, 2)
    expect(page).to_have_title(re.compile("^Sign in"))


def test_a_session_that_cannot_be_longer_says_so(
    scene: Scene, opened: Opened, accessible: Callable[[Page], None]
) -> None:
    with a_site(scene, longest=timedelta(minutes=20)) as site:
        page = opened()
        page.clock.install()
        at_task(page, site, scene.cases["red"])
        minutes(page, site, 18)
        expect(page.get_by_role("dialog")).to_contain_text("as long as one session lasts")
        expect(page.get_by_role("button", name="Stay signed in")).to_have_count(0)
        expect(page.get_by_role("button", name="Close")).to_be_focused()
        accessible(page)


def test_without_scripts_the_page_says_how_long_and_no_form_is_lost_either(
    site: Site, scene: Scene, opened: Opened
) -> None:
    page = opened(scripts=False)
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("Who you are").select_option(SERGEANT)
    page.get_by_role("button", name="Sign in").press("Enter")
    expect(page.get_by_role("contentinfo")).to_contain_text("You are signed out in 30 min")
    page.goto(f"{site.url}/search")
    page.get_by_label("Find a case").fill("R-1")
    site.pass_time(timedelta(0), outside=timedelta(minutes=30))
    page.get_by_role("button", name="Find", exact=True).press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Nothing of it was lost")
    page.get_by_label("Who you are").select_option(SERGEANT)
    page.get_by_role("button", name="Sign in").press("Enter")
    expect(page.get_by_label("Find a case")).to_have_value("R-1")
