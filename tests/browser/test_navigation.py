"""The way around in a real browser: on one line, by keyboard, and on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from agents.partnership import Partnership
from tests.browser.conftest import Opened
from tests.support.dashboard import Scene
from tests.support.dashboard_site import Site, a_site
from tests.support.whole_hub import PARTNERSHIP

MANAGER = "MASH-MGR-01@csc_staffordshire"
Accessible = Callable[[Page], None]


def sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/sign-in")
    page.get_by_role("combobox").select_option(MANAGER)
    page.get_by_role("button", name="Sign in").click()


def with_every_role() -> Partnership:
    """The partnership, in which the manager has every role there is."""
    said = PARTNERSHIP.model_dump()
    everything = sorted({role for one in said["staff"] for role in one["roles"]})
    staff = [
        {**one, "roles": everything} if f"{one['person']}@{one['agency']}" == MANAGER else one
        for one in said["staff"]
    ]
    return Partnership.model_validate({**said, "staff": staff})


def test_whoever_may_do_everything_has_the_sections_on_one_line_and_the_pages_of_one_too(
    scene: Scene, opened: Opened, accessible: Accessible
) -> None:
    page = opened(1280)
    with a_site(scene, partnership=with_every_role()) as site:
        sign_in(page, site)
        for path, count in (("/work", 5), ("/registers", 5), ("/board", 3)):
            page.goto(f"{site.url}{path}")
            accessible(page)
            sections = page.get_by_role("navigation", name="Menu").get_by_role("link")
            pages = page.locator(".hub-section").get_by_role("link")
            assert (sections.count(), pages.count()) == (7, count)
            for links in (sections, pages):
                tops = {round(box["y"]) for one in links.all() if (box := one.bounding_box())}
                assert len(tops) == 1, (path, tops)


def test_sections_come_before_their_pages_by_keyboard_and_the_skip_link_passes_both(
    site: Site, opened: Opened
) -> None:
    page = opened()
    sign_in(page, site)
    page.goto(f"{site.url}/registers")
    order = []
    for _ in range(12):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert order == [
        "Skip to main content", PARTNERSHIP.title, "Sign out", "Your work", "Cases", "Governance",
        "Figures", "Operations", "You", "Registers", "Supervision", "Breaches",
    ]  # fmt: skip
    page.goto(f"{site.url}/registers")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_focused()


def test_on_a_narrow_screen_sections_are_behind_a_button_and_pages_below_one_another(
    site: Site, opened: Opened, accessible: Accessible
) -> None:
    page = opened(360)
    sign_in(page, site)
    page.goto(f"{site.url}/registers")
    sections = page.get_by_role("navigation", name="Menu").get_by_role("link")
    expect(sections.first).to_be_hidden()
    accessible(page)
    page.get_by_role("button", name="Menu").click()
    expect(sections).to_have_count(6)
    expect(sections.first).to_be_visible()
    accessible(page)
    pages = page.get_by_role("navigation", name="Governance").get_by_role("link")
    tops = [box["y"] for one in pages.all() if (box := one.bounding_box())]
    assert tops == sorted(tops)
    assert len(set(tops)) == 3
    pages.filter(has_text="Breaches").click()
    expect(page).to_have_url(f"{site.url}/registers/breaches")
