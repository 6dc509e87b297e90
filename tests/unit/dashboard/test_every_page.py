"""Whatever a person comes to, by links or by an address: it opens, and shows no more than they may see."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator

import pytest
from httpx2 import Response

from agents.partnership.model import StaffMember
from tests.support.api_calls import Hearing
from tests.support.dashboard import (
    PURPOSE,
    SERGEANT,
    TEXT,
    WITHHELD,
    Dashboard,
    Scene,
    a_dashboard,
    a_scene,
    form_token,
)
from tests.support.dashboard_cases import POSITION, in_dispute, play
from tests.support.dashboard_crawl import crawl
from tests.support.pdf_text import pages_of
from tests.support.who_opens import ASKED, FIELD, MANAGERS, PEOPLE, VIEW, off_hub

CONCERN = "bruises seen at school"
NAME = "Thornquist"
WHY = "because of the referral"
WHY_WITHHELD = "an operation is under way"
CANARIES = (TEXT, WITHHELD, POSITION, CONCERN, NAME, WHY, WHY_WITHHELD)

_SHOWS_CONTENT = re.compile(
    r"^/cases/[^/]+/(read$|reasons$|packages/|tasks/|disputes/read)|^/team/cases/[^/]+/(packages/|tasks/|notice$)"
)
"""The pages whose reading is on record. No other page may hold a text of a case."""
_PLACES = ("", "/record", "/read", "/reasons", "/packages/1", "/packages/1/pdf", "/tasks/rating")
"""Of a case, by its address alone."""

_TAG = re.compile("<[^>]*>")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
"""A date as files and messages have it, and no page shows."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The usual cases, and one in dispute."""
    with a_scene(tmp_path_factory.mktemp("scene")) as made:
        disputed = play(made, in_dispute)
        yield Scene(made.store_url, {**made.cases, "disputed": disputed}, made.hub, made.thread)


def may_read(one: StaffMember) -> frozenset[str]:
    """The texts that a person may read on some page, written out. [C10, D02, G3.6]"""
    roles = set(one.roles)
    if roles & FIELD and one.agency in ("police", "csc_staffordshire"):
        # What was sent to their team, which what was withheld or disputed was not.
        return frozenset({TEXT, CONCERN, NAME, WHY})
    if off_hub(one) or not roles & VIEW:
        return frozenset()
    if one.agency in ASKED or roles & MANAGERS:
        return frozenset(CANARIES)
    if one.agency == "asc_staffordshire":
        # It was asked in one case, in which nothing was revealed.
        return frozenset({CONCERN, NAME, WHY})
    return frozenset()


def shown_in(answer: Response) -> set[str]:
    """The texts of cases that an answer holds: a page, a file or a header, however its lines are broken."""
    kind = answer.headers.get("content-type", "")
    text = " ".join(pages_of(answer.content)) if kind == "application/pdf" else answer.text
    squeezed = "".join([text, *answer.headers.values()]).translate(_NO_SPACE)
    return {one for one in CANARIES if one.translate(_NO_SPACE) in squeezed}


_NO_SPACE = str.maketrans("", "", " \n\r\t\xa0")


async def answers(dashboard: Dashboard, who: str, scene: Scene) -> AsyncIterator[tuple[str, Response, bool]]:
    """Everything that somebody gets: address, answer, whether a link leads there."""
    forms = []
    async for page in crawl(dashboard, who):
        yield page.path, page.answer, True
        if "/tasks/" in page.path and 'name="form_id"' in page.answer.text:
            forms.append(page.path)
    browser = await dashboard.signed_in(who)
    token = form_token(await browser.get("/you"))
    for case in scene.cases.values():
        for team in ("", "/team"):
            before = await browser.get(f"{team}/cases/{case}/packages/1")
            yield f"{team}/cases/{case}", before, False  # no purpose was said
            said = {"form_token": token, "purpose": PURPOSE, "then": ""}
            yield f"{team}/cases/{case}", await browser.post(f"{team}/cases/{case}/purpose", data=said), False
            for place in _PLACES:
                path = f"{team}/cases/{case}{place}"
                yield path, await browser.get(path), False
    for path in forms:
        empty = {"form_token": token, "form_id": f"empty {path}"}
        yield path, await browser.post(path, data=empty), False
    yield "/nothing", await browser.get("/nothing"), False


@pytest.mark.parametrize("one", PEOPLE, ids=lambda one: f"{one.person}@{one.agency}")
async def test_every_link_leads_to_a_page_and_content_stands_on_pages_read_on_record_alone_d02_l14(
    scene: Scene, one: StaffMember
) -> None:
    linked, read = 0, set[str]()
    async with a_dashboard(scene, speaker=Hearing()) as dashboard:
        async for path, answer, by_link in answers(dashboard, f"{one.person}@{one.agency}", scene):
            linked += by_link
            assert answer.status_code < 500, path
            assert answer.status_code == 200 or not by_link, (path, answer.status_code)
            shown = shown_in(answer)
            assert not shown or _SHOWS_CONTENT.match(path), (path, shown)
            assert shown <= may_read(one), path
            assert not shown or answer.status_code in (200, 400), path
            read |= shown
            if "text/html" in answer.headers.get("content-type", ""):
                assert not _ISO_DAY.search(_TAG.sub("", answer.text)), path
                title = re.search("<title>.*?</title>", answer.text, re.DOTALL)
                assert title is None or not [text for text in CANARIES if text in title[0]], path
    assert linked >= 2
    assert read == may_read(one), "whoever may read a text comes to it"


async def test_who_may_read_a_case_comes_to_its_texts_by_links_d02(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        pages = [page async for page in crawl(dashboard, SERGEANT)]
    read = {page.path for page in pages if TEXT in page.answer.text}
    assert any(path.endswith("/read") for path in read)
