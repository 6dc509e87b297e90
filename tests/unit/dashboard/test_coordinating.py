"""What coordinators decide between the answers and the end of a case, each the message that the hub takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from agents.coordinator.elements import Standing, standing
from agents.partnership import Partnership
from messages.words import Choice, Course
from store.audit_check import whole_chain
from tests.support.dashboard import PURPOSE, SERGEANT, Scene, a_dashboard, a_scene
from tests.support.dashboard_tasks import (
    MANAGER,
    PRACTITIONER,
    RATIONALE,
    SENIOR,
    TASK_PLAYS,
    case_of,
    do,
    offers,
    sent,
)
from tests.support.whole_hub import PARTNERSHIP

DISCUSSED = {
    "elements": ["p/1", "h/1"],
    "participants": [SENIOR, SERGEANT],
    "mode": "face_to_face",
    "summary": "CANARY-SUMMARY",
    "needed.1": "CANARY-NEEDED",
}
ASSESSED = {
    **RATIONALE,
    "suggested_course": "joint_investigation",
    "rationale.early_risk": "Seen early.",
    "rationale.timeliness": "Today.",
    "rationale.coordination": "With the school.",
}


@pytest.fixture
def tasks(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path, TASK_PLAYS) as made:
        yield made


async def test_a_discussion_is_recorded_and_the_owner_of_what_another_holds_is_told_why_d06_d09_d22(
    tasks: Scene,
) -> None:
    case = tasks.cases["revealed"]
    async with a_dashboard(tasks) as dashboard:
        said = {
            **DISCUSSED,
            "positions-entries": "2",
            "positions.0.actor": SERGEANT,
            "positions.0.element_id": "p/1",
            "positions.0.position": "withhold",
            "positions.0.view": "CANARY-VIEW",
        }
        now = await do(dashboard, SENIOR, case, "discussion", said)
        (held,) = now.discussions
        assert held.elements == ("p/1", "h/1")
        assert {one.person for one in held.participants} == {"CSS-SP-01", "POL-SGT-01"}
        assert held.discussion_id.startswith(f"{case}/discussion/")
        assert [standing(one) for one in now.elements] == [
            Standing.AWAITING_OWNER,
            Standing.THIRD_PARTY_PENDING,
        ]
        record = await whole_chain(dashboard.given.store, case)
        (fact,) = [entry.body for entry in record if '"act":"discussion.recorded"' in entry.body]
        assert f'"position":"{Choice.WITHHOLD}"' in fact
        assert not [entry for entry in record if "CANARY" in entry.body]


@pytest.mark.parametrize(
    ("left_out", "problem"),
    [
        ("elements", "Choose what was discussed"),
        ("participants", "Choose who took part"),
        ("needed.1", "Enter why Primary Health Care 1: history is needed"),
        ("positions.0.view", "Enter why they hold it"),
    ],
)
async def test_what_a_discussion_lacks_is_asked_for_and_nothing_written_is_lost_d06(
    tasks: Scene, left_out: str, problem: str
) -> None:
    case = tasks.cases["revealed"]
    async with a_dashboard(tasks) as dashboard:
        said = {
            **DISCUSSED,
            "positions-entries": "1",
            "positions.0.actor": SERGEANT,
            "positions.0.element_id": "p/1",
            "positions.0.position": "withhold",
            "positions.0.view": "CANARY-VIEW",
        }
        del said[left_out]
        answer = await sent(await dashboard.at_desk(SENIOR, case, PURPOSE), case, "discussion", said)
        assert answer.status_code == 400
        assert answer.text.count(problem) == 2, "once in the summary and once at the field"
        assert f'href="#{left_out}"' in answer.text
        assert "CANARY-SUMMARY" in answer.text
        assert not (await case_of(dashboard, case)).discussions


async def test_a_further_view_is_added_without_scripts_and_says_nothing_yet_d22(tasks: Scene) -> None:
    case = tasks.cases["revealed"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(SENIOR, case, PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/discussion")
        assert "positions.0.view" not in page.text
        added = await sent(
            desk, case, "discussion", {**DISCUSSED, "positions-entries": "1", "add": "positions"}
        )
        assert added.status_code == 200
        assert "positions.1.view" in added.text and "positions.2.view" not in added.text
        assert "CANARY-SUMMARY" in added.text and "There is a problem" not in added.text
        assert not (await case_of(dashboard, case)).discussions


async def test_a_discussion_takes_two_and_the_hubs_refusal_stands_at_the_question_d06(tasks: Scene) -> None:
    case = tasks.cases["revealed"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(SENIOR, case, PURPOSE)
        answer = await sent(desk, case, "discussion", {**DISCUSSED, "participants": [SENIOR]})
        assert answer.status_code == 400
        assert 'href="#participants"' in answer.text
        assert "Name at least two people" in answer.text


def with_vetting_run_out(person: str) -> Partnership:
    """The partnership, with the vetting of one person over."""
    staff = tuple(
        one.model_copy(update={"vetted_until": date(2012, 3, 4)}) if one.person == person else one
        for one in PARTNERSHIP.staff
    )
    return Partnership.model_validate({**PARTNERSHIP.model_dump(), "staff": [s.model_dump() for s in staff]})


async def test_who_is_not_vetted_today_is_not_offered_as_a_participant_l04_d06(tasks: Scene) -> None:
    case = tasks.cases["revealed"]
    async with a_dashboard(tasks, with_vetting_run_out("POL-SGT-02")) as dashboard:
        desk = await dashboard.at_desk(SENIOR, case, PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/discussion")
        assert SERGEANT in page.text and "POL-SGT-02" not in page.text
        assert "HOU-DM-01" not in page.text, "housing was not asked"


async def test_a_discussion_sent_twice_is_recorded_once_d06(tasks: Scene) -> None:
    case = tasks.cases["revealed"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(SENIOR, case, PURPOSE)
        for _ in range(2):
            assert (await sent(desk, case, "discussion", DISCUSSED)).status_code == 303
        assert len((await case_of(dashboard, case)).discussions) == 1


async def test_an_assessment_shows_what_it_has_to_and_a_package_is_agreed_on_it_a02_g02_d19(
    tasks: Scene,
) -> None:
    case = tasks.cases["nothing_known"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(SENIOR, case, PURPOSE)
        assert "agreement" not in await offers(desk, case)
        without = {name: text for name, text in ASSESSED.items() if name != "rationale.timeliness"}
        assert (await sent(desk, case, "assessment", without)).status_code == 400
        now = await do(dashboard, SENIOR, case, "assessment", ASSESSED)
        assert now.assessment is not None and now.assessment.course is Course.JOINT_INVESTIGATION
        page = await desk.get(f"/cases/{case}/tasks/agreement")
        assert "cannot be called back" in page.text
        assert ASSESSED["rationale.timeliness"] in page.text, "what nobody saw, nobody agrees to"
        assert "Nothing is released." in page.text
        now = await do(dashboard, SERGEANT, case, "agreement", RATIONALE)
        (package,) = now.packages
        assert package.issued.kind == "full"
        assert "agreement" not in await offers(desk, case)


async def test_a_package_with_gaps_is_agreed_knowingly_and_goes_out_in_time_e12(tasks: Scene) -> None:
    case = tasks.cases["silent"]
    async with a_dashboard(tasks) as dashboard:
        await do(dashboard, SENIOR, case, "assessment", ASSESSED)
        desk = await dashboard.at_desk(MANAGER, case, PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/agreement")
        assert "Still waited for: Education (EMS); Primary Health Care" in page.text
        assert re.search(r"Send it at \d+ Mar 2012, \d\d:\d\d GMT with what is missing", page.text)
        answer = await sent(desk, case, "agreement", RATIONALE)
        assert answer.status_code == 400 and 'href="#if_incomplete"' in answer.text
        said = {**RATIONALE, "if_incomplete": "partial_at_due"}
        now = await do(dashboard, MANAGER, case, "agreement", said)
        assert now.agreement is not None and not now.packages
        tasks.pass_time(timedelta(hours=24))
        (package,) = (await case_of(dashboard, case)).packages
        assert package.issued.kind == "partial"


async def test_an_assessment_that_rests_on_less_than_was_found_is_to_be_looked_at_again_a03(
    tasks: Scene,
) -> None:
    case = tasks.cases["found_since"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(SENIOR, case, PURPOSE)
        assert "Make the assessment: more has been found since" in (await desk.get(f"/cases/{case}")).text
        page = await desk.get(f"/cases/{case}/tasks/agreement")
        assert "More has been found since this was decided: assessment." in page.text
        await do(dashboard, SENIOR, case, "assessment", ASSESSED)
        assert "Make the assessment: again" in (await desk.get(f"/cases/{case}")).text


async def test_an_assessment_that_repeats_what_is_not_released_is_told_at_the_question_a05(
    tasks: Scene,
) -> None:
    case = tasks.cases["revealed"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(SENIOR, case, PURPOSE)
        said = {**ASSESSED, "urgent_facts": "They told us: canary of the police."}
        answer = await sent(desk, case, "assessment", said)
        assert answer.status_code == 400 and 'href="#urgent_facts"' in answer.text
        assert "This repeats words of what is not released: p/1 of police." in answer.text
        assert (await case_of(dashboard, case)).assessment is None


async def test_a_case_ends_although_an_agency_is_silent_which_the_form_names_a07_c06(tasks: Scene) -> None:
    case = tasks.cases["silent_at_the_end"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(SENIOR, case, PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/end")
        assert "Still silent: Education (EMS)." in page.text
        assert "source of the referral is told" not in page.text
        now = await do(dashboard, SENIOR, case, "end", RATIONALE)
        assert now.closed_at is not None
        assert now.endings[-1].silent == ("education",)


async def test_a_case_that_needs_nobody_ends_and_its_source_is_told_a07(tasks: Scene) -> None:
    case = tasks.cases["nothing_known"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(SENIOR, case, PURPOSE)
        assert "end" not in await offers(desk, case)
        await do(dashboard, SENIOR, case, "assessment", ASSESSED)
        page = await desk.get(f"/cases/{case}/tasks/end")
        assert "You cannot open the case again" in page.text
        assert "The source of the referral is told this" in page.text
        now = await do(dashboard, SENIOR, case, "end", RATIONALE)
        assert now.closed_at is not None
        assert now.route is not None and now.route.to == "no_further_action"
        assert await offers(desk, case) == set()


async def test_a_concern_that_gives_a_source_away_is_put_in_other_words_beside_it_d11_d13(
    tasks: Scene,
) -> None:
    case = tasks.cases["gives_away"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(SERGEANT, case, PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/concern")
        assert "bruises seen at school" in page.text
        said = {
            **RATIONALE,
            "sanitised.text": "There are bruises seen at school.",
            "sanitised.transforms": ["source_removed"],
            "author": SERGEANT,
        }
        refused = await sent(desk, case, "concern", said)
        assert refused.status_code == 400 and 'href="#sanitised.text"' in refused.text
        said["sanitised.text"] = "Injuries were seen."
        now = await do(dashboard, SERGEANT, case, "concern", said)
        assert now.leaving_concern is not None
        assert now.sanitised_concerns[-1].sanitised.author == "POL-SGT-01"


async def test_a_task_of_the_relevant_manager_is_refused_to_another_services_and_that_is_on_record_b11_e01(
    tasks: Scene,
) -> None:
    case = tasks.cases["nothing_known"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.signed_in("ASS-SP-01@asc_staffordshire")
        assert await offers(desk, case) & {"rating", "direction", "assessment", "threshold", "end"} == set()
        answer = await desk.get(f"/cases/{case}/tasks/rating")
        assert answer.status_code == 403
        practitioner = await dashboard.signed_in(PRACTITIONER)
        assert await offers(practitioner, case) <= {"answer"}
