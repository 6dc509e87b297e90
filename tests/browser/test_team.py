"""The field team's desk in a real browser, by keyboard alone: the inbox, the package, what is said of it."""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from agents.coordinator.case import Case
from tests.browser.conftest import Opened
from tests.support.dashboard import FIELD, SERGEANT, TEXT, WITHHELD, Scene, a_scene, supplemented, with_case
from tests.support.dashboard_site import Site, a_site

expect.set_options(timeout=20_000)
Accessible = Callable[[Page], None]


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Scene]:
    """A hub of one test's own, which takes what is said."""
    with a_scene(tmp_path) as made:
        yield made


@pytest.fixture
def desk(living: Scene) -> Iterator[Site]:
    with a_site(living) as served:
        yield served


def tab_to(page: Page, selector: str) -> None:
    """As somebody does it who has no mouse."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"nobody gets to {selector} by keyboard")


def follow(page: Page, selector: str) -> None:
    """A link, or the button of a form: the next page comes of it."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(page: Page, site: Site, who: str) -> None:
    page.goto(f"{site.url}/sign-in")
    tab_to(page, "#person")
    page.keyboard.type(who.partition("@")[0])
    follow(page, "main button")


def say_purpose(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("What do you read this case for?")
    tab_to(page, "input[name=purpose]")
    page.keyboard.press("Space")
    follow(page, "main button")


def case_of(site: Site, name: str) -> Case:
    found = site.scene.hub.documents[site.scene.cases[name]]
    assert isinstance(found, Case)
    return found


@pytest.mark.parametrize("width", [1280, 320])
def test_a_field_worker_reads_acknowledges_asks_for_more_and_reports_by_keyboard_alone_d20_g03(
    desk: Site, opened: Opened, accessible: Accessible, width: int
) -> None:
    case = desk.scene.cases["issued"]
    page = opened(width)

    def fine() -> None:
        accessible(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} px too wide"

    sign_in(page, desk, FIELD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Children's Social Work Team, Staffordshire")
    fine()
    follow(page, f"a[href='/team/cases/{case}']")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Case {case}")
    fine()
    follow(page, f"a[href='/team/cases/{case}/packages/1']")
    fine()
    say_purpose(page)
    expect(page.get_by_text(TEXT)).to_be_visible()
    expect(page.get_by_text(WITHHELD)).to_have_count(0)
    fine()
    follow(page, "main form button")
    expect(page.get_by_role("alert")).to_contain_text("The hub knows that your team has the package.")
    fine()

    follow(page, "a[href*='/tasks/ask_for_more']")
    fine()
    follow(page, "main form button")
    expect(page.get_by_role("alert")).to_contain_text("Enter why you need it")
    fine()
    tab_to(page, "#question")
    page.keyboard.type("Who collects her from school?")
    tab_to(page, "#why")
    page.keyboard.type("We found nobody at home.")
    follow(page, "main form button")
    expect(page.get_by_role("alert")).to_contain_text("Your question is with the hub.")
    expect(page.get_by_role("main")).to_contain_text("A supplement follows.")
    fine()

    follow(page, "a[href*='/tasks/outcome']")
    fine()
    follow(page, "main form button")
    expect(page.get_by_role("alert")).to_contain_text("Choose the course that your team took")
    fine()
    tab_to(page, "input[name=course]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#note")
    page.keyboard.type("Two agencies were at the home.")
    follow(page, "main form button")
    expect(page.get_by_role("alert")).to_contain_text("The hub knows what your team did.")
    expect(page.get_by_role("table", name="What your team did")).to_contain_text("investigation")
    fine()

    now = case_of(desk, "issued")
    assert now.packages[0].acknowledged_by == ("children_social_work_staffordshire",)
    assert now.round.asked_by == ("children_social_work_staffordshire",)
    assert len(now.outcomes) == 1
    page.goto(f"{desk.url}/team")
    expect(page.get_by_role("table", name="Acknowledged (1)")).to_contain_text(case)
    fine()


def test_a_red_notice_is_read_by_keyboard_alone_e03(
    site: Site, scene: Scene, opened: Opened, accessible: Accessible
) -> None:
    page = opened()
    sign_in(page, site, "POL-DS-01@police")
    expect(page.get_by_role("heading", level=1)).to_have_text("Police Child Abuse Investigation Unit")
    accessible(page)
    follow(page, f"a[href='/team/cases/{scene.cases['red']}']")
    follow(page, "a[href$='/notice']")
    say_purpose(page)
    expect(page.get_by_role("main")).to_contain_text("Package promised by")
    expect(page.get_by_role("table", name="Who it is about")).to_contain_text("Thornquist")
    accessible(page)


def test_a_package_prints_on_a4_with_its_marking_on_every_page_and_no_navigation_d21(
    site: Site, scene: Scene, opened: Opened, tmp_path: Path
) -> None:
    page = opened()
    sign_in(page, site, SERGEANT)
    page.goto(f"{site.url}/cases/{scene.cases['issued']}/packages/1")
    say_purpose(page)
    expect(page.get_by_text(TEXT)).to_be_visible()
    page.emulate_media(media="print")
    for hidden in (".govuk-service-navigation", ".hub-footer", ".hub-unprinted", ".govuk-back-link"):
        expect(page.locator(hidden).first).to_be_hidden()
    marking = page.locator(".hub-paper__marking")
    shown = marking.evaluate_all("all => all.map(one => getComputedStyle(one).display)")
    assert shown == ["table-header-group", "table-footer-group"]
    printed = page.pdf(prefer_css_page_size=True)
    assert re.search(rb"/MediaBox\s*\[0 0 59[45]\.\d+ 84[12]\.\d+\]", printed)
    assert len(_texts_of_pages(printed)) == 2
    body = "document.querySelector('.hub-paper__body')"
    for _ in range(4):
        page.evaluate(f"{body}.append(...[...{body}.children].map(one => one.cloneNode(true)))")
    long = _texts_of_pages(page.pdf(prefer_css_page_size=True))
    assert len(long) > 4
    assert all(long[-1][-1] in texts for texts in long), "the marking at the foot of the last is on each"


def _texts_of_pages(pdf: bytes) -> list[list[bytes]]:
    """What is drawn on each page, in the numbers of its glyphs."""
    streams = []
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            streams.append(zlib.decompress(found[1]))
    return [
        [b"".join(re.findall(rb"<([0-9A-F]+)>", text)) for text in re.findall(rb"BT(.*?)ET", one, re.DOTALL)]
        for one in streams
        if b"BT" in one and b"ET" in one and b" Tf" in one
    ]


def test_the_pdf_comes_as_a_file_named_by_the_case_alone_without_scripts_too(
    site: Site, scene: Scene, opened: Opened
) -> None:
    page, case = opened(scripts=False), scene.cases["issued"]
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("Who you are").select_option(FIELD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{site.url}/team/cases/{case}/packages/1")
    page.get_by_label("Safeguarding children").check()
    page.get_by_role("button", name="Continue").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="This page as a PDF").click()
    assert download.value.suggested_filename == f"{case}-package-1.pdf"


@pytest.mark.parametrize("width", [1280, 320])
def test_two_versions_side_by_side_are_read_by_keyboard_alone_c07(
    tmp_path: Path, opened: Opened, accessible: Accessible, width: int
) -> None:
    with with_case("supplemented", supplemented), a_scene(tmp_path) as scene, a_site(scene) as site:
        page, case = opened(width), scene.cases["supplemented"]
        sign_in(page, site, FIELD)
        page.goto(f"{site.url}/team/cases/{case}")
        follow(page, f"a[href='/team/cases/{case}/packages/2']")
        say_purpose(page)
        accessible(page)
        follow(page, "a[href$='/changes']")
        elements = page.get_by_role("table", name="Elements")
        expect(elements).to_contain_text("withdrawn, no longer to be used")
        expect(elements).to_contain_text("CANARY-THAT-CAME-LATE")
        accessible(page)
        too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not too_wide
