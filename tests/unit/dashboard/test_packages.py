"""Packages at the dashboard: each look at one is a reading on record, for a purpose that was given first."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest

from store.vault import access_key
from tests.support.dashboard import (
    EDUCATION,
    FIELD,
    PURPOSE,
    SERGEANT,
    TEXT,
    WITHHELD,
    Dashboard,
    Scene,
    a_dashboard,
    send,
)
from tests.support.pdf_text import pages_of

NAME = "Thornquist"


async def readings(dashboard: Dashboard, case: str) -> list[dict[str, Any]]:
    return [json.loads(entry.body) for entry in await dashboard.given.store.audit(access_key(case))]


@pytest.mark.parametrize(
    ("who", "root"), [(EDUCATION, "/cases"), (FIELD, "/team/cases")], ids=["hub", "team"]
)
async def test_a_package_is_read_for_one_purpose_and_every_look_is_on_record_first_d02(
    scene: Scene, who: str, root: str
) -> None:
    case = scene.cases["issued"]
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(who)
        before, base = await readings(dashboard, case), f"{root}/{case}"
        for path in (f"{base}/packages/1", f"{base}/packages/1/pdf"):
            asked = await browser.get(path)
            assert "What do you read this case for?" in asked.text
            assert TEXT not in asked.text
            for purpose in ("", "curiosity"):
                answer = await send(browser, f"{base}/purpose", {"purpose": purpose, "then": path})
                assert (answer.status_code, "Choose what you read it for" in answer.text) == (400, True)
        assert await readings(dashboard, case) == before
        said = {"purpose": PURPOSE, "then": f"{base}/packages/1"}
        answer = await send(browser, f"{base}/purpose", said)
        page = await browser.get(answer.headers["location"])
        assert TEXT in page.text
        assert WITHHELD not in page.text
        pdf = await browser.get(f"{base}/packages/1/pdf")
        assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
        assert pdf.headers["content-disposition"] == f'attachment; filename="{case}-package-1.pdf"'
        read = (await readings(dashboard, case))[len(before) :]
        person = who.partition("@")[0]
        assert [(one["act"], one["person"], one["purpose"]) for one in read] == [
            ("vault.read", person, PURPOSE)
        ] * 2
        pages = " ".join(pages_of(pdf.content))
        assert TEXT in pages.replace("\n", " ")
        assert WITHHELD not in pages
        for version in ("9", "0", "x", "²"):
            assert (await browser.get(f"{base}/packages/{version}")).status_code == 404
        assert (await browser.get(f"{base}/packages/1/changes")).status_code == 404
        assert (await browser.get(f"{base}/packages/1/form")).status_code == 404


async def test_the_title_and_the_address_of_a_package_are_without_anybodys_name(scene: Scene) -> None:
    case = scene.cases["issued"]
    async with a_dashboard(scene) as dashboard:
        desk = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        page = (await desk.get(f"/cases/{case}/packages/1")).text
    title = page[page.index("<title>") : page.index("</title>")]
    assert f"Package 1 of case {case}" in title
    assert NAME in html.unescape(page)
    assert NAME not in title
