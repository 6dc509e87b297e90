"""What waits for a person: their rights, their agency, and nobody else's."""

from __future__ import annotations

import pytest

from agents import decision_rights
from agents.coordinator.needs import NEEDS
from ops.dashboard.waiting import RIGHTS
from tests.support.dashboard import EDUCATION, SERGEANT, Scene, a_dashboard

POLICE_OWNER = "POL-DM-01@police"


def test_every_need_has_the_rights_that_meet_it() -> None:
    assert RIGHTS.keys() == NEEDS.keys()
    assert frozenset().union(*RIGHTS.values()) <= decision_rights.RIGHTS.keys()


@pytest.mark.parametrize(
    ("who", "waits", "waits_not"),
    [
        (SERGEANT, ("Threshold: met or not", "new"), "Decision of Staffordshire Police"),
        (POLICE_OWNER, ("Decision of Staffordshire Police on its elements", "disclosure"), "Threshold"),
    ],
)
async def test_a_person_sees_what_their_rights_let_them_do_d03_b11(
    scene: Scene, who: str, waits: tuple[str, str], waits_not: str
) -> None:
    async with a_dashboard(scene) as dashboard:
        page = (await (await dashboard.signed_in(who)).get("/work")).text
    assert waits[0] in page
    assert scene.cases[waits[1]] in page
    assert waits_not not in page


async def test_whoever_nothing_waits_for_is_told_so(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        page = (await (await dashboard.signed_in(EDUCATION)).get("/work")).text
    assert scene.cases["disclosure"] not in page
