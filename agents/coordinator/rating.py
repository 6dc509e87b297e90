"""The rating by the relevant manager, at commencement and again when risk changes. [E01-E11, G3.6]"""

from __future__ import annotations

from datetime import datetime

from agents.coordinator import alerts, checks, clocks, discussion, escalation, permission, promises
from agents.coordinator.authority import require_relevant_manager
from agents.coordinator.case import Case, Rating
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from messages.intake import RiskRated
from messages.words import Actor, Category, Rag, Rationale


def rate(case: Case, said: RiskRated, setting: Setting) -> Decided[Case]:
    """Set or change the rating; RED tells police and social work in the same step, and so does a rating
    that is RED no longer. [E01, E03, E10, E11]

    Raises `Refused`: not by a manager, before the threshold is met, or BLUE where it may not be.
    """
    require_relevant_manager("rate", case, said.by, setting)
    if case.threshold is None or not case.threshold.met:
        raise Refused("threshold_not_met", "Decide the threshold first.", by=said.by)
    if said.rag is Rag.BLUE:
        _require_routine(case, said, setting)
    return give(case, said.rag, said.by, said.rationale, said.open_case_worker, setting)


def give(
    case: Case,
    rag: Rag,
    by: Actor,
    rationale: Rationale,
    open_case_worker: str | None,
    setting: Setting,
) -> Decided[Case]:
    """The case with this rating, and what follows from it, by whoever had the right to it. [E01, H07]"""
    before = case.rating
    rating = Rating(
        rag=rag,
        by=by,
        at=setting.now,
        rationale=rationale,
        due_at=due_when_rated(case, rag, setting),
        promise_at=_promise(case, rag, setting),
        concern_told=case.leaving_concern is not None,
        calendar=clocks.calendar_name(setting.partnership.clocks),
        open_case_worker=open_case_worker,
    )
    rated = case.model_copy(update={"ratings": (*case.ratings, rating)})
    rated, asked_again = checks.move_due(rated, rating, setting)
    sending: tuple[Sending, ...] = asked_again
    if before is not None and (rating.due_at, rating.rag) != (before.due_at, before.rag):
        sending += (*discussion.ask_again(rated), *permission.ask_again(rated, setting))
    facts = [
        Fact(
            "risk.rated",
            by,
            {
                "rag": rag,
                "before": before.rag if before else None,
                "due_at": rating.due_at.isoformat(),
                "promise_at": rating.promise_at.isoformat() if rating.promise_at else None,
                "calendar": rating.calendar,
                "open_case_worker": open_case_worker,
            },
        )
    ]
    if rag is Rag.RED and (before is None or before.rag is not Rag.RED):
        rated = escalation.hasten(rated, setting)
        alerting = alerts.red(rated, rating, setting)
        sending = (*alerting, *sending)
        facts.append(Fact("red.notified", by, {"teams": [s.to for s in alerting]}))
    if before is not None and before.rag is Rag.RED and rag is not Rag.RED:
        telling = alerts.lowered(rated, rating, setting)
        sending = (*telling, *sending)
        facts.append(Fact("red.lowered", by, {"teams": [s.to for s in telling]}))
    return Decided(rated, sending, tuple(facts))


def due_when_rated(case: Case, rag: Rag, setting: Setting) -> datetime:
    """The due time that a rating gives. [E11]

    First rating and downgrade: from the start of the round. Upgrade: the earlier of what was due and
    the new allowance from now. The same rating again changes no clock.
    """
    rules = setting.partnership.clocks
    before = case.rating
    if before is not None and before.rag is rag:
        return before.due_at
    if before is None or not clocks.is_upgrade(before.rag, rag):
        return clocks.due_after(rag, case.round.started_at, rules)
    return min(before.due_at, clocks.due_after(rag, setting.now, rules))


def _promise(case: Case, rag: Rag, setting: Setting) -> datetime | None:
    """RED: four hours from receipt, or from the upgrade when the teams hear of it then. What was promised and
    has not come stands, whatever the rating is now. [E03, E04]"""
    if (standing := promises.open_promise(case)) is not None:
        return standing
    if rag is not Rag.RED:
        return None
    before = case.rating
    if before is not None and before.rag is Rag.RED:
        return before.promise_at
    start = case.round.started_at if before is None else setting.now
    return clocks.promised_after(start, setting.partnership.clocks)


def _require_routine(case: Case, said: RiskRated, setting: Setting) -> None:
    """BLUE is for routine involvement of a case that is open to a worker, and never for a professional
    concern. [E07, E09, I12]"""
    cohort = setting.partnership.cohorts.get(case.cohort or "")
    if not case.routine or (cohort is not None and cohort.category is Category.PROFESSIONAL_CONCERN):
        raise Refused(
            "blue_for_new_referral",
            "Rate a new referral RED or AMBER; a fresh concern on an open case is a new referral.",
            fields=("data.rag",),
            by=said.by,
        )
    if said.open_case_worker is None:
        raise Refused(
            "blue_needs_open_case_worker",
            "Name the worker that the case is open to.",
            fields=("data.open_case_worker",),
            by=said.by,
        )
