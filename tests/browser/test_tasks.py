"""The coordinators' desks in a real browser: by keyboard alone, on a narrow screen, without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.support.dashboard import PURPOSE, SERGEANT, Scene, a_scene
from tests.support.dashboard_site import Site, a_site
from tests.support.dashboard_tasks import (
    ADULTS_PURPOSE,
    ADVANCED,
    COORDINATOR,
    DUTY_WORKER,
    MANAGER,
    OFFICER,
    PRACTITIONER,
    SENIOR,
    TASK_PLAYS,
)

expect.set_options(timeout=20_000)
MOST_TABS = 90


@pytest.fixture
def tasks(tmp_path: Path) -> Iterator[Site]:
    with a_scene(tmp_path, TASK_PLAYS) as scene, a_site(scene) as site:
        yield site


def tab_to(page: Page, selector: str) -> None:
    """As somebody does it who has no mouse."""
    for _ in range(MOST_TABS):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"nobody gets to {selector} by keyboard")


def at(name: str, value: str | None = None) -> str:
    """The selector of a field, or of one of its answers."""
    return f'[name="{name}"]' if value is None else f'[name="{name}"][value="{value}"]'


def tick(page: Page, name: str, value: str) -> None:
    """A checkbox, or the first of some radios."""
    tab_to(page, at(name, value))
    page.keyboard.press("Space")


def pick(page: Page, name: str, value: str) -> None:
    """One of some radios: Tab comes to the first, the arrow keys to the others."""
    tab_to(page, at(name))
    page.keyboard.press("Space")
    for _ in range(MOST_TABS):
        if page.evaluate("selector => document.activeElement.matches(selector)", at(name, value)):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"nobody gets to {value} of {name} by keyboard")


def write(page: Page, name: str, text: str) -> None:
    tab_to(page, at(name))
    page.keyboard.type(text)


def press(page: Page, name: str) -> None:
    """A button, by its name."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "document.activeElement.tagName + ' ' + (document.activeElement.innerText || '').trim()"
        )
        if focused == f"BUTTON {name}":
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"nobody gets to the button {name} by keyboard")


def why(page: Page) -> None:
    write(page, "rationale.reason", "What the answers show.")
    write(page, "rationale.proportionality", "No less will do.")


def come_in(page: Page, site: Site, who: str) -> None:
    page.goto(f"{site.url}/sign-in")
    tab_to(page, "#person")
    page.keyboard.type(who.partition("@")[0])
    press(page, "Sign in")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def start(page: Page, site: Site, case: str, task: str, purpose: str | None = None) -> None:
    """From the page of the case to the form; with a purpose where nobody has said one yet."""
    page.goto(f"{site.url}/cases/{site.scene.cases[case]}")
    tab_to(page, f'main a[href*="/tasks/{task}"]')
    page.keyboard.press("Enter")
    if purpose is not None:
        expect(page.get_by_role("heading", level=1)).to_contain_text("What do you read this case for?")
        page.wait_for_load_state("load")
        pick(page, "purpose", purpose)
        press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("What do you read")
    page.wait_for_load_state("load")


def test_a_discussion_with_a_view_that_differs_is_recorded_by_keyboard_alone_d06_d09_d22(
    tasks: Site, opened: Opened, accessible: Callable[[Page], None]
) -> None:
    page = opened()
    come_in(page, tasks, SENIOR)
    start(page, tasks, "revealed", "discussion", PURPOSE)
    accessible(page)
    tick(page, "elements", "h/1")
    expect(page.get_by_label("Why it is needed from Education (EMS)")).to_be_visible()
    pick(page, "mode", "video")
    page.keyboard.press("Enter")  # sends it, as it does in every form
    expect(page.get_by_role("alert")).to_contain_text("Enter why Primary Health Care 1: history is needed")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    accessible(page)
    expect(page.locator(at("mode", "video"))).to_be_checked()
    write(page, "needed.1", "To know where she was that day.")
    tick(page, "participants", SERGEANT)
    write(page, "summary", "The injuries and the day fit.")
    press(page, "Add a view that differed")
    expect(page.locator("#positions-1")).to_be_focused()
    page.wait_for_load_state("load")
    accessible(page)
    write(page, "positions.0.actor", "POL-SGT-01")
    write(page, "positions.0.element_id", "Primary Health Care 1: history")
    pick(page, "positions.0.position", "withhold")
    write(page, "positions.0.view", "The school has to be asked first.")
    press(page, "Record the discussion")
    done = page.get_by_text("The discussion is recorded, and the owners are asked to decide.")
    expect(done).to_be_visible()
    expect(page.locator("#needed + ul")).to_contain_text("Permission of Education (EMS)")


def test_a_package_is_assessed_and_agreed_and_a_case_is_rated_again_by_keyboard_alone_g02_d19_e10(
    tasks: Site, opened: Opened
) -> None:
    page = opened()
    come_in(page, tasks, SENIOR)
    start(page, tasks, "nothing_known", "assessment", PURPOSE)
    pick(page, "suggested_course", "joint_investigation")
    write(page, "urgent_facts", "The door is at the back.")
    why(page)
    write(page, "rationale.early_risk", "Before anybody was hurt.")
    write(page, "rationale.timeliness", "Today.")
    write(page, "rationale.coordination", "Police and the school.")
    press(page, "Make the assessment")
    expect(page.get_by_text("The assessment is made.")).to_be_visible()
    start(page, tasks, "nothing_known", "rating")
    pick(page, "rag", "red")
    why(page)
    press(page, "Rate the risk")
    expect(page.get_by_text("The case is rated.")).to_be_visible()
    start(page, tasks, "nothing_known", "agreement")
    expect(page.get_by_text("What has gone to the field teams cannot be called back.")).to_be_visible()
    why(page)
    press(page, "Agree the package")
    expect(page.get_by_text("The package is agreed.")).to_be_visible()
    expect(page.get_by_role("table", name="Issued packages")).to_contain_text("Version 1")


def test_two_signatories_take_an_adults_case_to_its_route_by_keyboard_alone_f01_f03_f06(
    tasks: Site, opened: Opened
) -> None:
    sergeant, practitioner = opened(), opened()
    come_in(sergeant, tasks, SERGEANT)
    come_in(practitioner, tasks, ADVANCED)
    for page, side in ((sergeant, "police"), (practitioner, "social_care")):
        start(page, tasks, "an_adults", f"adult_threshold_{side}", ADULTS_PURPOSE)
        pick(page, "met", "yes")
        why(page)
        press(page, "Sign the adult threshold")
        expect(page.get_by_text("Your signature is on record.")).to_be_visible()
    start(sergeant, tasks, "an_adults", "adult_strategy_police")
    expect(sergeant.get_by_text("together with the other signatory: ASS-AP-01")).to_be_visible()
    pick(sergeant, "mode", "face_to_face")
    write(sergeant, "summary", "Who sees her first.")
    press(sergeant, "Record the Strategy Discussion")
    expect(sergeant.get_by_text("The Strategy Discussion is recorded.")).to_be_visible()
    start(practitioner, tasks, "an_adults", "adult_plan_social_care")
    pick(practitioner, "mode", "face_to_face")
    write(practitioner, "plan", "A visit, then the bank.")
    press(practitioner, "Record the Initial Investigation Plan")
    expect(practitioner.get_by_text("The Initial Investigation Plan is recorded.")).to_be_visible()
    start(sergeant, tasks, "an_adults", "adult_route_police")
    pick(sergeant, "complex", "no")
    pick(sergeant, "involve_police", "yes")
    why(sergeant)
    press(sergeant, "Decide whether it is complex")
    expect(sergeant.get_by_text("Whose investigation it is has been decided.")).to_be_visible()


def test_a_case_is_taken_in_rated_and_directed_by_keyboard_alone_b11_e01_c01_d16(
    tasks: Site, opened: Opened
) -> None:
    page = opened()
    come_in(page, tasks, SERGEANT)
    start(page, tasks, "referred", "threshold", PURPOSE)
    pick(page, "met", "yes")
    why(page)
    press(page, "Decide the threshold")
    expect(page.get_by_text("The threshold is decided.")).to_be_visible()
    start(page, tasks, "referred", "rating")
    pick(page, "rag", "amber")
    why(page)
    press(page, "Rate the risk")
    expect(page.get_by_text("The case is rated.")).to_be_visible()
    start(page, tasks, "referred", "direction")
    pick(page, "purpose", PURPOSE)
    pick(page, "legal_basis", "children_act_2004")
    tick(page, "also_ask", "probation")
    write(page, "question", "Where was he on Monday?")
    why(page)
    press(page, "Direct the checks")
    expect(page.get_by_text("The checks are directed.")).to_be_visible()
    for agency in ("Education (EMS)", "Probation Service"):
        expect(page.get_by_role("row").filter(has_text=agency).first).to_be_visible()


def test_a_referral_of_exploitation_is_completed_by_two_by_keyboard_alone_i06(
    tasks: Site, opened: Opened
) -> None:
    page = opened()
    come_in(page, tasks, PRACTITIONER)
    start(page, tasks, "exploited", "completion", PURPOSE)
    pick(page, "senior_practitioner", SENIOR)
    why(page)
    press(page, "Complete the referral into social care")
    expect(page.get_by_text("The referral into social care is completed.")).to_be_visible()


def test_the_level_of_response_to_a_hate_crime_is_set_by_keyboard_alone_i02_i03(
    tasks: Site, opened: Opened
) -> None:
    page = opened()
    come_in(page, tasks, COORDINATOR)
    start(page, tasks, "a_hate_crime_checked", "response", ADULTS_PURPOSE)
    pick(page, "adult_social_care", "ASS-SP-01@asc_staffordshire")
    pick(page, "level", "joint_response")
    why(page)
    press(page, "Set the level of response")
    expect(page.get_by_text("The level of response is set.")).to_be_visible()
    start(page, tasks, "a_hate_crime_checked", "response")
    expect(page.get_by_text("The level in force is joint response, set by POL-PPC-01.")).to_be_visible()


EVERY_FORM = (
    (SERGEANT, "referred", "threshold", PURPOSE),
    (SENIOR, "believed_by_nobody_known", "threshold", PURPOSE),
    (SERGEANT, "redirected", "handed_over", None),
    (SERGEANT, "routine", "rating", PURPOSE),
    (SERGEANT, "rated_red", "direction", PURPOSE),
    (SENIOR, "revealed", "discussion", PURPOSE),
    (SERGEANT, "gives_away", "concern", PURPOSE),
    (SERGEANT, "an_adults_found_since", "adult_threshold_police", ADULTS_PURPOSE),
    (SERGEANT, "an_adults_met", "adult_strategy_police", ADULTS_PURPOSE),
    (DUTY_WORKER, "an_adults_without_form", "adult_form", ADULTS_PURPOSE),
    (PRACTITIONER, "exploited", "completion", PURPOSE),
    (OFFICER, "exploited", "advice", PURPOSE),
    (COORDINATOR, "a_hate_crime_checked", "response", ADULTS_PURPOSE),
    (SENIOR, "found_since", "assessment", PURPOSE),
    (MANAGER, "found_since", "agreement", PURPOSE),
    (SENIOR, "silent_at_the_end", "end", PURPOSE),
)


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Cases whose forms are only looked at: what is sent lacks something."""
    with a_scene(tmp_path_factory.mktemp("forms"), TASK_PLAYS) as made:
        yield made


def test_every_form_is_accessible_and_fits_the_screen_empty_and_with_its_problems(
    forms: Scene, opened: Opened, fine: Callable[[Page], None]
) -> None:
    with a_site(forms) as site:
        who = ""
        for person, case, task, purpose in EVERY_FORM:
            if person != who:
                page, who = opened(), person
                come_in(page, site, who)
            page.goto(f"{site.url}/cases/{site.scene.cases[case]}/tasks/{task}")
            if purpose is not None:
                page.locator(at("purpose", purpose)).check()
                page.get_by_role("button", name="Continue").click()
                expect(page.locator("input[name=form_id]")).to_have_count(1)
                page.wait_for_load_state("load")
            fine(page)
            if purpose is None:
                continue
            # Everything that an answer opens is opened.
            page.evaluate("document.querySelectorAll('main [aria-controls]').forEach(one => one.click())")
            fine(page)
            page.get_by_role("button", name=page.locator("h1").inner_text(), exact=True).click()
            expect(page.locator(".govuk-error-summary")).to_be_focused()
            fine(page)


def test_a_discussion_is_recorded_without_scripts_d06(tasks: Site, opened: Opened) -> None:
    page = opened(scripts=False)
    come_in(page, tasks, SENIOR)
    case = tasks.scene.cases["revealed"]
    page.goto(f"{tasks.url}/cases/{case}/tasks/discussion")
    page.get_by_label("Safeguarding children").check()
    page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_label("Staffordshire Police 1: history").check()
    page.get_by_label("POL-SGT-01").check()
    page.get_by_label("By telephone").check()
    page.get_by_label("What was said").fill("The injuries and the day fit.")
    page.get_by_role("button", name="Add a view that differed").press("Enter")
    expect(page.get_by_label("Whose view")).to_be_visible()
    expect(page.get_by_label("What was said")).to_have_value("The injuries and the day fit.")
    page.get_by_role("button", name="Remove view that differed 1").press("Enter")
    expect(page.get_by_label("Whose view")).to_have_count(0)
    expect(page.get_by_label("What was said")).to_have_value("The injuries and the day fit.")
    page.get_by_role("button", name="Record the discussion").press("Enter")
    expect(page.get_by_text("The discussion is recorded")).to_be_visible()
