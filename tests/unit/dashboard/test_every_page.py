"""Whatever a person comes to by following links: it opens, and shows no more than they may see."""

from __future__ import annotations

import re

import pytest

from tests.support.dashboard import SERGEANT, TEXT, WITHHELD, Scene, a_dashboard
from tests.support.dashboard_crawl import crawl
from tests.support.whole_hub import PARTNERSHIP

ROLES = sorted({role for one in PARTNERSHIP.staff for role in one.roles})
_SHOWS_CONTENT = re.compile(
    r"^/(team/)?(cases|dials|missing)/[^/]+/(read|reasons|packages|tasks|disputes)|^/desk"
)
"""The pages whose reading is on record. No other page may hold a text of a case."""

_TAG = re.compile("<[^>]*>")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
"""A date as files and messages have it, and no page shows."""


@pytest.mark.parametrize("role", ROLES)
async def test_every_link_leads_to_a_page_and_content_stands_on_pages_read_on_record_alone_d02_l14(
    scene: Scene, role: str
) -> None:
    of_role = [one for one in PARTNERSHIP.staff if role in one.roles]
    homes = ("police", "education", "csc_staffordshire")
    one = min(of_role, key=lambda one: (one.agency not in homes, one.agency))
    opened = 0
    async with a_dashboard(scene) as dashboard:
        async for page in crawl(dashboard, f"{one.person}@{one.agency}"):
            opened += 1
            assert page.answer.status_code == 200, (page.path, page.answer.status_code)
            if not _SHOWS_CONTENT.match(page.path):
                assert TEXT not in page.answer.text, page.path
                assert WITHHELD not in page.answer.text, page.path
            if "text/html" in page.answer.headers["content-type"]:
                assert not _ISO_DAY.search(_TAG.sub("", page.answer.text)), page.path
            assert not re.search(rf"<title>[^<]*({TEXT}|{WITHHELD})", page.answer.text)
    assert opened >= 2


async def test_who_may_read_a_case_comes_to_its_texts_by_links_d02(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        pages = [page async for page in crawl(dashboard, SERGEANT)]
    read = {page.path for page in pages if TEXT in page.answer.text}
    assert any(path.endswith("/read") for path in read)
