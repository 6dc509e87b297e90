"""What waits for a person: their rights, their agency, and nobody else's."""

from __future__ import annotations

import re
from html import unescape

import pytest

from agents import decision_rights
from agents.coordinator.needs import NEEDS
from messages.escalation import DisclosureDisputed
from messages.words import Rag
from ops.dashboard.next_steps import TASKS_FOR
from ops.dashboard.tasks import TASKS
from ops.dashboard.waiting import RIGHTS
from ops.need_words import need_in_words
from tests.support.dashboard import EDUCATION, FIELD, PURPOSE, SERGEANT, TEXT, Scene, a_dashboard
from tests.support.dashboard_cases import in_dispute, play
from tests.support.dashboard_tasks import SENIOR
from tests.support.live_events import opening_of
from tests.support.procedure import MANAGER, Procedure, element, secret, withhold

POLICE_OWNER = "POL-DM-01@police"


def test_every_need_has_the_rights_that_meet_it() -> None:
    assert RIGHTS.keys() == NEEDS.keys()
    assert frozenset().union(*RIGHTS.values()) <= decision_rights.RIGHTS.keys()


def test_every_need_has_the_tasks_that_meet_it_each_for_a_right_that_may() -> None:
    assert TASKS_FOR.keys() == NEEDS.keys()
    for need, tasks in TASKS_FOR.items():
        assert tasks <= TASKS.keys()
        for name in tasks:
            task = TASKS[name]
            # A practitioner's belief is named in the form of whoever decides the threshold. [B08]
            assert task.right in RIGHTS[need] or need == "belief"


@pytest.mark.parametrize("kind", NEEDS)
def test_every_kind_of_need_reads_as_a_whole_where_nobody_is_named(kind: str) -> None:
    said = need_in_words(kind)
    assert "{}" not in said
    assert "  " not in said
    assert not said.endswith((" of", " by", " on", " to", " on dispute"))


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


async def test_your_work_leads_to_the_form_of_each_task_d03(living: Scene) -> None:
    case = living.cases["disclosure"]
    async with a_dashboard(living) as dashboard:
        owner = await dashboard.at_desk(POLICE_OWNER, case, PURPOSE)
        page = (await owner.get("/work")).text
        (address,) = set(re.findall(rf'href="(/cases/{case}/tasks/[^"]*)"', page))
        assert address == f"/cases/{case}/tasks/disclose?about=p%2F2"
        assert (await owner.get(address)).status_code == 200


async def test_what_a_case_needs_of_a_person_stands_first_on_its_page_a02_k01(living: Scene) -> None:
    """Before what they may do besides, such as disputing; and what is needed links to its form."""
    case = play(living, in_dispute)
    async with a_dashboard(living) as dashboard:
        page = (await (await dashboard.signed_in(SENIOR)).get(f"/cases/{case}")).text
    needed, _, can_do = page.partition('id="needed"')[2].partition('id="tasks"')
    can_do = can_do.partition("</ul>")[0]
    steps = re.findall(r'href="/cases/[^"/]*/tasks/([a-z_]+)', can_do)
    assert steps[0] == "discussion"  # of the element that nobody has discussed
    assert "assessment" in steps and "dispute" in steps
    assert steps.index("assessment") < steps.index("dispute")
    assert can_do.count("govuk-button") == 2  # its class and its module: one button, for the first
    assert f'href="/cases/{case}/tasks/assessment"' in needed


@pytest.mark.parametrize(
    ("who", "place"),
    [
        (SERGEANT, "/work"),
        (POLICE_OWNER, "/desk/disclosure"),
        (EDUCATION, "/desk/answers"),
        (SERGEANT, "/desk/disputes"),
        (FIELD, "/team"),
    ],
)
async def test_lists_of_what_waits_keep_themselves_up_to_date_as_the_board_does_d03_e03(
    living: Scene, who: str, place: str
) -> None:
    """Each page says how it is, what it listens to, and of which part it is made anew."""
    async with a_dashboard(living) as dashboard:
        browser = await dashboard.signed_in(who)
        page = (await browser.get(place)).text
        events, part = re.findall(rf'data-(?:events|part)="({place}/[^"]+)"', page)
        assert f"{place}/part" in part
        (before,) = re.findall(r'data-digest="([^"]+)"', page)
        alone = (await browser.get(unescape(part))).text
        assert re.findall(r'data-digest="([^"]+)"', alone) == [before]
        assert "<html" not in alone
        seen = f"{unescape(events)}{'&' if '?' in events else '?'}seen="
        play(living, at_every_desk)
        after = (await browser.get(unescape(part))).text
        (now,) = re.findall(r'data-digest="([^"]+)"', after)
        assert now != before
        told = await opening_of(dashboard, browser, f"{seen}{before}", until=b"event: changed")
        assert f"data: {now}" in told.text
        item = re.findall(r'data-item="([^"]+)" data-says="([^"]+)"', after)
        assert item, "what changed can be said to those who do not see it"


def at_every_desk(at: Procedure) -> None:
    """The teams are told of RED; of what the police revealed one element is in dispute, one waits for their
    decision and one is not discussed; education has yet to answer."""
    at.until_directed(Rag.RED, referral_id="R-95")
    at.answer("police", *(element(one, "police", TEXT) for one in ("p/95", "p/96", "p/97")))
    at.nothing_from("primary_care", "csc_staffordshire")
    at.discuss("p/95", "p/96", discussion_id="D-95")
    at.decide("p/95", withhold())
    at.say(
        DisclosureDisputed(
            by=MANAGER,
            dispute_id=f"{at.case.case_id}/dispute/1",
            element_id="p/95",
            ground="necessity",
            position=secret("it has to be known"),
        )
    )
