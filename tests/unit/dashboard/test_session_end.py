"""The end of a session: when it comes, and that no form is lost by it or shown to anybody else. [D02]"""

from __future__ import annotations

from datetime import timedelta

from httpx2 import AsyncClient, Response

from ops.dashboard.kept_forms import KEPT_FOR
from tests.support.dashboard import (
    EDUCATION,
    FIELD,
    PURPOSE,
    SERGEANT,
    Dashboard,
    Scene,
    a_dashboard,
    form_token,
    send,
)

WRITTEN = {"met": "no", "rationale.reason": "CANARY-TYPED", "rationale.proportionality": "No less will do."}
IDLE = timedelta(minutes=30)
AGAIN = "You are signed in again."


def pass_time(dashboard: Dashboard, length: timedelta) -> None:
    dashboard.wall.show(dashboard.wall.now() + length)


async def sent_too_late(dashboard: Dashboard, browser: AsyncClient, case: str) -> Response:
    """A form that was opened while the session went on, and sent after it."""
    task = f"/cases/{case}/tasks/threshold"
    token = form_token(await browser.get(task))
    pass_time(dashboard, IDLE)
    return await browser.post(task, data={**WRITTEN, "form_token": token, "form_id": "f-1"})


async def test_who_sends_a_form_that_was_lost_with_a_restart_is_told_that_nothing_of_it_was_sent(
    living: Scene,
) -> None:
    task = f"/cases/{living.cases['new']}/tasks/threshold"
    async with a_dashboard(living) as dashboard:
        before = await dashboard.signed_in(SERGEANT)
        token = form_token(await before.get("/you"))
    async with a_dashboard(living) as started_again:
        browser = started_again.browser()
        browser.cookies.set("mash", before.cookies["mash"])
        sent = await browser.post(task, data={**WRITTEN, "form_token": token})
        page = (await browser.get(sent.headers["location"])).text
        assert "Nothing of it was sent, so it has to be written again" in page
        assert "CANARY-TYPED" not in page
        only_looked = await browser.get(task)
        assert only_looked.headers["location"] == "/sign-in", "who sent nothing has lost nothing"


async def sign_in_again(browser: AsyncClient, who: str) -> Response:
    return await send(browser, "/sign-in", {"person": who}, at="/sign-in")


async def test_a_form_sent_after_the_session_is_shown_filled_in_to_the_same_person_and_to_be_sent(
    living: Scene,
) -> None:
    case = living.cases["new"]
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        late = await sent_too_late(dashboard, browser, case)
        assert (late.status_code, late.headers["location"]) == (303, "/sign-in")
        assert "Nothing of it was lost" in (await browser.get("/sign-in")).text
        back = await sign_in_again(browser, SERGEANT)
        task = f"/cases/{case}/tasks/threshold"
        assert (back.status_code, back.headers["location"]) == (303, task)
        asked = await browser.get(task)
        assert "What do you read this case for?" in asked.text, "a new session, and so a purpose of its own"
        await send(browser, f"/cases/{case}/purpose", {"purpose": PURPOSE, "then": task}, at=task)
        page = await browser.get(task)
        assert AGAIN in page.text
        assert "CANARY-TYPED" in page.text
        assert 'name="form_id" value="f-1"' in page.text
        said = {**WRITTEN, "where": "nowhere", "form_id": "f-1", "form_token": form_token(page)}
        assert (await browser.post(task, data=said)).headers["location"] == f"/cases/{case}"
        kept = (await dashboard.given.store.load([case]))[case]
        assert kept.facets["stage"] == "closed"


async def test_a_form_that_is_kept_has_as_many_entries_as_were_added_to_it(living: Scene) -> None:
    case = living.cases["red"]
    task = f"/cases/{case}/tasks/answer?about={case}/check/1/education"
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.at_desk(EDUCATION, case, PURPOSE)
        said = {"state": "found", "elements-entries": "2", "elements.1.text": "CANARY-TYPED"}
        token = form_token(await browser.get(task))
        pass_time(dashboard, IDLE)
        await browser.post(task, data={**said, "add": "elements", "form_token": token})
        await sign_in_again(browser, EDUCATION)
        await send(browser, f"/cases/{case}/purpose", {"purpose": PURPOSE, "then": task}, at=task)
        page = (await browser.get(task)).text
        assert AGAIN in page and "CANARY-TYPED" in page
        assert 'id="elements-3"' in page and 'id="elements-4"' not in page


async def test_nobody_else_gets_anything_of_a_form_that_is_kept(scene: Scene) -> None:
    case = scene.cases["new"]
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        await sent_too_late(dashboard, browser, case)
        other = await sign_in_again(browser, FIELD)
        assert other.headers["location"] == "/"
        again = await sign_in_again(browser, SERGEANT)
        assert again.headers["location"] == "/", "it is gone once somebody else has used the browser"


async def test_another_browser_of_the_same_person_gets_nothing_of_it(scene: Scene) -> None:
    case = scene.cases["new"]
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        await sent_too_late(dashboard, browser, case)
        elsewhere = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        assert "CANARY-TYPED" not in (await elsewhere.get(f"/cases/{case}/tasks/threshold")).text


async def test_a_form_is_kept_for_some_minutes_and_no_longer(scene: Scene) -> None:
    case = scene.cases["new"]
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        await sent_too_late(dashboard, browser, case)
        pass_time(dashboard, KEPT_FOR)
        assert (await sign_in_again(browser, SERGEANT)).headers["location"] == "/"


async def test_a_form_with_a_token_that_is_not_the_ended_sessions_is_not_kept(scene: Scene) -> None:
    case = scene.cases["new"]
    task = f"/cases/{case}/tasks/threshold"
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        other = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        stolen = form_token(await other.get("/you"))
        pass_time(dashboard, IDLE)
        for token in ("", "x", stolen):
            await browser.post(task, data={**WRITTEN, "form_token": token})
            assert "Nothing of it was lost" not in (await browser.get("/sign-in")).text
        assert (await sign_in_again(browser, SERGEANT)).headers["location"] == "/"


async def test_signing_out_keeps_nothing(scene: Scene) -> None:
    case = scene.cases["new"]
    task = f"/cases/{case}/tasks/threshold"
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        cookie, token = browser.cookies["mash"], form_token(await browser.get(task))
        await send(browser, "/sign-out", {})
        browser.cookies.set("mash", cookie)
        await browser.post(task, data={**WRITTEN, "form_token": token})
        assert (await sign_in_again(browser, SERGEANT)).headers["location"] == "/"


async def test_who_has_signed_in_again_on_another_page_sends_the_old_one_and_is_shown_it_again(
    scene: Scene,
) -> None:
    case = scene.cases["new"]
    task = f"/cases/{case}/tasks/threshold"
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        old = form_token(await browser.get(task))
        pass_time(dashboard, IDLE)
        await sign_in_again(browser, SERGEANT)
        await send(browser, f"/cases/{case}/purpose", {"purpose": PURPOSE, "then": ""})
        late = await browser.post(task, data={**WRITTEN, "form_token": old})
        assert (late.status_code, late.headers["location"]) == (303, task)
        assert "CANARY-TYPED" in (await browser.get(task)).text
        assert "CANARY-TYPED" not in (await browser.get(task)).text, "once"
        kept = (await dashboard.given.store.load([case]))[case]
        assert kept.facets["stage"] == "threshold", "nothing was said to the hub"


async def test_what_was_searched_for_is_not_lost_either(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        token = form_token(await browser.get("/search"))
        pass_time(dashboard, IDLE)
        await browser.post("/search", data={"form_token": token, "id": "R-1"})
        assert (await sign_in_again(browser, SERGEANT)).headers["location"] == "/search"
        page = await browser.get("/search")
        assert AGAIN in page.text and 'value="R-1"' in page.text


async def test_a_session_ends_some_hours_after_it_began_however_much_it_is_used(scene: Scene) -> None:
    async with a_dashboard(scene, idle=IDLE, longest=timedelta(hours=1)) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        for minutes, left, can_be_longer in ((20, 10, True), (25, 5, True)):
            pass_time(dashboard, timedelta(minutes=minutes))
            answer = (await browser.get("/session/left")).json()
            assert answer == {"left": left * 60, "can_be_longer": can_be_longer}
            page = await browser.get("/you")
            assert page.status_code == 200
        assert "You are signed out in 15 min" in page.text
        await send(browser, "/session/stay", {})
        pass_time(dashboard, timedelta(minutes=14))
        assert (await browser.get("/session/left")).json() == {"left": 60, "can_be_longer": False}
        await send(browser, "/session/stay", {})
        pass_time(dashboard, timedelta(minutes=1))
        assert (await browser.get("/you")).status_code == 303


async def test_to_ask_how_long_is_no_use_of_a_session_and_to_stay_is(scene: Scene) -> None:
    async with a_dashboard(scene, idle=IDLE) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        token = form_token(await browser.get("/you"))
        pass_time(dashboard, timedelta(minutes=29))
        assert (await browser.get("/session/left")).json()["left"] == 60
        assert (await browser.post("/session/stay", data={"form_token": "x"})).status_code == 400
        assert (await browser.post("/session/stay", data={"form_token": token})).status_code == 204
        assert (await browser.get("/session/left")).json()["left"] == 1800
        pass_time(dashboard, IDLE)
        gone = await browser.get("/session/left")
        assert (gone.status_code, gone.text) == (401, "")
