"""What is counted of a case. [E02-E14, D03, J01]"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from agents.coordinator import counted
from messages.words import Rag
from tests.support.procedure import CORE_CHILD, PARTNERSHIP, Procedure, element, release, withhold

CLOCKS = PARTNERSHIP.clocks


def words(hub: Procedure) -> Counter[str]:
    return Counter(counted.of_case(hub.case, CLOCKS))


def issued(hub: Procedure) -> None:
    hub.answer("police", element("p/1", "police"), element("p/2", "police"), element("p/3", "police"))
    hub.nothing_from(*CORE_CHILD[1:])
    hub.discuss("p/1", "p/2", "p/3")
    hub.decide("p/1", release())
    hub.decide("p/2", withhold())
    hub.decide("p/3", withhold())
    hub.assess()
    hub.agree()


def test_a_package_in_time_counts_for_its_rating_and_every_answer_for_its_agency_e06() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    assert words(hub)["target:amber:running"] == 1
    assert words(hub)["answer:police:waiting"] == 1
    issued(hub)
    found = words(hub)
    assert found["target:amber:on_time"] == 1
    assert {word for word in found if word.startswith("target:")} == {"target:amber:on_time"}
    assert {word for word in found if word.startswith("answer:")} == {
        f"answer:{a}:on_time" for a in CORE_CHILD
    }
    assert (found["element:police:released"], found["element:police:withheld"]) == (1, 2)
    assert found["met:face_to_face"] == 1


def test_what_was_missed_stays_missed_with_its_cause_when_the_package_comes_e04_e13_e14() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    hub.wait(timedelta(hours=5))
    issued(hub)
    found = words(hub)
    assert (found["target:red:late"], found["target:red:on_time"]) == (1, 0)
    assert found["promise:broken"] == 1
    assert found["breach:hub_target:agency_silent"] == 1
    assert found["breach:outer_promise:agency_silent"] == 1
    assert found["breach:agency_answer:agency_silent"] == len(CORE_CHILD)
    assert found["answer:police:late"] == 1
    assert found["waited:police"] == 2


def test_a_target_missed_under_one_rating_is_not_met_under_a_later_one_e11() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    hub.wait(timedelta(hours=2, minutes=1))
    hub.rate(Rag.AMBER)
    issued(hub)
    found = words(hub)
    assert [word for word in found if word.startswith("target:")] == ["target:red:late"]
    assert found["promise:kept"] == 1


def test_a_more_urgent_rating_after_the_package_has_a_target_of_its_own_e11() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    issued(hub)
    hub.wait(timedelta(hours=1))
    hub.rate(Rag.RED)
    found = {word for word in words(hub) if word.startswith("target:")}
    assert found == {"target:amber:on_time", "target:red:running"}
    hub.wait(timedelta(hours=3))
    found = {word for word in words(hub) if word.startswith("target:")}
    assert found == {"target:amber:on_time", "target:red:late"}


def test_a_case_that_nobody_rates_in_time_is_counted_so_e02() -> None:
    hub = Procedure()
    hub.refer()
    hub.wait(timedelta(hours=2, minutes=1))
    found = words(hub)
    assert (found["target:unrated:late"], found["breach:hub_target:not_rated"]) == (1, 1)


def test_what_is_written_is_read_again() -> None:
    counts = {"a:b:c": 1, "answer:police:late": 12}
    assert {":".join(parts): n for parts, n in counted.read(counted.written(counts))} == counts


def test_a_case_counts_for_the_day_of_the_partnerships_calendar_and_names_nobody_e08() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    issued(hub)
    facets = counted.facets(hub.case.received_at, counted.of_case(hub.case, CLOCKS), CLOCKS)
    assert facets[counted.DAY] == CLOCKS.day_of(hub.case.received_at).isoformat()
    text = str(facets[counted.WORDS])
    assert hub.case.case_id not in text
    assert hub.case.referral_id not in text
