"""A less urgent rating takes no promise back and mends no missed time. [E04, E10, E11]"""

from __future__ import annotations

from datetime import timedelta

from messages.notices import AlertLowered, AlertRaised, DeadlineBreached
from messages.words import Rag
from tests.support.procedure import CORE_CHILD, MONDAY, Procedure, of_type, one_package

HOURS = timedelta(hours=1)


def red_then_amber(after: timedelta) -> Procedure:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    hub.wait(after)
    hub.rate(Rag.AMBER)
    return hub


def complete(hub: Procedure) -> None:
    hub.nothing_from(*CORE_CHILD)
    hub.assess()


def test_a_package_is_late_whose_red_time_had_passed_before_it_was_rated_amber_e04_e11() -> None:
    hub = red_then_amber(3 * HOURS)
    complete(hub)
    package = one_package(hub.agree())
    assert package.due_at == MONDAY + 24 * HOURS
    assert (package.on_time, package.missed_at) == (False, MONDAY + 2 * HOURS)


def test_a_package_of_a_case_rated_amber_before_its_red_time_is_on_time_e11() -> None:
    hub = red_then_amber(HOURS)
    complete(hub)
    hub.wait(5 * HOURS)
    package = one_package(hub.agree())
    assert (package.on_time, package.missed_at) == (True, None)


def test_the_four_hours_that_the_teams_were_promised_stand_after_a_downgrade_e04_e11() -> None:
    hub = red_then_amber(HOURS)
    breaches = of_type(hub.wait(3 * HOURS), DeadlineBreached)
    assert {(b.timer, b.due_at) for b in breaches} == {("outer_promise", MONDAY + 4 * HOURS)}


def test_a_package_after_the_downgrade_keeps_the_promise_e04() -> None:
    hub = red_then_amber(HOURS)
    complete(hub)
    hub.wait(HOURS)
    hub.agree()
    assert of_type(hub.wait(5 * HOURS), DeadlineBreached) == []


def test_the_teams_that_heard_of_red_hear_of_the_downgrade_e03_e11() -> None:
    hub = red_then_amber(HOURS)
    alerted = {s.to for s in hub.sent if isinstance(s.payload, AlertRaised)}
    lowered = {s.to: s.payload for s in hub.sent if isinstance(s.payload, AlertLowered)}
    assert lowered.keys() == alerted != set()
    assert {said.package_promised_by for said in lowered.values()} == {MONDAY + 4 * HOURS}
    assert {said.rag for said in lowered.values()} == {Rag.AMBER}


def test_red_again_makes_no_later_promise_while_the_first_one_stands_e04_e11() -> None:
    hub = red_then_amber(HOURS)
    hub.wait(HOURS)
    alerts = of_type(hub.rate(Rag.RED), AlertRaised)
    assert {alert.package_promised_by for alert in alerts} == {MONDAY + 4 * HOURS}


def test_red_after_its_package_and_a_downgrade_makes_a_promise_of_its_own_e03_e04() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    complete(hub)
    hub.wait(HOURS)
    hub.agree()
    hub.rate(Rag.AMBER)
    (lowered, *_) = of_type(hub.sent, AlertLowered)
    assert lowered.package_promised_by is None
    hub.wait(24 * HOURS)
    alerts = of_type(hub.rate(Rag.RED), AlertRaised)
    assert {alert.package_promised_by for alert in alerts} == {hub.now + 4 * HOURS}
