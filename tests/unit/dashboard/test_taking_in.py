"""Taking a case in at the dashboard: threshold, rating and direction, each the message that the hub takes."""

from __future__ import annotations

import pytest

from agents.coordinator.case import Case
from messages.words import Rag
from ops import case_views
from tests.support.dashboard import PURPOSE, SERGEANT, Dashboard, Scene, a_dashboard, form_token

RATIONALE = {"rationale.reason": "CANARY-WHY", "rationale.proportionality": "No less will do."}


async def case_of(dashboard: Dashboard, case_id: str) -> Case:
    kept = (await dashboard.given.store.load([case_id]))[case_id]
    return case_views.case_from(kept)


async def test_a_case_is_taken_in_rated_and_directed_b11_e01_c01(living: Scene) -> None:
    case = living.cases["new"]
    async with a_dashboard(living) as dashboard:
        desk = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        for task, said in (
            ("threshold", {"met": "yes"}),
            ("rating", {"rag": "red"}),
            ("direction", {"purpose": PURPOSE, "legal_basis": "common_law"}),
        ):
            page = await desk.get(f"/cases/{case}/tasks/{task}")
            assert page.status_code == 200
            token = {"form_token": form_token(page), "form_id": "f-1"}
            answer = await desk.post(f"/cases/{case}/tasks/{task}", data={**token, **said, **RATIONALE})
            assert (answer.status_code, answer.headers.get("location")) == (303, f"/cases/{case}")
        now = await case_of(dashboard, case)
        assert now.rating is not None and now.rating.rag is Rag.RED
        assert now.rating.by.person == SERGEANT.partition("@")[0]
        assert {check.agency for check in now.checks} >= {"police", "education"}
        page = await desk.get(f"/cases/{case}")
        assert "The checks are directed." in page.text
        assert "CANARY-WHY" not in page.text


@pytest.mark.parametrize("left_out", ["met", "rationale.reason"])
async def test_what_is_left_out_is_asked_for_and_nothing_is_lost_or_said(
    living: Scene, left_out: str
) -> None:
    case = living.cases["new"]
    async with a_dashboard(living) as dashboard:
        desk = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/threshold")
        said = {"met": "no", "where": "nowhere", **RATIONALE, "form_token": form_token(page)}
        del said[left_out]
        answer = await desk.post(f"/cases/{case}/tasks/threshold", data=said)
        assert answer.status_code == 400
        assert "There is a problem" in answer.text
        assert f'href="#{left_out}"' in answer.text
        assert "No less will do." in answer.text
        assert (await case_of(dashboard, case)).threshold is None
