"""The pages of operations staff in a real browser: by keyboard, live, narrow, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from agents.deciding import Refused
from messages.envelope import Lane
from messages.intake import RiskRated, ThresholdDecided
from messages.topology import DEAD_QUEUE
from messages.words import Rag, Said
from ops.operations.engines import AgentSeen, QueueSeen, Seen
from tests.browser.conftest import Opened
from tests.support.dashboard import Scene, a_scene
from tests.support.dashboard_site import Site, a_site
from tests.support.engines_seen import ALL_WELL, POLICE, SeenEngines, queue
from tests.support.procedure import MANAGER, why

expect.set_options(timeout=20_000)

MASH_MANAGER = "MASH-MGR-01"
EARLY = "m-early"
LONG = f"m-{'long-' * 20}"

TROUBLE = replace(
    ALL_WELL,
    agents=(AgentSeen("hub", "unwell", 1, ("store",)), AgentSeen(POLICE, "not_running", 0)),
    queues=(queue(POLICE, Lane.URGENT, 3, 0), queue(POLICE, Lane.ROUTINE)),
    dead=QueueSeen(DEAD_QUEUE, 2),
)


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Scene]:
    """A scene of one test's own, for what changes it."""
    with a_scene(tmp_path) as made:
        yield made


@pytest.fixture
def working(living: Scene) -> Iterator[Site]:
    """A site with two messages in quarantine, one of them with a long id."""
    for message_id in (EARLY, LONG):
        rating = RiskRated(by=MANAGER, rag=Rag.RED, rationale=why())
        with pytest.raises(Refused):
            take(living, message_id, rating)
    with a_site(living) as served:
        yield served


def take(scene: Scene, message_id: str, said: Said) -> None:
    """Have the hub take what staff say about the new case."""
    envelope = scene.hub.envelope(message_id, said, "staff", scene.cases["new"])
    scene.thread.submit(scene.hub.take, envelope).result()


def meet_the_threshold(scene: Scene) -> None:
    by = MANAGER.model_copy(update={"person": "CSS-SP-01", "role": "senior_practitioner"})
    take(scene, "m-met", ThresholdDecided(by=by, met=True, rationale=why()))


def is_so(site: Site, seen: Seen) -> None:
    """Let the engines be seen as this."""
    engines = site.dashboard.given.engines
    assert isinstance(engines, SeenEngines)
    engines.seen = seen


def tab_to(page: Page, selector: str) -> None:
    """As somebody does it who has no mouse."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"nobody gets to {selector} by keyboard")


def sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/sign-in")
    tab_to(page, "#person")
    page.keyboard.type(MASH_MANAGER)
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Operations")).to_be_visible()


def go_to_operations(page: Page, site: Site) -> None:
    sign_in(page, site)
    tab_to(page, "a[href='/operations']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Operations")


def test_a_message_is_handled_again_and_a_case_is_followed_by_keyboard_alone(
    working: Site, living: Scene, opened: Opened
) -> None:
    page = opened()
    go_to_operations(page, working)
    tab_to(page, "[id^='redrive-']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("It was refused again: threshold not met")
    living.pass_time(timedelta(minutes=1))
    meet_the_threshold(living)
    tab_to(page, "[id^='redrive-']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The case has moved on")
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert", name="Done")).to_contain_text("handled again: accepted")
    expect(page.locator("[id^='redrive-']")).to_have_count(1)
    tab_to(page, "#id")
    page.keyboard.type(living.cases["new"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Messages of case {living.cases['new']}")
    rows = page.get_by_role("row")
    expect(rows.filter(has_text=EARLY)).to_contain_text("Risk rated")
    expect(rows.filter(has_text=EARLY)).to_contain_text("accepted")
    expect(rows.filter(has_text="m-met")).to_contain_text("Threshold decided")


def test_the_page_keeps_itself_up_to_date_says_so_and_leaves_the_focus_where_it_is(
    working: Site, opened: Opened
) -> None:
    page = opened()
    go_to_operations(page, working)
    expect(page.locator("#live-state")).to_have_text("Updates come by themselves.")
    tab_to(page, "[id^='redrive-']")
    focused = page.evaluate("document.activeElement.id")
    is_so(working, TROUBLE)
    with page.expect_response(re.compile("/operations/now")):
        working.pass_time(timedelta(seconds=0))
    expect(page.get_by_text("nobody takes what waits")).to_be_visible()
    expect(page.locator("#news")).to_contain_text("Agents: 0 of 2 well")
    assert page.evaluate("document.activeElement.id") == focused
    tab_back(page, "#pause")
    page.keyboard.press("Space")
    expect(page.locator("#live-state")).to_have_text("Updates are paused.")


def tab_back(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"nobody gets back to {selector} by keyboard")


def test_everything_works_without_scripts(working: Site, living: Scene, opened: Opened) -> None:
    page = opened(scripts=False)
    page.goto(f"{working.url}/sign-in")
    page.get_by_label("Who you are").select_option("MASH-MGR-01@csc_staffordshire")
    page.get_by_role("button", name="Sign in").press("Enter")
    page.get_by_role("link", name="Operations").press("Enter")
    expect(page.get_by_role("button", name="Pause updates")).to_have_count(0)
    page.get_by_role("button", name=f"Handle again {EARLY}").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("It stays there")
    page.get_by_role("link", name=living.cases["late"]).first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Messages of case {living.cases['late']}")


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_in_every_state_is_accessible_and_fits_the_screen(
    working: Site, living: Scene, opened: Opened, accessible: Callable[[Page], None], width: int
) -> None:
    page = opened(width)

    def fine() -> None:
        accessible(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} px too wide"

    page.goto(f"{working.url}/sign-in")
    page.get_by_label("Who you are").select_option("MASH-MGR-01@csc_staffordshire")
    page.get_by_role("button", name="Sign in").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Board")
    for seen in (ALL_WELL, TROUBLE, Seen("RabbitMQ", False, not_told=("The broker does not answer.",))):
        is_so(working, seen)
        page.goto(f"{working.url}/operations")
        fine()
    page.locator("[id^='redrive-']").first.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    fine()
    page.locator("#id").fill("nothing")
    page.get_by_role("button", name="Show its messages").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Enter the id")
    fine()
    living.pass_time(timedelta(minutes=1))
    meet_the_threshold(living)
    page.locator("[id^='redrive-']").first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The case has moved on")
    fine()
    page.get_by_role("button", name="Handle it again all the same").press("Enter")
    expect(page.get_by_role("alert", name="Done")).to_be_visible()
    fine()
    for path in (f"cases/{living.cases['issued']}", f"cases/{living.cases['new']}", "installation"):
        page.goto(f"{working.url}/operations/{path}")
        fine()
