"""Daily rounds, registers and retention in a real browser: by keyboard alone, and on a narrow screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from messages.dial import DialCheckRecorded, DialHistoryRecorded
from messages.words import Mode
from tests.browser.conftest import Opened, fits
from tests.support.dashboard import CHAMPION, SERGEANT
from tests.support.dashboard_rounds import (
    ACCOUNT,
    CHILD,
    CIRCUMSTANCES,
    DIALS,
    HATE,
    HATE_CRIME,
    MISPER,
    PROTECTION,
    RESEARCHER,
    Daily,
    a_daily_scene,
)
from tests.support.dashboard_site import Site, a_site
from tests.support.procedure import secret
from tests.support.rights_of_rounds import PRACTITIONER
from tests.support.rights_of_rounds import RESEARCHER as POLICE_RESEARCHER

expect.set_options(timeout=20_000)

MEETING = "/rounds/dial_meeting"
QUORUM = (
    "CSS-SP-01@csc_staffordshire/senior_practitioner",
    "CSK-SP-01@csc_stoke/senior_practitioner",
    "POL-SGT-01@police/police_sergeant",
)
Check = Callable[[Page], None]


@pytest.fixture
def daily(tmp_path: Path) -> Iterator[Daily]:
    """The first of two DIALs has been checked by police and children's services."""
    with a_daily_scene(tmp_path) as made:
        history = DialHistoryRecorded(by=POLICE_RESEARCHER, known=True, history=secret("two call-outs"))
        made.say(history, "staff", DIALS[0])
        findings = DialCheckRecorded(by=PRACTITIONER, known=False, findings=secret("nothing found"))
        made.say(findings, "staff", DIALS[0])
        yield made


@pytest.fixture
def held(daily: Daily) -> Iterator[Site]:
    with a_site(daily.scene) as site:
        yield site


@pytest.fixture
def fine(accessible: Check) -> Check:
    """Nothing is wrong with the page for who cannot see it, and it is no wider than any screen."""

    def check(page: Page) -> None:
        accessible(page)
        fits(page)

    return check


def tab_to(page: Page, selector: str) -> None:
    """As somebody does it who has no mouse."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"nobody gets to {selector} by keyboard")


def follow(page: Page, selector: str) -> None:
    """Go to another page by a link or a button."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, name: str, value: str) -> None:
    """One of some radio buttons: Tab gets to the first or the chosen one, the arrows to the others."""
    tab_to(page, f"input[name='{name}']")
    wanted = f"input[name='{name}'][value='{value}']"
    page.keyboard.press("Space")
    while not page.evaluate("selector => document.activeElement.matches(selector)", wanted):
        page.keyboard.press("ArrowDown")


def tick(page: Page, name: str, value: str) -> None:
    tab_to(page, f"input[name='{name}'][value='{value}']")
    page.keyboard.press("Space")


def sign_in(page: Page, site: Site, who: str) -> None:
    page.goto(f"{site.url}/sign-in")
    tab_to(page, "#person")
    page.keyboard.type(who.partition("@")[0])
    follow(page, "main button")
    expect(page).not_to_have_url(re.compile("/sign-in"))


def open_meeting(page: Page, purpose: str, mode: str, *there: str) -> None:
    choose(page, "purpose", purpose)
    choose(page, "mode", mode)
    for one in there:
        tick(page, "participants", one)
    follow(page, "main form button")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_dial_meeting_is_held_from_its_list_to_its_record_by_keyboard_alone_h02_h04_h05(
    held: Site, opened: Opened, fine: Check, width: int
) -> None:
    page = opened(width)
    sign_in(page, held, SERGEANT)
    page.goto(f"{held.url}/rounds")
    fine(page)
    follow(page, f"a[href='{MEETING}']")
    expect(page.get_by_role("heading", level=1)).to_have_text("Daily domestic abuse meeting (DIAL)")
    fine(page)
    follow(page, f"a[href='{MEETING}/items/{DIALS[0]}']")
    expect(page.get_by_text("The meeting is not open")).to_be_visible()
    expect(page.get_by_text(ACCOUNT)).to_have_count(0)
    fine(page)

    # Who is there is said once. What is left out is asked for.
    follow(page, f"a[href='{MEETING}/meeting']")
    fine(page)
    follow(page, "main form button")
    expect(page.get_by_role("alert")).to_contain_text("Choose who is there")
    fine(page)
    open_meeting(page, "safeguarding_children", "face_to_face", *QUORUM)

    # The list, by its links and by the arrow keys.
    expect(page.get_by_text(f"{ACCOUNT} 1")).to_be_visible()
    expect(page.get_by_text("1 of 2 on the list")).to_be_visible()
    expect(page.get_by_text("arrow keys go to")).to_be_visible()
    fine(page)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(f"{ACCOUNT} 2")).to_be_visible()
    expect(page.get_by_text("Still to check: The police history")).to_be_visible()
    fine(page)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("1 of 2 on the list")).to_be_visible()
    follow(page, ".govuk-pagination a[rel='next']")
    expect(page.get_by_text("2 of 2 on the list")).to_be_visible()
    follow(page, ".govuk-pagination a[rel='prev']")
    expect(page.get_by_text("1 of 2 on the list")).to_be_visible()

    # What is decided, then and there; what was typed stays when something is left out.
    follow(page, "a[href$='/tasks/dial_screening']")
    expect(page.locator(f"input[value='{QUORUM[2]}']")).to_be_checked()
    fine(page)
    tab_to(page, "#context")
    page.keyboard.type("Two call-outs, a child in the house.")
    choose(page, "outcome", "action")
    tab_to(page, "#action")
    page.keyboard.type("Home visit")
    follow(page, "main form button")
    expect(page.get_by_role("alert")).to_contain_text("Choose whether it is referred")
    expect(page.locator("#context")).to_have_value("Two call-outs, a child in the house.")
    fine(page)
    tab_to(page, ".govuk-error-summary a")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[name='refer'][value='no']")).to_be_checked()
    follow(page, "main form button")
    expect(page.get_by_text("The meeting’s decision is recorded.")).to_be_visible()
    expect(page.get_by_text("1 of 1 on the list")).to_be_visible()
    fine(page)

    follow(page, f".govuk-back-link[href='{MEETING}']")
    fine(page)
    follow(page, "a[href$='/tasks/review_held']")
    expect(page.locator("input[name='mode'][value='face_to_face']")).to_be_checked()
    fine(page)
    follow(page, "main form button")
    expect(page.get_by_text("It is on record that it was held.")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Monday 5 March 2012")).to_be_visible()
    fine(page)

    page.goto(f"{held.url}/dials/{DIALS[0]}")
    expect(page.get_by_text("nothing: the meeting has decided")).to_be_visible()
    fine(page)


def test_a_researcher_records_the_police_history_and_raises_an_alert_by_keyboard_alone_h03_h07(
    held: Site, opened: Opened, fine: Check
) -> None:
    page = opened(320)
    sign_in(page, held, RESEARCHER)
    page.goto(f"{held.url}/dials/{DIALS[1]}")
    fine(page)
    follow(page, "a[href$='/tasks/dial_history']")
    expect(page.get_by_role("heading", level=1)).to_contain_text("What do you read this for?")
    fine(page)
    choose(page, "purpose", "safeguarding_children")
    follow(page, "main form button")
    expect(page.get_by_text(f"{ACCOUNT} 2")).to_be_visible()
    fine(page)
    follow(page, "main form button")
    expect(page.get_by_role("alert")).to_contain_text("Enter what the police know")
    fine(page)
    choose(page, "known", "yes")
    tab_to(page, "#history")
    page.keyboard.type("Two call-outs to the address.")
    follow(page, "main form button")
    expect(page.get_by_text("The police history is recorded.")).to_be_visible()
    fine(page)
    follow(page, "a[href$='/tasks/dial_alert']")
    fine(page)
    choose(page, "rag", "red")
    tab_to(page, "#action")
    page.keyboard.type("Officers sent back")
    tab_to(page, "[id='rationale.reason']")
    page.keyboard.type("He is out again.")
    tab_to(page, "[id='rationale.proportionality']")
    page.keyboard.type("It cannot wait.")
    follow(page, "main form button")
    expect(page.get_by_text("The alert is raised: it becomes a case at once.")).to_be_visible()
    follow(page, "a[href$='/read']")
    expect(page.get_by_text("He is out again.")).to_be_visible()
    fine(page)


def test_missing_children_are_reviewed_and_one_is_found_of_concern_by_keyboard_alone_i08_i09(
    held: Site, opened: Opened, fine: Check
) -> None:
    page = opened(320)
    sign_in(page, held, MISPER)
    expect(page).to_have_url(f"{held.url}/rounds")
    follow(page, "a[href='/rounds/missing_children_review']")
    follow(page, "a[href$='/meeting']")
    there = "POL-MPC-01@police/misper_coordinator"
    open_meeting(page, "safeguarding_children", Mode.VIDEO, there)
    expect(page.get_by_text(CIRCUMSTANCES)).to_be_visible()
    fine(page)
    follow(page, "a[href$='/tasks/flag_missing_child']")
    fine(page)
    tab_to(page, "[id='rationale.reason']")
    page.keyboard.type("Seen with an older man.")
    tab_to(page, "[id='rationale.proportionality']")
    page.keyboard.type("Five reports are not needed.")
    follow(page, "main form button")
    expect(page.get_by_text("referred to the hub for full sharing")).to_be_visible()
    fine(page)
    follow(page, "a[href$='/tasks/review_held']")
    tick(page, "considered", CHILD)
    fine(page)
    follow(page, "main form button")
    expect(page.get_by_text("It is on record that it was held.")).to_be_visible()
    expect(page.get_by_text("Nothing. What comes in is listed here by itself.")).to_be_visible()
    fine(page)
    page.goto(f"{held.url}/missing/{CHILD}")
    fine(page)


def test_a_reviewed_hate_crime_is_read_and_referred_without_scripts_i01_i04(
    held: Site, opened: Opened
) -> None:
    page = opened(scripts=False)
    page.goto(f"{held.url}/sign-in")
    page.get_by_label("Who you are").select_option(PROTECTION)
    page.get_by_role("button", name="Sign in").press("Enter")
    page.goto(f"{held.url}/rounds/hate_crime_review/meeting")
    page.get_by_label("Prevention and detection of crime").check()
    page.get_by_label("By telephone").check()
    page.get_by_label("POL-PPC-01").check()
    page.get_by_role("button", name="Open the meeting").press("Enter")
    expect(page).to_have_url(f"{held.url}/rounds/hate_crime_review/items/{HATE_CRIME}")
    expect(page.get_by_text(HATE)).to_be_visible()
    page.get_by_role("button", name="Refer it").press("Enter")
    page.get_by_label("Reason").fill("She lives alone and is afraid.")
    page.get_by_label("Proportionality").fill("No less will do.")
    page.get_by_role("button", name="Refer it").press("Enter")
    expect(page.get_by_text("The hate crime is referred.")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_call_to_a_supervisor_is_recorded_by_keyboard_alone_and_the_registers_fit_the_screen_j02_j05(
    held: Site, daily: Daily, opened: Opened, fine: Check, width: int
) -> None:
    page, case = opened(width), daily.scene.cases["red"]
    sign_in(page, held, SERGEANT)
    page.goto(f"{held.url}/cases/{case}/tasks/supervision")
    fine(page)
    follow(page, "main form button")
    expect(page.get_by_role("alert")).to_contain_text("Choose whom you called")
    fine(page)
    choose(page, "supervisor", "POL-SUP-01")
    for part, written in (("day", "5"), ("month", "3"), ("year", "2012"), ("time", "11:11")):
        tab_to(page, f"[name='called_at-{part}']")
        page.keyboard.type(written)
    choose(page, "ground", "need_for_escalation")
    tick(page, "consulted", "education")
    for part, written in (("day", "5"), ("month", "3"), ("year", "2012"), ("time", "11:10")):
        tab_to(page, f"[name='consulted_at.education-{part}']")
        page.keyboard.type(written)
    choose(page, "outcome", "escalation_advised")
    fine(page)
    follow(page, "main form button")
    expect(page.get_by_text("The call is recorded.")).to_be_visible()
    page.goto(f"{held.url}/registers/supervision")
    expect(page.get_by_role("rowheader", name=case)).to_be_visible()
    fine(page)
    page.goto(f"{held.url}/cases/{case}/tasks/breach")
    fine(page)
    for path in ("/registers", "/registers?all", "/registers/breaches"):
        page.goto(f"{held.url}{path}")
        fine(page)


def test_a_champion_stays_the_destruction_of_what_is_held_by_keyboard_alone_l09(
    held: Site, daily: Daily, opened: Opened, fine: Check
) -> None:
    page, case = opened(320), daily.scene.cases["sent_back"]
    sign_in(page, held, CHAMPION)
    expect(page).to_have_url(f"{held.url}/retention")
    fine(page)
    follow(page, "a[href='/retention?keeping=held']")
    fine(page)
    follow(page, f"a[href='/retention/{case}/tasks/stay']")
    fine(page)
    follow(page, "main form button")
    expect(page.get_by_role("alert")).to_contain_text("Choose what it is needed for")
    fine(page)
    choose(page, "ground", "inquest")
    follow(page, "main form button")
    expect(page.get_by_text("The destruction is stayed.")).to_be_visible()
    follow(page, "a[href='/retention?keeping=held']")
    follow(page, f"a[href='/retention/{case}/tasks/lift_stay?about=inquest']")
    fine(page)
    follow(page, "main form button")
    expect(page.get_by_text("The stay is lifted.")).to_be_visible()
    fine(page)
