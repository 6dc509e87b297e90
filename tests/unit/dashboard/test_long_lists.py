"""The ledgers and the list of retention when there are more cases than a page has. [J05, L09, L10]"""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from agents.coordinator.governance import BreachReport, SupervisionCall
from messages.confidential import Confidential
from messages.governance import PartnerConsulted, SupervisorCalled
from messages.words import Actor
from ops import case_views
from store.connect import connect
from tests.support.dashboard import (
    ADULT_CARE,
    CHAMPION,
    MORNING,
    SERGEANT,
    Scene,
    a_dashboard,
    a_scene,
)
from tests.support.kept_hub import CountingStore, put

ROWS = 3
BY = Actor(person="POL-SGT-01", role="sergeant", agency="police")
_CASE = re.compile(r'data-label="(?:Case|Document)">(?:<a [^>]*>)?(C-[A-Z0-9]+)')
_NEXT = re.compile(r'href="([^"]+)" rel="next"')


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Of these tests alone, for they add cases."""
    with a_scene(tmp_path_factory.mktemp("scene")) as made:
        yield made


@asynccontextmanager
async def counted(scene: Scene, who: str) -> AsyncIterator[tuple[AsyncClient, CountingStore]]:
    """The browser of a person where a page has three rows, and the store that counts what pages read."""
    store = CountingStore(connect(scene.store_url, agent="coordinator"))
    async with a_dashboard(scene, rows=ROWS, store=store) as dashboard:
        yield await dashboard.signed_in(who), store
    await store.close()


async def keep(scene: Scene, like: str, number: int, **changes: object) -> str:
    """A case like one of the scene, but for these changes."""
    store = connect(scene.store_url, agent="coordinator")
    key = scene.cases[like]
    case = case_views.case_from((await store.load([key]))[key])
    made = case.model_copy(update={"case_id": f"C-{number:03}", **changes})
    await put(store, made)
    await store.close()
    return made.case_id


async def walked(browser: AsyncClient, store: CountingStore, path: str) -> list[list[str]]:
    """The cases of every page from this one on. None of them reads more documents than it has rows."""
    pages = []
    while True:
        before = store.read
        answer = await browser.get(path)
        assert answer.status_code == 200
        shown = list(dict.fromkeys(_CASE.findall(answer.text)))
        pages.append(shown)
        assert store.read - before == len(shown) <= ROWS
        found = _NEXT.search(answer.text)
        if found is None:
            return pages
        path = html.unescape(found[1])


def a_call(number: int) -> SupervisionCall:
    at = MORNING + timedelta(minutes=number)
    return SupervisionCall(
        call_id=f"S-{number}",
        by=BY,
        supervisor=SupervisorCalled(person="POL-SUP-01", agency="police"),
        called_at=at,
        ground="unable_to_decide",
        consulted=(PartnerConsulted(agency="education", at=at - timedelta(minutes=1)),),
        outcome="advice_given",
        recorded_at=at,
    )


def a_breach(number: int) -> BreachReport:
    return BreachReport(
        report_id=f"B-{number}",
        by=BY,
        person="POL-SUP-01",
        agency="police",
        kind="other",
        account=Confidential("CANARY-ACCOUNT"),
        at=MORNING + timedelta(minutes=number),
    )


async def test_the_ledger_of_calls_has_the_case_called_about_last_first_a_page_at_a_time_j05(
    scene: Scene,
) -> None:
    twice = (a_call(50), a_call(5))
    calls = [(a_call(number),) for number in (30, 10, 40, 20)]
    cases = [await keep(scene, "red", n, supervision=of) for n, of in enumerate((*calls, twice))]
    other = await keep(scene, "adult_care", 100, supervision=(a_call(60),))
    async with counted(scene, SERGEANT) as (browser, store):
        first, second = await walked(browser, store, "/registers/supervision")
        assert [*first, *second] == [other] + [cases[n] for n in (4, 2, 0, 3, 1)]
        page = (await browser.get("/registers/supervision")).text
        assert "6 cases have a call on record, page 1 of 2" in page
        assert page.count(f'href="/cases/{cases[4]}"') == 2  # both calls about it stand together
        assert await walked(browser, store, "/registers/supervision?page=99") == [second]
    async with counted(scene, ADULT_CARE) as (browser, store):
        assert await walked(browser, store, "/registers/supervision") == [[other]]


async def test_the_ledger_of_breaches_has_the_latest_first_a_page_at_a_time_l10(scene: Scene) -> None:
    cases = [
        await keep(scene, "red", 200 + n, breaches=(a_breach(number),))
        for n, number in enumerate((30, 10, 40, 20))
    ]
    other = await keep(scene, "adult_care", 300, breaches=(a_breach(60),))
    async with counted(scene, SERGEANT) as (browser, store):
        pages = await walked(browser, store, "/registers/breaches")
        assert pages == [[other, cases[2], cases[0]], [cases[3], cases[1]]]
        assert "CANARY" not in (await browser.get("/registers/breaches")).text
    async with counted(scene, ADULT_CARE) as (browser, store):
        assert await walked(browser, store, "/registers/breaches") == [[other]]


async def test_what_is_done_with_is_listed_a_page_at_a_time_l09(tmp_path: Path) -> None:
    with a_scene(tmp_path) as scene:
        days = (3, 1, 2, 1, 3, 0)
        cases = [
            await keep(scene, "sent_back", n, closed_at=MORNING - timedelta(days=day))
            for n, day in enumerate(days)
        ]
        async with counted(scene, CHAMPION) as (browser, store):
            pages = await walked(browser, store, "/retention?keeping=held")
            order = [cases[n] for n in (0, 4, 2, 1, 3, 5)]
            assert pages == [order[:3], order[3:], [scene.cases["sent_back"]]]
            page = (await browser.get("/retention?keeping=held&page=2")).text
            assert "Held: no rule covers it (7)" in page and "page 2 of 3" in page
            assert await walked(browser, store, "/retention?keeping=held&page=99") == [pages[-1]]
            assert await walked(browser, store, "/retention?keeping=whatever") == [[]]
