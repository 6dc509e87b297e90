"""What was known and decided in a case at a moment, told from its record alone. [D14, D15]

The record has codes, ids and times, so this has no content either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

Act = Mapping[str, Any]
"""An entry of a case's record: ``act``, ``at``, ``by`` and ``detail`` (docs/reference/audit-entries.md)."""

View = dict[str, Any]


def as_at(acts: Iterable[Act], moment: datetime) -> View | None:
    """How a case stood at a moment (aware), everything of that moment included; None before it came.

    Parameters
    ----------
    acts
        The whole record in its order.
    """
    then = [act for act in acts if datetime.fromisoformat(act["at"]) <= moment]
    if not then:
        return None
    view: View = {
        "entries": len(then),
        "referral": None,
        "threshold": None,
        "rating": None,
        "red_notices": [],
        "checks": [],
        "elements": {},
        "disputes": {},
        "discussions": [],
        "form": None,
        "adult_signatures": [],
        "adult_strategy": None,
        "adult_plan": None,
        "adult_route": None,
        "assessment": None,
        "agreement": None,
        "hate_responses": [],
        "completion": None,
        "advice": [],
        "asked_again": [],
        "packages": [],
        "records": [],
        "outcomes": [],
        "refused": 0,
        "warned": [],
        "breached": [],
        "route": None,
        "endings": [],
        "closed_at": None,
    }
    for act in then:
        if step := _STEPS.get(act["act"]):
            step(view, act)
    return view


def _said(act: Act) -> View:
    """What was recorded, with who and when."""
    return {**act["detail"], "by": act["by"], "at": act["at"]}


def _one(name: str) -> Callable[[View, Act], None]:
    """The latest of its kind counts."""

    def step(view: View, act: Act) -> None:
        view[name] = _said(act)

    return step


def _each(name: str) -> Callable[[View, Act], None]:
    """Every one of its kind counts."""

    def step(view: View, act: Act) -> None:
        view[name].append(_said(act))

    return step


def _directed(view: View, act: Act) -> None:
    asked = act["detail"]
    view["checks"] += [
        {
            "agency": agency,
            "round": asked["round"],
            "asked_at": act["at"],
            "state": "outstanding",
            "answered_at": None,
        }
        for agency in asked["agencies"]
    ]


def _answered(view: View, act: Act) -> None:
    said = act["detail"]
    _check_of(view, said["agency"]).update(state=said["state"], answered_at=act["at"])
    for element_id in said["elements"]:
        view["elements"][element_id] = {
            "holder": said["agency"],
            "revealed_at": act["at"],
            "decision": None,
            "earlier_decisions": 0,
        }


def _unreadable(view: View, act: Act) -> None:
    _check_of(view, act["detail"]["agency"])["state"] = "unreadable"


def _check_of(view: View, agency: str) -> View:
    """What an agency was asked last and has not answered, or was asked last."""
    checks: list[View] = [check for check in reversed(view["checks"]) if check["agency"] == agency]
    return next((check for check in checks if check["answered_at"] is None), checks[0])


def _decided(view: View, act: Act) -> None:
    element = view["elements"][act["detail"]["element_id"]]
    element["earlier_decisions"] += element["decision"] is not None
    element["decision"] = _said(act)


def _disputed(view: View, act: Act) -> None:
    dispute_id = act["detail"]["dispute_id"]
    acts = view["disputes"].setdefault(dispute_id, {"element_id": act["detail"]["element_id"], "acts": []})
    acts["acts"].append({"act": act["act"], **_said(act)})


def _signed(view: View, act: Act) -> None:
    """What the two recorded after a decision goes with that decision: another one begins anew. [F07]"""
    before = view["adult_signatures"][-1]["standing"] if view["adult_signatures"] else "open"
    view["adult_signatures"].append(_said(act))
    pair = {s["side"]: s["by"] for s in view["adult_signatures"][:-1]}
    again = act["detail"]["standing"] == before and pair.get(act["detail"]["side"]) == act["by"]
    if not again:
        view.update(adult_strategy=None, adult_plan=None, adult_route=None)


def _lapsed(view: View, act: Act) -> None:
    view["agreement"] = None


def _refused(view: View, act: Act) -> None:
    view["refused"] += 1


def _acknowledged(view: View, act: Act) -> None:
    for package in view["packages"]:
        if package["package_id"] == act["detail"]["package_id"]:
            package.setdefault("acknowledged_by", []).append(act["detail"]["team"])


def _routed(view: View, act: Act) -> None:
    """The hub does not take it, or no longer: that ends the case."""
    view["route"] = _said(act)
    view["closed_at"] = act["at"]


def _closed(view: View, act: Act) -> None:
    view["closed_at"] = act["at"]


def _reopened(view: View, act: Act) -> None:
    """What came late begins a case again; where it had gone to nobody, its route is open too. [A07]"""
    view["closed_at"] = None
    if not view["packages"]:
        view["route"] = None


_STEPS: Mapping[str, Callable[[View, Act], None]] = {
    "referral.received": _one("referral"),
    "threshold.decided": _one("threshold"),
    "risk.rated": _one("rating"),
    "red.notified": _each("red_notices"),
    "enquiry.directed": _directed,
    "check.answered": _answered,
    "check.unreadable": _unreadable,
    "discussion.recorded": _each("discussions"),
    "element.decided": _decided,
    "disclosure.disputed": _disputed,
    "management.acted": _disputed,
    "settlement.confirmed": _disputed,
    "escalation.convened": _disputed,
    "escalation.decided": _disputed,
    "controller.decided": _disputed,
    "form.supplied": _one("form"),
    "adult_threshold.signed": _signed,
    "adult_strategy.recorded": _one("adult_strategy"),
    "investigation_plan.recorded": _one("adult_plan"),
    "adult_route.decided": _one("adult_route"),
    "owner.asked_again": _each("asked_again"),
    "hate_response.decided": _each("hate_responses"),
    "cse_referral.completed": _one("completion"),
    "advice.recorded": _each("advice"),
    "assessment.made": _one("assessment"),
    "package.agreed": _one("agreement"),
    "agreement.lapsed": _lapsed,
    "package.issued": _each("packages"),
    "package.acknowledged": _acknowledged,
    "record.acknowledged": _each("records"),
    "outcome.reported": _each("outcomes"),
    "deadline.warned": _each("warned"),
    "deadline.breached": _each("breached"),
    "case.routed": _routed,
    "case.closed": _closed,
    "case.ended": _each("endings"),
    "case.reopened": _reopened,
    "refused": _refused,
}
