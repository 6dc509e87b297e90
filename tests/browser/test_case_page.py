"""The page of a case in a real browser: by keyboard, live, paused, without scripts, on a narrow screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from messages.envelope import Envelope
from messages.intake import RiskRated
from messages.parties import HUB, STAFF
from messages.words import Rag
from tests.browser.conftest import Opened, fits
from tests.browser.test_dashboard import sign_in, tab_to
from tests.support.dashboard import TEXT, Scene
from tests.support.dashboard_cases import (
    about_an_adult,
    in_dispute,
    play,
    with_ids_as_agencies_make_them,
)
from tests.support.dashboard_site import Site
from tests.support.procedure import MANAGER, why

expect.set_options(timeout=20_000)
LIVE = "Updates come by themselves."


def rate(site: Site, case: str, rag: Rag) -> None:
    """Somebody else rates the case at another desk."""
    said = RiskRated(by=MANAGER, rag=rag, rationale=why())
    envelope = Envelope(
        id=f"elsewhere-{rag}", source=STAFF, recipient=HUB, subject=case, time=site.scene.now, payload=said
    )
    site.scene.thread.submit(site.scene.hub.take, envelope).result()


def opened_case(page: Page, site: Site, name: str) -> str:
    sign_in(page, site)
    case = site.scene.cases[name]
    page.goto(f"{site.url}/cases/{case}")
    return case


def test_somebody_finds_a_place_on_the_page_and_reads_what_is_known_by_keyboard_alone_d02(
    site: Site, scene: Scene, opened: Opened
) -> None:
    page = opened()
    case = opened_case(page, site, "issued")
    tab_to(page, "a[href='#elements']")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#elements$"))
    tab_to(page, ".moj-sub-navigation a[href$='/read']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What do you read this case for?")
    tab_to(page, "input[name=purpose]")
    page.keyboard.press("Space")
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    expect(page.get_by_text(TEXT)).to_be_visible()
    tab_to(page, ".moj-sub-navigation a[href$='/reasons']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Why it was decided")
    tab_to(page, ".moj-sub-navigation a[href$='/record']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Case {case}")
    expect(page.get_by_text("Package issued")).to_be_visible()


def test_the_page_updates_itself_says_what_changed_and_leaves_the_focus_where_it_is_e11(
    living: Site, opened: Opened
) -> None:
    page = opened()
    case = opened_case(page, living, "issued")
    expect(page.locator("#live-state")).to_have_text(LIVE)
    link = page.get_by_role("link", name="Read what is known")
    link.focus()
    with page.expect_response(re.compile("/part$")):
        rate(living, case, Rag.RED)
        living.pass_time(timedelta(minutes=1))
    expect(page.locator(".moj-identity-bar")).to_contain_text("RED")
    expect(page.locator("#news")).to_contain_text("Case: RED")
    expect(link).to_be_focused()
    tab_to(page, "#main-content a")
    assert page.evaluate("document.title") == f"Case {case} – {living.dashboard.given.partnership.title}"


def test_what_runs_late_is_told_on_the_open_page_with_who_is_waited_for_e14(
    living: Site, opened: Opened
) -> None:
    page = opened()
    opened_case(page, living, "red")
    expect(page.locator("#live-state")).to_have_text(LIVE)
    expect(page.get_by_role("row").filter(has_text="No sign of delay")).to_have_count(4)
    task = page.get_by_role("link", name="Rate the risk")
    task.focus()
    with page.expect_response(re.compile("/part$")):
        living.pass_time(timedelta(hours=2, minutes=1))
    expect(page.get_by_role("row").filter(has_text="Its time has run out")).to_have_count(4)
    expect(page.locator("#news")).to_have_text("5 changes in this case")
    expect(task).to_be_focused()


def test_updates_of_a_case_can_be_paused_by_keyboard_and_taken_up_again(living: Site, opened: Opened) -> None:
    page = opened()
    case = opened_case(page, living, "issued")
    expect(page.locator("#live-state")).to_have_text(LIVE)
    tab_to(page, "#pause")
    page.keyboard.press("Space")
    expect(page.locator("#live-state")).to_have_text("Updates are paused.")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    rate(living, case, Rag.RED)
    living.pass_time(timedelta(minutes=1))
    expect(page.locator(".moj-identity-bar")).to_contain_text("AMBER")
    assert asked == []
    page.keyboard.press("Space")
    expect(page.locator(".moj-identity-bar")).to_contain_text("RED")


def test_a_session_that_has_ended_is_told_on_the_open_case(living: Site, opened: Opened) -> None:
    page = opened()
    opened_case(page, living, "red")
    expect(page.locator("#live-state")).to_have_text(LIVE)
    living.pass_time(timedelta(minutes=31), outside=timedelta(minutes=31))
    expect(page.locator("#live-state")).to_contain_text("You are no longer signed in")


def test_a_case_is_read_without_scripts(site: Site, scene: Scene, opened: Opened) -> None:
    page = opened(scripts=False)
    opened_case(page, site, "issued")
    expect(page.get_by_role("button", name="Pause updates")).to_have_count(0)
    page.get_by_role("link", name="What is known", exact=True).click()
    page.get_by_label("Safeguarding children").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text(TEXT)).to_be_visible()
    expect(page.get_by_text("about this child").first).to_be_visible()


def test_every_page_of_a_case_in_every_state_is_accessible_and_fits_the_screen(
    site: Site, scene: Scene, opened: Opened, fine: Callable[[Page], None]
) -> None:
    page = opened()
    sign_in(page, site)
    for name, case in scene.cases.items():
        page.goto(f"{site.url}/cases/{case}")
        fine(page)
        page.goto(f"{site.url}/cases/{case}/record")
        fine(page)
        page.goto(f"{site.url}/cases/{case}/read")
        fine(page)
        if name == "issued":
            page.get_by_role("button", name="Continue").click()
            expect(page.get_by_role("alert")).to_contain_text("Choose what you read it for")
            fine(page)
        page.get_by_label("Safeguarding children").check()
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("This reading is on record")).to_be_visible()
        fine(page)
        page.goto(f"{site.url}/cases/{case}/reasons")
        fine(page)
    page.goto(f"{site.url}/cases/{scene.cases['red']}")
    page.get_by_role("button", name="Pause updates").click()
    fine(page)


def test_an_adults_case_and_one_in_dispute_are_accessible_and_fit_the_screen_f01_k01(
    living: Site, opened: Opened, fine: Callable[[Page], None]
) -> None:
    page = opened()
    sign_in(page, living)
    for steps, purpose in ((about_an_adult, "adults"), (in_dispute, "children")):
        case = play(living.scene, steps)
        for path in ("", "/read", "/reasons", "/record"):
            page.goto(f"{living.url}/cases/{case}{path}")
            if path == "/read":
                page.get_by_label(f"Safeguarding {purpose}").check()
                page.get_by_role("button", name="Continue").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text(f"Case {case}")
            fine(page)


def test_ids_as_long_as_agencies_make_them_fit_the_screen_on_every_page_and_form(
    living: Site, opened: Opened
) -> None:
    page = opened()
    case = play(living.scene, with_ids_as_agencies_make_them)
    for who in ("MASH-MGR-01@csc_staffordshire", "POL-SGT-01@police", "POL-DM-01@police"):
        sign_in(page, living, who)
        page.goto(f"{living.url}/cases/{case}/read")
        page.get_by_label("Safeguarding children").check()
        page.get_by_role("button", name="Continue").click()
        page.goto(f"{living.url}/cases/{case}")
        links = page.locator("a[id^='task-'], #disputes a")
        forms = [one.get_attribute("href") or "" for one in links.all()]
        assert any("fb45" in form or "/dispute" in form for form in forms)
        of_the_case = [f"/cases/{case}{path}" for path in ("", "/read", "/reasons", "/record")]
        for path in (*of_the_case, *forms, "/desk/disclosure", "/work", "/board"):
            page.goto(f"{living.url}{path}")
            fits(page)
        page.get_by_role("button", name="Sign out").first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
