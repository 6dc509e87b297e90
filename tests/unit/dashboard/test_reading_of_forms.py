"""A reading is on record for each time that somebody is shown a text, and for no other. [D02, L09]"""

from __future__ import annotations

import json

from store.vault import access_key
from tests.support.dashboard import EDUCATION, Dashboard, Scene, a_dashboard, form_token
from tests.support.desk_work import at_desk, case_in, done, fill, grounds, problems, task

OWNER = "POL-DM-01@police"
CHOICE = "decisions.0.choice"
SANITISED = {
    **grounds(CHOICE),
    f"{CHOICE}.form": "release_sanitised",
    f"{CHOICE}.sanitised.text": "Somebody saw it.",
    f"{CHOICE}.sanitised.transforms": ["summarised"],
}


async def readings(dashboard: Dashboard, case: str) -> int:
    entries = [json.loads(one.body) for one in await dashboard.given.store.audit(access_key(case))]
    return sum(entry["act"] == "vault.read" for entry in entries)


async def test_a_form_that_is_sent_is_no_reading_and_one_that_comes_back_is_d02(living: Scene) -> None:
    case = living.cases["disclosure"]
    at = task(case, "disclose", "p/2")
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, OWNER, case)
        assert await readings(dashboard, case) == 0
        page = await desk.get(at)
        assert await readings(dashboard, case) == 1
        said = {**grounds(CHOICE), "form_token": form_token(page), "form_id": "one"}
        came_back = await desk.post(at, data={**said, f"{CHOICE}.form": ""})
        assert problems(came_back) == {f"{CHOICE}.form": "Choose in what form it leaves"}
        assert "CANARY-OF-THE-POLICE" in came_back.text
        assert await readings(dashboard, case) == 2
        assert (await desk.post(at, data=said)).status_code == 303
        assert await readings(dashboard, case) == 2


async def test_what_is_told_of_a_suggested_text_is_read_when_it_is_sent_d11(living: Scene) -> None:
    case = living.cases["disclosure"]
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, OWNER, case)
        await done(desk, task(case, "disclose", "p/2"), SANITISED)
        assert await readings(dashboard, case) == 2


async def test_another_entry_comes_with_the_form_and_is_a_reading_d02(living: Scene) -> None:
    case = living.cases["red"]
    check = next(one for one in case_in(living, case).checks if one.agency == "education")
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, EDUCATION, case)
        page = await fill(desk, task(case, "answer", check.request_id), {"state": "found", "add": "elements"})
        assert page.status_code == 200
        assert await readings(dashboard, case) == 2
