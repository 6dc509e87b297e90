"""Cases on which tasks of the dashboard are done, and how a person does one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from httpx2 import AsyncClient, Response

from agents.coordinator.case import Case
from messages.intake import ThresholdDecided
from messages.package import OutcomeReported
from messages.referral import Belief
from messages.words import Actor, Category, Course, Rag
from ops import case_views
from tests.support import adult_pathway
from tests.support.dashboard import PURPOSE, Dashboard, Plays, form_token
from tests.support.procedure import (
    CHILDRENS_TEAM,
    CORE_CHILD,
    DETECTIVE,
    POLICE_TEAM,
    SERGEANT,
    WORKER,
    Procedure,
    adult,
    disability_hate_crime,
    element,
    release,
    secret,
    why,
)

SENIOR = "CSS-SP-01@csc_staffordshire"
MANAGER = "MASH-MGR-01@csc_staffordshire"
PRACTITIONER = "CSS-PR-01@csc_staffordshire"
ADVANCED = "ASS-AP-01@asc_staffordshire"
DUTY_WORKER = "ASS-PR-01@asc_staffordshire"
COORDINATOR = "POL-PPC-01@police"
OFFICER = "POL-EXO-01@police"
RATIONALE = {"rationale.reason": "CANARY-WHY", "rationale.proportionality": "No less will do."}
ADULTS_PURPOSE = "safeguarding_adults"


async def case_of(dashboard: Dashboard, case_id: str) -> Case:
    """The case as the hub has it now."""
    kept = (await dashboard.given.store.load([case_id]))[case_id]
    return case_views.case_from(kept)


Answers = Mapping[str, str | Sequence[str]]


async def sent(desk: AsyncClient, case: str, task: str, said: Answers) -> Response:
    """Open a task's form, fill it in and send it."""
    page = await desk.get(f"/cases/{case}/tasks/{task}")
    assert page.status_code == 200, (task, page.status_code)
    data = {"form_token": form_token(page), "form_id": f"form-of-{task}", **said}
    return await desk.post(f"/cases/{case}/tasks/{task}", data=data)


async def do(
    dashboard: Dashboard, who: str, case: str, task: str, said: Answers, purpose: str = PURPOSE
) -> Case:
    """A person does a task, which the hub takes; the case after it."""
    desk = await dashboard.at_desk(who, case, purpose)
    answer = await sent(desk, case, task, said)
    assert (answer.status_code, answer.headers.get("location")) == (303, f"/cases/{case}"), answer.text
    return await case_of(dashboard, case)


async def offers(desk: AsyncClient, case: str) -> set[str]:
    """The tasks that the page of a case offers to a person, but for those that can be done at any time."""
    page = await desk.get(f"/cases/{case}")
    links = page.text.split(f"/cases/{case}/tasks/")[1:]
    return {part.partition('"')[0].partition("?")[0] for part in links} - {"breach", "supervision"}


# Cases.


def revealed(at: Procedure, referral_id: str) -> None:
    """The police own what they reveal; a school owns what its nurse's practice holds."""
    at.until_directed(Rag.AMBER, referral_id=referral_id)
    at.answer("police", element("p/1", "police", "CANARY-OF-THE-POLICE"))
    at.answer("primary_care", element("h/1", "education", "CANARY-OF-THE-SCHOOL"))
    at.nothing_from("education", "csc_staffordshire")


def silent(at: Procedure, referral_id: str) -> None:
    """Nobody but the police has answered."""
    at.until_directed(Rag.AMBER, referral_id=referral_id)
    at.answer("police", element("p/2", "police"))
    at.discuss("p/2")
    at.decide("p/2", release())


def nothing_known(at: Procedure, referral_id: str) -> None:
    at.until_directed(Rag.AMBER, referral_id=referral_id)
    at.nothing_from(*CORE_CHILD)


def found_since(at: Procedure, referral_id: str) -> None:
    """The school finds something after the assessment was made."""
    silent(at, referral_id)
    at.assess()
    at.answer("education", element("e/2", "education"))


def silent_at_the_end(at: Procedure, referral_id: str) -> None:
    """Both teams have reported, and the school has not answered."""
    at.until_directed(Rag.AMBER, referral_id=referral_id)
    at.assess()
    at.nothing_from(*(agency for agency in CORE_CHILD if agency != "education"))
    at.agree("partial_at_due")
    at.wait(timedelta(hours=24))
    package_id = at.case.packages[0].package_id
    for team, by in ((CHILDRENS_TEAM, WORKER), (POLICE_TEAM, DETECTIVE)):
        at.say(OutcomeReported(package_id=package_id, by=by, course=Course.JOINT_INVESTIGATION), team)


def gives_away(at: Procedure, referral_id: str) -> None:
    """The police mark words of the concern as their source's."""
    at.until_directed(Rag.AMBER, referral_id=referral_id)
    marked = element("p/3", "police", source_words=(secret("bruises seen at school"),))
    at.answer("police", marked)


def an_adults(at: Procedure, referral_id: str) -> None:
    adult_pathway.directed(at, referral_id=referral_id)


def an_adults_without_form(at: Procedure, referral_id: str) -> None:
    adult_pathway.directed(at, referral_id=referral_id, form=None)


def an_adults_met(at: Procedure, referral_id: str) -> None:
    adult_pathway.both_sign(adult_pathway.directed(at, referral_id=referral_id), True)


def an_adults_found_since(at: Procedure, referral_id: str) -> None:
    """The police find something after both have signed."""
    an_adults_met(at, referral_id)
    at.answer("police", element("p/5", "police"))


def exploited(at: Procedure, referral_id: str) -> None:
    at.until_directed(
        Rag.AMBER,
        referral_id=referral_id,
        category=Category.CHILD_SEXUAL_EXPLOITATION,
        section_47_belief=None,
    )


def a_hate_crime(at: Procedure, referral_id: str) -> None:
    """Directed; adult social care has not answered."""
    _hate_crime_referred(at, referral_id)
    at.threshold_met()
    at.rate(Rag.AMBER, by=SERGEANT)
    at.direct(by=SERGEANT)


def a_hate_crime_checked(at: Procedure, referral_id: str) -> None:
    a_hate_crime(at, referral_id)
    at.answer("asc_staffordshire")


def a_hate_crime_referred(at: Procedure, referral_id: str) -> None:
    _hate_crime_referred(at, referral_id)


def believed_by_nobody_known(at: Procedure, referral_id: str) -> None:
    stranger = Actor(person="CSS-PR-99", role="practitioner", agency="csc_staffordshire")
    at.refer(referral_id=referral_id, section_47_belief=Belief(by=stranger, why=secret("injuries")))


def routine(at: Procedure, referral_id: str) -> None:
    """Of a case that is open to a worker."""
    at.refer(referral_id=referral_id, routine=True, open_case_worker="W-77")
    at.threshold_met()


def rated_red(at: Procedure, referral_id: str) -> None:
    at.refer(referral_id=referral_id)
    at.threshold_met()
    at.rate(Rag.RED)
    at.wait(timedelta(minutes=5))


def redirected(at: Procedure, referral_id: str) -> None:
    at.refer(referral_id=referral_id)
    at.say(ThresholdDecided(by=SERGEANT, met=False, rationale=why(), redirect_to="housing"))


def referred(at: Procedure, referral_id: str) -> None:
    at.refer(referral_id=referral_id)


def _hate_crime_referred(at: Procedure, referral_id: str) -> None:
    at.refer(
        referral_id=referral_id,
        category=Category.HATE_CRIME,
        source="police_cru",
        people=(adult(),),
        section_47_belief=None,
        hate_crime=disability_hate_crime(),
    )


TASK_PLAYS: Plays = {
    play.__name__: play
    for play in (
        silent_at_the_end,  # first, because a day goes by in it
        revealed,
        silent,
        found_since,
        nothing_known,
        gives_away,
        an_adults,
        an_adults_without_form,
        an_adults_met,
        an_adults_found_since,
        exploited,
        a_hate_crime,
        a_hate_crime_checked,
        a_hate_crime_referred,
        believed_by_nobody_known,
        routine,
        rated_red,
        redirected,
        referred,
    )
}
"""A case for each desk's work."""
