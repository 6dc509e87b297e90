"""Every page that people come to by links, in a real browser: axe-core finds nothing, on a wide screen, on a
narrow one, and magnified."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened
from tests.support.dashboard import CHAMPION, EDUCATION, FIELD, SERGEANT
from tests.support.dashboard_crawl import crawl
from tests.support.dashboard_site import Site

MANAGER = "MASH-MGR-01@csc_staffordshire"
OWNER = "POL-DM-01@police"
Accessible = Callable[[Page], None]


@pytest.mark.parametrize("who", [SERGEANT, MANAGER, OWNER, EDUCATION, FIELD, CHAMPION])
def test_every_page_is_for_everybody(site: Site, opened: Opened, accessible: Accessible, who: str) -> None:
    async def addresses() -> list[str]:
        pages = [page async for page in crawl(site.dashboard, who)]
        return [one.path for one in pages if "text/html" in one.answer.headers["content-type"]]

    paths = asyncio.run_coroutine_threadsafe(addresses(), site.loop).result()
    page = opened()
    page.goto(f"{site.url}/sign-in")
    page.get_by_role("combobox").select_option(who)
    page.get_by_role("button", name="Sign in").click()
    for path in dict.fromkeys(paths):
        page.goto(f"{site.url}{path}")
        if page.locator("input[name=then]").count():
            accessible(page)
            page.get_by_label("Safeguarding children").check()
            page.get_by_role("button", name="Continue").click()
            expect(page.locator("input[name=then]")).to_have_count(0)
            page.wait_for_load_state("load")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 900})
            accessible(page)
            too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            assert not too_wide, f"{path} is wider than a screen of {width} pixels"
