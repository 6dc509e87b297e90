"""The adult pathway at the dashboard: two signatures, a discussion, a plan, a route. [F01-F07]"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from agents.coordinator import adults
from agents.partnership import ComplexChecklist, Partnership
from tests.support.dashboard import SERGEANT, Dashboard, Scene, a_dashboard, a_scene
from tests.support.dashboard_tasks import (
    ADULTS_PURPOSE,
    ADVANCED,
    DUTY_WORKER,
    RATIONALE,
    TASK_PLAYS,
    Answers,
    case_of,
    do,
    offers,
    sent,
)
from tests.support.whole_hub import PARTNERSHIP

OTHER_SERGEANT = "POL-SGT-02@police"
SUMMARY = {"mode": "phone", "summary": "A visit today."}
PLAN = {"mode": "video", "plan": "A visit, then the bank."}


@pytest.fixture
def tasks(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path, TASK_PLAYS) as made:
        yield made


async def both(dashboard: Dashboard, case: str, answers: dict[str, str]) -> None:
    """Each side signs what it holds."""
    for who, met in answers.items():
        side = "police" if who.endswith("@police") else "social_care"
        said = {"met": met, **RATIONALE}
        await do(dashboard, who, case, f"adult_threshold_{side}", said, ADULTS_PURPOSE)


async def test_two_sides_sign_and_the_same_two_do_all_that_follows_f01_f03_f06(tasks: Scene) -> None:
    case = tasks.cases["an_adults"]
    async with a_dashboard(tasks) as dashboard:
        assert "adult_strategy_police" not in await offers(await dashboard.signed_in(SERGEANT), case)
        await both(dashboard, case, {ADVANCED: "yes", SERGEANT: "yes"})
        steps: list[tuple[str, str, Answers]] = [
            (SERGEANT, "adult_strategy_police", SUMMARY),
            (ADVANCED, "adult_plan_social_care", PLAN),
            (SERGEANT, "adult_route_police", {"complex": "no", "involve_police": "yes", **RATIONALE}),
        ]
        for who, task, said in steps:
            desk = await dashboard.signed_in(who)
            later = {name for _, name, _ in steps if name > task and name.startswith("adult_route")}
            assert task in await offers(desk, case)
            if task == "adult_strategy_police":
                assert not later & await offers(desk, case), "the order is that of the procedure"
            now = await do(dashboard, who, case, task, said, ADULTS_PURPOSE)
        decision = adults.record_of(now).decision
        assert decision is not None and decision.route is not None
        assert {one.value for one in decision.recipients} == {"adult_not_complex", "adult_police"}
        stranger = await dashboard.signed_in(OTHER_SERGEANT)
        assert "adult_strategy_police" not in await offers(stranger, case), "they are not a signatory"
        assert "adult_threshold_police" in await offers(stranger, case)


async def test_what_each_side_signed_stands_above_the_form_and_a_difference_is_told_f07(tasks: Scene) -> None:
    case = tasks.cases["an_adults"]
    async with a_dashboard(tasks) as dashboard:
        await both(dashboard, case, {ADVANCED: "yes", SERGEANT: "no"})
        desk = await dashboard.at_desk(SERGEANT, case, ADULTS_PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/adult_threshold_police")
        assert "Adult social care: met, signed by ASS-AP-01" in page.text
        assert re.search(r"Police: not met, signed by POL-SGT-01, \d+ Mar 2012, \d\d:\d\d GMT,", page.text)
        assert "The two differ." in page.text
        assert not {name for name in await offers(desk, case) if name.startswith("adult_strategy")}
        another = await dashboard.at_desk(OTHER_SERGEANT, case, ADULTS_PURPOSE)
        said = {"met": "yes", **RATIONALE}
        refused = await sent(another, case, "adult_threshold_police", said)
        assert refused.status_code == 400 and "supervisor since then is on record." in refused.text
        await both(dashboard, case, {SERGEANT: "yes"})
        assert adults.record_of(await case_of(dashboard, case)).standing == "met"


async def test_a_complex_case_takes_a_reason_while_there_is_no_checklist_f05(tasks: Scene) -> None:
    case = tasks.cases["an_adults_met"]
    async with a_dashboard(tasks) as dashboard:
        await do(dashboard, SERGEANT, case, "adult_strategy_police", SUMMARY, ADULTS_PURPOSE)
        await do(dashboard, SERGEANT, case, "adult_plan_police", PLAN, ADULTS_PURPOSE)
        desk = await dashboard.at_desk(SERGEANT, case, ADULTS_PURPOSE)
        said = {"complex": "yes", **RATIONALE}
        answer = await sent(desk, case, "adult_route_police", said)
        assert answer.status_code == 400 and 'href="#complex_because"' in answer.text
        said["complex_because"] = "Three homes are concerned."
        now = await do(dashboard, SERGEANT, case, "adult_route_police", said, ADULTS_PURPOSE)
        route = adults.record_of(now).decisions[-1].route
        assert route is not None and route.complex and route.complex_because is not None


def with_checklist() -> Partnership:
    criteria = {"several_homes": "Several homes are concerned", "staff": "Staff are suspected"}
    used = ComplexChecklist(version="2012-2", since=date(2012, 1, 1), criteria=criteria)
    later = ComplexChecklist(version="2013-1", since=date(2013, 1, 1), criteria=criteria)
    return PARTNERSHIP.model_copy(update={"complex_investigation": (used, later)})


async def test_the_checklist_in_use_is_what_is_ticked_f05(tasks: Scene) -> None:
    case = tasks.cases["an_adults_met"]
    tasks.thread.submit(tasks.hub.under, with_checklist()).result()
    async with a_dashboard(tasks, with_checklist()) as dashboard:
        await do(dashboard, SERGEANT, case, "adult_strategy_police", SUMMARY, ADULTS_PURPOSE)
        await do(dashboard, SERGEANT, case, "adult_plan_police", PLAN, ADULTS_PURPOSE)
        desk = await dashboard.at_desk(SERGEANT, case, ADULTS_PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/adult_route_police")
        assert "version 2012-2" in page.text and "Several homes are concerned" in page.text
        assert "complex_because" not in page.text
        said = {"complex": "yes", "criteria": ["staff"], **RATIONALE}
        now = await do(dashboard, SERGEANT, case, "adult_route_police", said, ADULTS_PURPOSE)
        route = adults.record_of(now).decisions[-1].route
        assert route is not None and (route.checklist, route.criteria) == ("2012-2", ("staff",))


async def test_a_threshold_signed_before_more_was_found_is_offered_to_be_signed_anew_a03_f01(
    tasks: Scene,
) -> None:
    case = tasks.cases["an_adults_found_since"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.signed_in(ADVANCED)
        page = await desk.get(f"/cases/{case}")
        assert "Sign the adult threshold: more has been found since" in page.text
        await both(dashboard, case, {ADVANCED: "yes", SERGEANT: "yes"})
        assert "more has been found since" not in (await desk.get(f"/cases/{case}")).text


async def test_a_missing_form_is_supplied_once_a13_f04_f06(tasks: Scene) -> None:
    case, there = tasks.cases["an_adults_without_form"], tasks.cases["an_adults"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(DUTY_WORKER, case, ADULTS_PURPOSE)
        assert "adult_form" not in await offers(desk, there), "it came with the referral"
        page = await desk.get(f"/cases/{case}/tasks/adult_form")
        assert "cannot be replaced" in page.text
        said = {"document": "CANARY-FORM as it came"}
        now = await do(dashboard, DUTY_WORKER, case, "adult_form", said, ADULTS_PURPOSE)
        assert now.leaving_form is not None and now.leaving_form.form == "ap1"
        assert "adult_form" not in await offers(desk, case)
