"""Every task: whose it is, and who is refused it. [decision rights]"""

from __future__ import annotations

import json

import pytest

from agents.coordinator.case import Case
from ops.dashboard.refusals import CHAIN
from ops.dashboard.tasks import TASKS
from tests.support.dashboard import SERGEANT, Scene, a_dashboard
from tests.support.whole_hub import PARTNERSHIP


@pytest.mark.parametrize("name", [name for name, task in TASKS.items() if Case in task.of])
async def test_a_task_is_refused_to_who_lacks_its_right_and_that_is_on_record_d02(
    scene: Scene, name: str
) -> None:
    case, may = scene.cases["issued"], set(PARTNERSHIP.rights[TASKS[name].right])
    views = set(PARTNERSHIP.rights["view"])
    # Of an agency that was asked, so that nothing but the right is missing.
    one = next(
        one
        for one in PARTNERSHIP.staff
        if one.agency in ("police", "csc_staffordshire")
        and views & set(one.roles)
        and not may & set(one.roles)
    )
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(f"{one.person}@{one.agency}")
        path = f"/cases/{case}/tasks/{name}"
        assert path not in (await browser.get(f"/cases/{case}")).text
        answer = await browser.get(path)
        assert answer.status_code == 403
        refused = [json.loads(entry.body) for entry in await dashboard.given.store.audit(CHAIN)][-1]
        assert (refused["page"], refused["why"], refused["by"]["person"]) == (
            "task",
            "role_may_not",
            one.person,
        )


async def test_a_task_of_the_relevant_manager_is_refused_to_another_services_b11_e01_g02(
    scene: Scene,
) -> None:
    case = scene.cases["red"]
    managed = {name for name, task in TASKS.items() if task.managed}
    assert managed >= {"threshold", "rating", "direction", "enquiry_outside", "assessment", "end"}
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in("ASS-SP-01@asc_staffordshire")
        sergeant = await dashboard.signed_in(SERGEANT)
        for name in sorted(managed):
            answer = await browser.get(f"/cases/{case}/tasks/{name}")
            assert answer.status_code == 403, name
            refused = [json.loads(entry.body) for entry in await dashboard.given.store.audit(CHAIN)][-1]
            assert refused["why"] == "service_not_concerned"
            status = (await sergeant.get(f"/cases/{case}/tasks/{name}")).status_code
            may = "police_sergeant" in PARTNERSHIP.rights[TASKS[name].right]
            assert (status != 403) is may, name


def test_what_cannot_be_undone_says_so_above_its_button() -> None:
    final = {
        "threshold", "rating", "handed_over", "adult_form", "completion", "agreement", "controller", "end",
    }  # fmt: skip
    assert {name for name, task in TASKS.items() if task.final} >= final


def test_a_task_is_named_by_what_somebody_does() -> None:
    verbs = {title.split()[0] for title in (task.title for task in TASKS.values())}
    assert verbs <= {
        *("Agree", "Answer", "Ask", "Call", "Complete", "Confirm", "Decide", "Direct", "Dispute", "End"),
        *("Find", "Lift", "Make", "Put", "Raise", "Rate", "Record", "Refer", "Report", "Set", "Sign"),
        *("Stay", "Supply"),
    }
