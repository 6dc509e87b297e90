"""The inbox of a field team: what was sent to it and nothing else, and what it says to the hub."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping

import pytest
from httpx2 import AsyncClient

from agents.coordinator import sent_to_teams
from agents.coordinator.case import Case
from messages.words import Rag
from ops import case_views
from ops.dashboard.inbox import sent_to
from ops.dashboard.places import HUB, TEAM
from ops.dashboard.refusals import CHAIN
from ops.dashboard.viewer import viewer_of
from store.vault import access_key
from tests.support.dashboard import (
    EDUCATION,
    FIELD,
    MORNING,
    PURPOSE,
    SERGEANT,
    TEXT,
    WITHHELD,
    Dashboard,
    Scene,
    a_dashboard,
    form_token,
    send,
    supplemented,
    with_clearance,
)
from tests.support.dashboard_cases import asked_for_more, play
from tests.support.grounds import standing_on
from tests.support.hub_by_rules import HubByRules
from tests.support.procedure import Procedure
from tests.support.whole_hub import PARTNERSHIP

DETECTIVE = "POL-DS-01@police"
OF_STOKE = "CSK-SW-01@csc_stoke"
CHILDREN = "children_social_work_staffordshire"
CAIU = "police_child_abuse_investigation"


async def case_of(dashboard: Dashboard, case_id: str) -> Case:
    return case_views.case_from((await dashboard.given.store.load([case_id]))[case_id])


async def do(
    browser: AsyncClient, case: str, task: str, team: str, said: Mapping[str, str], version: int = 1
) -> str:
    """Fill in the form of a task and send it; returns the page that comes of it."""
    address = f"/team/cases/{case}/tasks/{task}?about={version}/{team}"
    page = await browser.get(address)
    assert page.status_code == 200, page.text
    form_id = re.search(r'name="form_id" value="([^"]+)"', page.text)
    assert form_id is not None
    data = {"form_token": form_token(page), "form_id": form_id[1], **said}
    for _ in range(2):  # a second click says nothing twice
        answer = await browser.post(address, data=data)
    assert answer.status_code in (303, 409), answer.text
    return html.unescape((await browser.get(f"/team/cases/{case}")).text)


async def why_refused(dashboard: Dashboard, since: int = 0) -> list[str]:
    return [json.loads(entry.body)["why"] for entry in await dashboard.given.store.audit(CHAIN)][since:]


async def test_a_field_worker_arrives_at_what_was_sent_to_the_team_the_red_notices_first_e03_d19(
    scene: Scene,
) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(FIELD)
        assert (await browser.get("/")).headers["location"] == "/team"
        page = (await browser.get("/team")).text
        assert "Your team" in page
        assert 'href="/board"' not in page
        there = list(re.findall(r"C-[A-Z2-7]{12}(?=</a>)", page))
        cases = scene.cases
        assert set(there[:2]) == {cases["red"], cases["late"]}
        assert there[2:] == [cases["issued"]]
        assert page.count("package to follow, promised by") == 2
        assert TEXT not in page
        hub = (await (await dashboard.signed_in(SERGEANT)).get("/board")).text
        assert 'href="/team"' not in hub


async def test_the_most_urgent_of_all_pages_are_on_the_first_e03(scene: Scene) -> None:
    async with a_dashboard(scene, rows=1) as dashboard:
        browser = await dashboard.signed_in(FIELD)
        shown = []
        for number in (1, 2, 3):
            page = (await browser.get(f"/team?page={number}")).text
            shown += re.findall(r"C-[A-Z2-7]{12}(?=</a>)", page)
        kept = await dashboard.given.store.load(shown)
    assert [kept[case].facets["rag"] for case in shown] == ["red", "red", "amber"]


async def test_who_belongs_to_two_teams_sees_each_teams_own_inbox(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        browser, before = await dashboard.signed_in(DETECTIVE), len(await why_refused(dashboard))
        page = html.unescape((await browser.get("/team")).text)
        assert "Police Child Abuse Investigation Unit (3 new)" in page
        assert "Police Investigation Unit (adult protection) (0 new)" in page
        other = await browser.get("/team?team=police_adult_investigation")
        assert "Nothing new has been sent to this team." in other.text
        assert (await browser.get(f"/team?team={CHILDREN}")).status_code == 403
        assert await why_refused(dashboard, before) == ["not_your_team"]


async def test_another_team_gets_nothing_of_the_case_and_the_refusal_is_on_record_g3_6_c10(
    scene: Scene,
) -> None:
    async with a_dashboard(scene) as dashboard:
        browser, case = await dashboard.signed_in(OF_STOKE), scene.cases["issued"]
        before = len(await why_refused(dashboard))
        assert "Nothing new" in (await browser.get("/team")).text
        base = f"/team/cases/{case}"
        for path in ("", "/packages/1", "/packages/1/pdf", "/notice", "/tasks/acknowledge"):
            answer = await browser.get(f"{base}{path}")
            assert answer.status_code == 403
            assert TEXT not in answer.text
        assert await why_refused(dashboard, before) == ["not_sent_to_your_team"] * 5


async def test_a_field_worker_has_no_part_in_the_hub_nor_the_hub_in_the_teams_inbox_d02(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        case, before = scene.cases["issued"], len(await why_refused(dashboard))
        field, hub = await dashboard.signed_in(FIELD), await dashboard.signed_in(SERGEANT)
        for path in ("/board", f"/cases/{case}", f"/cases/{case}/read", f"/cases/{case}/packages/1"):
            assert (await field.get(path)).status_code == 403
        for path in ("/team", f"/team/cases/{case}", f"/team/cases/{case}/packages/1"):
            assert (await hub.get(path)).status_code == 403
        assert set(await why_refused(dashboard, before)) == {"role_may_not"}


async def test_who_is_no_longer_cleared_reads_nothing_of_what_was_sent_l03_l04(scene: Scene) -> None:
    async with a_dashboard(scene, with_clearance(trained_until="2012-03-04")) as dashboard:
        browser = await dashboard.signed_in(FIELD)
        assert (await browser.get("/")).headers["location"] == "/you"
        answer = await browser.get(f"/team/cases/{scene.cases['issued']}/packages/1")
        assert answer.status_code == 403
        assert "Your training has run out" in answer.text


async def test_a_team_reads_the_red_notice_on_record_and_not_what_the_hub_knows_e03_d02(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        browser, case = await dashboard.signed_in(FIELD), scene.cases["red"]
        base, key = f"/team/cases/{case}", access_key(scene.cases["red"])
        before = len(await dashboard.given.store.audit(key))
        assert "What do you read this case for?" in (await browser.get(f"{base}/notice")).text
        said = {"purpose": PURPOSE, "then": f"{base}/notice"}
        answer = await send(browser, f"{base}/purpose", said)
        page = await browser.get(answer.headers["location"])
        assert "Thornquist" in page.text
        assert "Package promised by" in page.text
        (entry,) = (await dashboard.given.store.audit(key))[before:]
        assert json.loads(entry.body)["person"] == "CSS-SW-01"
        issued = await browser.get(f"/team/cases/{scene.cases['issued']}/notice")
        assert issued.status_code == 404  # never RED, so that there is no notice


async def test_the_purpose_of_a_team_leads_nowhere_but_to_its_own_pages(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        browser, case = await dashboard.signed_in(FIELD), scene.cases["issued"]
        for then in ("https://elsewhere.example/", f"/cases/{case}/read", "/team/cases/C-OTHER/notice"):
            said = {"purpose": PURPOSE, "then": then}
            answer = await send(browser, f"/team/cases/{case}/purpose", said)
            assert answer.headers["location"] == f"/team/cases/{case}"


async def test_a_team_acknowledges_asks_for_more_and_reports_what_it_did_d20_g03_m3_7(living: Scene) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.signed_in(FIELD)
        page = await do(browser, case, "acknowledge", CHILDREN, {})
        assert "The hub knows that your team has the package." in page
        assert "Acknowledge the package" not in page
        now = await case_of(dashboard, case)
        assert now.packages[0].acknowledged_by == (CHILDREN,)
        inbox = (await browser.get("/team")).text
        assert inbox.index('id="seen"') < inbox.index(case)

        page = await do(browser, case, "outcome", CHILDREN, {"course": "joint_investigation"})
        assert "Report what your team did" not in page
        assert "joint investigation" in page
        (outcome,) = (await case_of(dashboard, case)).outcomes
        assert (outcome.team, outcome.course.value) == (CHILDREN, "joint_investigation")
        assert (outcome.by.person, outcome.by.role) == ("CSS-SW-01", "social_worker")

        said = {"question": "CANARY-QUESTION who collects her?", "why": "CANARY-WHY nobody was in"}
        page = await do(browser, case, "ask_for_more", CHILDREN, said)
        assert "A supplement follows." in page
        assert "CANARY" not in page
        now = await case_of(dashboard, case)
        assert (now.round.number, now.round.asked_by) == (2, (CHILDREN,))
        assert len(now.round.questions) == 1  # though the form was sent twice
        read = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        assert "CANARY-QUESTION" in (await read.get(f"/cases/{case}/read")).text


async def test_a_detective_speaks_for_the_team_that_received_the_package_alone(living: Scene) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.signed_in(DETECTIVE)
        page = (await browser.get(f"/team/cases/{case}")).text
        assert "police_adult_investigation" not in page
        for about in ("", f"1/{CHILDREN}", "1/police_adult_investigation", f"9/{CAIU}"):
            answer = await browser.get(f"/team/cases/{case}/tasks/acknowledge?about={about}")
            assert answer.status_code == 409
        await do(browser, case, "acknowledge", CAIU, {})
        assert (await case_of(dashboard, case)).packages[0].acknowledged_by == (CAIU,)


@pytest.mark.parametrize(
    ("task", "missing"), [("ask_for_more", "question"), ("ask_for_more", "why"), ("outcome", "course")]
)
async def test_what_is_left_out_is_asked_for_and_nothing_is_lost(
    scene: Scene, task: str, missing: str
) -> None:
    case = scene.cases["issued"]
    address = f"/team/cases/{case}/tasks/{task}?about=1/{CHILDREN}"
    said = {"question": "Who collects her?", "why": "Nobody was in.", "note": "As it was."}
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(FIELD)
        page = await browser.get(address)
        rest = {name: text for name, text in said.items() if name != missing}
        answer = await browser.post(address, data={"form_token": form_token(page), **rest})
        assert answer.status_code == 400
        assert f'href="#{missing}"' in answer.text
        kept = [text for name, text in rest.items() if f'name="{name}"' in answer.text]
        assert kept
        assert all(text in answer.text for text in kept)


async def test_a_package_is_read_by_the_team_that_received_it_with_what_it_can_do_g3_6(scene: Scene) -> None:
    case = scene.cases["issued"]
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(FIELD)
        base = f"/team/cases/{case}"
        await send(browser, f"{base}/purpose", {"purpose": PURPOSE, "then": ""})
        page = (await browser.get(f"{base}/packages/1")).text
        assert TEXT in page
        assert WITHHELD not in page
        assert page.index("At a glance") < page.index("The concern") < page.index("What was released")
        acknowledge = f'action="{base}/tasks/acknowledge?about=1/{CHILDREN}"'
        assert page.index("What was released") < page.index(acknowledge)  # after what it is about
        hub = await dashboard.at_desk(EDUCATION, case, PURPOSE)
        assert "/tasks/acknowledge" not in (await hub.get(f"/cases/{case}/packages/1")).text


async def test_what_a_team_can_do_stands_below_what_it_was_sent_and_what_it_owes_is_said_g03(
    scene: Scene,
) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(FIELD)
        page = (await browser.get(f"/team/cases/{scene.cases['issued']}")).text
        assert page.index("What was sent to your team") < page.index("Acknowledge the package")
        assert "still to be reported" in page
        assert "To be reported: what your team did" in row_of(
            (await browser.get("/team")).text, scene.cases["issued"]
        )
        red = (await browser.get(f"/team/cases/{scene.cases['red']}")).text
        assert "still to be reported" not in red  # there is no package yet
        assert "no longer RED" not in red


async def test_a_team_that_heard_of_red_sees_that_the_case_is_no_longer_red_and_since_when_e10_e11(
    living: Scene,
) -> None:
    case = play(living, asked_for_more)
    async with a_dashboard(living) as dashboard:
        for who, owes in ((DETECTIVE, True), (FIELD, False)):
            browser = await dashboard.signed_in(who)
            page = (await browser.get(f"/team/cases/{case}")).text
            assert "This case is no longer RED. It was rated AMBER on " in page
            assert ("still to be reported" in page) is owes
            row = row_of((await browser.get("/team")).text, case)
            assert "No longer RED, now AMBER" in row and "RED notice" in row
            assert ("To be reported: what your team did" in row) is owes
        now = await case_of(dashboard, case)
        again = now.model_copy(update={"ratings": (*now.ratings, now.ratings[0])})
        assert sent_to_teams.red_lowered(now) == now.rating
        assert sent_to_teams.red_lowered(again) is None


async def test_a_notice_says_that_it_needs_no_receipt_e03_c07(scene: Scene) -> None:
    base = f"/team/cases/{scene.cases['red']}"
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(FIELD)
        await send(browser, f"{base}/purpose", {"purpose": PURPOSE, "then": ""})
        assert "needs no receipt" in (await browser.get(f"{base}/notice")).text
        assert "Acknowledge" not in (await browser.get(base)).text


def row_of(page: str, case: str) -> str:
    """What the inbox has of a case."""
    (row,) = re.findall(rf'data-item="Case {case}".*?</tr>', page, re.DOTALL)
    return str(row)


def facets_of(at: Procedure) -> tuple[object, object]:
    found = at.whole.coordinator.facets(at.case)
    return found["new_for"], found["seen_by"]


@pytest.fixture
def by_rules() -> Iterator[None]:
    with standing_on(HubByRules):
        yield


@pytest.mark.usefixtures("by_rules")
def test_a_case_is_in_the_inbox_of_a_team_from_its_red_notice_until_the_package_is_acknowledged_e03() -> None:
    at = Procedure(start=MORNING)
    at.refer()
    at.threshold_met()
    assert facets_of(at) == ((), ())
    at.rate(Rag.RED)
    assert facets_of(at) == ((CHILDREN, CAIU), ())
    at.rate(Rag.AMBER)  # the promise stands all the same
    assert facets_of(at) == ((CHILDREN, CAIU), ())
    assert at.whole.coordinator.facets(at.case)["sent_at"] == MORNING.isoformat()


@pytest.mark.usefixtures("by_rules")
def test_a_team_finds_the_versions_alone_that_were_sent_to_it_f02_f04_g3_6() -> None:
    at = Procedure(start=MORNING)
    supplemented(at, "R-1")
    first, second = at.case.packages
    parted = (first.model_copy(update={"recipients": (CAIU,)}), second)
    case = at.case.model_copy(update={"packages": parted})
    viewer = viewer_of(PARTNERSHIP, "CSS-SW-01", "csc_staffordshire", MORNING.date())
    assert viewer is not None
    assert (TEAM.versions(case, viewer), HUB.versions(case, viewer)) == ((2,), (1, 2))
    assert [one.version for one in sent_to(case, viewer.teams, PARTNERSHIP)] == [2]


def test_every_team_of_the_partnership_that_was_told_is_staffed_by_somebody_who_may_speak_for_it() -> None:
    holding = set(PARTNERSHIP.rights["field_team"])
    for team in PARTNERSHIP.teams.values():
        assert any(one.agency in team.agencies and holding & set(one.roles) for one in PARTNERSHIP.staff)
