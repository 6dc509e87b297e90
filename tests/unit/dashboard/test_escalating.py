"""A disagreement at the dashboard, from dispute to the data controller. [D22, K01-K08]"""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from agents.coordinator.disputes import Dispute, DisputeStage
from agents.coordinator.elements import Authority, Standing, standing
from messages.words import Choice
from store.vault import access_key
from tests.support.dashboard import (
    EDUCATION,
    PURPOSE,
    SERGEANT,
    WITHHELD,
    Dashboard,
    Scene,
    a_dashboard,
    form_token,
)
from tests.support.desk_work import TESTS, at_desk, case_in, done, fill, grounds, problems, task
from tests.support.whole_hub import PARTNERSHIP

PRACTITIONER = "CSS-PR-01@csc_staffordshire"
OWNERS_MANAGER = "EDU-LM-01@education"
OTHER_MANAGER = "CSS-LM-01@csc_staffordshire"
OWNERS_SEAT = "EDU-PNL-01@education"
OTHER_SEAT = "CSS-PNL-01@csc_staffordshire"
HEALTH_SEAT = "PHC-PNL-01@primary_care"
CONTROLLER = "EDU-DC-01@education"
POSITION = "CANARY-POSITION: the school has to say it"
NOT_SETTLED = {"settled": "no", "reason": "CANARY-NO-COMMON-VIEW"}


async def disputed(dashboard: Dashboard, case: str) -> str:
    """Children's social care disputes what education withheld; the id of the dispute."""
    desk = await at_desk(dashboard, PRACTITIONER, case)
    said = {"ground": "necessity", "position": POSITION}
    await done(desk, task(case, "dispute", "e/1"), said)
    return f"{case}/dispute/1"


async def convened(dashboard: Dashboard, case: str) -> str:
    """The line managers did not agree, and the panel was called."""
    dispute = await disputed(dashboard, case)
    manager = await at_desk(dashboard, OTHER_MANAGER, case)
    said = {"other_side": OWNERS_MANAGER, **NOT_SETTLED}
    assert await done(manager, task(case, "management", dispute), said) == page_of(case, dispute)
    panel = {"panel": [HEALTH_SEAT, OWNERS_SEAT, OTHER_SEAT], "mode": "phone"}
    await done(manager, task(case, "convene", dispute), panel)
    return dispute


def page_of(case: str, dispute: str) -> str:
    return f"/cases/{case}/disputes?about={dispute.replace('/', '%2F')}"


def in_hub(scene: Scene, case: str) -> Dispute:
    (found,) = case_in(scene, case).disputes
    return found


def views(dispute: Dispute, **held: str) -> dict[str, str | list[str]]:
    """What each of the panel held who took part, by their agency."""
    said: dict[str, str | list[str]] = {}
    for n, member in enumerate(dispute.panel):
        if member.agency in held:
            said[f"views.{n}"] = ["took_part"]
            said[f"views.{n}.position"] = held[member.agency]
            said[f"views.{n}.view"] = "CANARY-VIEW"
    return said


async def test_staff_of_another_agency_dispute_a_decision_and_the_element_waits_d22_k01(
    living: Scene,
) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        await disputed(dashboard, case)
        desk = await at_desk(dashboard, PRACTITIONER, case)
        assert (await desk.get(task(case, "dispute", "e/1"))).status_code == 409
        owner = await at_desk(dashboard, EDUCATION, case)
        assert (await owner.get(task(case, "dispute", "e/1"))).status_code == 409
        assert "CANARY" not in (await desk.get(page_of(case, f"{case}/dispute/1"))).text
        await done(desk, task(case, "dispute", "p/1"), {"ground": "relevance", "position": "It is none."})
    assert [one.dispute_id for one in case_in(living, case).disputes] == [
        f"{case}/dispute/1",
        f"{case}/dispute/2",
    ]
    waits = case_in(living, case).element("e/1")
    assert waits is not None and standing(waits) is Standing.DISPUTED


async def test_what_the_line_managers_agreed_is_in_force_when_the_other_side_confirms_it_k01(
    living: Scene,
) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        dispute = await disputed(dashboard, case)
        ours = await at_desk(dashboard, OTHER_MANAGER, case)
        said = {"other_side": OWNERS_MANAGER, "settled": "yes", "reason": "agreed", **grounds("outcome")}
        await done(ours, task(case, "management", dispute), said)
        held = case_in(living, case).element("e/1")
        assert held is not None and standing(held) is Standing.DISPUTED
        assert (await ours.get(task(case, "confirm_settlement", dispute))).status_code == 409
        assert 'value="yes"' not in (await ours.get(task(case, "management", dispute))).text
        theirs = await at_desk(dashboard, OWNERS_MANAGER, case)
        page = await theirs.get(task(case, "confirm_settlement", dispute))
        assert "Release it as it is" in page.text
        assert TESTS["necessity"] in page.text
        answer = await fill(theirs, task(case, "confirm_settlement", dispute), {})
        assert list(problems(answer)) == ["confirmed"]
        await done(theirs, task(case, "confirm_settlement", dispute), {"confirmed": ["yes"]})
    settled = case_in(living, case).element("e/1")
    assert settled is not None and settled.decision is not None
    assert settled.decision.authority is Authority.MANAGEMENT
    assert standing(settled) is Standing.RELEASED


async def test_the_other_side_may_say_that_nothing_was_agreed_k01(living: Scene) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        dispute = await disputed(dashboard, case)
        ours = await at_desk(dashboard, OTHER_MANAGER, case)
        said = {"other_side": OWNERS_MANAGER, "settled": "yes", "reason": "agreed", **grounds("outcome")}
        await done(ours, task(case, "management", dispute), said)
        theirs = await at_desk(dashboard, OWNERS_MANAGER, case)
        await done(theirs, task(case, "management", dispute), {"other_side": OTHER_MANAGER, **NOT_SETTLED})
    assert in_hub(living, case).stage is DisputeStage.MANAGEMENT_FAILED


async def test_a_panel_without_a_side_is_refused_at_the_question_who_is_called_k03(living: Scene) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        dispute = await disputed(dashboard, case)
        manager = await at_desk(dashboard, OTHER_MANAGER, case)
        said = {"other_side": OWNERS_MANAGER, **NOT_SETTLED}
        await done(manager, task(case, "management", dispute), said)
        form = (await manager.get(task(case, "convene", dispute))).text
        assert "How the panel is to meet" in form and "How you met" not in form
        panel = {"panel": [HEALTH_SEAT, OTHER_SEAT], "mode": "phone"}
        answer = await fill(manager, task(case, "convene", dispute), panel)
        assert list(problems(answer)) == ["panel"]
        assert "education" in problems(answer)["panel"]


async def test_members_of_a_panel_see_the_dispute_and_nothing_else_k03_d02(living: Scene) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        dispute = await convened(dashboard, case)
        member = await dashboard.signed_in(HEALTH_SEAT)
        assert page_of(case, dispute) in (await member.get("/desk/disputes")).text
        page = await member.get(page_of(case, dispute))
        assert page.status_code == 200
        assert "CANARY" not in page.text
        member = await at_desk(dashboard, HEALTH_SEAT, case)
        read = await member.get(page_of(case, dispute).replace("/disputes?", "/disputes/read?"))
        for said in (WITHHELD, POSITION, "CANARY-NO-COMMON-VIEW", "an operation is under way"):
            assert said in read.text
        task_page = await member.get(task(case, "panel", dispute))
        assert task_page.status_code == 200
        assert POSITION in task_page.text
        for shown in (page, read, task_page):
            assert "bruises seen at school" not in shown.text
            assert "Thornquist" not in shown.text
            assert "CANARY-OF-THE-POLICE" not in shown.text
        for other in (f"/cases/{case}", f"/cases/{case}/read", "/board", task(case, "rating"), "/our-data"):
            assert (await member.get(other)).status_code == 403
        strangers = await dashboard.signed_in("POL-PNL-01@police")
        assert (await strangers.get(page_of(case, dispute))).status_code == 403
        assert (await strangers.get(task(case, "panel", dispute))).status_code == 403
        access = await dashboard.given.store.audit(access_key(case))
        readings = [json.loads(one.body) for one in access if "PHC-PNL-01" in one.body]
        assert [one["act"] for one in readings] == ["vault.read", "vault.read"]


@pytest.mark.parametrize("who", [HEALTH_SEAT, OTHER_MANAGER, OWNERS_MANAGER])
async def test_whoever_reads_a_dispute_is_asked_first_what_for_and_comes_back_to_it_d02_d16(
    living: Scene, who: str
) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        dispute = await convened(dashboard, case)
        person, read = await dashboard.signed_in(who), page_of(case, dispute).replace("?", "/read?")
        asked = await person.get(read)
        assert asked.status_code == 200
        assert POSITION not in asked.text
        offered = re.findall(r'name="purpose" type="radio" value="([^"]+)"', asked.text)
        assert offered == list(PARTNERSHIP.purposes_for(case_in(living, case).category))
        assert f'href="{page_of(case, dispute)}"' in asked.text  # the way back, which everybody here may go
        said = {"purpose": PURPOSE, "then": read, "form_token": form_token(asked)}
        answer = await person.post(f"/cases/{case}/purpose", data=said)
        assert (answer.status_code, answer.headers["location"]) == (303, read)
        assert POSITION in (await person.get(read)).text


async def test_a_panel_that_holds_the_same_decides_when_the_other_side_confirms_it_k03_k07(
    living: Scene,
) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        dispute = await convened(dashboard, case)
        theirs, ours = [await at_desk(dashboard, who, case) for who in (OWNERS_SEAT, OTHER_SEAT)]
        seats = views(in_hub(living, case), education="release", csc_staffordshire="release")
        said = {"mode": "phone", **seats, "agreed": "yes", "reason": "agreed", **grounds("outcome")}
        await done(theirs, task(case, "panel", dispute), said)
        assert (await theirs.get(task(case, "confirm_panel", dispute))).status_code == 409
        await done(ours, task(case, "confirm_panel", dispute), {"confirmed": ["yes"]})
        settled = in_hub(living, case)
        page = await ours.get(page_of(case, dispute))
        assert "None runs: it is settled" in page.text
    assert settled.settled_by is Authority.PANEL
    assert {one.agency for one in settled.attended} == {"education", "csc_staffordshire"}


async def test_a_view_that_differs_is_told_at_the_view_whoever_was_away_k03(living: Scene) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        dispute = await convened(dashboard, case)
        panel = in_hub(living, case)
        differs = next(n for n, one in enumerate(panel.panel) if one.agency == "education")
        away = next(n for n, one in enumerate(panel.panel) if one.agency == "primary_care")
        seats = views(panel, education="withhold", csc_staffordshire="release")
        said = {"mode": "phone", **seats, "agreed": "yes", "reason": "agreed", **grounds("outcome")}
        desk = await at_desk(dashboard, OTHER_SEAT, case)
        answer = await fill(desk, task(case, "panel", dispute), said)
        assert list(problems(answer)) == [f"views.{differs}.position"]
        assert f"views.{away}" not in seats


async def test_where_the_panel_does_not_agree_the_owners_data_controller_decides_finally_k04_k06(
    living: Scene,
) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        dispute = await convened(dashboard, case)
        desk = await at_desk(dashboard, OTHER_SEAT, case)
        seats = views(in_hub(living, case), education="withhold", csc_staffordshire="release")
        await done(
            desk,
            task(case, "panel", dispute),
            {"mode": "video", **seats, "agreed": "no", "reason": "two views"},
        )
        member = OTHER_SEAT.partition("@")[0]
        other = await at_desk(dashboard, "CSS-DC-01@csc_staffordshire", case)
        assert (await other.get(task(case, "controller", dispute))).status_code == 409
        controller = await at_desk(dashboard, CONTROLLER, case)
        page = await controller.get(task(case, "controller", dispute))
        assert "settles the dispute, and nobody can change it" in page.text
        assert 'value="cannot_decide"' not in page.text
        read = page_of(case, dispute).replace("disputes?", "disputes/read?")
        sergeant = await at_desk(dashboard, SERGEANT, case)
        for place in (page, await controller.get(read), await sergeant.get(f"/cases/{case}/reasons")):
            assert place.text.count(member) > 1 and place.text.count("CANARY-VIEW") >= 2
            assert "two views" in place.text
        assert f"View of {member}: release" in page.text and f"Reason given by {member}" in page.text
        said = {"outcome.choice": "withhold", "outcome.reason": "it would end the operation"}
        assert await done(controller, task(case, "controller", dispute), said) == page_of(case, dispute)
        shown = await controller.get(page_of(case, dispute))
        assert "It is final." in shown.text
        steps = dict(steps_on(shown.text))
        assert list(steps) == [
            "Disputed",
            "Line managers acted",
            "Panel called",
            "Panel met, by video",
            "Settled by the data controller: withhold",
        ]
        assert steps["Settled by the data controller: withhold"].startswith("EDU-DC-01, data controller")
        assert "EDU-PNL-01" in steps["Panel met, by video"]
        assert "What settled it" in shown.text
        record = await sergeant.get(f"/cases/{case}/record")
        assert f"{member}: release" in record.text and "EDU-PNL-01: withhold" in record.text
        assert "CANARY-VIEW" not in record.text
    settled = in_hub(living, case)
    final = case_in(living, case).element("e/1")
    assert settled.settled_by is Authority.CONTROLLER
    assert final is not None and final.decision is not None
    assert final.decision.choice.choice is Choice.WITHHOLD


async def test_the_page_of_a_dispute_says_what_was_decided_by_whom_and_when_each_step_was_k01_k07(
    living: Scene,
) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        dispute = await disputed(dashboard, case)
        living.pass_time(timedelta(minutes=7))
        manager = await at_desk(dashboard, OTHER_MANAGER, case)
        said = {"other_side": OWNERS_MANAGER, **NOT_SETTLED}
        await done(manager, task(case, "management", dispute), said)
        page = (await manager.get(page_of(case, dispute))).text
    element = case_in(living, case).element("e/1")
    assert element is not None and element.decision is not None and element.decision.by is not None
    (decided,) = re.findall(r"What was decided</dt><dd[^>]*>([^<]+)</dd>", page)
    assert decided.startswith(f"Withhold, by {element.decision.by.person}, decision maker, ")
    steps = dict(steps_on(page))
    assert "CSS-LM-01" in steps["Line managers acted"] and "EDU-LM-01" in steps["Line managers acted"]
    at = in_hub(living, case)
    assert at.reasons[0].at - at.at == timedelta(minutes=7)
    assert steps["Disputed"].endswith(f"{at.at:%H:%M} GMT")
    assert steps["Line managers acted"].endswith(f"{at.reasons[0].at:%H:%M} GMT")


def steps_on(page: str) -> list[tuple[str, str]]:
    """What was done, and by whom and when."""
    table = page.partition("What was done</caption>")[2].partition("</table>")[0]
    rows = re.findall(r"<th scope=\"row\"[^>]*>([^<]+)</th>(.*?)</tr>", table, re.DOTALL)
    return [(what, " ".join(re.sub(r"<[^>]+>", " ", rest).split())) for what, rest in rows]


async def test_the_page_of_a_dispute_says_who_is_next_and_how_long_there_is_k08(living: Scene) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        dispute = await disputed(dashboard, case)
        desk = await at_desk(dashboard, SERGEANT, case)
        page = await desk.get(page_of(case, dispute))
        assert f"Line managers on dispute {dispute}" in page.text
        hours = living.hub.partnership.clocks.escalation_hours
        assert f"{hours} h 00 min left" in page.text
        dashboard.clock.show(dashboard.clock.now() + timedelta(hours=hours, minutes=5))
        assert "late by 5 min" in (await desk.get(page_of(case, dispute))).text


async def test_the_clocks_of_a_case_are_the_same_at_a_desk_and_on_the_board_e04_k01(living: Scene) -> None:
    issued, waits = living.cases["issued"], living.cases["disclosure"]
    async with a_dashboard(living) as dashboard:
        await disputed(dashboard, issued)
        board = (await (await dashboard.signed_in(SERGEANT)).get("/board")).text
        disputes = (await (await dashboard.signed_in(OTHER_MANAGER)).get("/desk/disputes")).text
        desk = (await (await dashboard.signed_in("POL-DM-01@police")).get("/desk/disclosure")).text
    assert clocks_in(disputes, issued) == clocks_in(board, issued) == "no clock runs"
    assert clocks_in(desk, waits) == clocks_in(board, waits)
    assert "left" in clocks_in(desk, waits)


def clocks_in(page: str, case: str) -> str:
    """What a list says of the clocks of a case, in words."""
    (row,) = re.findall(rf'id="case-{case}".*?</(?:tr|section)>', page, re.DOTALL)
    said = re.findall(r"<span[^>]*>(no clock runs|Due .*?|Promised .*?)</span>", row)
    return " ".join(re.sub(r"<[^>]+>", " ", one) for one in said)


@pytest.mark.parametrize("about", ["", "K-9"])
async def test_a_dispute_that_there_is_not_is_not_found(living: Scene, about: str) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, SERGEANT, case)
        assert (await desk.get(f"/cases/{case}/disputes?about={about}")).status_code == 404
