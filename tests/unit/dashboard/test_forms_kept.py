"""What somebody typed is not lost when the hub, its store or its broker fails, nor said twice for that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from httpx2 import AsyncClient, Response

from ops.dashboard.admitting import MOST_BYTES
from store.port import StoreError
from tests.support.api_calls import Hearing, Unreachable
from tests.support.dashboard import PURPOSE, SERGEANT, Dashboard, Scene, a_dashboard, form_token, send
from tests.unit.dashboard.test_session_end import (
    AGAIN,
    WRITTEN,
    pass_time,
    sign_in_again,
)

SAID = {**WRITTEN, "where": "nowhere"}
FAILED = "Something went wrong when you sent this form."


async def filled_in(dashboard: Dashboard, case: str) -> tuple[AsyncClient, str, dict[str, str]]:
    browser, task = await dashboard.at_desk(SERGEANT, case, PURPOSE), f"/cases/{case}/tasks/threshold"
    return browser, task, {**SAID, "form_id": "f-1", "form_token": form_token(await browser.get(task))}


def is_as_it_was_left(page: Response) -> None:
    assert "CANARY-TYPED" in page.text
    assert 'name="form_id" value="f-1"' in page.text, "the same form, so that it is said once"


async def test_a_form_stays_when_the_hub_cannot_be_reached_and_is_said_when_it_can(living: Scene) -> None:
    hub = Unreachable()
    async with a_dashboard(living, speaker=hub) as dashboard:
        browser, task, said = await filled_in(dashboard, living.cases["new"])
        away = await browser.post(task, data=said)
        assert away.status_code == 503
        assert "The hub cannot be reached just now." in away.text
        is_as_it_was_left(away)
        hub.back = living
        assert (await browser.post(task, data=said)).headers["location"] == f"/cases/{living.cases['new']}"


async def test_a_form_is_kept_when_the_store_fails_and_the_error_page_says_nothing_of_what_was_sent(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hearing()
    async with a_dashboard(scene, speaker=hub) as dashboard:
        browser, task, said = await filled_in(dashboard, scene.cases["new"])

        async def fails(*what: object, **how: object) -> None:
            raise StoreError("down")

        with monkeypatch.context() as patched:
            patched.setattr(dashboard.given.store, "load", fails)
            failed = await browser.post(task, data=said)
        assert failed.status_code == 500
        assert "has been sent" not in failed.text
        assert f'href="{task}"' in failed.text
        page = await browser.get(task)
        assert FAILED in page.text and AGAIN not in page.text
        is_as_it_was_left(page)
        assert hub.heard == []


async def test_no_other_form_and_nobody_elses_is_kept_when_something_fails(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_dashboard(scene) as dashboard:
        browser, task, said = await filled_in(dashboard, scene.cases["new"])

        async def fails(*what: object, **how: object) -> None:
            raise StoreError("down")

        with monkeypatch.context() as patched:
            patched.setattr(dashboard.given.store, "load", fails)
            await browser.post(task, data=said)
            plain = await browser.get(task)
        assert (plain.status_code, "open the form again" in plain.text) == (500, False)
        other = await dashboard.at_desk(SERGEANT, scene.cases["new"], PURPOSE)
        assert "CANARY-TYPED" not in (await other.get(task)).text
        await send(browser, "/sign-out", {})
        await sign_in_again(browser, SERGEANT)
        await send(browser, f"/cases/{scene.cases['new']}/purpose", {"purpose": PURPOSE, "then": task})
        assert "CANARY-TYPED" not in (await browser.get(task)).text, "signing out keeps nothing"


async def test_a_form_with_several_long_texts_is_taken(living: Scene) -> None:
    long = "\N{LATIN SMALL LETTER E WITH ACUTE}" * 15_000
    async with a_dashboard(living) as dashboard:
        browser, task, said = await filled_in(dashboard, living.cases["new"])
        for name in ("rationale.reason", "rationale.proportionality"):
            said[name] = long
        answer = await browser.post(task, data=said)
        assert answer.headers.get("location") == f"/cases/{living.cases['new']}", answer.text
        beyond = await browser.post(task, data={**said, "more": "x" * MOST_BYTES})
        assert beyond.status_code == 400


async def test_forms_in_two_windows_are_both_kept_over_the_end_of_a_session(scene: Scene) -> None:
    case = scene.cases["new"]
    async with a_dashboard(scene) as dashboard:
        browser, task, said = await filled_in(dashboard, case)
        pass_time(dashboard, timedelta(minutes=30))
        await browser.post(task, data=said)
        await browser.post("/search", data={"form_token": said["form_token"], "id": "R-1"})
        assert (await sign_in_again(browser, SERGEANT)).headers["location"] == "/search", "the latest"
        assert (await sign_in_again(browser, SERGEANT)).headers["location"] == "/search", (
            "in the other window"
        )
        first = await browser.get("/search")
        assert 'value="R-1"' in first.text and f'href="{task}"' in first.text
        await send(browser, f"/cases/{case}/purpose", {"purpose": PURPOSE, "then": task})
        second = await browser.get(task)
        is_as_it_was_left(second)
        assert "You had written in other forms too" not in second.text


async def test_who_was_not_the_first_is_shown_what_they_wrote_and_where_it_says_who_was(
    living: Scene,
) -> None:
    case = living.cases["new"]
    async with a_dashboard(living) as dashboard:
        first, task, said = await filled_in(dashboard, case)
        second, _, late = await filled_in(dashboard, case)
        assert (await first.post(task, data=said)).status_code == 303
        late |= {"form_id": "f-2", "rationale.reason": "CANARY-TYPED in words"}
        over = await second.post(task, data=late)
        assert over.status_code == 409
        assert "CANARY-TYPED in words" in over.text and "nowhere" not in over.text.replace("kept nowhere", "")
        assert f'href="/cases/{case}/record"' in over.text
        assert (await second.get(f"/cases/{case}/record")).status_code == 200
