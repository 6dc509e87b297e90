"""How a case stood at a moment, from entries that follow one another by the minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ops.as_at import as_at

START = datetime(2026, 7, 1, 9, tzinfo=UTC)
BY = {"person": "P-1", "role": "mash_manager", "agency": "police"}


def record(*acts: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"act": act, "at": (START + timedelta(minutes=n)).isoformat(), "by": BY, "detail": detail}
        for n, (act, detail) in enumerate(acts)
    ]


def at_minute(acts: list[dict[str, Any]], minute: int) -> dict[str, Any]:
    view = as_at(acts, START + timedelta(minutes=minute))
    assert view is not None
    return view


def test_a_check_is_outstanding_unreadable_and_answered_in_turn_and_asked_again_by_round() -> None:
    answer = {"agency": "police", "state": "found", "elements": ["e-1"]}
    acts = record(
        ("enquiry.directed", {"round": 1, "agencies": ["police", "education"]}),
        ("check.unreadable", {"agency": "police"}),
        ("check.answered", answer),
        ("enquiry.directed", {"round": 2, "agencies": ["police"]}),
        ("check.answered", {**answer, "state": "nothing_found", "elements": []}),
    )
    states = [
        [(c["agency"], c["round"], c["state"]) for c in at_minute(acts, minute)["checks"]]
        for minute in range(5)
    ]
    others = ("education", 1, "outstanding")
    assert states == [
        [("police", 1, "outstanding"), others],
        [("police", 1, "unreadable"), others],
        [("police", 1, "found"), others],
        [("police", 1, "found"), others, ("police", 2, "outstanding")],
        [("police", 1, "found"), others, ("police", 2, "nothing_found")],
    ]


def test_what_two_signatories_did_on_a_decision_goes_with_it_f07() -> None:
    other = {"person": "P-2", "role": "police_sergeant", "agency": "police"}

    def signed(side: str, standing: str) -> tuple[str, dict[str, Any]]:
        return "adult_threshold.signed", {"side": side, "met": standing != "held", "standing": standing}

    acts = record(
        signed("social_care", "open"),
        signed("police", "met"),
        ("adult_strategy.recorded", {"mode": "phone"}),
        signed("police", "met"),
        signed("police", "met"),
        ("adult_strategy.recorded", {"mode": "video"}),
        signed("police", "held"),
    )
    acts[4]["by"] = acts[6]["by"] = other
    told = [(at_minute(acts, minute)["adult_strategy"] or {}).get("mode") for minute in range(7)]
    assert told == [None, None, "phone", "phone", None, "video", None]


def test_the_decision_in_force_is_the_latest_and_the_earlier_ones_are_counted() -> None:
    decided = {"element_id": "e-1", "authority": "owner"}
    acts = record(
        ("enquiry.directed", {"round": 1, "agencies": ["police"]}),
        ("check.answered", {"agency": "police", "state": "found", "elements": ["e-1"]}),
        ("element.decided", {**decided, "choice": "withhold"}),
        ("disclosure.disputed", {"dispute_id": "d-1", "element_id": "e-1", "ground": "necessity"}),
        ("element.decided", {**decided, "choice": "release", "authority": "panel"}),
    )
    then = at_minute(acts, 3)
    assert then["elements"]["e-1"]["decision"]["choice"] == "withhold"
    assert [act["act"] for act in then["disputes"]["d-1"]["acts"]] == ["disclosure.disputed"]
    now = at_minute(acts, 4)["elements"]["e-1"]
    assert (now["decision"]["choice"], now["decision"]["authority"], now["earlier_decisions"]) == (
        "release",
        "panel",
        1,
    )


def test_an_agreement_that_lapsed_is_none_and_a_route_away_ends_the_case() -> None:
    acts = record(
        ("package.agreed", {"waiting_for": [], "if_incomplete": "wait"}),
        ("agreement.lapsed", {"agreed_by": "P-1"}),
        ("case.routed", {"to": "redirected", "destination": "csc", "reason": "below_threshold"}),
    )
    assert at_minute(acts, 0)["agreement"]["by"] == BY
    assert at_minute(acts, 1)["agreement"] is None
    assert at_minute(acts, 1)["closed_at"] is None
    assert at_minute(acts, 2)["closed_at"] == acts[2]["at"]


def test_an_act_that_is_not_known_here_is_counted_and_changes_nothing() -> None:
    acts = record(("content.sent", {"messages": []}))
    assert at_minute(acts, 0)["entries"] == 1
