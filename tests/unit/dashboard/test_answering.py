"""A check answered by hand: what an agency's own records say, element by element. [C06, D01, D08]"""

from __future__ import annotations

from typing import Any

import pytest

from agents.coordinator.case import Check
from messages.checks import CheckAnswered
from messages.words import AnswerState, RiskFlag
from tests.support.dashboard import EDUCATION, Scene, a_dashboard, form_token
from tests.support.desk_work import (
    Answers,
    at_desk,
    case_in,
    done,
    fill,
    problems,
    reveal,
    task,
    tell,
)
from tests.support.procedure import element

STOKE = "CSK-PR-01@csc_stoke"


def check_of(scene: Scene, case: str, agency: str = "education") -> Check:
    return next(one for one in case_in(scene, case).checks if one.agency == agency)


def asked(scene: Scene, case: str, agency: str = "education") -> str:
    """The address of the answer of an agency."""
    return task(case, "answer", check_of(scene, case, agency).request_id)


def found(n: int, text: str, /, **more: Any) -> dict[str, Any]:
    """An element as somebody enters it."""
    said: dict[str, Any] = {
        "text": text,
        "about": ["p1"],
        "kind": "attendance",
        "marking": "restricted",
        "owner": "education",
        "record.document": f"register-{n}",
    }
    return {f"elements.{n}.{name}": value for name, value in {**said, **more}.items()}


NOTHING = {"about": [], "kind": "", "marking": "", "owner": "", "record.document": ""}


def recorded_on(day: int, month: int, year: int) -> dict[str, Any]:
    """The day of a record, as somebody enters it."""
    return {"recorded_on-day": day, "recorded_on-month": month, "recorded_on-year": year}


@pytest.mark.parametrize("state", ["nothing_found", "nothing_relevant", "several_fit"])
async def test_an_answer_without_elements_asks_for_nothing_more_c06(living: Scene, state: str) -> None:
    case = living.cases["red"]
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, EDUCATION, case)
        assert case in (await desk.get("/desk/answers")).text
        assert await done(desk, asked(living, case), {"state": state}) == "/desk/answers"
    assert check_of(living, case).state == state


@pytest.mark.parametrize("state", ["withheld", "unavailable"])
async def test_what_is_withheld_or_cannot_be_searched_takes_a_reason_c06(living: Scene, state: str) -> None:
    case = living.cases["red"]
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, EDUCATION, case)
        answer = await fill(desk, asked(living, case), {"state": state})
        assert problems(answer) == {f"reason.{state}": "Enter the reason"}
        said = {"state": state, f"reason.{state}": "CANARY-REASON"}
        await done(desk, asked(living, case), said)
        page = await desk.get(asked(living, case))
        assert page.status_code == (200 if state == "unavailable" else 409)
    assert check_of(living, case).state == state


async def test_elements_are_given_one_by_one_each_to_be_decided_by_itself_d08_d13(living: Scene) -> None:
    case = living.cases["red"]
    first = found(
        0,
        "CANARY absent on nine Mondays",
        risks=["duty_of_care"],
        source_words="the caretaker\r\nMr Stone\r\n",
        **{"suggestion.text": "Absent often.", "suggestion.transforms": ["summarised"]},
    )
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, EDUCATION, case)
        said = {"state": "found", **first, "elements-entries": "1", "add": "elements"}
        longer = await fill(desk, asked(living, case), said)
        assert longer.status_code == 200
        assert "CANARY absent on nine Mondays" in longer.text
        assert 'id="elements-2"' in longer.text
        assert longer.text.count('<option value="education" selected') == 2
        assert check_of(living, case).state is AnswerState.OUTSTANDING
        second = found(1, "Moved here", owner="housing", kind="School history", **recorded_on(4, 5, 2011))
        said = {"state": "found", **first, **second, "elements-entries": "2"}
        await done(desk, asked(living, case), said)
        assert "CANARY" not in (await desk.get(f"/cases/{case}")).text
    one, two = (one for one in case_in(living, case).elements if one.holder == "education")
    assert [one.element_id, two.element_id] == [f"{case}/education/{n}" for n in (1, 2)]
    assert set(one.risks) == {RiskFlag.DUTY_OF_CARE, RiskFlag.SOURCE_AT_RISK}
    assert len(one.source_hashes) == 2
    assert one.suggestion is not None and one.suggestion.author == "EDU-DM-01"
    assert (two.owner, two.kind, two.record.document) == ("housing", "school_history", "register-1")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": ""}, "text"),
        ({"about": []}, "about"),
        ({"kind": "2 Words"}, "kind"),
        ({"record.document": "the school's register"}, "record.document"),
        ({"record.digest": "abc"}, "record.digest"),
        (recorded_on(31, 2, 2012), "recorded_on"),
        ({"suggestion.text": "Only this."}, "suggestion.transforms"),
        ({"suggestion.transforms": ["summarised"]}, "suggestion.text"),
    ],
)
async def test_what_is_wrong_with_an_element_is_told_at_its_question_c06(
    living: Scene, wrong: Answers, field: str
) -> None:
    case = living.cases["red"]
    said = {"state": "found", **found(0, "fine"), **found(1, "second", **wrong), "elements-entries": "2"}
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, EDUCATION, case)
        answer = await fill(desk, asked(living, case), said)
        assert list(problems(answer)) == [f"elements.1.{field}"]
    assert check_of(living, case).state is AnswerState.OUTSTANDING


async def test_any_element_can_be_removed_but_the_last_and_a_blank_one_is_told_to_fill_in(
    living: Scene,
) -> None:
    case = living.cases["red"]
    said = {"state": "found", **found(0, "CANARY-ONE"), **found(1, "CANARY-TWO"), "elements-entries": "2"}
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, EDUCATION, case)
        shorter = (await fill(desk, asked(living, case), {**said, "remove": "elements.0"})).text
        assert 'id="elements-1"' in shorter and 'id="elements-2"' not in shorter
        assert "CANARY-TWO</textarea>" in shorter and "CANARY-ONE</textarea>" not in shorter
        assert 'name="remove"' not in shorter
        blank = await fill(desk, asked(living, case), {**said, **found(1, "", **NOTHING)})
        assert list(problems(blank)) == [f"elements.1.{name}" for name in ("text", *NOTHING)]
        await done(desk, asked(living, case), {**said, "elements-entries": "1"})
    assert len([one for one in case_in(living, case).elements if one.holder == "education"]) == 1


async def test_somebody_says_which_of_several_it_is_and_answers_the_same_request_c06(living: Scene) -> None:
    case = living.cases["red"]
    check = check_of(living, case)
    several = CheckAnswered(request_id=check.request_id, agency="education", state=AnswerState.SEVERAL_FIT)
    tell(living, case, several, "agency.education")
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, EDUCATION, case)
        page = await desk.get(asked(living, case))
        assert "Is Tilly Thornquist, child in your agency’s records?" in page.text
        said = {"state": "found", **found(0, "one")}
        answer = await fill(desk, asked(living, case), said)
        assert list(problems(answer)) == ["matches.0.outcome"]
        unsure = {**said, "matches.0.outcome": "several_fit", "matches.0.candidates": "some"}
        answer = await fill(desk, asked(living, case), unsure)
        assert list(problems(answer)) == ["matches.0.candidates"]
        await done(desk, asked(living, case), {**said, "matches.0.outcome": "same_person"})
    assert check_of(living, case).state is AnswerState.FOUND


async def test_new_elements_are_numbered_after_those_that_are_there_d08(living: Scene) -> None:
    case = living.cases["red"]
    reveal(living, case, "police", element(f"{case}/education/7", "police"))
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, EDUCATION, case)
        said = {"state": "found", **found(0, "one")}
        await done(desk, asked(living, case), said)
    assert case_in(living, case).elements[-1].element_id == f"{case}/education/8"


async def test_nobody_answers_for_another_agency_or_what_was_answered_c06_d03(living: Scene) -> None:
    case = living.cases["red"]
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, EDUCATION, case)
        assert (await desk.get(asked(living, case, "police"))).status_code == 409
        await done(desk, asked(living, case), {"state": "nothing_relevant"})
        await desk.get("/desk/answers")  # where it is told that the first is taken
        answer = await desk.post(
            asked(living, case),
            data={"state": "nothing_found", "form_token": form_token(await desk.get("/you"))},
        )
        assert answer.status_code == 409
        stranger = await dashboard.signed_in(STOKE)
        assert (await stranger.get(asked(living, case))).status_code == 403
    assert check_of(living, case).state is AnswerState.NOTHING_RELEVANT
