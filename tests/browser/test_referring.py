"""Registering a referral in a real browser: by keyboard, on a narrow screen, without scripts. [A12, B09]"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened, fits
from tests.browser.test_tasks import at, come_in, pick, press, tab_to, write
from tests.support.dashboard import SERGEANT
from tests.support.dashboard_site import Site
from tests.support.dashboard_tasks import SENIOR

expect.set_options(timeout=20_000)


def to_form(page: Page, site: Site, who: str) -> None:
    come_in(page, site, who)
    page.goto(f"{site.url}/board")
    tab_to(page, 'a[href="/referrals/new"]')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Register a referral")
    page.wait_for_load_state("load")


def when(page: Page) -> None:
    for part, text in (("day", "5"), ("month", "3"), ("year", "2012"), ("time", "8:40")):
        write(page, f"made_at-{part}", text)


def test_a_call_is_registered_and_its_case_opened_by_keyboard_alone_a12(
    living: Site, opened: Opened, accessible: Callable[[Page], None]
) -> None:
    page = opened()
    to_form(page, living, SENIOR)
    accessible(page)
    pick(page, "source", "first_response")
    when(page)
    pick(page, "how", "as_referred")
    pick(page, "category", "child_protection")
    pick(page, "believed", "yes")
    write(page, "section_47_belief.by", "CSS-PR-01")
    write(page, "section_47_belief.why", "Injuries that nobody explains.")
    write(page, "people.0.part", "Child")
    write(page, "people.0.family_name", "Quillfeather")
    press(page, "Add another person")
    expect(page.locator("#people-2")).to_be_focused()
    page.wait_for_load_state("load")
    accessible(page)
    write(page, "people.1.part", "Referrer")
    pick(page, "people.1.may_be_named", "no")
    pick(page, "authority", "staffordshire")
    press(page, "Register the referral")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Enter the concern")
    expect(page.locator(at("people.0.family_name"))).to_have_value("Quillfeather")
    accessible(page)
    tab_to(page, ".govuk-error-summary a")
    page.keyboard.press("Enter")
    expect(page.locator(at("concern"))).to_be_focused()
    write(page, "concern", "Bruises on both arms.")
    press(page, "Register the referral")
    expect(page.get_by_role("heading", level=1)).to_have_text("Referral registered")
    accessible(page)
    tab_to(page, 'main a[href^="/cases/"]')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("C-")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_form_is_accessible_and_fits_the_screen_empty_open_and_with_its_problems(
    site: Site, opened: Opened, accessible: Callable[[Page], None], width: int
) -> None:
    page = opened(width)
    come_in(page, site, SENIOR)
    page.goto(f"{site.url}/referrals/new")
    accessible(page)
    fits(page)
    page.evaluate("document.querySelectorAll('main [aria-controls]').forEach(one => one.click())")
    accessible(page)
    fits(page)
    page.get_by_role("button", name="Register the referral").last.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    accessible(page)
    fits(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_case_is_brought_on_professional_judgement_without_scripts_b09(
    living: Site, opened: Opened, accessible: Callable[[Page], None], width: int
) -> None:
    page = opened(width, scripts=False)
    come_in(page, living, SERGEANT)
    page.goto(f"{living.url}/referrals/new")
    expect(page.get_by_label("A practitioner brings it on professional judgement")).to_be_checked()
    expect(page.get_by_label("Whose judgement it is")).to_have_value(SERGEANT)
    page.get_by_label("Why they bring it").fill("I have known the family for years.")
    for part, text in (("day", "5"), ("month", "3"), ("year", "2012"), ("time", "8:40")):
        page.locator(at(f"made_at-{part}")).fill(text)
    page.get_by_label("Professional concern").check()
    page.get_by_label("The concern").fill("The boy does not speak any more.")
    page.get_by_label("Part in the case").select_option("child")
    page.get_by_label("Family name").fill("Quillfeather")
    page.get_by_role("group", name="Authority where they live").get_by_label("Staffordshire").check()
    page.get_by_role("button", name="Register the referral").last.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Referral registered")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Register a referral")
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Referral registered")
    case = page.locator(".govuk-panel__body strong")
    assert case.evaluate("one => one.getClientRects().length") == 1, "the id stands on one line"
    fits(page)
    page.get_by_role("link", name="Go to the case").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("C-")
