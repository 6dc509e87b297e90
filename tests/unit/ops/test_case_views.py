"""How things stand, as lists and pages tell it: what is late, who was told, what can be answered by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from agents.coordinator.needs import NEEDS
from messages.intake import ThresholdDecided
from messages.words import Rag
from ops import case_views
from ops.alarms import alarms
from ops.need_words import WORDS, need_in_words
from store.port import Kept
from tests.support.hub_by_rules import HubByRules
from tests.support.kept_hub import kept_in
from tests.support.procedure import (
    CORE_CHILD,
    MONDAY,
    PARTNERSHIP,
    SENIOR_PRACTITIONER,
    Procedure,
    element,
    referral,
    why,
)
from tests.support.whole_hub import TUESDAY

CLOCKS = PARTNERSHIP.clocks


def acts_of(hub: Procedure) -> list[dict[str, object]]:
    return [{"act": f.what, "at": hub.now.isoformat(), "detail": dict(f.detail)} for f in hub.facts]


def test_a_case_that_is_not_rated_is_late_two_hours_after_receipt() -> None:
    hub = Procedure()
    hub.refer()
    due = MONDAY + timedelta(hours=2)
    then = case_views.timing(hub.case, CLOCKS, due)
    assert (then["owed"], then["due_at"], then["late"]) == ("rating", due.isoformat(), False)
    assert case_views.timing(hub.case, CLOCKS, due + timedelta(seconds=1))["late"] is True


def test_a_red_case_without_its_package_is_late_and_then_breaks_its_promise() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    hub.wait(timedelta(hours=3))
    late = case_views.timing(hub.case, CLOCKS, hub.now)
    assert (late["late"], late["promise_broken"]) == (True, False)
    assert late["promised_by"] == (MONDAY + timedelta(hours=4)).isoformat()
    hub.wait(timedelta(hours=2))
    assert case_views.timing(hub.case, CLOCKS, hub.now)["promise_broken"] is True


def test_a_case_whose_package_is_out_owes_nothing_until_it_becomes_more_urgent() -> None:
    hub = Procedure()
    hub.until_directed(Rag.AMBER)
    hub.nothing_from(*CORE_CHILD)
    hub.assess()
    hub.agree()
    long_after = MONDAY + timedelta(days=9)
    assert case_views.timing(hub.case, CLOCKS, long_after)["owed"] == "nothing"
    hub.rate(Rag.RED)
    assert case_views.timing(hub.case, CLOCKS, long_after)["late"] is True


def test_who_was_told_of_red_and_which_clock_ran_out_are_told_from_the_record() -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    hub.wait(timedelta(hours=3))
    told = case_views.told(acts_of(hub))
    assert told["red_notices"][0]["teams"] == [
        "children_social_work_staffordshire",
        "police_child_abuse_investigation",
    ]
    assert "hub_target" in [one["timer"] for one in told["breached"]]


async def test_late_cases_come_first_then_what_is_due_then_what_owes_nothing(tmp_path: Path) -> None:
    hub = HubByRules(PARTNERSHIP, TUESDAY)

    def refer(number: str) -> str:
        before = set(hub.documents)
        hub.say(referral(referral_id=number, made_at=hub.now), "source.first_response")
        (key,) = set(hub.documents) - before
        return key

    done = refer("R-done")
    away = ThresholdDecided(by=SENIOR_PRACTITIONER, met=False, redirect_to="education", rationale=why())
    hub.say(away, about=done)
    late = refer("R-late")
    hub.wait(timedelta(hours=2, minutes=1))
    fresh = refer("R-fresh")
    store = await kept_in(tmp_path, hub)
    try:
        found = await case_views.listed(store, {}, 10, clocks=CLOCKS, now=hub.now)
        first = await case_views.listed(store, {}, 1, clocks=CLOCKS, now=hub.now)
    finally:
        await store.close()
    assert [row["case"] for row in found.rows] == [late, fresh, done]
    assert [row["late"] for row in found.rows] == [True, False, False]
    assert ([row["case"] for row in first.rows], first.total) == ([late], 3)


async def test_staff_see_what_they_were_told_without_taking_it_from_a_queue(tmp_path: Path) -> None:
    hub = Procedure()
    hub.until_directed(Rag.RED)
    hub.wait(timedelta(hours=30))
    store = await kept_in(tmp_path, hub.whole)
    try:
        found = await alarms(store, PARTNERSHIP, hub.now - timedelta(days=1))
        nothing = await alarms(store, PARTNERSHIP, hub.now + timedelta(days=1))
    finally:
        await store.close()
    told = {(one.document, one.alarm) for one in found}
    case_id = hub.case.case_id
    assert told >= {
        (case_id, "late: the hub's target"),
        (case_id, "broken: the promise to the field teams"),
        (case_id, "time running out"),
        (case_id, "late: an agency's answer"),
        ("round/dial_meeting", "round missed"),
        ("round/dial_meeting", "agenda"),
    }
    assert nothing == []


def test_a_page_has_the_ids_by_which_a_check_and_a_permission_are_answered_by_hand() -> None:
    hub = Procedure()
    hub.until_directed()
    hub.answer("police", element("e1", "education"))
    hub.discuss("e1")
    found = case_views.page(hub.case, _document(hub))
    assert {check["request_id"] for check in found["checks"]} == {c.request_id for c in hub.case.checks}
    (asked,) = found["permissions"]
    permission = hub.element("e1").permission
    assert permission is not None
    assert (asked["permission_id"], asked["owner"]) == (permission.permission_id, "education")


def _document(hub: Procedure) -> Kept:
    return Kept(hub.case.case_id, 1, "")


def test_every_need_has_words() -> None:
    assert WORDS.keys() == NEEDS.keys()
    assert need_in_words("answer:primary_care") == "answer of primary care"
    assert need_in_words("management:adult_threshold").startswith("supervision or line management")
    assert need_in_words("management:D-1") == "line managers on dispute D-1"
