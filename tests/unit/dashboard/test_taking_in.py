"""Taking a case in at the dashboard: threshold, rating and direction, each the message that the hub takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.partnership import Partnership
from messages.words import Rag
from tests.support.dashboard import PURPOSE, SERGEANT, Scene, a_dashboard, a_scene, form_token
from tests.support.dashboard_tasks import (
    ADULTS_PURPOSE,
    MANAGER,
    RATIONALE,
    SENIOR,
    TASK_PLAYS,
    case_of,
    do,
    offers,
    sent,
)
from tests.support.whole_hub import PARTNERSHIP


@pytest.fixture
def tasks(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path, TASK_PLAYS) as made:
        yield made


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


async def test_a_case_is_redirected_only_where_it_can_belong_and_the_hand_over_is_confirmed_b12_a07(
    tasks: Scene,
) -> None:
    case = tasks.cases["referred"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/threshold")
        assert 'value="housing"' in page.text and 'value="csc_staffordshire"' in page.text
        assert 'value="asc_staffordshire"' not in page.text, "nobody in the case is a vulnerable adult"
        assert 'value="csc_stoke"' not in page.text, "nobody in the case lives or lived there"
        assert "its source is told this" in page.text
        said = {"met": "no", "where": "elsewhere", "redirect_to": "housing", **RATIONALE}
        now = await do(dashboard, SERGEANT, case, "threshold", said)
        assert now.route is not None and now.route.to == "redirected"
        assert await offers(desk, case) == {"handed_over"}
        page = await desk.get(f"/cases/{case}")
        assert "Confirm the hand-over: Housing Providers" in page.text
        answer = await desk.post(
            f"/cases/{case}/tasks/handed_over?about=housing",
            data={"form_token": form_token(page), "form_id": "f-2"},
        )
        assert answer.status_code == 303
        assert (await case_of(dashboard, case)).handed_over_at is not None
        assert await offers(desk, case) == set()


async def test_a_belief_that_the_register_does_not_bear_out_takes_another_practitioners_b08_g06(
    tasks: Scene,
) -> None:
    case = tasks.cases["believed_by_nobody_known"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(SENIOR, case, PURPOSE)
        answer = await sent(desk, case, "threshold", {"met": "yes", **RATIONALE})
        assert answer.status_code == 400 and 'href="#section_47_belief.by"' in answer.text
        said = {
            "met": "yes",
            "section_47_belief.by": "CSS-PR-01@csc_staffordshire",
            "section_47_belief.why": "CANARY-BELIEF",
            **RATIONALE,
        }
        now = await do(dashboard, SENIOR, case, "threshold", said)
        assert now.belief_confirmed is not None and now.belief_confirmed.by.person == "CSS-PR-01"
        page = await desk.get(f"/cases/{tasks.cases['referred']}/tasks/threshold")
        assert "section_47_belief" not in page.text


async def test_a_disability_hate_crime_cannot_be_turned_away_i02(tasks: Scene) -> None:
    case = tasks.cases["a_hate_crime_referred"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(SERGEANT, case, ADULTS_PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/threshold")
        assert "so it is always taken" in page.text and 'value="no"' not in page.text


async def test_blue_is_offered_for_routine_involvement_alone_e07_e09(tasks: Scene) -> None:
    async with a_dashboard(tasks) as dashboard:
        for name, offered in (("routine", True), ("nothing_known", False)):
            case = tasks.cases[name]
            desk = await dashboard.at_desk(SERGEANT, case, PURPOSE)
            page = await desk.get(f"/cases/{case}/tasks/rating")
            assert ('value="blue"' in page.text) is offered
        case = tasks.cases["routine"]
        now = await do(
            dashboard, SERGEANT, case, "rating", {"rag": "blue", "open_case_worker": "W-78", **RATIONALE}
        )
        assert now.rating is not None and now.rating.open_case_worker == "W-78"


async def test_a_change_of_rating_says_what_it_changes_e10_e11_e04(tasks: Scene) -> None:
    case = tasks.cases["rated_red"]
    async with a_dashboard(tasks) as dashboard:
        before = await case_of(dashboard, case)
        assert before.rating is not None and before.rating.promise_at is not None
        desk = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/rating")
        assert "Rated RED now, with the package due 6 Mar 2012, 11:00 GMT." in page.text
        assert "The rating now: no due time changes." in page.text
        said = "The package is then due 7 Mar 2012, 09:00 GMT. The teams that were told of RED"
        assert said in page.text
        now = await do(dashboard, SERGEANT, case, "rating", {"rag": "amber", **RATIONALE})
        assert now.rating is not None and f"{now.rating.due_at:%Y-%m-%d %H:%M}" == "2012-03-07 09:00"


async def test_agencies_outside_the_hub_are_offered_to_a_manager_alone_c04(tasks: Scene) -> None:
    case = tasks.cases["rated_red"]
    rights = {**PARTNERSHIP.rights, "enquire_outside": ("mash_manager",)}
    async with a_dashboard(tasks, PARTNERSHIP.model_copy(update={"rights": rights})) as dashboard:
        desk = await dashboard.at_desk(SENIOR, case, PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/direction")
        assert "Always asked in such a case: Staffordshire Police; Education (EMS)" in page.text
        assert 'value="housing"' not in page.text and 'value="asc_staffordshire"' in page.text
        assert "enquiry_outside" not in await offers(await dashboard.signed_in(MANAGER), case)
        said = {"purpose": PURPOSE, "legal_basis": "common_law", **RATIONALE}
        await do(dashboard, SENIOR, case, "direction", said)
        manager = await dashboard.at_desk(MANAGER, case, PURPOSE)
        assert "enquiry_outside" in await offers(manager, case)
        page = await manager.get(f"/cases/{case}/tasks/enquiry_outside")
        assert 'value="housing"' in page.text and 'value="asc_staffordshire"' not in page.text
        answer = await sent(manager, case, "enquiry_outside", {"legal_basis": "common_law", **RATIONALE})
        assert answer.status_code == 400 and 'href="#also_ask"' in answer.text
        asked = {"legal_basis": "common_law", "also_ask": "housing", **RATIONALE}
        now = await do(dashboard, MANAGER, case, "enquiry_outside", asked)
        assert "housing" in {check.agency for check in now.checks}


async def test_an_agency_that_has_not_signed_is_not_offered_c09(tasks: Scene) -> None:
    case = tasks.cases["rated_red"]
    agencies = dict(PARTNERSHIP.agencies)
    agencies["housing"] = agencies["housing"].model_copy(update={"signed_on": None})
    unsigned: Partnership = PARTNERSHIP.model_copy(update={"agencies": agencies})
    async with a_dashboard(tasks, unsigned) as dashboard:
        desk = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/direction")
        assert 'value="housing"' not in page.text and 'value="probation"' in page.text


async def test_the_threshold_is_decided_with_category_cohort_source_and_clock_in_sight_b11_e02(
    living: Scene,
) -> None:
    case = living.cases["new"]
    async with a_dashboard(living) as dashboard:
        desk = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        page = (await desk.get(f"/cases/{case}/tasks/threshold")).text
        known = page.split("hub-about", 1)[1].split("</dl>", 1)[0]
        for name in ("Category", "Cohort", "Source", "Received", "Clock"):
            assert f">{name}</dt>" in known
        for said in ("child protection", "First Response", "due if RED", " left"):
            assert said in known
        assert "hub-desk--one" not in page, "what is known stands beside the questions"
