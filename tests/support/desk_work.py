"""Work at the desks of a test's own hub: what others say to it, and forms that people fill in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from httpx2 import AsyncClient, Response

from agents.coordinator.case import Case
from messages.checks import CheckAnswered, ElementRevealed
from messages.disclosure import DiscussionRecorded, Needed
from messages.words import AnswerState, Mode, Said
from tests.support.dashboard import PURPOSE, Dashboard, Scene, form_token
from tests.support.procedure import SENIOR_PRACTITIONER, SERGEANT, secret

Answers = Mapping[str, Any]

TESTS = {
    "relevance": "It is about this child.",
    "necessity": "The team cannot act without it.",
    "justification": "It protects the child.",
    "proportionality": "No more than this.",
    "why": "The risk outweighs the harm.",
}
"""What somebody writes for the five tests."""


def grounds(before: str) -> dict[str, Any]:
    """What an element is let go on."""
    return {
        f"{before}.choice": "leaves",
        f"{before}.form": "release",
        **{f"{before}.tests.{name}": text for name, text in TESTS.items()},
        f"{before}.legal_basis": "children_act_2004",
        f"{before}.purpose": PURPOSE,
    }


def tell(scene: Scene, case: str, said: Said, sender: str = "staff") -> None:
    """Somebody else says something to the hub. Raises `agents.deciding.Refused`."""
    scene.thread.submit(scene.hub.deliver, said, sender, case).result()


def case_in(scene: Scene, case: str) -> Case:
    """The case as the hub has it now."""
    found = scene.hub.documents[case]
    assert isinstance(found, Case)
    return found


def reveal(scene: Scene, case: str, agency: str, *elements: ElementRevealed) -> None:
    """The worker of an agency answers its check."""
    check = next(one for one in case_in(scene, case).checks if one.agency == agency)
    state = AnswerState.FOUND if elements else AnswerState.NOTHING_FOUND
    said = CheckAnswered(request_id=check.request_id, agency=agency, state=state, elements=elements)
    tell(scene, case, said, f"agency.{agency}")


def discuss(scene: Scene, case: str, *element_ids: str, number: int = 1) -> None:
    """The elements are discussed; of those of third parties it is said why they are needed."""
    tell(
        scene,
        case,
        DiscussionRecorded(
            by=SENIOR_PRACTITIONER,
            discussion_id=f"D-{number}",
            elements=element_ids,
            participants=(SENIOR_PRACTITIONER, SERGEANT),
            mode=Mode.VIDEO,
            summary=secret("what it means"),
            needed=tuple(Needed(element_id=e, why=secret("CANARY-WHY-NEEDED")) for e in element_ids),
        ),
    )


def task(case: str, name: str, about: str = "") -> str:
    """The address of a task."""
    return f"/cases/{case}/tasks/{name}" + (f"?about={about}" if about else "")


async def fill(desk: AsyncClient, at: str, said: Answers) -> Response:
    """Open a form, fill it in and send it."""
    page = await desk.get(at)
    assert page.status_code == 200, page.text
    return await desk.post(at, data={**said, "form_token": form_token(page), "form_id": f"form {said}"})


async def done(desk: AsyncClient, at: str, said: Answers) -> str:
    """The same, when it has to come off: the address of the page that follows."""
    answer = await fill(desk, at, said)
    assert answer.status_code == 303, problems(answer)
    return str(answer.headers["location"])


def problems(page: Response) -> dict[str, str]:
    """What a form says is wrong, by the name of the field."""
    summary = re.search(r'class="govuk-error-summary".*?</ul>', page.text, re.DOTALL)
    assert summary is not None, page.text
    links = re.findall(r'<a href="#([^"]*)">(.*?)</a>', summary[0], re.DOTALL)
    if not links:
        return {"": unescape(re.sub(r"<[^>]+>", " ", summary[0])).strip()}
    for name, problem in links:
        assert f'id="{name}"' in page.text
        assert f'id="{name}-error"' in page.text, f"no message at {name}: {problem}"
    return {unescape(name): unescape(problem) for name, problem in links}


async def at_desk(dashboard: Dashboard, who: str, case: str) -> AsyncClient:
    """The browser of somebody who has said what they read the case for."""
    return await dashboard.at_desk(who, case, PURPOSE)
