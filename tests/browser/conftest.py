"""A real Chromium, and a dashboard that it opens."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.support.chromium import FLAGS, HOW, LIMIT_MS, chromium
from tests.support.dashboard import Scene, a_scene
from tests.support.dashboard_site import Site, a_site

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each module: while Playwright runs it holds an event loop, and no other test gets one."""
    program = chromium()
    if program is None and os.environ.get("CI") == "true":
        pytest.fail(HOW, pytrace=False)
    if program is None:
        pytest.skip(HOW)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield opened
        finally:
            opened.close()


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with a_scene(tmp_path_factory.mktemp("scene")) as made:
        yield made


@pytest.fixture
def site(scene: Scene) -> Iterator[Site]:
    with a_site(scene) as served:
        yield served


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Site]:
    """A dashboard over a hub of one test's own, for what changes it."""
    with a_scene(tmp_path) as scene, a_site(scene) as site:
        yield site


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Opens a page in a browser of its own, and sees at the end that nothing in it went wrong."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(width: int = 1280, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(LIMIT_MS)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda said: (
                wrong.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


FULL: ViewportSize = {"width": 1280, "height": 900}
SMALL: ViewportSize = {"width": 320, "height": 256}
"""A screen of 1280 by 1024 at 400 %: the least on which everything has to be there. [WCAG 2.2, 1.4.10]"""
NARROW: tuple[ViewportSize, ...] = ({"width": 360, "height": 900}, SMALL)


def fits(page: Page) -> None:
    """Asserts that no narrow screen has to be scrolled sideways, nor the one that the page has."""
    before = page.viewport_size
    assert before is not None
    for size in (*NARROW, before):
        page.set_viewport_size(size)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} px too wide for {size['width']} px"


AXE = Path(__file__).parent / "axe-core" / "axe.min.js"


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Asserts that axe-core finds nothing wrong with a page as it is now."""

    def check(page: Page) -> None:
        # By the debugger, which the page's own policy against foreign scripts does not concern.
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [
            (one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]
        ] == []

    return check


@pytest.fixture
def fine(accessible: Callable[[Page], None]) -> Callable[[Page], None]:
    """Asserts of a page as it is now that axe-core finds nothing wrong with it on a full screen nor on the
    smallest, and that it fits every screen. A page is loaded once for all of them: what its layout takes from
    the width of the screen it takes again when that changes."""

    def check(page: Page) -> None:
        accessible(page)
        fits(page)
        page.set_viewport_size(SMALL)
        accessible(page)
        page.set_viewport_size(FULL)

    return check
