"""When the hub's part in a case ends, and what begins it again. [A03, A07, C06, C07, D20, G03, G04]"""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.coordinator import needs, suggestions
from agents.deciding import Refused
from messages.checks import CheckAnswered
from messages.notices import OutcomeNotified
from messages.package import CaseEnded, InformationRequested, OutcomeReported, PackageAcknowledged
from messages.words import Actor, AnswerState, Category, Course, Rag
from tests.support.procedure import (
    CHILDRENS_TEAM,
    CORE_CHILD,
    DETECTIVE,
    MANAGER,
    POLICE_TEAM,
    PRACTITIONER,
    WORKER,
    Procedure,
    adult,
    element,
    of_type,
    release,
    secret,
    why,
    withhold,
)

pytestmark = pytest.mark.also_on_servers

SPEAKERS = ((CHILDRENS_TEAM, WORKER), (POLICE_TEAM, DETECTIVE))


def issued(silent: tuple[str, ...] = (), rag: Rag = Rag.AMBER) -> Procedure:
    """A package is out; these agencies had not answered by then."""
    hub = Procedure()
    hub.until_directed(rag)
    hub.nothing_from(*(agency for agency in CORE_CHILD if agency not in silent))
    hub.assess()
    hub.agree("partial_at_due" if silent else "wait")
    if silent:
        hub.wait(timedelta(hours=24))
    return hub


def all_report(hub: Procedure, place: int = -1, course: Course = Course.JOINT_INVESTIGATION) -> None:
    package_id = hub.case.packages[place].package_id
    for team, by in SPEAKERS:
        hub.say(OutcomeReported(package_id=package_id, by=by, course=course), team)


def all_acknowledge(hub: Procedure) -> None:
    package_id = hub.case.packages[-1].package_id
    for team, by in SPEAKERS:
        hub.say(PackageAcknowledged(package_id=package_id, by=by), team)


def supplement(hub: Procedure) -> None:
    """A further round, as far as its package."""
    hub.direct()
    hub.nothing_from(*CORE_CHILD)
    hub.assess()
    hub.agree()


def task_back(hub: Procedure) -> None:
    hub.say(
        InformationRequested(
            request_id="T-1",
            package_id=hub.case.packages[0].package_id,
            by=WORKER,
            question=secret("who else lives there now?"),
            why=secret("a man was seen"),
        ),
        CHILDRENS_TEAM,
    )


def end(hub: Procedure, by: Actor = MANAGER) -> None:
    hub.say(CaseEnded(by=by, rationale=why()))


def test_the_package_of_a_task_back_closes_nothing_until_the_teams_report_on_it_a07_d20_g04() -> None:
    hub = issued()
    hub.say(
        OutcomeReported(
            package_id=hub.case.packages[0].package_id, by=DETECTIVE, course=Course.NO_FURTHER_ACTION
        ),
        POLICE_TEAM,
    )
    task_back(hub)
    hub.say(
        OutcomeReported(package_id=hub.case.packages[0].package_id, by=WORKER, course=Course.OTHER_SERVICES),
        CHILDRENS_TEAM,
    )
    supplement(hub)
    assert hub.case.closed_at is None
    assert set(suggestions.unreported(hub.case)) == {team.removeprefix("team.") for team, _ in SPEAKERS}
    all_report(hub)
    assert hub.case.closed_at is not None


def test_each_round_has_its_own_suggestion_and_its_own_outcome_g03_g04() -> None:
    hub = issued()
    first = hub.case.packages[0].package_id
    said = OutcomeReported(package_id=first, by=DETECTIVE, course=Course.STRATEGY_DISCUSSION)
    hub.say(said, POLICE_TEAM)
    task_back(hub)
    supplement(hub)
    rows = [
        (row.round, row.taken)
        for row in suggestions.compared(hub.case)
        if row.team == POLICE_TEAM.removeprefix("team.")
    ]
    assert rows == [(1, Course.STRATEGY_DISCUSSION), (2, None)]


def test_a_supplement_after_a_report_has_to_be_acknowledged_before_the_case_closes_a07_c07() -> None:
    hub = issued(silent=("education",))
    all_report(hub)
    hub.answer("education")
    hub.agree()
    assert hub.case.closed_at is None
    all_acknowledge(hub)
    assert hub.case.closed_at is not None


def test_a_case_stays_open_while_an_agency_is_silent_and_takes_its_answer_c06_c07() -> None:
    hub = issued(silent=("education",))
    all_report(hub)
    assert hub.case.closed_at is None
    assert "answer:education" in needs.needs(hub.case)
    hub.answer("education", element("e1", "education"))
    assert hub.element("e1").text is not None


def test_a_case_stays_open_while_an_owner_has_not_decided_a07_d03() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", element("e1", "police"))
    hub.nothing_from(*CORE_CHILD[1:])
    hub.assess()
    hub.agree("partial_at_due")
    hub.wait(timedelta(hours=24))
    all_report(hub)
    assert hub.case.closed_at is None


def test_a_case_stays_open_while_an_owner_that_was_asked_again_has_not_decided_a03_a07() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", element("e1", "police"))
    hub.discuss("e1")
    hub.decide("e1", withhold())
    hub.answer("education", element("e2", "education"))
    hub.discuss("e2", discussion_id="D-2")
    hub.decide("e2", release())
    hub.nothing_from(*CORE_CHILD[2:])
    hub.assess()
    hub.agree()
    all_report(hub)
    assert "owner_again:police" in needs.needs(hub.case)
    assert hub.case.closed_at is None
    hub.decide("e1", withhold())
    assert hub.case.closed_at is not None


def test_a_case_does_not_close_under_a_fresh_red_a07_e11() -> None:
    hub = issued()
    hub.rate(Rag.RED)
    all_report(hub)
    assert hub.case.closed_at is None
    hub.agree()
    assert hub.case.closed_at is None
    all_acknowledge(hub)
    assert hub.case.closed_at is not None


def test_a_case_stays_open_while_somebody_has_to_look_which_person_fits_a07_c06() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("education", state=AnswerState.SEVERAL_FIT)
    hub.nothing_from("police", "primary_care", "csc_staffordshire")
    hub.assess()
    hub.agree()
    all_report(hub)
    assert "look:education" in needs.needs(hub.case)
    assert hub.case.closed_at is None


def test_a_manager_ends_a_case_with_a_reason_although_an_agency_is_silent_a07_c06() -> None:
    hub = issued(silent=("education",))
    all_report(hub)
    with pytest.raises(Refused, match="role_may_not"):
        end(hub, PRACTITIONER)
    end(hub)
    assert hub.case.closed_at is not None
    assert hub.case.endings[-1].silent == ("education",)
    fact = next(f for f in hub.facts if f.what == "case.ended")
    assert fact.by == MANAGER and fact.detail["silent"] == ["education"]


def test_a_manager_ends_no_case_on_which_a_team_has_not_reported_g04() -> None:
    hub = issued(silent=("education",))
    with pytest.raises(Refused, match="not_at_its_end"):
        end(hub)


def test_an_answer_that_comes_after_the_end_begins_the_case_again_a03_c06_c07() -> None:
    hub = issued(silent=("education",))
    all_report(hub)
    end(hub)
    hub.answer("education", element("e1", "education"))
    assert hub.case.closed_at is None
    assert [f.what for f in hub.facts][-2:] == ["check.answered", "case.reopened"]
    hub.discuss("e1")
    hub.decide("e1", release())
    hub.agree()
    all_acknowledge(hub)
    assert hub.case.closed_at is not None


def without_action(*silent: str, rag: Rag = Rag.AMBER, **changes: object) -> Procedure:
    hub = Procedure()
    hub.until_directed(rag, **changes)
    hub.nothing_from(*(c.agency for c in hub.case.checks if c.agency not in silent))
    hub.assess()
    return hub


def test_a_manager_ends_a_case_without_further_action_and_the_referrer_hears_why_a07() -> None:
    hub = without_action()
    end(hub)
    assert hub.case.closed_at is not None and not hub.case.packages
    assert hub.case.route is not None and hub.case.route.to == "no_further_action"
    (notice,) = of_type(hub.sent, OutcomeNotified)
    assert notice.outcome == "no_further_action" and notice.reason is not None


def test_no_case_ends_without_further_action_before_every_agency_has_answered_a03_a07() -> None:
    with pytest.raises(Refused, match="not_at_its_end"):
        end(without_action("education"))


def test_no_case_of_which_the_teams_were_promised_a_package_ends_without_one_e04() -> None:
    with pytest.raises(Refused, match="package_promised"):
        end(without_action(rag=Rag.RED))


def test_an_adults_case_goes_where_the_two_signatories_say_f01_f02() -> None:
    hub = without_action(
        category=Category.ADULT_PROTECTION,
        source="staffordshire_adult_contact",
        people=(adult(),),
        section_47_belief=None,
    )
    with pytest.raises(Refused, match="signatories_decide"):
        end(hub)


def looked(hub: Procedure, state: AnswerState, *, by: Actor | None) -> None:
    check = next(c for c in hub.case.checks if c.agency == "education")
    found = (element("e1", "education"),) if state is AnswerState.FOUND else ()
    hub.say(
        CheckAnswered(request_id=check.request_id, agency="education", state=state, elements=found, by=by),
        "agency.education",
    )


TEACHER = Actor(person="EDU-PR-01", role="practitioner", agency="education")


@pytest.mark.parametrize("before", [AnswerState.SEVERAL_FIT, AnswerState.NOTHING_FOUND])
def test_a_person_may_answer_after_a_search_that_found_nobody_for_certain_a03_c06(
    before: AnswerState,
) -> None:
    hub = Procedure()
    hub.until_directed()
    looked(hub, before, by=None)
    with pytest.raises(Refused, match="already_answered"):
        looked(hub, AnswerState.FOUND, by=None)
    looked(hub, AnswerState.FOUND, by=TEACHER)
    assert hub.element("e1").holder == "education"
    assert "look:education" not in needs.needs(hub.case)
    with pytest.raises(Refused, match="already_answered"):
        looked(hub, AnswerState.NOTHING_FOUND, by=TEACHER)


def test_a_direction_that_asks_nobody_new_is_refused_c04() -> None:
    hub = Procedure()
    hub.until_directed()
    with pytest.raises(Refused, match="already_asked"):
        hub.direct("education")


def test_who_found_a_person_after_all_begins_a_closed_case_again_a03_c06() -> None:
    hub = issued()
    all_report(hub)
    assert hub.case.closed_at is not None
    looked(hub, AnswerState.FOUND, by=TEACHER)
    assert hub.case.closed_at is None
    assert hub.case.route is not None and hub.case.route.to == "passed_to_teams"
