"""Pictures of the dashboard for the docs, made of the sample world: ``make screenshots``."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.support.chromium import FLAGS, LIMIT_MS, chromium
from tests.support.dashboard_site import served
from tests.support.demo_moment import looked_at, play_until

INTO = Path(__file__).parents[2] / "docs" / "pictures" / "dashboard"
MANAGER = "MASH-MGR-01@csc_staffordshire"
SERGEANT = "POL-SGT-01@police"
OWNER = "POL-DM-01@police"
CONTROLLER = "POL-DC-01@police"
FIELD = "CSS-SW-01@csc_staffordshire"
AFTER = timedelta(hours=3, minutes=22)
"""How long after the world's first morning began: some cases are at every stage."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, who looks, and how they get to the page."""

    name: str
    who: str
    go: Callable[[Page, str], None]


def _to(path: str) -> Callable[[Page, str], None]:
    def go(page: Page, url: str) -> None:
        page.goto(f"{url}{path}")

    return go


def _first_case(with_need: str, then: str = "") -> Callable[[Page, str], None]:
    """The most urgent case that needs something, or a page of it, with what it is read for said."""

    def go(page: Page, url: str) -> None:
        page.goto(f"{url}/board?needs={with_need}")
        path = page.locator("tbody th a").first.get_attribute("href")
        page.goto(f"{url}{path}{then}")
        _say_what_for(page)

    return go


def _say_what_for(page: Page) -> None:
    if page.get_by_role("heading", name=re.compile("What do you read")).count():
        page.locator("input[name=purpose]").first.check()
        page.get_by_role("button", name="Continue").click()


def _package(page: Page, url: str) -> None:
    """A package as the team reads it."""
    page.goto(f"{url}/team")
    page.locator("main tbody tr").filter(has_not_text="to follow").first.get_by_role("link").click()
    page.locator("main a[href*='/packages/']").first.click()
    _say_what_for(page)


def _dispute(page: Page, url: str) -> None:
    """The most urgent dispute, with what was said of it."""
    page.goto(f"{url}/desk/disputes")
    path = page.locator("main a[href*='/disputes?about=']").first.get_attribute("href") or ""
    page.goto(f"{url}{path.partition('/disputes')[0]}/read")
    _say_what_for(page)
    page.goto(f"{url}{path.replace('/disputes?', '/disputes/read?')}")


def _item(page: Page, url: str) -> None:
    """The first item on the list of the DIAL meeting, which is open."""
    page.goto(f"{url}/rounds/dial_meeting/meeting")
    page.locator("input[name=purpose]").first.check()
    page.locator("input[name=mode]").first.check()
    for there in page.locator("input[name=participants]").all():
        there.check()
    page.locator("main form button").first.click()


def _adult(page: Page, url: str) -> None:
    """Who signed about an adult, and what followed."""
    page.goto(f"{url}/board?category=adult_protection")
    for path in [link.get_attribute("href") for link in page.locator("tbody th a").all()]:
        page.goto(f"{url}{path}")
        if page.locator("#adult").count() and page.locator("#adult + dl").get_by_text("not yet").count() == 0:
            page.locator("#adult").evaluate("heading => { heading.scrollIntoView(); scrollBy(0, -30); }")
            return
    raise LookupError("no open case of an adult has been decided at this moment of the world")


SHOTS = (
    Shot("board", MANAGER, _to("/board")),
    Shot("your-work", SERGEANT, _to("/work")),
    Shot("case", MANAGER, _first_case("discussion")),
    Shot("what-is-known", SERGEANT, _first_case("discussion", "/read")),
    Shot("rate", SERGEANT, _first_case("discussion", "/tasks/rating")),
    Shot("disclosure", OWNER, _to("/desk/disclosure")),
    Shot("dispute", MANAGER, _dispute),
    Shot("adult", SERGEANT, _adult),
    Shot("our-data", CONTROLLER, _to("/our-data")),
    Shot("team", FIELD, _to("/team")),
    Shot("package", FIELD, _package),
    Shot("rounds", SERGEANT, _to("/rounds")),
    Shot("meeting", SERGEANT, _item),
    Shot("registers", MANAGER, _to("/registers")),
    Shot("figures", MANAGER, _to("/figures")),
    Shot("operations", MANAGER, _to("/operations")),
)


def main() -> int:
    program = chromium()
    if program is None:
        print("no Chromium: on Debian `apt-get install chromium`", file=sys.stderr)
        return 1
    INTO.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "world"
        print("playing the sample world", file=sys.stderr)
        now = play_until(folder, AFTER)
        _take(folder, now, program)
    return 0


def _take(folder: Path, now: datetime, program: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        with served(lambda: looked_at(folder, now), lambda app: app) as (url, _, _):
            for shot in SHOTS:
                page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
                page.set_default_timeout(LIMIT_MS)
                page.goto(f"{url}/sign-in")
                page.get_by_role("combobox").select_option(shot.who)
                page.get_by_role("button", name="Sign in").click()
                shot.go(page, url)
                file = INTO / f"{shot.name}.png"
                page.screenshot(path=str(file), full_page=False)
                print(file.name, file=sys.stderr)
                page.context.close()
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
