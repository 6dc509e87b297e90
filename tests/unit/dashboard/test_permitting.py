"""Permission of a third-party owner: holding is not owning, and nothing leaves without its word."""

from __future__ import annotations

import json

import pytest

from agents.coordinator.elements import Authority, Standing, standing
from store.vault import access_key
from tests.support.dashboard import EDUCATION, Scene, a_dashboard, with_clearance
from tests.support.desk_work import at_desk, case_in, discuss, done, fill, grounds, reveal, task
from tests.support.procedure import element

HOUSING = "HOU-DM-01@housing"
HELD = "CANARY-HELD-BY-THE-POLICE"


def held(scene: Scene, owner: str) -> str:
    """A case in which the police have revealed what another agency owns, and it was asked."""
    case = scene.cases["red"]
    reveal(scene, case, "police", element("p/5", owner, HELD))
    discuss(scene, case, "p/5", number=5)
    return case


async def test_an_owner_permits_the_use_of_what_another_holds_under_its_conditions_d09_d17(
    living: Scene,
) -> None:
    case = held(living, "education")
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, EDUCATION, case)
        assert "Permission for what another agency holds" in (await desk.get("/desk/disclosure")).text
        page = await desk.get(task(case, "permit", "p/5"))
        assert HELD in page.text
        assert "CANARY-WHY-NEEDED" in page.text
        assert (await desk.get(task(case, "disclose", "p/5"))).status_code == 409
        said = {**grounds("choice"), "conditions": "Not to the parents.\r\n\r\nNot to the school.\r\n"}
        assert await done(desk, task(case, "permit", "p/5"), said) == "/desk/disclosure"
    permitted = case_in(living, case).element("p/5")
    assert permitted is not None and permitted.decision is not None
    assert permitted.decision.authority is Authority.THIRD_PARTY_OWNER
    assert standing(permitted) is Standing.RELEASED
    assert len(permitted.decision.conditions) == 2


async def test_an_owner_off_the_hub_decides_here_and_reads_nothing_of_the_case_d02_d09(living: Scene) -> None:
    case = held(living, "housing")
    async with a_dashboard(living) as dashboard:
        before = len(await dashboard.given.store.audit(access_key(case)))
        desk = await dashboard.signed_in(HOUSING)
        assert (await desk.get(f"/cases/{case}")).status_code == 403
        assert (await desk.get("/board")).status_code == 403
        shown = [await desk.get("/desk/disclosure"), await desk.get(task(case, "permit", "p/5"))]
        assert "in the request that it received" in shown[1].text
        assert f'href="/cases/{case}"' not in shown[0].text + shown[1].text
        answer = await fill(desk, task(case, "permit", "p/5"), {"choice.choice": "withhold"})
        assert answer.status_code == 400
        said = {"choice.choice": "withhold", "choice.reason": "it would show the tenant"}
        assert await done(desk, task(case, "permit", "p/5"), said) == "/desk/disclosure"
        assert "The permission is decided." in (await desk.get("/desk/disclosure")).text
        assert not any(HELD in page.text for page in [*shown, answer])
        access = (await dashboard.given.store.audit(access_key(case)))[before:]
        assert not [one for one in access if json.loads(one.body)["agency"] == "housing"]
    refused = case_in(living, case).element("p/5")
    assert refused is not None and standing(refused) is Standing.WITHHELD


@pytest.mark.parametrize("who", ["HOU-DM-01@housing", "HOU-LM-01@housing", "CAM-DM-01@camhs"])
async def test_off_the_hub_only_the_owners_decision_maker_gets_to_the_permission_d03_d09(
    living: Scene, who: str
) -> None:
    case = held(living, "housing")
    async with a_dashboard(living) as dashboard:
        desk = await dashboard.signed_in(who)
        answer = await desk.get(task(case, "permit", "p/5"))
        assert answer.status_code == (200 if who == HOUSING else 403)
        assert (await desk.get(task(case, "rating"))).status_code == 403


async def test_an_owner_off_the_hub_has_to_be_cleared_like_everybody_l04(living: Scene) -> None:
    case = held(living, "housing")
    async with a_dashboard(living, with_clearance(vetted_until="2012-03-04")) as dashboard:
        desk = await dashboard.signed_in(HOUSING)
        answer = await desk.get(task(case, "permit", "p/5"))
        assert answer.status_code == 403
        assert "Your vetting has run out" in answer.text
