"""Every page that people come to by links, in a real browser: axe-core finds nothing, no narrow screen has to
be scrolled sideways, nor a wide one at 400 %."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opened, fits
from tests.support.dashboard import CHAMPION, EDUCATION, FIELD, SERGEANT
from tests.support.dashboard_crawl import crawl, kind_of
from tests.support.dashboard_site import Site

MANAGER = "MASH-MGR-01@csc_staffordshire"
OWNER = "POL-DM-01@police"
Accessible = Callable[[Page], None]


_OF_A_KIND = 3
"""How many pages are looked at whose addresses differ by nothing but an id: `test_case_page` has a case in
every state, `test_tasks` every form."""


@pytest.mark.parametrize("who", [SERGEANT, MANAGER, OWNER, EDUCATION, FIELD, CHAMPION])
def test_every_page_is_for_everybody(
    site: Site, opened: Opened, accessible: Accessible, fine: Accessible, who: str
) -> None:
    async def addresses() -> list[str]:
        pages = [page async for page in crawl(site.dashboard, who)]
        return [one.path for one in pages if "text/html" in one.answer.headers["content-type"]]

    paths = asyncio.run_coroutine_threadsafe(addresses(), site.loop).result()
    page = opened()
    page.goto(f"{site.url}/sign-in")
    page.get_by_role("combobox").select_option(who)
    page.get_by_role("button", name="Sign in").click()
    looked_at: Counter[str] = Counter()
    for path in dict.fromkeys(paths):
        looked_at[kind_of(path)] += 1
        if looked_at[kind_of(path)] > _OF_A_KIND:
            continue
        page.goto(f"{site.url}{path}")
        if page.locator("input[name=then]").count():
            accessible(page)
            page.get_by_label("Safeguarding children").check()
            page.get_by_role("button", name="Continue").click()
            expect(page.locator("input[name=then]")).to_have_count(0)
            page.wait_for_load_state("load")
        if looked_at[kind_of(path)] == 1:
            fine(page)
        else:
            accessible(page)
            fits(page)
