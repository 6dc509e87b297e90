"""What is expected of each agency, and what that rests on. [C06, E14, K08]"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from messages.escalation import DisclosureDisputed
from messages.words import AnswerState, Rag
from ops.dashboard.forecast import Outlook, Way, forecast
from ops.dashboard.forecast_words import obstacle_in_words, rests_on
from ops.dashboard.lately import Kind, Lately, LatelyCounted, counted
from tests.support.dashboard import Scene, a_dashboard
from tests.support.grounds import standing_on
from tests.support.hub_by_rules import HubByRules
from tests.support.procedure import (
    PARTNERSHIP,
    SENIOR_PRACTITIONER,
    Procedure,
    element,
    release,
    secret,
    withhold,
)


@pytest.fixture(autouse=True)
def by_rules() -> Iterator[None]:
    """Cases of these tests' own stand on the rules alone, whatever the shared hub stands on."""
    with standing_on(HubByRules):
        yield


POLICE_RED: Kind = ("police", Rag.RED)


def outlooks(hub: Procedure, lately: dict[Kind, Lately] | None = None) -> dict[str, Outlook]:
    return {one.agency: one for one in forecast(hub.case, PARTNERSHIP, hub.now, lately or {})}


def obstacles(one: Outlook) -> list[str]:
    return [obstacle.code for obstacle in one.obstacles]


def test_before_the_rating_and_after_the_end_there_is_no_forecast_e02() -> None:
    hub = Procedure()
    hub.refer()
    assert outlooks(hub) == {}


def test_until_the_checks_are_directed_the_core_agencies_are_not_asked_c01() -> None:
    hub = Procedure()
    hub.refer()
    hub.threshold_met()
    hub.rate(Rag.RED)
    found = outlooks(hub)
    assert {"police", "education", "primary_care", "csc_staffordshire"} == found.keys()
    assert {code for one in found.values() for code in obstacles(one)} == {"not_asked"}
    assert {one.way for one in found.values()} == {Way.UNKNOWN}
    hub.wait(PARTNERSHIP.clocks.red + timedelta(minutes=1))
    assert {one.way for one in outlooks(hub).values()} == {Way.LATE}


def test_who_is_silent_is_at_risk_after_three_quarters_of_the_time_and_late_after_all_of_it_e14() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    hub.nothing_from("education")
    assert outlooks(hub)["police"].way is Way.IN_TIME
    hub.wait(timedelta(minutes=89))
    assert outlooks(hub)["police"].way is Way.IN_TIME
    hub.wait(timedelta(minutes=1))
    found = outlooks(hub)
    assert (found["police"].way, found["police"].used) == (Way.AT_RISK, 75)
    assert "75 % of its time is gone" in list(rests_on(found["police"]))
    assert "education" not in found
    hub.wait(timedelta(minutes=31))
    assert outlooks(hub)["police"].rests_on[0] == "ran_out"
    assert outlooks(hub)["police"].way is Way.LATE


def test_each_thing_that_an_owner_has_to_decide_is_told_with_its_elements_d01_d04() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    hub.answer("police", element("p1", "police"), element("p2", "police"), element("e1", "education"))
    hub.nothing_from("education", "primary_care", "csc_staffordshire")
    hub.discuss("p1", "p2")
    hub.decide("p1", release())
    found = outlooks(hub)
    assert [obstacle_in_words(one) for one in found["police"].obstacles] == ["Its decision: p2"]
    assert [obstacle_in_words(one) for one in found["education"].obstacles] == [
        "To be discussed in the hub first: e1"
    ]


def test_an_agency_with_several_people_that_fit_is_told_and_puts_nothing_at_risk_c06() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    hub.answer("police", state=AnswerState.SEVERAL_FIT)
    hub.wait(timedelta(minutes=115))
    police = outlooks(hub)["police"]
    assert (obstacles(police), police.way) == (["several_fit"], Way.IN_TIME)


def test_a_dispute_is_told_with_whoever_has_it_k01() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    hub.answer("education", element("e1", "education"))
    hub.nothing_from("police", "primary_care", "csc_staffordshire")
    hub.discuss("e1")
    hub.decide("e1", withhold())
    hub.say(
        DisclosureDisputed(
            by=SENIOR_PRACTITIONER,
            dispute_id="DP-1",
            element_id="e1",
            ground="necessity",
            position=secret("the team has to know"),
        )
    )
    (said,) = [obstacle_in_words(one) for one in outlooks(hub)["education"].obstacles]
    assert said == "Dispute DP-1, with the line managers"


def test_what_is_usual_counts_only_with_enough_requests_and_is_shown_with_its_number_e14() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    slow = [timedelta(hours=3)] * 4
    few = outlooks(hub, {POLICE_RED: Lately(asked=4, late=4, lengths=slow)})["police"]
    assert few.way is Way.IN_TIME
    assert "4 requests lately under this rating: too few to tell how it answers" in list(rests_on(few))
    many = outlooks(hub, {POLICE_RED: Lately(asked=5, late=5, lengths=[*slow, timedelta(hours=3)])})["police"]
    assert (many.way, many.rests_on) == (Way.AT_RISK, ("usual_after_due", "often_late"))
    assert "Of 5 requests lately under this rating 5 were not answered in time" in list(rests_on(many))
    assert "Half of its answers came within 3 h 00 min" in list(rests_on(many))


def test_late_answers_and_late_decisions_are_counted_by_agency_and_rating_e14() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    hub.wait(timedelta(minutes=20))
    hub.answer("police", element("p1", "police"), element("p2", "police"))
    hub.discuss("p1", "p2")
    hub.decide("p1", release())
    found = counted([hub.case], hub.now)
    police = found[POLICE_RED]
    assert (police.asked, police.late, police.usual) == (1, 0, timedelta(minutes=20))
    assert (police.revealed, police.undecided) == (1, 0)
    assert ("education", Rag.RED) not in found
    hub.wait(timedelta(hours=2))
    hub.decide("p2", release())
    hub.nothing_from("education")
    found = counted([hub.case], hub.now)
    assert (found[POLICE_RED].revealed, found[POLICE_RED].undecided) == (2, 1)
    assert (found["education", Rag.RED].asked, found["education", Rag.RED].late) == (1, 1)
    assert (found["primary_care", Rag.RED].late, found["primary_care", Rag.RED].usual) == (1, None)


async def test_the_last_cases_are_counted_once_for_many_pages(scene: Scene) -> None:
    async with a_dashboard(scene) as dashboard:
        store, looks = dashboard.given.store, 0
        find = store.find

        async def counting(*what: object, **how: object) -> object:
            nonlocal looks
            looks += 1
            return await find(*what, **how)  # type: ignore[arg-type]

        object.__setattr__(store, "find", counting)
        lately = LatelyCounted(store, dashboard.wall)
        first, another = await asyncio.gather(lately.by(scene.now), lately.by(scene.now))
        assert another is first, "whoever asks while it is counted waits for the counts"
        assert first[POLICE_RED].late == 1
        assert await lately.by(scene.now) is first
        assert looks == 1
        dashboard.wall.show(dashboard.wall.now() + timedelta(minutes=10))
        await lately.by(scene.now)
        assert looks == 2
