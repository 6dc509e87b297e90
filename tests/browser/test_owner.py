"""The owner's desk, a dispute, an answer by hand and our data, each whole task by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from agents.coordinator.disputes import DisputeStage
from agents.coordinator.elements import Standing, standing
from messages.words import RiskFlag, Sanitised
from tests.browser.conftest import FULL, SMALL, Opened, fits
from tests.support.dashboard import EDUCATION, WITHHELD, Scene, a_scene
from tests.support.dashboard_site import Site, a_site
from tests.support.desk_work import TESTS, case_in, discuss, reveal
from tests.support.procedure import element, secret

OWNER = "POL-DM-01@police"
PRACTITIONER = "CSS-PR-01@csc_staffordshire"
MANAGER = "CSS-LM-01@csc_staffordshire"
Fine = Callable[[Page], None]


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made:
        yield made


@pytest.fixture
def served(living: Scene) -> Iterator[Site]:
    with a_site(living) as site:
        yield site


@pytest.fixture
def fine(accessible: Fine) -> Fine:
    """The page as it is now: nothing wrong for axe-core, and no wider than the screen, however narrow."""

    def check(page: Page) -> None:
        for size in (SMALL, FULL):
            page.set_viewport_size(size)
            accessible(page)
        fits(page)

    return check


def go_to(page: Page, selector: str) -> None:
    """As somebody does it who has no mouse."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"nobody gets to {selector} by keyboard")


def choose(page: Page, name: str, value: str) -> None:
    """A radio button: the first of its group has the focus, the arrows go on, and the space bar takes it."""
    go_to(page, f'input[name="{name}"]')
    page.keyboard.press("Space")
    for _ in range(20):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"nobody gets to {value} of {name} by keyboard")


def write(page: Page, name: str, text: str) -> None:
    go_to(page, f'[name="{name}"]')
    page.keyboard.type(text)


def press(page: Page, text: str) -> None:
    """A button or a link, by what it says."""
    for _ in range(90):
        page.keyboard.press("Tab")
        said = page.evaluate("document.activeElement.innerText || ''").strip()
        if said.startswith(text) and page.evaluate("document.activeElement.matches('main a, main button')"):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"nobody gets to {text!r} by keyboard")


def arrive(site: Site, opened: Opened, who: str, at: str) -> Page:
    page = opened()
    page.goto(f"{site.url}/sign-in")
    go_to(page, "#person")
    page.keyboard.type(who.partition("@")[0])
    press(page, "Sign in")
    page.goto(f"{site.url}{at}")
    return page


def say_purpose(page: Page) -> None:
    choose(page, "purpose", "safeguarding_children")
    press(page, "Continue")


def test_an_owner_works_through_its_elements_by_keyboard_d03_d08_c10(
    served: Site, living: Scene, opened: Opened, fine: Fine
) -> None:
    case, choice = living.cases["red"], "decisions.0.choice"
    suggestion = Sanitised(text=secret("It was seen."), transforms=("source_removed",), author="POL-RES-01")
    risky = element(
        "p/3", "police", "Mr Gray saw it.", risks=(RiskFlag.SOURCE_AT_RISK,), suggestion=suggestion
    )
    reveal(living, case, "police", risky, element("p/4", "police", "second"))
    discuss(living, case, "p/3", "p/4", number=7)
    page = arrive(served, opened, OWNER, "/desk/disclosure")
    fine(page)
    press(page, "Decide")
    say_purpose(page)
    fine(page)
    press(page, "Decide on your agency")
    expect(page.get_by_role("alert")).to_contain_text("Choose what happens to the element")
    choose(page, f"{choice}.choice", "leaves")
    choose(page, f"{choice}.form", "release_sanitised")
    expect(page.locator(f'[name="{choice}.sanitised.text"]')).to_have_value("It was seen.")
    expect(page.get_by_text("Mr Gray saw it.").first).to_be_visible()
    fine(page)
    for name, text in TESTS.items():
        write(page, f"{choice}.tests.{name}", text)
    write(page, f"{choice}.harm.considered", "He would be found.")
    press(page, "Decide on your agency")
    expect(page.get_by_role("alert")).to_contain_text("Choose the legal basis")
    fine(page)
    choose(page, f"{choice}.legal_basis", "children_act_2004")
    expect(page.locator(f'[name="{choice}.purpose"]')).to_be_checked()
    press(page, "Decide on your agency")
    expect(page.get_by_role("alert")).to_contain_text("The element is decided.")
    expect(page.locator(".hub-about")).to_contain_text("second")
    choose(page, f"{choice}.choice", "withhold")
    write(page, f"{choice}.reason", "an operation is under way")
    press(page, "Decide on your agency")
    expect(page).to_have_url(f"{served.url}/desk/disclosure")
    fine(page)
    stands = {one.element_id: standing(one) for one in case_in(living, case).elements}
    assert stands == {"p/3": Standing.SANITISED, "p/4": Standing.WITHHELD}


def test_a_decision_is_disputed_and_the_line_managers_do_not_agree_by_keyboard_k01_d22(
    served: Site, living: Scene, opened: Opened, fine: Fine
) -> None:
    case = living.cases["issued"]
    page = arrive(served, opened, PRACTITIONER, f"/cases/{case}/tasks/dispute?about=e/1")
    say_purpose(page)
    fine(page)
    choose(page, "ground", "necessity")
    write(page, "position", "The school has to say it.")
    press(page, "Dispute a decision")
    page = arrive(served, opened, MANAGER, "/desk/disputes")
    fine(page)
    press(page, "Record management action")
    fine(page)
    press(page, "Record management action")
    say_purpose(page)
    fine(page)
    go_to(page, "#other_side")
    page.keyboard.type("EDU-LM")
    choose(page, "settled", "yes")
    fine(page)
    page.keyboard.press("ArrowDown")
    write(page, "reason", "No common view.")
    press(page, "Record management action")
    expect(page.get_by_role("alert")).to_contain_text("The management action is recorded.")
    press(page, "Read what was said")
    expect(page.get_by_role("main")).to_contain_text(WITHHELD)
    expect(page.get_by_role("main")).to_contain_text("No common view.")
    fine(page)
    (dispute,) = case_in(living, case).disputes
    assert dispute.stage is DisputeStage.MANAGEMENT_FAILED


def test_a_check_is_answered_with_two_elements_by_keyboard_c06_d08(
    served: Site, living: Scene, opened: Opened, fine: Fine
) -> None:
    case = living.cases["red"]
    request = f"{case}/check/1/education"
    page = arrive(served, opened, EDUCATION, "/desk/answers")
    fine(page)
    page.goto(f"{served.url}/cases/{case}/tasks/answer?about={request}")
    say_purpose(page)
    choose(page, "state", "found")
    fine(page)
    page.keyboard.press("Enter")  # sends it, as it does in every form
    expect(page.get_by_role("alert")).to_contain_text("Enter what it says")
    _element(page, 0)
    for n in (2, 3):
        press(page, "Add another element")
        expect(page).to_have_url(f"{served.url}/cases/{case}/tasks/answer?about={request}#elements-{n}")
        expect(page.locator(f"#elements-{n}")).to_be_focused()
        _element(page, n - 1)
    fine(page)
    page.locator("#elements-2").focus()
    press(page, "Remove")  # that of the element in which the focus is
    expect(page.locator("#elements-2")).to_be_focused()
    expect(page.get_by_label("What it says").last).to_have_value("Absent on Monday 2.")
    expect(page.locator("#elements-3")).to_have_count(0)
    press(page, "Answer the check")
    expect(page.get_by_role("alert")).to_contain_text("The check is answered.")
    elements = [one.element_id for one in case_in(living, case).elements if one.holder == "education"]
    assert elements == [f"{case}/education/1", f"{case}/education/2"]


def _element(page: Page, n: int) -> None:
    write(page, f"elements.{n}.text", f"Absent on Monday {n}.")
    go_to(page, f'input[name="elements.{n}.about"]')
    page.keyboard.press("Space")
    write(page, f"elements.{n}.kind", "attendance")
    write(page, f"elements.{n}.marking", "RESTRICTED")
    write(page, f"elements.{n}.record.document", "register-2011")
    for part, said in (("day", "5"), ("month", "3"), ("year", "2012")):
        write(page, f"elements.{n}.recorded_on-{part}", said)


def test_what_became_of_our_data_is_looked_up_by_keyboard_l05(
    served: Site, living: Scene, opened: Opened, fine: Fine
) -> None:
    case = living.cases["issued"]
    page = arrive(served, opened, "EDU-DC-01@education", "/our-data")
    fine(page)
    write(page, "since-day", "31")
    write(page, "since-month", "2")
    write(page, "since-year", "2012")
    press(page, "Filter")
    expect(page.get_by_role("alert")).to_contain_text("Received from must be a real date")
    fine(page)
    page.goto(f"{served.url}/our-data")
    write(page, "case", case)
    press(page, "Filter")
    expect(page.locator("#count")).to_contain_text("1 case")
    press(page, "Everything that happened")
    expect(page.get_by_role("main")).to_contain_text("Decided: withhold")
    expect(page.get_by_role("main")).not_to_contain_text(WITHHELD)
    fine(page)


def test_an_element_is_decided_without_scripts_and_an_owner_off_the_hub_reads_nothing_d02_d09(
    served: Site, living: Scene, opened: Opened, fine: Fine
) -> None:
    case = living.cases["red"]
    reveal(living, case, "police", element("p/5", "housing", "CANARY-HELD"))
    discuss(living, case, "p/5", number=5)
    page = opened(scripts=False)
    page.goto(f"{served.url}/sign-in")
    page.get_by_label("Who you are").select_option("HOU-DM-01@housing")
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{served.url}/desk/disclosure")
    page.get_by_role("link", name="Permission for what another agency holds").click()
    expect(page.get_by_role("main")).not_to_contain_text("CANARY-HELD")
    page.get_by_label("Withhold it").check()
    page.get_by_label("Why it is withheld").fill("it would show the tenant")
    page.get_by_role("button", name="Decide on the permission").click()
    expect(page.get_by_role("alert")).to_contain_text("The permission is decided.")
    decided = case_in(living, case).element("p/5")
    assert decided is not None and standing(decided) is Standing.WITHHELD
