"""Exploitation and hate crime at the dashboard: what takes two people. [I02, I03, I05, I06]"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.dashboard import PURPOSE, SERGEANT, Scene, a_dashboard, a_scene
from tests.support.dashboard_tasks import (
    ADULTS_PURPOSE,
    COORDINATOR,
    OFFICER,
    PRACTITIONER,
    RATIONALE,
    SENIOR,
    TASK_PLAYS,
    do,
    offers,
    sent,
)

ADULTS_SENIOR = "ASS-SP-01@asc_staffordshire"


@pytest.fixture
def tasks(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path, TASK_PLAYS) as made:
        yield made


async def test_a_referral_of_exploitation_is_completed_with_a_senior_practitioner_i06(tasks: Scene) -> None:
    case = tasks.cases["exploited"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(PRACTITIONER, case, PURPOSE)
        page = await desk.get(f"/cases/{case}/tasks/completion")
        assert f'value="{SENIOR}"' in page.text
        assert ADULTS_SENIOR not in page.text, "the case concerns no service of theirs"
        answer = await sent(desk, case, "completion", RATIONALE)
        assert answer.status_code == 400 and 'href="#senior_practitioner"' in answer.text
        now = await do(
            dashboard, PRACTITIONER, case, "completion", {"senior_practitioner": SENIOR, **RATIONALE}
        )
        assert now.completion is not None
        assert (now.completion.by.person, now.completion.cosigned_by.person) == ("CSS-PR-01", "CSS-SP-01")
        assert "completion" not in await offers(desk, case)


async def test_the_exploitation_officer_records_advice_without_a_word_of_it_on_the_record_i05(
    tasks: Scene,
) -> None:
    case = tasks.cases["exploited"]
    async with a_dashboard(tasks) as dashboard:
        said = {"advised": [PRACTITIONER], "topic": "Online grooming", "advice": "CANARY-ADVICE"}
        now = await do(dashboard, OFFICER, case, "advice", said)
        (advice,) = now.advice
        assert (advice.topic, advice.by.person) == ("online_grooming", "POL-EXO-01")
        desk = await dashboard.at_desk(OFFICER, case, PURPOSE)
        refused = await sent(desk, case, "advice", {**said, "topic": "Ask Mrs. Smith!"})
        assert refused.status_code == 400 and 'href="#topic"' in refused.text


async def test_a_level_of_response_waits_for_the_checks_of_adult_social_care_i02_i03(tasks: Scene) -> None:
    early, checked = tasks.cases["a_hate_crime"], tasks.cases["a_hate_crime_checked"]
    async with a_dashboard(tasks) as dashboard:
        desk = await dashboard.at_desk(COORDINATOR, checked, ADULTS_PURPOSE)
        assert "response" not in await offers(desk, early)
        page = await desk.get(f"/cases/{checked}/tasks/response")
        assert "Strands: disability." in page.text
        assert "ASK-SP-01" not in page.text, "the other authority's adult social care was not asked"
        said = {"adult_social_care": ADULTS_SENIOR, "level": "joint_response", **RATIONALE}
        now = await do(dashboard, COORDINATOR, checked, "response", said, ADULTS_PURPOSE)
        assert [one.level for one in now.hate_responses] == ["joint_response"]
        now = await do(
            dashboard,
            COORDINATOR,
            checked,
            "response",
            {**said, "level": "no_further_response", "form_id": "another"},
            ADULTS_PURPOSE,
        )
        assert len(now.hate_responses) == 2
        sergeant = await dashboard.signed_in(SERGEANT)
        assert "response" not in await offers(sergeant, checked)
