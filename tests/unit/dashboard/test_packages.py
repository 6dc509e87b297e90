"""Packages at the dashboard: each look at one is a reading on record, for a purpose that was given first."""

from __future__ import annotations

import base64
import html
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ops import retention
from ops.dashboard.reading_packages import package_for
from ops.dashboard.routes import packages
from ops.package_view import Shown
from ops.retention import Destroyed
from store.port import Store
from store.vault import Reader, access_key
from tests.support.dashboard import (
    EDUCATION,
    FIELD,
    MORNING,
    PURPOSE,
    SERGEANT,
    TEXT,
    WITHHELD,
    Dashboard,
    Scene,
    a_dashboard,
    a_scene,
    send,
    supplemented,
    with_case,
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


async def test_the_captions_of_a_package_repeat_its_headings_and_are_hidden_and_no_id_is_there_twice(
    scene: Scene,
) -> None:
    async with a_dashboard(scene) as dashboard:
        case = scene.cases["issued"]
        desk = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        page = (await desk.get(f"/cases/{case}/packages/1")).text
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert sorted(ids) == sorted(set(ids))
    captions = re.findall(r'<caption class="([^"]*)"', page)
    assert len(captions) > 1
    assert all("govuk-visually-hidden" in one for one in captions)


async def test_a_team_reads_two_versions_side_by_side_both_on_record_c07_d02(tmp_path: Path) -> None:
    with with_case("supplemented", supplemented), a_scene(tmp_path) as scene:
        case = scene.cases["supplemented"]
        async with a_dashboard(scene) as dashboard:
            browser, base = await dashboard.signed_in(FIELD), f"/team/cases/{case}"
            await send(browser, f"{base}/purpose", {"purpose": PURPOSE, "then": ""})
            before = len(await readings(dashboard, case))
            page = (await browser.get(f"{base}/packages/2/changes")).text
            assert len(await readings(dashboard, case)) == before + 2
            for said in (
                "CANARY-THAT-CAME-LATE",
                TEXT,
                "withdrawn, no longer to be used",
                "has not answered",
            ):
                assert said in page
            for since in ("2", "7", "x"):
                answer = await browser.get(f"{base}/packages/2/changes?since={since}")
                assert answer.status_code == 404
            second = (await browser.get(f"{base}/packages/2")).text
            assert "Withdrawn, no longer to be used: p/9." in second
            assert "This supplement has only what is new." in second
            assert TEXT not in second
            first = (await browser.get(f"{base}/packages/1")).text
            assert "A later version has been issued: version 2." in first
            inbox = (await browser.get("/team")).text
            assert "Supplement to an earlier package, version 2" in inbox


async def test_content_that_was_destroyed_is_told_with_when_and_by_whom_l09(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def destroyed(key: str, store: Store) -> Destroyed:
        return Destroyed(MORNING, (Reader("CSS-DPO-01", "data_protection_champion", "csc_staffordshire"),))

    case = scene.cases["issued"]
    async with a_dashboard(scene) as dashboard:
        desk = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        monkeypatch.setattr(retention, "destroyed", destroyed)
        for path in ("packages/1", "packages/1/pdf", "read"):
            answer = await desk.get(f"/cases/{case}/{path}")
            assert answer.status_code == 410
            assert "destroyed on 5 Mar 2012, 09:00 GMT by CSS-DPO-01@csc_staffordshire" in answer.text
            assert TEXT not in answer.text


async def test_a_form_that_is_a_document_by_itself_comes_as_a_file_and_on_the_page_it_is_told_f04_f06(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = base64.b64encode(b"%PDF-1.4 the form").decode()
    form = {"form": "ap1", "media_type": "application/pdf", "document": document}

    async def with_form(*asked: Any) -> Shown:
        shown = await package_for(*asked)
        return replace(shown, package={**shown.package, "form": form})

    case = scene.cases["issued"]
    monkeypatch.setattr(packages, "package_for", with_form)
    async with a_dashboard(scene) as dashboard:
        desk = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        before = len(await readings(dashboard, case))
        page = (await desk.get(f"/cases/{case}/packages/1")).text
        assert "Form AP1" in page
        assert document not in page
        answer = await desk.get(f"/cases/{case}/packages/1/form")
        assert answer.content == b"%PDF-1.4 the form"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert len(await readings(dashboard, case)) == before + 2
        form["document"] = "no base64!"
        assert (await desk.get(f"/cases/{case}/packages/1/form")).status_code == 404
