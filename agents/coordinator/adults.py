"""The adult pathway: two signatures, a strategy discussion, a plan, a route. [F01-F07, G3.8-3.11]

The pair may sign as soon as the checks are directed, so that nothing holds a RED case up; the record says on
how many answers each signature rested. Nothing here touches ratings, notices or enquiries: while the two
disagree, all that safety needs goes on, and only the package waits. [F07]
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from agents.coordinator.adult_record import (
    AdultRecord,
    AdultRoute,
    InvestigationPlan,
    JointDecision,
    Side,
    Signature,
    StrategyDiscussion,
)
from agents.coordinator.authority import require_registered, require_right
from agents.coordinator.case import Case
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused
from agents.partnership import Partnership
from messages.adults import (
    AdultRouteDecided,
    AdultStrategyRecorded,
    AdultThresholdSigned,
    InvestigationPlanRecorded,
)
from messages.referral import NativeForm
from messages.words import Actor, Category

RIGHTS: Mapping[Side, str] = {
    Side.SOCIAL_CARE: "adult_threshold_social_care",
    Side.POLICE: "adult_threshold_police",
}
"""Which right makes somebody sign for which side."""

_FIRST: Mapping[str, str] = {
    "adult_threshold_open": "Advanced Practitioner and police Sergeant both sign the adult threshold first.",
    "adult_threshold_held": "The signatories differ: after supervision or line management one signs anew.",
    "adult_strategy_missing": "The two signatories record their Strategy Discussion first.",
    "adult_plan_missing": "The two signatories record the Initial Investigation Plan first.",
    "adult_route_missing": "The two signatories decide first whether the investigation is complex.",
    "ap1_missing": "The AP1 goes with the package and the referral had none: supply it (form.supplied).",
    "ap1_shows_source": "The AP1 would give a source away: supply it without those words (form.supplied).",
}
"""What the pathway may still wait for, in its order, and what to do about it."""


def concerned(case: Case) -> bool:
    """Whether a case takes this pathway."""
    return case.category is Category.ADULT_PROTECTION


def _require_taken_further(case: Case, record: AdultRecord, side: Side, by: Actor) -> None:
    """Whoever signed for a side thinks again freely; for somebody else supervision comes first. [F07, M5]"""
    mine = record.latest(side)
    if not record.held or mine is None or mine.by.person == by.person:
        return
    since = max(signature.at for signature in record.signatures)
    if not any(call.by.agency == by.agency and call.called_at >= since for call in case.supervision):
        raise Refused(
            "supervision_first",
            f"The two differ: {mine.by.person} signs anew, or somebody else once a call to your agency's "
            "supervisor since then is on record (supervision.recorded).",
            fields=("data.by.person",),
            by=by,
        )


def record_of(case: Case) -> AdultRecord:
    """The pathway's record, empty before the first signature."""
    return case.adult or AdultRecord()


def form_for(case: Case) -> NativeForm | None:
    """The AP1 that goes with the package: where the threshold is met, and nowhere else, and never one that
    would give a source away. [A13, D13, F04, F06]"""
    decision = record_of(case).decision
    return case.leaving_form if decision is not None and decision.met else None


def goes_with_package(case: Case, form: NativeForm, partnership: Partnership) -> bool:
    """Whether a form is the one that may leave: the partnership's ``adult_form``, such as the AP1, in an
    adult protection case. Every other is kept and stays in the hub. [A13, G3.10, G3.11]"""
    return concerned(case) and form.form == partnership.adult_form


def open_step(case: Case) -> str | None:
    """The first step that the package still waits for, as a code; None where the pathway is done, or is not
    that of the case. What follows a package goes the way of the first. [F03, F07]"""
    if not concerned(case) or case.packages:
        return None
    record = record_of(case)
    decision = record.decision
    if decision is None:
        return f"adult_threshold_{record.standing}"
    if not decision.met:
        return None
    steps = (
        ("adult_strategy_missing", decision.strategy),
        ("adult_plan_missing", decision.plan),
        ("adult_route_missing", decision.route),
        ("ap1_shows_source" if case.form_shows_source else "ap1_missing", form_for(case)),
    )
    return next((code for code, done in steps if done is None), None)


def require_route(case: Case, by: Actor) -> None:
    """The package goes nowhere before the pair has settled where. Raises `Refused`. [F01-F07]"""
    step = open_step(case)
    if step is not None:
        raise Refused(step, _FIRST[step], by=by)


def sign(case: Case, said: AdultThresholdSigned, setting: Setting) -> Decided[Case]:
    """One side signs that the threshold is met or not. [F01, F07]

    READ: while the two differ, somebody else may sign for a side only after its agency has called a
    supervisor since; otherwise a disagreement would end by whom one finds on duty.

    Raises `Refused`: neither side's right, no case of this pathway, checks not directed, a package that is
    out already, two signatures of one person or agency, or a disagreement that nobody has taken further.
    """
    side = _side_of(said.by, setting)
    _require_under_way(case, said.by)
    record = record_of(case)
    _require_taken_further(case, record, side, said.by)
    other = next((s for one in Side if one is not side and (s := record.latest(one)) is not None), None)
    if other is not None and (other.by.person == said.by.person or other.by.agency == said.by.agency):
        raise Refused(
            "two_agencies_needed",
            "The two signatures are of two persons of two agencies.",
            fields=("data.by.person", "data.by.agency"),
            by=said.by,
        )
    after = record.signed(
        Signature(
            side=side,
            by=said.by,
            met=said.met,
            at=setting.now,
            evidence=case.answers,
            rationale=said.rationale,
        )
    )
    detail = {"side": side, "met": said.met, "evidence": case.answers, "standing": after.standing}
    fact = Fact("adult_threshold.signed", said.by, detail)
    return Decided(case.model_copy(update={"adult": after}), (), (fact,))


def discuss(case: Case, said: AdultStrategyRecorded, setting: Setting) -> Decided[Case]:
    """The two signatories held their Strategy Discussion; how long after the decision is on record. [F03]"""
    decision = _require_met(case, said.by, said.other_signatory, setting)
    held = StrategyDiscussion(by=said.by, mode=said.mode, at=setting.now, summary=said.summary)
    since = (setting.now - decision.at) // timedelta(seconds=1)
    fact = _fact(
        "adult_strategy.recorded",
        said,
        {"mode": said.mode, "decided_at": decision.at.isoformat(), "seconds_after_decision": since},
    )
    return _with(case, decision.model_copy(update={"strategy": held}), fact)


def plan(case: Case, said: InvestigationPlanRecorded, setting: Setting) -> Decided[Case]:
    """The two signatories completed the Initial Investigation Plan, after their discussion. [F03]"""
    decision = _require_met(case, said.by, said.other_signatory, setting)
    _require_done(decision.strategy, "adult_strategy_missing", said.by)
    made = InvestigationPlan(by=said.by, mode=said.mode, at=setting.now, plan=said.plan)
    fact = _fact("investigation_plan.recorded", said, {"mode": said.mode})
    return _with(case, decision.model_copy(update={"plan": made}), fact)


def route(case: Case, said: AdultRouteDecided, setting: Setting) -> Decided[Case]:
    """The two signatories decide whose investigation it is: complex or not. [F04-F06]

    Raises `Refused`: not by the two, threshold not met, discussion or plan missing, or complex without what
    it has to rest on.
    """
    decision = _require_met(case, said.by, said.other_signatory, setting)
    _require_done(decision.strategy, "adult_strategy_missing", said.by)
    _require_done(decision.plan, "adult_plan_missing", said.by)
    if said.complex:
        _require_grounds(said, setting)
    decided = AdultRoute(
        by=said.by,
        at=setting.now,
        complex=said.complex,
        checklist=said.checklist,
        criteria=said.criteria,
        complex_because=said.complex_because,
        involve_police=said.involve_police,
        rationale=said.rationale,
    )
    fact = _fact(
        "adult_route.decided",
        said,
        {
            "complex": said.complex,
            "checklist": said.checklist,
            "criteria": list(said.criteria),
            "involve_police": said.involve_police,
        },
    )
    return _with(case, decision.model_copy(update={"route": decided}), fact)


def _side_of(actor: Actor, setting: Setting, *, field: str = "data.by") -> Side:
    """The side that somebody signs for, by the right of their role. Raises `Refused`."""
    require_registered(actor, setting, field=field)
    rights = setting.partnership.rights
    for side, right in RIGHTS.items():
        if actor.role in rights[right]:
            require_right(right, actor, setting, field=field)
            return side
    allowed = ", ".join(role for right in RIGHTS.values() for role in rights[right])
    raise Refused(
        "role_may_not",
        f"The adult pathway is decided by: {allowed}.",
        fields=(f"{field}.role",),
        by=actor,
    )


def _require_under_way(case: Case, by: Actor) -> None:
    if not concerned(case):
        raise Refused("not_adult_protection", "Only cases of adult protection take this pathway.", by=by)
    if case.packages:
        raise Refused(
            "package_issued",
            "The package has gone its way and what follows goes the same; a new concern is a new referral.",
            by=by,
        )
    if case.round.direction is None:
        raise Refused("not_directed", "Checks have to be directed first.", by=by)


def _require_met(case: Case, by: Actor, other: Actor, setting: Setting) -> JointDecision:
    """The threshold is met, and the two who signed act together. Raises `Refused`. [F01, F03]"""
    _side_of(by, setting)
    _side_of(other, setting, field="data.other_signatory")
    _require_under_way(case, by)
    record = record_of(case)
    decision = record.decision
    if decision is None:
        code = f"adult_threshold_{record.standing}"
        raise Refused(code, _FIRST[code], by=by)
    if not decision.met:
        raise Refused("adult_threshold_not_met", "The two signatories decided that it is not met.", by=by)
    if {by, other} != set(decision.signatories):
        raise Refused(
            "not_the_signatories",
            "The two who signed the adult threshold take this step together.",
            fields=("data.by", "data.other_signatory"),
            by=by,
        )
    return decision


def _require_done(done: object | None, code: str, by: Actor) -> None:
    if done is None:
        raise Refused(code, _FIRST[code], by=by)


def _require_grounds(said: AdultRouteDecided, setting: Setting) -> None:
    """The current checklist with what it meets; while there is none, a reason. [F05]"""
    current = setting.partnership.complex_checklist(setting.today)
    if current is None:
        if said.checklist is not None or said.criteria or said.complex_because is None:
            raise Refused(
                "complex_reason_missing",
                "The partnership has no checklist of complex investigations: say why (complex_because).",
                fields=("data.complex_because",),
                by=said.by,
            )
        return
    if said.checklist != current.version:
        raise Refused(
            "checklist_not_current",
            f"Use the checklist of complex investigations in force, {current.version}.",
            fields=("data.checklist",),
            by=said.by,
        )
    if not said.criteria or not set(said.criteria) <= current.criteria.keys():
        raise Refused(
            "criteria_missing",
            f"Tick the criteria that it meets, of: {', '.join(current.criteria)}.",
            fields=("data.criteria",),
            by=said.by,
        )


def _with(case: Case, decision: JointDecision, fact: Fact) -> Decided[Case]:
    return Decided(case.model_copy(update={"adult": record_of(case).with_decision(decision)}), (), (fact,))


def _fact(
    what: str,
    said: AdultStrategyRecorded | InvestigationPlanRecorded | AdultRouteDecided,
    detail: dict[str, Any],
) -> Fact:
    return Fact(what, said.by, {"with": said.other_signatory.model_dump(mode="json"), **detail})
