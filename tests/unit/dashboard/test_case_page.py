"""The page of a case, its record, and what is read of it: what they show, and what goes on record."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from httpx2 import AsyncClient

from ops.dashboard.case_rows import element_rows
from store.audit_check import whole_chain
from store.vault import Reader, access_key
from tests.support.dashboard import (
    EDUCATION,
    PURPOSE,
    SERGEANT,
    TEXT,
    WITHHELD,
    Scene,
    a_dashboard,
    send,
)
from tests.support.dashboard_cases import (
    PLAN,
    POSITION,
    SAFE_TEXT,
    about_an_adult,
    agreed_with_gaps,
    answered_hate_crime,
    asked_for_more,
    in_dispute,
    play,
)
from tests.support.desk_work import case_in
from tests.support.procedure import Procedure

SECRETS = (TEXT, WITHHELD, "Tilly", "bruises", "because of the referral", "an operation is under way")


def plain(page: str) -> str:
    """What somebody reads who reads a page from top to bottom."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


async def read(browser: AsyncClient, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200
    return answer.text


async def test_the_case_page_shows_states_decisions_people_and_times_and_no_content_d01_d15(
    scene: Scene,
) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        for name in scene.cases:
            page = await read(browser, f"/cases/{scene.cases[name]}")
            assert not [word for word in SECRETS if word in page]
            assert not re.search(r"\d\d:\d\d:\d\d [GB]", plain(page))
        shown = plain(await read(browser, f"/cases/{scene.cases['issued']}"))
    for said in (
        "release , on the authority of the owner",
        "POL-DM-01, 5 Mar 2012, 09:00 GMT",
        "withhold",
        "CSS-SP-01, senior practitioner, Children&#39;s Social Care, Staffordshire",
        "face to face",
        "Version 1",
        "Passed to teams: Children&#39;s Social Work Team, Staffordshire",
        "The full record",
    ):
        assert said.replace(" ,", ",") in shown.replace(" ,", ",")


async def test_the_record_is_whole_on_its_own_page_with_agencies_by_their_titles_d14(scene: Scene) -> None:
    case = scene.cases["issued"]
    async with a_dashboard(scene) as dashboard:
        page = plain(await read(await dashboard.signed_in(SERGEANT), f"/cases/{case}/record"))
        entries = await whole_chain(dashboard.given.store, case)
    assert len(entries) > 10
    assert f"{len(entries)} entries" in page
    for entry in entries:
        act = json.loads(entry.body)["act"].replace("_", " ").replace(".", " ")
        assert act.capitalize() in page
    assert "agency: Education (EMS)" in page
    assert f"package id: {case}/package/1" in page
    assert not [word for word in SECRETS if word in page]


async def test_what_is_known_is_people_texts_and_each_decision_with_its_five_tests_d03_d15(
    scene: Scene,
) -> None:
    case = scene.cases["issued"]
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        page = plain(await read(browser, f"/cases/{case}/read"))
    for said in (
        "Tilly Thornquist",
        "1 April 2005, 6 years old",
        "1 Nowhere Lane",
        "bruises seen at school",
        "injuries unexplained",
        TEXT,
        "Relevance about this child",
        "Why it may leave the risk outweighs the harm",
        WITHHELD,
        "Reason an operation is under way",
        "relevant to the injuries",
    ):
        assert said in page


async def test_why_everything_was_decided_is_told_with_who_and_when_d14(scene: Scene) -> None:
    case = scene.cases["issued"]
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        page = await read(browser, f"/cases/{case}/reasons")
    shown = plain(page)
    for said in (
        "Threshold",
        "Rating",
        "Direction",
        "Assessment",
        "Element: Staffordshire Police 1: history",
        "early risk",
    ):
        assert said.lower() in shown.lower()
    assert "by MASH-MGR-01, mash manager" in shown
    assert "the least that serves" in shown
    assert not re.search(r"[0-9a-f]{24}", page.partition("<main")[2].partition("</main>")[0])


@pytest.mark.parametrize("page", ["read", "reasons"])
async def test_each_reading_is_for_a_purpose_and_on_record_before_it_is_shown_d02(
    scene: Scene, page: str
) -> None:
    case = scene.cases["issued"]
    async with a_dashboard(scene) as dashboard:
        store, browser = dashboard.given.store, await dashboard.signed_in(EDUCATION)
        before = len(await store.audit(access_key(case)))
        asked = await read(browser, f"/cases/{case}/{page}")
        assert "What do you read this case for?" in asked
        assert not [word for word in SECRETS if word in asked]
        assert len(await store.audit(access_key(case))) == before
        said = {"purpose": PURPOSE, "then": f"/cases/{case}/{page}"}
        answer = await send(browser, f"/cases/{case}/purpose", said)
        assert (answer.status_code, answer.headers["location"]) == (303, said["then"])
        assert "This reading is on record" in await read(browser, said["then"])
        (entry,) = (await store.audit(access_key(case)))[before:]
        done = json.loads(entry.body)
        assert (done["act"], done["person"], done["purpose"]) == ("vault.read", "EDU-DM-01", PURPOSE)


async def test_only_purposes_of_this_kind_of_case_are_offered_d16(scene: Scene) -> None:
    case = scene.cases["issued"]
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        page = await read(browser, f"/cases/{case}/purpose")
        assert 'value="safeguarding_children"' in page
        assert 'value="safeguarding_adults"' not in page


async def test_what_was_destroyed_is_told_with_who_decided_it_and_nothing_is_read_l09(living: Scene) -> None:
    case = living.cases["issued"]
    async with a_dashboard(living) as dashboard:
        given = dashboard.given
        by = [Reader("POL-DPO-01", "data_protection_champion", "police")]
        await given.vault.forget(case, by=by, purpose="retention")
        browser = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        for page, status in (("", 200), ("/read", 410), ("/reasons", 410)):
            answer = await browser.get(f"/cases/{case}{page}")
            assert answer.status_code == status
            assert "was destroyed on 5 Mar 2012, 11:11 GMT by POL-DPO-01@police" in plain(answer.text)
            assert not [word for word in SECRETS if word in answer.text]


async def test_the_part_that_is_fetched_is_the_page_without_its_frame_and_is_no_use_of_the_session(
    scene: Scene,
) -> None:
    case = scene.cases["disclosure"]
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        whole = await read(browser, f"/cases/{case}")
        part = await read(browser, f"/cases/{case}/part")
        assert "<html" not in part
        inner = whole.partition('<div id="part">')[2].rpartition("</main>")[0].rpartition("</div>")[0]
        assert inner.split() == part.split()
        for _ in range(4):
            dashboard.wall.show(dashboard.wall.now() + timedelta(minutes=10))
            answer = await browser.get(f"/cases/{case}/part")
        assert answer.status_code == 401


async def test_a_case_is_another_after_each_step_and_each_minute_while_it_is_open(living: Scene) -> None:
    case = living.cases["disclosure"]
    digests = set()
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        for later in (timedelta(0), timedelta(seconds=20), timedelta(minutes=1)):
            dashboard.clock.show(dashboard.clock.now() + later)
            page = await read(browser, f"/cases/{case}")
            digests.add(re.search(r'data-digest="([^"]+)"', page)[1])  # type: ignore[index]
    assert len(digests) == 2


async def test_the_decision_about_an_adult_is_shown_with_who_signed_and_what_followed_f01_f06(
    living: Scene,
) -> None:
    case = play(living, about_an_adult)
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.at_desk(SERGEANT, case, "safeguarding_adults")
        page = plain(await read(browser, f"/cases/{case}"))
        assert "Decision about the adult" in page
        assert "ASS-AP-01, advanced practitioner" in page
        assert re.search(r"Threshold met", page)
        assert re.search(r"Strategy discussion POL-SGT-01|Strategy discussion ASS-AP-01", page)
        assert "Complex no, decided by " in page
        assert "Referral form AP1" in page
        assert PLAN not in page
        assert PLAN in plain(await read(browser, f"/cases/{case}/reasons"))


async def test_a_dispute_and_a_text_made_safe_are_shown_and_read_beside_the_original_d11_k01(
    living: Scene,
) -> None:
    case = play(living, in_dispute)
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        page = plain(await read(browser, f"/cases/{case}"))
        for said in (
            "X-9 Education (EMS) 1: history e/9 necessity",
            "The dispute is settled",
            "Dispute X-9, with the line managers",
        ):
            assert said in page
        assert page.index("e/9 Education") < page.index("a/9 Staffordshire Police")
        assert POSITION not in page
        known = plain(await read(browser, f"/cases/{case}/read"))
        for said in (
            "Original the neighbour saw a man at the address",
            f"Sanitised text, by POL-DM-01 {SAFE_TEXT}",
            "Harm considered the neighbour would be found",
            "Decision before: release",
            f"on the ground of necessity: {POSITION}",
            "Risks: source at risk",
        ):
            assert said in known


async def test_whom_the_package_waits_for_and_that_it_is_agreed_is_the_same_on_board_and_page_c06_e12(
    living: Scene,
) -> None:
    case = play(living, agreed_with_gaps)
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        row = (await read(browser, "/board")).partition(f'id="row-{case}"')[2].partition("</tr>")[0]
        page = await read(browser, f"/cases/{case}")
        (out,) = [one for one in (await browser.get("/api/v1/cases")).json()["rows"] if one["case"] == case]
    waits = plain(page.partition('id="waits"')[2].partition("</ul>")[0])
    for shown in (plain(row), waits):
        assert "Still to answer: Children&#39;s Social Care, Staffordshire" in shown
        assert "Still to decide: Housing" in shown  # it owns what the police hold, and was not asked
        assert "Agreed with its gaps: leaves 6 Mar 2012, 11:06 GMT" in shown
        assert "Staffordshire Police" not in shown
    agreed = plain(page.partition('id="agreed"')[2].partition("</div>")[0])
    assert "Agreed by MASH-MGR-01, mash manager" in agreed
    assert "It leaves 6 Mar 2012, 11:06 GMT with its gaps, or as soon as it waits for nobody." in agreed
    assert (out["unanswered"], out["undecided"]) == (["csc_staffordshire"], ["housing"])
    assert out["leaves_at"].startswith("2012-03-06T11:06")


async def test_what_waits_for_answers_alone_says_so_on_board_and_page_alike_c06(living: Scene) -> None:
    def silent(at: Procedure) -> None:
        at.until_directed(referral_id="R-93")
        at.nothing_from("police", "education", "primary_care")
        at.assess()
        at.agree("partial_at_due")

    case = play(living, silent)
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        row = (await read(browser, "/board")).partition(f'id="row-{case}"')[2].partition("</tr>")[0]
        page = plain((await read(browser, f"/cases/{case}")).partition('id="needed"')[2])
    assert "nothing but answers" in plain(row)
    assert "Nothing but answers." in page
    assert "Answer of" not in plain(row)


async def test_a_rating_that_a_teams_question_carried_over_is_nobodys_rating_d20_e10(living: Scene) -> None:
    case = play(living, asked_for_more)
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        page = plain(await read(browser, f"/cases/{case}"))
        reasons = await read(browser, f"/cases/{case}/reasons")
    carried, _, given = page.partition("Rating before RED carried over to round 2")[2].partition(
        "Rating before"
    )
    asked = ", asked by Children&#39;s Social Work Team, Staffordshire, 5 Mar 2012, 13:11 GMT"
    assert carried.startswith(asked) and "MASH-MGR-01" not in carried
    assert "RED by MASH-MGR-01, mash manager" in given and "5 Mar 2012, 11:11 GMT" in given
    assert len(re.findall(r"<h3[^>]*>Rating</h3>", reasons)) == 2, "of the two who rated"


async def test_the_case_page_tells_what_the_command_line_tells_d09_e03_e12_g04(living: Scene) -> None:
    case = play(living, asked_for_more)
    async with a_dashboard(living) as dashboard:
        page = plain(await read(await dashboard.signed_in(SERGEANT), f"/cases/{case}"))
    teams = "Children&#39;s Social Work Team, Staffordshire, Police Child Abuse Investigation Unit"
    for said in (
        f"RED notice told to {teams}, 5 Mar 2012, 11:11 GMT",
        f"No longer RED told to {teams}, 5 Mar 2012, 13:11 GMT",
        "h/6 Housing Providers 5 Mar 2012, 11:11 GMT 2 h 00 min ago not yet",
        f"partial 5 Mar 2012, 13:06 GMT 5 min ago yes Housing Providers {teams}",
        "Staffordshire strategy discussion joint investigation no 5 Mar 2012, 13:11 GMT",
        "Unit strategy discussion not reported yet not known yet not yet",
        "Asked for more, round 2 by Children&#39;s Social Work Team, Staffordshire, 5 Mar 2012, 13:11 GMT",
    ):
        assert said in page
    assert "who lives there" not in page


async def test_a_hate_crime_shows_its_strand_and_the_level_of_response_i02_i03(living: Scene) -> None:
    case = play(living, answered_hate_crime)
    async with a_dashboard(living) as dashboard:
        page = plain(await read(await dashboard.signed_in(SERGEANT), f"/cases/{case}"))
    assert "Hate crime disability, somebody vulnerable" in page
    assert re.search("Level of response joint response, by POL-PPC-01, .* and ASS-SP-01, senior practi", page)


async def test_people_call_elements_by_agency_number_and_kind_and_find_the_id_below_d08(
    living: Scene,
) -> None:
    waits, disputed = living.cases["disclosure"], play(living, in_dispute)
    police = "Staffordshire Police 1: history"
    async with a_dashboard(living) as dashboard:
        owner = await dashboard.at_desk("POL-DM-01@police", waits, PURPOSE)
        practitioner = await dashboard.at_desk("CSS-SP-01@csc_staffordshire", disputed, PURPOSE)
        pages = [
            plain(await read(owner, f"/cases/{waits}")),
            plain(await read(owner, f"/cases/{waits}/read")),
            plain(await read(owner, "/desk/disclosure")),
            plain(await read(owner, f"/cases/{waits}/tasks/disclose?about=p/2")),
        ]
        for page in pages:
            assert police in page
            assert re.search(r"(?<![\w/])p/2", page), "the id, for whoever looks for it"
            assert "Staffordshire Police 2" not in page
        of_dispute = plain(await read(practitioner, f"/cases/{disputed}/read"))
        assert "Dispute about" in of_dispute
        assert not re.search(r"Dispute about \S+/", of_dispute), "no id where a name is"


async def test_the_record_tells_where_a_case_went_by_its_title_b12(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        record = plain(await read(browser, f"/cases/{scene.cases['sent_back']}/record"))
        assert "destination: Children&#39;s Social Care, Staffordshire;" in record


def test_elements_that_stand_alike_are_listed_in_the_order_of_their_numbers_d08(living: Scene) -> None:
    case = case_in(living, living.cases["disclosure"])
    one, *_ = case.elements
    two, three = (one.model_copy(update={"element_id": f"{one.element_id}-{n}"}) for n in (9, 1))
    rows = element_rows(case.model_copy(update={"elements": (one, two, three)}))
    assert [row.element_id for row in rows] == [one.element_id, two.element_id, three.element_id]
