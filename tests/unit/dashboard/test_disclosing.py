"""The owner's disclosure desk: each element decided by its owner, with everything that it has to rest on."""

from __future__ import annotations

import pytest

from agents.coordinator.elements import Authority, Standing, standing
from messages.checks import ElementRevealed
from messages.words import RiskFlag, Sanitised
from tests.support.dashboard import EDUCATION, SERGEANT, TEXT, Scene, a_dashboard
from tests.support.desk_work import (
    TESTS,
    at_desk,
    case_in,
    discuss,
    done,
    fill,
    grounds,
    problems,
    reveal,
    task,
)
from tests.support.procedure import element, secret

OWNER = "POL-DM-01@police"
CHOICE = "decisions.0.choice"


def revealed(scene: Scene, *elements: ElementRevealed) -> str:
    """A case in which the police have revealed these, and they were discussed."""
    case = scene.cases["red"]
    reveal(scene, case, "police", *elements)
    discuss(scene, case, *(one.element_id for one in elements), number=7)
    return case


async def test_an_owner_releases_its_element_on_five_tests_a_basis_and_a_purpose_c10_d03_d07_l08(
    living: Scene,
) -> None:
    case = living.cases["disclosure"]
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, OWNER, case)
        page = await desk.get(task(case, "disclose", "p/2"))
        assert TEXT in page.text
        assert 'name="decisions.0.choice.harm.considered"' not in page.text
        assert await done(desk, task(case, "disclose", "p/2"), grounds(CHOICE)) == "/desk/disclosure"
        told = await desk.get("/desk/disclosure")
        assert "The element is decided." in told.text
        assert TEXT not in told.text
    decided = case_in(living, case).element("p/2")
    assert decided is not None and decided.decision is not None
    assert standing(decided) is Standing.RELEASED
    assert decided.decision.by is not None and decided.decision.by.person == "POL-DM-01"
    assert decided.decision.discussion_id == "D-2"
    assert decided.decision.choice.legal_basis == "children_act_2004"


@pytest.mark.parametrize("left_out", [*(f"tests.{name}" for name in TESTS), "legal_basis", "purpose", "form"])
async def test_nothing_is_let_go_while_a_ground_is_missing_c10_d07(living: Scene, left_out: str) -> None:
    case = living.cases["disclosure"]
    said = grounds(CHOICE)
    del said[f"{CHOICE}.{left_out}"]
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, OWNER, case)
        answer = await fill(desk, task(case, "disclose", "p/2"), said)
        assert answer.status_code == 400
        assert list(problems(answer)) == [f"{CHOICE}.{left_out}"]
        kept = [text for name, text in TESTS.items() if left_out != f"tests.{name}"]
        assert all(text in answer.text for text in kept)
    undecided = case_in(living, case).element("p/2")
    assert undecided is not None and undecided.decision is None


async def test_to_withhold_an_owner_is_asked_for_its_reason_alone_d03(living: Scene) -> None:
    case = living.cases["disclosure"]
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, OWNER, case)
        answer = await fill(desk, task(case, "disclose", "p/2"), {f"{CHOICE}.choice": "withhold"})
        assert problems(answer) == {f"{CHOICE}.reason": "Enter the reason"}
        said = {f"{CHOICE}.choice": "withhold", f"{CHOICE}.reason": "CANARY-REASON"}
        await done(desk, task(case, "disclose", "p/2"), said)
        assert "CANARY-REASON" not in (await desk.get(f"/cases/{case}")).text
    withheld = case_in(living, case).element("p/2")
    assert withheld is not None and standing(withheld) is Standing.WITHHELD


@pytest.mark.parametrize("changed", [False, True])
async def test_a_suggested_text_stands_beside_the_original_and_names_who_wrote_it_d11_d13(
    living: Scene, changed: bool
) -> None:
    suggestion = Sanitised(text=secret("A neighbour saw it."), transforms=("redacted",), author="RECORDS-7")
    case = revealed(living, element("p/3", "police", "Mr Gray saw it.", suggestion=suggestion))
    text = "Somebody saw it." if changed else "A neighbour saw it."
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, OWNER, case)
        page = await desk.get(task(case, "disclose", "p/3"))
        assert "Mr Gray saw it." in page.text
        assert "A neighbour saw it.</textarea>" in page.text
        said = {
            **grounds(CHOICE),
            f"{CHOICE}.form": "release_sanitised",
            f"{CHOICE}.sanitised.text": text,
            f"{CHOICE}.sanitised.transforms": ["redacted", "names_removed"],
        }
        same = {**said, f"{CHOICE}.sanitised.text": "mr gray  saw it"}
        answer = await fill(desk, task(case, "disclose", "p/3"), same)
        assert list(problems(answer)) == [f"{CHOICE}.sanitised.text"]
        await done(desk, task(case, "disclose", "p/3"), said)
    decided = case_in(living, case).element("p/3")
    assert decided is not None and decided.decision is not None
    sanitised = decided.decision.choice.sanitised
    assert sanitised is not None and sanitised.transforms == ("redacted", "names_removed")
    assert sanitised.author == ("POL-DM-01" if changed else "RECORDS-7")


async def test_a_source_that_has_to_be_hidden_leaves_in_other_words_alone_d13(living: Scene) -> None:
    case = revealed(living, element("p/3", "police", "Mr Gray saw it.", source_words=(secret("Gray"),)))
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, OWNER, case)
        page = await desk.get(task(case, "disclose", "p/3"))
        assert 'value="release"' not in page.text
        said = {
            **grounds(CHOICE),
            f"{CHOICE}.form": "release_sanitised",
            f"{CHOICE}.harm.categories": ["source_at_risk"],
            f"{CHOICE}.harm.considered": "He would be found.",
            f"{CHOICE}.sanitised.text": "Gray saw it.",
            f"{CHOICE}.sanitised.transforms": ["summarised"],
        }
        answer = await fill(desk, task(case, "disclose", "p/3"), said)
        assert list(problems(answer)) == [f"{CHOICE}.sanitised.text"]
        assert "Your agency marked: gray." in problems(answer)[f"{CHOICE}.sanitised.text"]
        await done(desk, task(case, "disclose", "p/3"), {**said, f"{CHOICE}.sanitised.text": "It was seen."})
    decided = case_in(living, case).element("p/3")
    assert decided is not None and standing(decided) is Standing.SANITISED


async def test_a_risk_asks_for_the_harm_and_an_element_left_open_is_discussed_again_first_c11_d04(
    living: Scene,
) -> None:
    case = revealed(living, element("p/3", "police", risks=(RiskFlag.DUTY_OF_CARE,)))
    at = task(case, "disclose", "p/3")
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, OWNER, case)
        answer = await fill(desk, at, grounds(CHOICE))
        assert list(problems(answer)) == [f"{CHOICE}.harm.categories", f"{CHOICE}.harm.considered"]
        await done(desk, at, {f"{CHOICE}.choice": "cannot_decide"})
        assert "To be discussed again first" in (await desk.get("/desk/disclosure")).text
        assert (await desk.get(at)).status_code == 409
        discuss(living, case, "p/3", number=8)
        assert "Decide, after it was considered" in (await desk.get("/desk/disclosure")).text
        harm = {f"{CHOICE}.harm.categories": ["duty_of_care"], f"{CHOICE}.harm.considered": "Weighed."}
        await done(desk, at, {**grounds(CHOICE), **harm})
    decided = case_in(living, case).element("p/3")
    assert decided is not None and standing(decided) is Standing.RELEASED


async def test_without_a_risk_what_cannot_be_decided_is_presumed_usable_on_the_same_grounds_d04_d05(
    living: Scene,
) -> None:
    case = living.cases["disclosure"]
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, OWNER, case)
        said = {**grounds(CHOICE), f"{CHOICE}.form": "cannot_decide"}
        await done(desk, task(case, "disclose", "p/2"), said)
    decided = case_in(living, case).element("p/2")
    assert decided is not None and standing(decided) is Standing.PRESUMED_USABLE


async def test_after_one_element_the_next_of_the_same_owner_is_offered_d08(living: Scene) -> None:
    case = revealed(living, element("p/3", "police", "one"), element("p/4", "police", "two"))
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, OWNER, case)
        then = await done(desk, task(case, "disclose", "p/3"), grounds(CHOICE))
        assert then == f"/cases/{case}/tasks/disclose?about=p%2F4"
        following = await desk.get(then)
        assert "The element is decided." in following.text
        assert await done(desk, then, grounds(CHOICE)) == "/desk/disclosure"


async def test_the_desk_has_what_waits_for_this_agency_in_every_case_most_urgent_first_d03(
    living: Scene,
) -> None:
    red = revealed(living, element("p/3", "police", "CANARY-SEEN"))
    amber = living.cases["disclosure"]
    async with a_dashboard(living) as dashboard:
        desk = await dashboard.signed_in(OWNER)
        page = (await desk.get("/desk/disclosure")).text
        assert page.index(f'id="case-{red}"') < page.index(f'id="case-{amber}"')
        assert "CANARY-SEEN" not in page
        assert TEXT not in page
        others = await dashboard.signed_in(EDUCATION)
        assert "Nothing waits." in (await others.get("/desk/disclosure")).text
        nobody = await dashboard.signed_in(SERGEANT)
        assert (await nobody.get("/desk/disclosure")).status_code == 403
        assert (await nobody.get(task(amber, "disclose", "p/2"))).status_code == 403


async def test_another_agencys_decision_maker_has_nothing_to_decide_d03(living: Scene) -> None:
    case = living.cases["disclosure"]
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, EDUCATION, case)
        assert (await desk.get(task(case, "disclose", "p/2"))).status_code == 409


async def test_an_owner_decides_again_on_what_it_withheld_when_more_is_found_m3_7_d20(living: Scene) -> None:
    case = revealed(living, element("p/3", "police"))
    withhold = {f"{CHOICE}.choice": "withhold", f"{CHOICE}.reason": "an operation"}
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, OWNER, case)
        await done(desk, task(case, "disclose", "p/3"), withhold)
        assert case not in (await desk.get("/desk/disclosure")).text
        reveal(living, case, "education", element("e/9", "education"))
        assert "Decide again: more was found" in (await desk.get("/desk/disclosure")).text
        page = await desk.get(task(case, "disclose", "p/3"))
        assert "another agency has found something since" in page.text
        await done(desk, task(case, "disclose", "p/3"), grounds(CHOICE))
    decided = case_in(living, case).element("p/3")
    assert decided is not None and decided.decision is not None
    assert decided.decision.authority is Authority.OWNER
    assert [one.choice.choice.value for one in decided.earlier_decisions] == ["withhold"]


async def test_the_same_form_sent_twice_decides_once_d15(living: Scene) -> None:
    case = living.cases["disclosure"]
    async with a_dashboard(living) as dashboard:
        desk = await at_desk(dashboard, OWNER, case)
        for _ in range(2):
            await done(desk, task(case, "disclose", "p/2"), grounds(CHOICE))
    decided = case_in(living, case).element("p/2")
    assert decided is not None and decided.earlier_decisions == ()


async def test_words_that_another_agency_marked_are_not_named_to_an_owner_d13(living: Scene) -> None:
    case = revealed(living, element("p/3", "police", "Mr Gray saw it."))
    reveal(
        living,
        case,
        "education",
        element("e/3", "education", "Gray told us.", source_words=(secret("Gray"),)),
    )
    at = task(case, "disclose", "p/3")
    said = {
        **grounds(CHOICE),
        f"{CHOICE}.form": "release_sanitised",
        f"{CHOICE}.harm.categories": ["source_at_risk"],
        f"{CHOICE}.harm.considered": "He would be found.",
        f"{CHOICE}.sanitised.text": "Gray saw it.",
        f"{CHOICE}.sanitised.transforms": ["summarised"],
    }
    async with a_dashboard(living) as dashboard:
        answer = await fill(await at_desk(dashboard, OWNER, case), at, said)
    assert list(problems(answer)) == [f"{CHOICE}.sanitised.text"]
    assert "Your agency marked" not in answer.text
