"""Registers, the ledgers of supervision calls and of breaches, and what champions decide about content."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from agents.coordinator.case import Case
from agents.coordinator.governance import is_decided
from agents.partnership import Partnership
from ops import case_views
from ops.dashboard.refusals import CHAIN
from ops.governance_ledgers import supervisors
from tests.support.dashboard import (
    ADULT_CARE,
    CHAMPION,
    EDUCATION,
    FIELD,
    SERGEANT,
    Dashboard,
    Scene,
    a_dashboard,
    a_scene,
    form_token,
    with_clearance,
)
from tests.support.whole_hub import PARTNERSHIP

CALL = {
    "supervisor": "POL-SUP-01",
    "called_at-day": "5",
    "called_at-month": "3",
    "called_at-year": "2012",
    "called_at-time": "11:20",
    "ground": "unable_to_decide",
    "consulted": ["education"],
    "consulted_at.education-day": "5",
    "consulted_at.education-month": "3",
    "consulted_at.education-year": "2012",
    "consulted_at.education-time": "11:15",
    "outcome": "advice_given",
}
BREACH = {
    "person": "POL-SUP-01@police",
    "kind": "misuse_by_supervisor",
    "account": "CANARY-ACCOUNT spoke of it elsewhere",
}


async def do(browser: AsyncClient, path: str, said: Mapping[str, Any]) -> Response:
    page = await browser.get(path)
    assert page.status_code == 200, page.text
    return await browser.post(path, data={"form_id": path, **said, "form_token": form_token(page)})


async def case_of(dashboard: Dashboard, case_id: str) -> Case:
    return case_views.case_from((await dashboard.given.store.load([case_id]))[case_id])


async def test_a_call_to_a_supervisor_is_in_the_ledger_and_nothing_of_what_was_said_j02_j05(
    living: Scene,
) -> None:
    case = living.cases["red"]
    living.pass_time(timedelta(minutes=10))
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        path = f"/cases/{case}/tasks/supervision"
        for _ in range(2):  # the same form sent twice is one call
            assert (await do(browser, path, CALL)).status_code == 303
        (call,) = (await case_of(dashboard, case)).supervision
        assert (call.supervisor.person, call.outcome) == ("POL-SUP-01", "advice_given")
        assert [one.agency for one in call.consulted] == ["education"]
        assert (await do(browser, path, {**CALL, "form_id": "another"})).status_code == 303
        assert len((await case_of(dashboard, case)).supervision) == 2
        page = (await browser.get("/registers/supervision")).text
        assert case in page and "unable to decide" in page and "5 Mar 2012, 11:20 GMT" in page
        elsewhere = await (await dashboard.signed_in(ADULT_CARE)).get("/registers/supervision")
        assert elsewhere.status_code == 200
        assert case not in elsewhere.text  # their agency was not asked there
        form = (await browser.get(path)).text
        assert "<textarea" not in form  # no place for what was said


async def test_partners_are_consulted_before_the_call_and_the_hub_says_so_at_the_field_j05(
    living: Scene,
) -> None:
    case = living.cases["red"]
    living.pass_time(timedelta(minutes=10))
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        later = {**CALL, "consulted_at.education-time": "11:21"}
        answer = await do(browser, f"/cases/{case}/tasks/supervision", later)
        assert answer.status_code == 400
        assert 'href="#consulted"' in answer.text and "before the call" in answer.text
        left_out = {**CALL, "consulted_at.education-time": ""}
        answer = await do(browser, f"/cases/{case}/tasks/supervision", left_out)
        assert 'href="#consulted_at.education"' in answer.text
        assert (await case_of(dashboard, case)).supervision == ()


@pytest.mark.parametrize(
    ("day", "why_not"),
    [(date(2012, 3, 5), None), (date(2011, 12, 31), "designated"), (date(2100, 1, 1), "run out")],
)
def test_who_may_be_called_is_designated_vetted_and_bound_that_day_j02_j06(
    day: date, why_not: str | None
) -> None:
    found = supervisors(PARTNERSHIP, day)
    assert [(one.person, one.above) for one in found if one.agency == "police"] == [
        ("POL-SUP-01", False),
        ("POL-SUP-02", True),
    ]
    for one in found:
        assert (one.why_not is None) is (why_not is None)
        assert why_not is None or why_not in (one.why_not or "")


async def test_a_breach_goes_to_the_agency_of_the_person_and_the_ledger_names_nobody_l10_j07(
    living: Scene,
) -> None:
    case = living.cases["red"]
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.signed_in(EDUCATION)
        assert (await do(browser, f"/cases/{case}/tasks/breach", BREACH)).status_code == 303
        (breach,) = (await case_of(dashboard, case)).breaches
        assert (breach.person, breach.agency) == ("POL-SUP-01", "police")
        page = (await browser.get("/registers/breaches")).text
        assert case in page and "misuse by supervisor" in page
        for kept in ("POL-SUP-01", "CANARY-ACCOUNT"):
            assert kept not in page
            assert kept not in (await browser.get(f"/cases/{case}")).text
        elsewhere = await (await dashboard.signed_in(ADULT_CARE)).get("/registers/breaches")
        assert case not in elsewhere.text
        assert (await (await dashboard.signed_in(FIELD)).get("/registers/breaches")).status_code == 403


async def test_the_registers_show_what_has_run_out_first_l03_l04(scene: Scene) -> None:
    async with a_dashboard(scene, with_clearance(trained_until="2012-03-20")) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        due = (await browser.get("/registers")).text
        assert "EDU-DM-01@education" in due and "soon" in due
        assert "steering group" not in due
        assert "steering group" in (await browser.get("/registers?all")).text
        assert (await (await dashboard.signed_in(EDUCATION)).get("/registers")).status_code == 403


def by_rule() -> Partnership:
    """A rule for what nobody investigated; and no daily rounds, so that a year goes by quickly."""
    said = PARTNERSHIP.model_dump()
    rule = {"years": 1, "since": "2012-01-01", "agreed_by": ["POL-DPO-01"]}
    retention = {**said["retention"], "uninvestigated": rule}
    return Partnership.model_validate({**said, "retention": retention, "rounds": {}})


@pytest.fixture
def year_later(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path, partnership=by_rule()) as made:
        made.pass_time(timedelta(days=370))
        yield made


async def test_champions_decide_jointly_that_content_goes_and_one_alone_stays_it_l09(
    year_later: Scene,
) -> None:
    case = year_later.cases["sent_back"]
    path = f"/retention/{case}/tasks"
    async with a_dashboard(year_later, by_rule()) as dashboard:
        police = await dashboard.signed_in(CHAMPION)
        assert case in (await police.get("/retention")).text
        stay = await do(police, f"{path}/stay", {"ground": "inquest"})
        assert (stay.status_code, stay.headers["location"]) == (303, "/retention")
        assert (await police.get(f"{path}/purge")).status_code == 409
        assert "inquest" in (await police.get("/retention")).text
        assert (await do(police, f"{path}/lift_stay?about=inquest", {})).status_code == 303
        for who in ("CSS-DPO-01@csc_staffordshire", "AAE-DPO-01@accident_and_emergency"):
            assert not is_decided((await case_of(dashboard, case)).purge)
            champion = await dashboard.signed_in(who)
            unsure = await do(champion, f"{path}/purge", {})
            assert unsure.status_code == 400 and "Confirm that you agree" in unsure.text
            assert (await do(champion, f"{path}/purge", {"sure": "yes"})).status_code == 303
        assert is_decided((await case_of(dashboard, case)).purge)
        assert case not in (await police.get("/retention")).text
        assert "decided: it is destroyed next" in (await police.get("/retention?keeping=decided")).text


async def test_what_no_rule_covers_is_held_and_nobody_may_agree_that_it_goes_l09(scene: Scene) -> None:
    case = scene.cases["sent_back"]
    async with a_dashboard(scene) as dashboard:
        champion = await dashboard.signed_in(CHAMPION)
        assert case not in (await champion.get("/retention")).text
        held = (await champion.get("/retention?keeping=held")).text
        assert case in held and "Agree that the content" not in held
        assert (await champion.get(f"/retention/{case}/tasks/purge")).status_code == 409
        assert (await champion.get(f"/retention/{case}/tasks/rating")).status_code == 404
        assert (await champion.get("/retention/round/dial_meeting/tasks/purge")).status_code == 404
        assert (await (await dashboard.signed_in(SERGEANT)).get("/retention")).status_code == 403
        refused = [json.loads(entry.body) for entry in await dashboard.given.store.audit(CHAIN)]
        assert refused[-1]["page"] == "retention"
