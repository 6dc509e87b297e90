"""What is offered opens, and whoever is refused is told why, in their own case. [B10, C06, D02, L09]"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from agents.coordinator.case import Case
from agents.partnership import Partnership
from messages.intake import EnquiryDirected
from messages.package import InformationRequested, OutcomeReported
from messages.words import AnswerState, Category, Course, Rag
from ops.dashboard.matters import purposes_of
from tests.support.dashboard import FIELD, PURPOSE, TEXT, Scene, a_dashboard, a_scene, send
from tests.support.desk_work import case_in, tell
from tests.support.procedure import (
    CHILDRENS_TEAM,
    CORE_CHILD,
    DETECTIVE,
    PARTNERSHIP,
    POLICE_TEAM,
    WORKER,
    Procedure,
    element,
    release,
    secret,
    why,
)

STOKE = "CSK-SP-01@csc_stoke"
STRANGER = "CSK-PR-01@csc_stoke"
SENIOR = "CSS-SP-01@csc_staffordshire"
OFF_HUB = "OLA-DM-01@other_authority"
LIFE = "protection_of_life"


def _to_discuss(at: Procedure, referral_id: str, category: Category, **more: object) -> None:
    at.until_directed(Rag.AMBER, "csc_stoke", referral_id=referral_id, category=category, **more)
    for agency in sorted({check.agency for check in at.case.checks}):
        if agency == "police":
            at.answer(agency, element(f"{referral_id}/1", agency, TEXT))
        else:
            at.nothing_from(agency)


def _protection(at: Procedure, referral_id: str) -> None:
    _to_discuss(at, referral_id, Category.CHILD_PROTECTION)


def _violence(at: Procedure, referral_id: str) -> None:
    _to_discuss(at, referral_id, Category.DOMESTIC_VIOLENCE, police_response=True)


def _issued(at: Procedure, referral_id: str) -> None:
    at.until_directed(Rag.AMBER, referral_id=referral_id)
    at.answer("police", element("p/1", "police", TEXT))
    at.nothing_from(*(agency for agency in CORE_CHILD if agency != "police"))
    at.discuss("p/1")
    at.decide("p/1", release())
    at.assess()
    at.agree()


def _done(case: Case) -> Iterator[tuple[OutcomeReported, str]]:
    """What both teams report, with which the case is closed; nobody investigated."""
    for by, team in ((DETECTIVE, POLICE_TEAM), (WORKER, CHILDRENS_TEAM)):
        package_id = case.packages[-1].package_id
        yield OutcomeReported(package_id=package_id, by=by, course=Course.NO_FURTHER_ACTION), team


def _held(at: Procedure, referral_id: str) -> None:
    _issued(at, referral_id)
    for done, team in _done(at.case):
        at.say(done, team)
    assert at.case.closed_at is not None


def _held_for_two_purposes(at: Procedure, referral_id: str) -> None:
    """A team asked for more, and that was directed for another purpose than the first package was."""
    _issued(at, referral_id)
    asked = InformationRequested(
        package_id=at.case.packages[0].package_id,
        request_id="Q-1",
        by=WORKER,
        question=secret("Who lives there?"),
        why=secret("He is back."),
    )
    at.say(asked, CHILDRENS_TEAM)
    at.say(
        EnquiryDirected(
            by=at.senior_practitioner,
            purpose=LIFE,
            legal_basis="children_act_2004",
            rationale=why(),
        )
    )
    at.nothing_from(*CORE_CHILD)
    at.assess()
    at.agree()
    assert [one.issued.purpose for one in at.case.packages] == [PURPOSE, LIFE]
    for done, team in _done(at.case):
        at.say(done, team)
    assert at.case.closed_at is not None


def _asked_outside(at: Procedure, referral_id: str) -> None:
    at.until_directed(Rag.AMBER, OFF_HUB.rpartition("@")[2], referral_id=referral_id)
    at.answer(OFF_HUB.rpartition("@")[2], state=AnswerState.NOTHING_RELEVANT)


_PLAYS = {
    "protection": _protection,
    "violence": _violence,
    "issued": _issued,
    "held": _held,
    "held_for_two": _held_for_two_purposes,
    "asked_outside": _asked_outside,
}


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with a_scene(tmp_path_factory.mktemp("offered"), _PLAYS) as made:
        yield made


def tasks_on(page: str) -> list[str]:
    """The addresses of the tasks and readings that the page of a case leads to."""
    return [unescape(one) for one in re.findall(r'href="(/cases/[^"]+/(?:tasks/|read|reasons)[^"]*)"', page)]


async def purposes(browser: AsyncClient, path: str) -> list[str]:
    return re.findall(r'name="purpose" type="radio" value="([^"]+)"', (await browser.get(path)).text)


@pytest.mark.parametrize("who", [STOKE, SENIOR])
@pytest.mark.parametrize("name", ["protection", "violence"])
async def test_whatever_a_case_page_leads_to_opens_b10_d02(offered: Scene, who: str, name: str) -> None:
    case = offered.cases[name]
    async with a_dashboard(offered) as dashboard:
        desk = await dashboard.at_desk(who, case, PURPOSE)
        led_to = tasks_on((await desk.get(f"/cases/{case}")).text)
        for path in led_to:
            assert (await desk.get(path)).status_code == 200, path
        work = (await desk.get("/work")).text
        record = (await desk.get(f"/cases/{case}/record")).text
    in_the_hub = who == SENIOR or name == "violence"
    assert (f"/cases/{case}/read" in led_to) is in_the_hub
    assert (f"/cases/{case}/read" in record) is in_the_hub
    assert any("/tasks/discussion" in path for path in led_to) is in_the_hub
    assert (case in work) is in_the_hub


async def test_an_agency_outside_the_hub_in_this_category_is_told_so_b10(offered: Scene) -> None:
    case = offered.cases["protection"]
    async with a_dashboard(offered) as dashboard:
        desk = await dashboard.at_desk(STOKE, case, PURPOSE)
        answer = await desk.get(f"/cases/{case}/read")
    assert answer.status_code == 403
    assert "does not work in the hub in cases of this kind" in answer.text
    assert "Your role" not in answer.text


async def test_whoever_may_not_read_a_case_sends_no_form_that_shows_it_either_b10_d02(offered: Scene) -> None:
    case = offered.cases["protection"]
    async with a_dashboard(offered) as dashboard:
        desk = await dashboard.at_desk(STOKE, case, PURPOSE)
        answer = await send(desk, f"/cases/{case}/tasks/discussion", {"form_id": "one", "mode": "video"})
    assert answer.status_code == 403
    assert "does not work in the hub in cases of this kind" in answer.text


@pytest.mark.parametrize(("who", "root"), [(FIELD, "/team/cases"), (SENIOR, "/cases")])
async def test_a_case_that_is_held_is_read_for_its_own_purpose_alone_l09(
    offered: Scene, who: str, root: str
) -> None:
    async with a_dashboard(offered) as dashboard:
        browser = await dashboard.signed_in(who)
        open_, held = (f"{root}/{offered.cases[name]}" for name in ("issued", "held"))
        several = await purposes(browser, f"{open_}/packages/1")
        assert len(several) > 1 and PURPOSE in several
        assert await purposes(browser, f"{held}/packages/1") == [PURPOSE]
        (other, *_) = (one for one in several if one != PURPOSE)
        answer = await send(browser, f"{held}/purpose", {"purpose": other, "then": ""})
        assert answer.status_code == 400
        await send(browser, f"{held}/purpose", {"purpose": PURPOSE, "then": ""})
        assert TEXT in (await browser.get(f"{held}/packages/1")).text


@pytest.mark.parametrize(("who", "root"), [(FIELD, "/team/cases"), (SENIOR, "/cases")])
async def test_each_package_of_a_case_that_is_held_is_read_for_its_own_purpose_l09(
    offered: Scene, who: str, root: str
) -> None:
    """Nobody is refused because they said the purpose of another part of it: they are asked again."""
    case = f"{root}/{offered.cases['held_for_two']}"
    parts = [(f"{case}/packages/1", PURPOSE), (f"{case}/packages/2", LIFE)]
    if who == SENIOR:
        parts += [(f"{case}/read", LIFE), (f"{case}/packages/1/pdf", PURPOSE), (f"{case}/reasons", LIFE)]
    async with a_dashboard(offered) as dashboard:
        browser = await dashboard.signed_in(who)
        said = ""
        for path, own in parts:
            assert await purposes(browser, path) == ([] if said == own else [own]), path
            answer = await send(browser, f"{case}/purpose", {"purpose": own, "then": path})
            assert (answer.status_code, answer.headers["location"]) == (303, path)
            assert (await browser.get(path)).status_code == 200
            said = own


async def test_whoever_read_a_case_for_another_purpose_before_it_was_held_says_it_anew_l09(
    tmp_path: Path,
) -> None:
    with a_scene(tmp_path, {"issued": _issued}) as scene:
        case = scene.cases["issued"]
        async with a_dashboard(scene) as dashboard:
            browser, path = await dashboard.signed_in(FIELD), f"/team/cases/{case}/packages/1"
            other = next(one for one in await purposes(browser, path) if one != PURPOSE)
            await send(browser, f"/team/cases/{case}/purpose", {"purpose": other, "then": ""})
            assert TEXT in (await browser.get(path)).text
            for done, team in _done(case_in(scene, case)):
                tell(scene, case, done, team)
            assert await purposes(browser, path) == [PURPOSE]


async def test_whoever_answered_a_check_is_told_when_they_open_it_again_c06(offered: Scene) -> None:
    case = offered.cases["asked_outside"]
    async with a_dashboard(offered) as dashboard:
        at = (await dashboard.given.store.load([case]))[case].state
        agency = OFF_HUB.rpartition("@")[2]
        request = re.search(rf'"request_id":"([^"]+)","agency":"{agency}"', at)
        assert request is not None
        path = f"/cases/{case}/tasks/answer?about={request[1]}"
        answer = await (await dashboard.signed_in(OFF_HUB)).get(path)
        assert answer.status_code == 409
        assert "Your agency answered this check on 5 Mar 2012" in answer.text
        assert "nothing relevant" in answer.text
        assert (await (await dashboard.signed_in(STRANGER)).get(path)).status_code == 403


def test_what_is_held_is_read_for_its_purpose_also_when_its_category_offers_it_no_more_l09(
    offered: Scene,
) -> None:
    held = case_in(offered, offered.cases["held"])
    said = PARTNERSHIP.model_dump()
    said["purposes"][PURPOSE]["categories"] = (Category.ADULT_PROTECTION,)
    changed = Partnership.model_validate(said)
    today = changed.clocks.day_of(offered.now)
    assert PURPOSE not in changed.purposes_for(held.category)
    assert purposes_of(held, changed, today, PURPOSE) == (PURPOSE,)
    assert purposes_of(held, changed, today) == (PURPOSE,)
