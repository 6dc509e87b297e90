"""Warnings, breaches and partial packages: what the clock does to a case. [E04, E12-E14, G04, K08, L12]

A due time fires once: what has fired is on the case, so it makes no difference who asks or how often.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from agents.coordinator import checks, gaps, package, promises, suggestions, teams
from agents.coordinator.case import Case
from agents.coordinator.disputes import DisputeStage
from agents.coordinator.missed import Missed
from agents.coordinator.people import lane
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Sending
from agents.partnership import Clocks
from messages.notices import DeadlineBreached, DeadlineWarned, Timer

_ISSUE = "issue/"


@dataclass(frozen=True, slots=True)
class Pending:
    """Something that happens at a moment unless the case moves on before. ``key`` makes it once."""

    at: datetime
    key: str
    timer: Timer
    due_at: datetime
    agency: str | None = None
    percent: int | None = None


def due(case: Case, clocks: Clocks) -> datetime | None:
    """The earliest moment at which something is to happen."""
    return min((p.at for p in pending(case, clocks)), default=None)


def pending(case: Case, clocks: Clocks) -> Iterator[Pending]:
    """Everything that the clock still has to do for a case."""
    done = set(case.fired)
    for item in _all(case, clocks):
        if item.key not in done:
            yield item


def fire(case: Case, setting: Setting) -> Decided[Case]:
    """Do everything whose moment has come, in order. Never early."""
    sending: list[Sending] = []
    facts: list[Fact] = []
    ripe = [p for p in pending(case, setting.partnership.clocks) if p.at <= setting.now]
    for item in sorted(ripe, key=lambda p: (p.at, p.key)):
        case = case.model_copy(update={"fired": (*case.fired, item.key)})
        step = _happen(case, item, setting)
        case = step.state
        sending.extend(step.sending)
        facts.extend(step.facts)
    return Decided(case, tuple(sending), tuple(facts))


def _all(case: Case, clocks: Clocks) -> Iterator[Pending]:
    for record in case.records:
        if record.acknowledged_at is None:
            yield Pending(
                record.due_at, f"record/{record.record_id}", "record_back", record.due_at, record.agency
            )
    if case.closed_at is not None:
        return
    if case.rating is None:
        at = case.received_at + clocks.red
        yield Pending(at, "unrated", "hub_target", at)
        return
    yield from _warnings(case, clocks)
    number, rating = case.round.number, case.rating
    if case.agreement is not None:
        at = package.issue_at(rating, clocks)
        yield Pending(at, f"{_ISSUE}{number}/{rating.due_at.isoformat()}", "hub_target", rating.due_at)
    if gaps.owed(case) == "package":
        yield Pending(rating.due_at, promises.target_key(case, rating.due_at), "hub_target", rating.due_at)
    promise = promises.open_promise(case)
    if promise is not None:
        yield Pending(promise, f"promise/{number}/{promise.isoformat()}", "outer_promise", promise)
    if suggestions.unreported(case):
        last = case.packages[-1]
        at = last.issued_at + clocks.outcome_reminder
        yield Pending(at, f"outcome/{last.version}", "outcome", at)
    for dispute in case.disputes:
        if dispute.stage is not DisputeStage.SETTLED:
            yield Pending(dispute.due_at, f"dispute/{dispute.dispute_id}", "escalation", dispute.due_at)


def _warnings(case: Case, clocks: Clocks) -> Iterator[Pending]:
    """50, 75 and 90 per cent of each agency's time, while it has not answered; and the end. [E14]"""
    for check in case.round_checks:
        if check.state not in checks.UNANSWERED:
            continue
        length = check.due_at - check.asked_at
        for percent in clocks.warn_at_percent:
            at = check.asked_at + length * percent / 100
            key = f"warn/{check.request_id}/{percent}/{check.due_at.isoformat()}"
            yield Pending(at, key, "agency_answer", check.due_at, check.agency, percent)
        key = f"late/{check.request_id}/{check.due_at.isoformat()}"
        yield Pending(check.due_at, key, "agency_answer", check.due_at, check.agency)
    yield from _owners_warnings(case, clocks)


def _owners_warnings(case: Case, clocks: Clocks) -> Iterator[Pending]:
    """The same for an owner that has not decided on what was revealed. [E14]"""
    if case.rating is None:
        return
    due_at, number = case.rating.due_at, case.round.number
    for owner in gaps.undecided(case):
        start = min(e.revealed_at for e in case.elements if e.owner == owner and e.round == number)
        if start >= due_at:
            continue
        for percent in clocks.warn_at_percent:
            at = start + (due_at - start) * percent / 100
            key = f"decide/{number}/{owner}/{percent}/{due_at.isoformat()}"
            yield Pending(at, key, "owner_decision", due_at, owner, percent)


def _happen(case: Case, item: Pending, setting: Setting) -> Decided[Case]:
    if item.percent is not None and item.agency is not None:
        return _warn(case, item, item.agency, item.percent)
    if item.key.startswith(_ISSUE):
        return package.issue_if_due(case, setting)
    return _breach(case, item, setting)


def _warn(case: Case, item: Pending, agency: str, percent: int) -> Decided[Case]:
    warning = DeadlineWarned(timer=item.timer, agency=agency, percent=percent, due_at=item.due_at)
    fact = Fact(
        "deadline.warned", detail={"agency": agency, "percent": percent, "due_at": item.due_at.isoformat()}
    )
    sending = tuple(Sending(to, warning, lane(case)) for to in ("staff", f"agency.{agency}"))
    return Decided(case, sending, (fact,))


_CAUSES: Mapping[Timer, str] = {
    "agency_answer": "agency_silent",
    "record_back": "record_not_acknowledged",
    "escalation": "dispute_open",
    "outcome": "outcome_not_reported",
}
"""What is missing when these clocks run out; of the others, whatever is first in the procedure."""


def _breach(case: Case, item: Pending, setting: Setting) -> Decided[Case]:
    """Say that a clock ran out, to whom it concerns, and why. [E04, E13, E14, G04]"""
    cause = _CAUSES.get(item.timer) or gaps.cause(case)
    promise = item.timer == "outer_promise"
    reminder = item.timer == "outcome"
    breach = DeadlineBreached(
        timer=item.timer,
        agency=item.agency,
        due_at=item.due_at,
        cause=cause,
        waiting_for=suggestions.unreported(case) if reminder else gaps.waiting_for(case),
        severity="escalated_failure" if promise else "manager_alert",
    )
    missed = Missed(
        timer=item.timer,
        round=case.round.number,
        rag=case.rating.rag if case.rating else None,
        due_at=item.due_at,
        cause=cause,
        agency=item.agency,
        waiting_for=breach.waiting_for,
    )
    case = case.model_copy(update={"missed": (*case.missed, missed)})
    told = ["staff"]
    if promise:
        told += [f"team.{team}" for team in teams.told_of_red(case, setting.partnership)]
    fact = Fact(
        "deadline.breached",
        detail={
            "timer": item.timer,
            "agency": item.agency,
            "due_at": item.due_at.isoformat(),
            "cause": cause,
            "waiting_for": list(breach.waiting_for),
        },
    )
    return Decided(case, tuple(Sending(to, breach, lane(case)) for to in told), (fact,))
