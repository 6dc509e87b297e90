"""The daily rounds at the dashboard: agenda, meeting, what is decided about each DIAL, and what follows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from agents.coordinator.daily_rounds import Round
from agents.coordinator.dial_record import Dial
from agents.coordinator.missing_record import MissingPerson
from ops import case_views
from ops.dashboard.how_it_stands import how_it_stands
from ops.dashboard.meeting import Meeting, could_attend, empty_seats
from ops.dashboard.refusals import CHAIN
from ops.dashboard.viewer import Viewer
from store.vault import access_key
from tests.support.dashboard import (
    CHAMPION,
    EDUCATION,
    PURPOSE,
    SERGEANT,
    Dashboard,
    a_dashboard,
    form_token,
    send,
)
from tests.support.dashboard_rounds import (
    ACCOUNT,
    CHILD,
    CIRCUMSTANCES,
    DIALS,
    HATE,
    HATE_CRIME,
    MISPER,
    PRACTITIONER,
    PROTECTION,
    RESEARCHER,
    SENIOR,
    Daily,
    a_daily_scene,
    reported,
)
from tests.support.whole_hub import PARTNERSHIP

RATIONALE = {"rationale.reason": "CANARY-WHY", "rationale.proportionality": "No less will do."}
QUORUM = [
    "POL-SGT-01@police/police_sergeant",
    "CSS-SP-01@csc_staffordshire/senior_practitioner",
    "CSK-SP-01@csc_stoke/senior_practitioner",
]
MEETING = "/rounds/dial_meeting"


@pytest.fixture
def daily(tmp_path: Path) -> Iterator[Daily]:
    with a_daily_scene(tmp_path) as made:
        yield made


async def do(browser: AsyncClient, path: str, said: Mapping[str, Any]) -> Response:
    """Fill in the form of a task and send it."""
    page = await browser.get(path)
    assert page.status_code == 200, page.text
    return await browser.post(path, data={"form_id": path, **said, "form_token": form_token(page)})


async def with_purpose(dashboard: Dashboard, who: str, path: str) -> AsyncClient:
    browser = await dashboard.signed_in(who)
    answer = await send(browser, f"{path}/purpose", {"purpose": PURPOSE, "then": ""})
    assert answer.status_code == 303
    return browser


async def meeting_of(
    dashboard: Dashboard, who: str, code: str, participants: list[str], mode: str = "face_to_face"
) -> tuple[AsyncClient, Response]:
    browser = await dashboard.signed_in(who)
    said = {"purpose": PURPOSE, "mode": mode, "participants": participants}
    return browser, await do(browser, f"/rounds/{code}/meeting", said)


async def dial_of(dashboard: Dashboard, key: str) -> Dial:
    found = case_views.other_from((await dashboard.given.store.load([key]))[key])
    assert isinstance(found, Dial)
    return found


async def round_of(dashboard: Dashboard, code: str) -> Round:
    key = f"round/{code}"
    return Round.model_validate_json((await dashboard.given.store.load([key]))[key].state)


async def checked(dashboard: Dashboard, key: str) -> None:
    """Police history and the check of children's services."""
    research = await with_purpose(dashboard, RESEARCHER, f"/dials/{key}")
    said = {"known": "yes", "history": "CANARY-HISTORY two calls"}
    assert (await do(research, f"/dials/{key}/tasks/dial_history", said)).status_code == 303
    children = await with_purpose(dashboard, PRACTITIONER, f"/dials/{key}")
    said = {"known": "no", "findings": "CANARY-CHECK nothing"}
    assert (await do(children, f"/dials/{key}/tasks/dial_check", said)).status_code == 303


async def test_a_dial_goes_through_its_tiers_and_the_meeting_decides_with_its_quorum_h03_h04_h05_h08(
    daily: Daily,
) -> None:
    first, second = DIALS
    async with a_dashboard(daily.scene) as dashboard:
        await checked(dashboard, first)
        desk, answer = await meeting_of(dashboard, SERGEANT, "dial_meeting", QUORUM)
        assert answer.headers["location"] == f"{MEETING}/items/{first}"
        page = await desk.get(f"{MEETING}/items/{first}")
        for known in (f"{ACCOUNT} 1", "the man was arrested", "CANARY-HISTORY", "CANARY-CHECK", "1 of 2"):
            assert known in page.text
        task = f"{MEETING}/items/{first}/tasks/dial_screening"
        assert (await desk.get(task)).text.count(" checked") == 4  # mode and the three that are there
        said = {
            "context": "CANARY-CONTEXT",
            "outcome": "action",
            "action": "Home visit",
            "refer": "no",
            "mode": "face_to_face",
            "participants": QUORUM,
        }
        answer = await do(desk, task, said)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{MEETING}/items/{second}")
        tier_3 = (await dial_of(dashboard, first)).tier_3
        assert tier_3 is not None and (tier_3.action, tier_3.mode) == ("home_visit", "face_to_face")
        assert [one.person for one in tier_3.participants] == ["POL-SGT-01", "CSS-SP-01", "CSK-SP-01"]
        assert [one.item for one in (await round_of(dashboard, "dial_meeting")).items] == [second]
        page = await desk.get(f"{MEETING}/items/{second}")
        assert "decision is recorded" in page.text
        assert "Still to check: The police history" in page.text
        assert "tasks/dial_screening" not in page.text


async def test_without_its_quorum_the_meeting_decides_nothing_and_says_at_the_field_who_is_missing_h04(
    daily: Daily,
) -> None:
    async with a_dashboard(daily.scene) as dashboard:
        await checked(dashboard, DIALS[0])
        desk, _ = await meeting_of(dashboard, SERGEANT, "dial_meeting", QUORUM[:2])
        page = await desk.get(f"{MEETING}/items/{DIALS[0]}")
        assert "Missing: senior practitioner of Children&#39;s Social Care, Stoke-on-Trent" in page.text
        said = {
            "context": "CANARY-CONTEXT",
            "outcome": "none",
            "no_action_because": "CANARY-NONE",
            "mode": "phone",
            "participants": QUORUM[:2],
        }
        answer = await do(desk, f"{MEETING}/items/{DIALS[0]}/tasks/dial_screening", said)
        assert answer.status_code == 400
        assert 'href="#participants"' in answer.text
        assert "Nothing is decided without: senior practitioner of Children" in answer.text
        assert "CANARY-CONTEXT" in answer.text  # nothing that was typed is lost
        assert (await dial_of(dashboard, DIALS[0])).tier_3 is None


async def test_an_alert_before_the_meeting_becomes_a_case_at_once_h07_h09(daily: Daily) -> None:
    async with a_dashboard(daily.scene) as dashboard:
        desk = await with_purpose(dashboard, RESEARCHER, f"/dials/{DIALS[0]}")
        said = {"rag": "red", "action": "officers sent back", **RATIONALE}
        path = f"/dials/{DIALS[0]}/tasks/dial_alert"
        answer = await do(desk, path, said)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/dials/{DIALS[0]}")
        dial = await dial_of(dashboard, DIALS[0])
        assert dial.tier_2 is not None and dial.tier_2.action == "officers_sent_back"
        assert len(dial.brought) == 1
        page = await desk.get(f"/dials/{DIALS[0]}")
        assert "CANARY-WHY" not in page.text and ACCOUNT not in page.text
        assert (await desk.get(path)).status_code == 409


async def test_no_champion_is_offered_the_end_of_a_dial_whose_case_is_kept_l09(daily: Daily) -> None:
    key = DIALS[0]
    async with a_dashboard(daily.scene) as dashboard:
        await checked(dashboard, key)
        desk, _ = await meeting_of(dashboard, SERGEANT, "dial_meeting", QUORUM)
        said = {
            "context": "CANARY-CONTEXT",
            "outcome": "action",
            "action": "Home visit",
            "refer": "yes",
            "mode": "face_to_face",
            "participants": QUORUM,
            **RATIONALE,
        }
        await do(desk, f"{MEETING}/items/{key}/tasks/dial_screening", said)
        dial = await dial_of(dashboard, key)
        assert dial.tier_3 is not None and len(dial.brought) == 1
        champion = await dashboard.signed_in(CHAMPION)
        listed = (await champion.get("/retention?keeping=brought")).text
        assert key in listed
        assert "Agree that the content" not in listed
        assert (await champion.get(f"/retention/{key}/tasks/purge")).status_code == 409


@pytest.mark.parametrize("who", [EDUCATION, MISPER, CHAMPION, "ASS-PR-01@asc_staffordshire"])
async def test_a_dial_and_its_meeting_are_for_those_with_a_seat_or_a_part_alone_h03_h04_d02(
    daily: Daily, who: str
) -> None:
    async with a_dashboard(daily.scene) as dashboard:
        browser = await dashboard.signed_in(who)
        for path in (MEETING, f"{MEETING}/meeting", f"{MEETING}/items/{DIALS[0]}", f"/dials/{DIALS[0]}"):
            answer = await browser.get(path)
            assert answer.status_code == 403
            assert not [word for word in (ACCOUNT, "DIAL-1") if word in answer.text]
        refused = [json.loads(entry.body) for entry in await dashboard.given.store.audit(CHAIN)]
        assert [entry["page"] for entry in refused] == ["round", "meeting", "round_item", "dial"]


async def test_a_meeting_that_is_not_open_shows_no_content_and_takes_no_decision_d02(daily: Daily) -> None:
    async with a_dashboard(daily.scene) as dashboard:
        await checked(dashboard, DIALS[0])
        browser = await dashboard.signed_in(SERGEANT)
        page = await browser.get(f"{MEETING}/items/{DIALS[0]}")
        assert "The meeting is not open" in page.text and ACCOUNT not in page.text
        answer = await browser.get(f"{MEETING}/items/{DIALS[0]}/tasks/dial_screening")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{MEETING}/items/{DIALS[0]}")


async def test_each_reading_in_a_meeting_is_on_the_record_of_its_own_dial_for_the_purpose_said_d02(
    daily: Daily,
) -> None:
    async with a_dashboard(daily.scene) as dashboard:
        desk, _ = await meeting_of(dashboard, SERGEANT, "dial_meeting", QUORUM)
        for key in DIALS:
            await desk.get(f"{MEETING}/items/{key}")
            (entry,) = await dashboard.given.store.audit(access_key(key))
            read = json.loads(entry.body)
            assert (read["act"], read["person"], read["purpose"]) == ("vault.read", "POL-SGT-01", PURPOSE)


async def test_what_is_left_out_when_a_meeting_is_opened_is_asked_for(daily: Daily) -> None:
    async with a_dashboard(daily.scene) as dashboard:
        _, answer = await meeting_of(dashboard, SERGEANT, "dial_meeting", [])
        assert answer.status_code == 400
        assert 'href="#participants"' in answer.text and "Choose who is there" in answer.text


async def test_who_is_there_is_not_lost_when_the_session_ends_while_a_meeting_is_opened(daily: Daily) -> None:
    address = f"{MEETING}/meeting"
    async with a_dashboard(daily.scene) as dashboard:
        browser = await dashboard.signed_in(SERGEANT)
        said = {"mode": "video", "participants": QUORUM}
        token = form_token(await browser.get(address))
        dashboard.wall.show(dashboard.wall.now() + dashboard.given.idle)
        await browser.post(address, data={**said, "form_token": token})
        again = await send(browser, "/sign-in", {"person": SERGEANT}, at="/sign-in")
        assert again.headers["location"] == address
        page = (await browser.get(address)).text
        assert "You are signed in again." in page
        for there in (*QUORUM, "video"):
            assert re.search(f'value="{re.escape(there)}"[^>]* checked', page), there


async def test_a_round_is_put_on_record_with_what_was_reviewed_which_leaves_the_list_i08(
    daily: Daily,
) -> None:
    code, there = "missing_children_review", ["POL-MPC-01@police/misper_coordinator"]
    async with a_dashboard(daily.scene) as dashboard:
        desk, answer = await meeting_of(dashboard, MISPER, code, there, "video")
        assert CIRCUMSTANCES in (await desk.get(answer.headers["location"])).text
        path = f"/rounds/{code}/tasks/review_held"
        said = {"day": "2012-03-05", "mode": "video", "participants": there, "considered": [CHILD]}
        answer = await do(desk, path, said)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/rounds/{code}")
        state = await round_of(dashboard, code)
        assert state.items == ()
        assert [(held.by.person, held.mode, held.considered) for held in state.held] == [
            ("POL-MPC-01", "video", (CHILD,))
        ]
        page = await desk.get(f"/rounds/{code}")
        assert "It is on record that it was held." in page.text
        assert "Monday 5 March 2012" in page.text
        # What was considered can still be looked at, and found of concern.
        assert (await desk.get(f"/rounds/{code}/items/{CHILD}")).status_code == 200


async def test_a_day_that_passes_without_its_round_stands_on_the_page_h02_i08(daily: Daily) -> None:
    daily.scene.pass_time(timedelta(days=2))
    async with a_dashboard(daily.scene) as dashboard:
        browser = await dashboard.signed_in(MISPER)
        assert "Tuesday 6 March 2012" in (await browser.get("/rounds")).text
        page = await browser.get("/rounds/missing_children_review")
        assert "It was missed on Tuesday 6 March 2012." in page.text
        assert "1 time" in page.text  # carried over


async def test_a_missing_child_is_found_of_concern_below_the_number_i09_i10(daily: Daily) -> None:
    async with a_dashboard(daily.scene) as dashboard:
        desk = await with_purpose(dashboard, MISPER, f"/missing/{CHILD}")
        assert CIRCUMSTANCES in (await desk.get(f"/missing/{CHILD}/read")).text
        path = f"/missing/{CHILD}/tasks/flag_missing_child"
        assert (await do(desk, path, RATIONALE)).status_code == 303
        page = await desk.get(f"/missing/{CHILD}")
        assert "referred to the hub for full sharing" in page.text
        assert CIRCUMSTANCES not in page.text
        answer = await do(desk, path, {**RATIONALE, "form_id": "another"})
        assert answer.status_code == 400
        assert "A case about this child is open already" in answer.text
        for who in (SERGEANT, RESEARCHER, EDUCATION):
            browser = await dashboard.signed_in(who)
            assert (await browser.get(f"/missing/{CHILD}")).status_code == 403


async def test_the_hate_crime_review_reads_what_is_before_it_and_refers_what_it_finds_i01_i04(
    daily: Daily,
) -> None:
    code, there = "hate_crime_review", ["POL-PPC-01@police/public_protection_coordinator"]
    async with a_dashboard(daily.scene) as dashboard:
        desk, answer = await meeting_of(dashboard, PROTECTION, code, there)
        item = f"/rounds/{code}/items/{HATE_CRIME}"
        assert answer.headers["location"] == item
        assert HATE in (await desk.get(item)).text
        assert (await do(desk, f"{item}/tasks/flag_hate_crime", RATIONALE)).status_code == 303
        case = case_views.case_from((await dashboard.given.store.load([HATE_CRIME]))[HATE_CRIME])
        assert case.referred_as is not None
        # What is no task of the review is not done there, and the case is not opened to its agency.
        assert (await desk.get(f"{item}/tasks/breach")).status_code == 404
        assert (await desk.get(f"/cases/{HATE_CRIME}")).status_code == 403


async def test_a_round_shows_no_item_that_was_never_before_it(daily: Daily) -> None:
    async with a_dashboard(daily.scene) as dashboard:
        desk, _ = await meeting_of(
            dashboard, PROTECTION, "hate_crime_review", ["POL-PPC-01@police/public_protection_coordinator"]
        )
        case = daily.scene.cases["sent_back"]
        assert (await desk.get(f"/rounds/hate_crime_review/items/{case}")).status_code == 404


def test_those_the_quorum_needs_come_first_and_no_service_without_a_part_h04() -> None:
    found = could_attend("dial_meeting", PARTNERSHIP)
    seats = {(seat.role, seat.agency) for seat in PARTNERSHIP.rounds["dial_meeting"].quorum}
    assert {(role, agency) for _, role, agency in found[: len(seats)]} <= seats
    assert not any(agency in ("education", "asc_staffordshire", "housing") for _, _, agency in found)
    assert any(person == "CSS-FR-01" for person, _, _ in found)


def test_a_seat_is_taken_by_the_role_and_the_agency_that_it_is_for_h04() -> None:
    quorum = PARTNERSHIP.rounds["dial_meeting"].quorum
    there = Meeting(PURPOSE, "phone", ("CSS-SP-01@csc_staffordshire/senior_practitioner", QUORUM[0]))
    assert [seat.agency for seat in empty_seats(quorum, there)] == ["csc_stoke"]
    assert empty_seats(quorum, None) == quorum


async def test_senior_practitioners_of_the_quorum_see_the_agenda_and_no_content_on_it_h02(
    daily: Daily,
) -> None:
    async with a_dashboard(daily.scene) as dashboard:
        page = await (await dashboard.signed_in(SENIOR)).get(MEETING)
        assert all(key in page.text for key in DIALS)
        assert ACCOUNT not in page.text


async def test_what_a_missed_day_left_is_carried_over_before_the_next_agenda_h02_i08(daily: Daily) -> None:
    daily.scene.pass_time(timedelta(hours=30))
    state = Round.model_validate_json(
        daily.scene.hub.documents["round/missing_children_review"].model_dump_json()
    )
    assert state.missed and [one.agendas for one in state.items] == [1]
    async with a_dashboard(daily.scene) as dashboard:
        browser = await dashboard.signed_in(MISPER)
        page = await browser.get("/rounds/missing_children_review")
        carried = re.search(r'data-label="Carried over">([^<]*)<', page.text)
        assert carried is not None and carried[1] == "1 time"


async def test_a_missing_child_shows_whether_enough_reports_came_and_the_case_that_followed_i09(
    daily: Daily,
) -> None:
    code, there = "missing_children_review", ["POL-MPC-01@police/misper_coordinator"]
    async with a_dashboard(daily.scene) as dashboard:
        desk, _ = await meeting_of(dashboard, MISPER, code, there)
        pages = (f"/missing/{CHILD}", f"/rounds/{code}/items/{CHILD}")
        for path in pages:
            page = (await desk.get(path)).text
            assert "1 up to the latest. 6 bring a child’s case: not reached." in page
        for number in range(2, 7):
            daily.say(reported(daily, number), "source.police_cru")
        (case,) = [
            kept.key
            for kept in (await dashboard.given.store.find({"kind": "case"}, limit=50)).rows
            if kept.facets.get("category") == "missing_persons"
        ]
        for path in pages:
            page = (await desk.get(path)).text
            assert "6 up to the latest. 6 bring a child’s case: reached." in page
            # Whoever does not view cases learns that one followed, and nothing of it. [C10]
            assert "1 that you may not open" in page
            assert case not in page and "stage: threshold" not in page


async def test_reports_under_another_reference_count_up_to_the_latest_of_all_and_once_for_one_moment_i09(
    daily: Daily,
) -> None:
    def told(number: int, reference: str) -> None:
        one = reported(daily, 1).model_copy(update={"report_id": f"N-{number}", "person_ref": reference})
        daily.say(one, "source.police_cru")

    def an_hour_later() -> None:
        daily.scene.pass_time(timedelta(hours=1))

    async with a_dashboard(daily.scene) as dashboard:
        desk = await dashboard.signed_in(MISPER)
        an_hour_later()
        for reference in ("MP-2", "MP-3"):
            told(2, reference)
        an_hour_later()
        told(3, "MP-1")
        page = (await desk.get(f"/missing/{CHILD}")).text
        assert "3 up to the latest. 6 bring a child’s case: not reached." in page
        for number in (4, 5, 6):
            an_hour_later()
            told(number, "MP-2")
        page = (await desk.get(f"/missing/{CHILD}")).text
        assert "6 up to the latest. 6 bring a child’s case: reached." in page


async def test_of_the_cases_that_followed_those_may_be_opened_that_the_person_sees_c10(daily: Daily) -> None:
    for number in range(2, 7):
        daily.say(reported(daily, number), "source.police_cru")
    async with a_dashboard(daily.scene) as dashboard:
        given = dashboard.given
        person = case_views.other_from((await given.store.load([CHILD]))[CHILD])
        assert isinstance(person, MissingPerson)
        sees = Viewer("POL-X", "police", frozenset(), frozenset({"view", "oversee"}), hindered=None)
        whole = await how_it_stands(given, person, sees)
        none = await how_it_stands(given, person, replace(sees, rights=frozenset()))
        assert whole is not None and none is not None
        assert ([one.state for one in whole.cases], whole.unseen) == (["threshold"], 0)
        assert (none.cases, none.unseen) == ((), 1)


async def test_a_hate_crime_in_its_review_shows_strand_level_and_state_i02_i03(daily: Daily) -> None:
    code, there = "hate_crime_review", ["POL-PPC-01@police/public_protection_coordinator"]
    async with a_dashboard(daily.scene) as dashboard:
        desk, answer = await meeting_of(dashboard, PROTECTION, code, there)
        page = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", (await desk.get(answer.headers["location"])).text))
        for said in ("Strands race", "Level of response none is set", "State closed ", ": reviewed"):
            assert said in page
