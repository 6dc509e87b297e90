"""When the hub's part in a case ends, and what begins it again. [A03, A07, C06, C07, G04, K07]

READ: one rule. A case that went to field teams ends once

- every team has said what it did about its latest round, and has acknowledged what came after the package
  that it spoke of;
- nobody is waited for: no silent agency, none that still has to tell people apart, no owner who has not
  decided or was asked again;
- nothing is left to send: no news since the last package, a rating made more urgent included;
- no dispute, agreement or task-back is open.

A manager may end it with a reason although somebody is silent, and may end one that goes to nobody. What the
hub waited for may still come; it begins the case again.
"""

from __future__ import annotations

from collections.abc import Iterator

from agents.coordinator import adults, gaps, package, re_review, source_protection, suggestions, unreleased
from agents.coordinator.authority import require_relevant_manager
from agents.coordinator.case import Case, Route
from agents.coordinator.disputes import DisputeStage
from agents.coordinator.package_record import Ending
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from messages.checks import CheckAnswered
from messages.disclosure import DisclosureDecided, PermissionDecided
from messages.notices import OutcomeNotified
from messages.package import CaseEnded
from messages.words import Actor, Rationale, Said

SILENCES = frozenset({"agency_silent", "agency_to_look", "owner_undecided", "owner_asked_again"})
"""What a manager may set aside. Everything else somebody in the hub or in a team can do."""


def open_because(case: Case) -> tuple[str, ...]:
    """What keeps a case open that went to field teams, as codes."""
    return tuple(_open_because(case))


def _open_because(case: Case) -> Iterator[str]:
    if gaps.unanswered(case):
        yield "agency_silent"
    if gaps.to_look(case):
        yield "agency_to_look"
    if gaps.undecided(case):
        yield "owner_undecided"
    if re_review.awaited(case):
        yield "owner_asked_again"
    if any(d.stage is not DisputeStage.SETTLED for d in case.disputes):
        yield "dispute_open"
    if not case.round_packages or case.task_backs:
        yield "task_back_open"
    elif case.agreement is not None or package.has_news(case):
        yield "news_not_sent"
    if suggestions.unreported(case):
        yield "outcome_not_reported"
    if suggestions.unacknowledged(case):
        yield "package_not_acknowledged"


def close_if_done(case: Case, setting: Setting) -> Decided[Case]:
    """End a case that went to field teams once nothing keeps it open. [A07, K07]"""
    if case.closed_at is not None or not case.packages or open_because(case):
        return Decided(case)
    return Decided(case.model_copy(update={"closed_at": setting.now}), (), (Fact("case.closed"),))


def end(case: Case, said: CaseEnded, setting: Setting) -> Decided[Case]:
    """A manager ends the hub's part with a reason: although agencies or owners are silent, where the field
    teams have the case; else without further action, once every agency has answered. [A07, C06, E12]

    Raises `Refused`: no relevant manager, something that can still be done, or no package where there has
    to be one.
    """
    require_relevant_manager("end_case", case, said.by, setting)
    return _set_aside(case, said, setting) if case.packages else _without_action(case, said, setting)


def may_still_come(case: Case, said: Said) -> bool:
    """Whether a message for a closed case is what the hub waited for when a manager ended it, or the answer
    of a person who looked again. [A03, C06, C07]"""
    if case.purge is not None:
        return False
    if isinstance(said, CheckAnswered):
        return bool(case.checks)
    if isinstance(said, DisclosureDecided | PermissionDecided):
        return bool(gaps.undecided(case) or re_review.awaited(case))
    return False


def begun_again(case: Case) -> Decided[Case]:
    """A closed case that such a message has reached is open again. Where it had gone to nobody, it may now go
    to the field teams. [A07, C07]"""
    if case.closed_at is None:
        return Decided(case)
    route = case.route if case.packages else None
    opened = case.model_copy(update={"closed_at": None, "route": route})
    return Decided(opened, (), (Fact("case.reopened", detail={"because": "late_answer"}),))


def _set_aside(case: Case, said: CaseEnded, setting: Setting) -> Decided[Case]:
    reasons = open_because(case)
    if left := [reason for reason in reasons if reason not in SILENCES]:
        raise Refused("not_at_its_end", f"First there is something to do: {', '.join(left)}.", by=said.by)
    silent = tuple(dict.fromkeys((*gaps.waiting_for(case), *gaps.to_look(case), *re_review.awaited(case))))
    ended = _ended(case, said.by, said.rationale, silent, setting)
    facts = (Fact("case.ended", said.by, {"silent": list(silent)}), Fact("case.closed"))
    return Decided(ended, (), facts)


def _without_action(case: Case, said: CaseEnded, setting: Setting) -> Decided[Case]:
    """Only what rests on everything that agencies say may go to nobody. The referrer is told why, and nothing
    of what was not released. [A03, A05, A07]"""
    if case.assessment is None or case.assessment.round != case.round.number:
        raise Refused("not_assessed", "Make the assessment of this round first.", by=said.by)
    if adults.concerned(case):
        raise Refused(
            "signatories_decide", "Whether an adult's case goes on, the two signatories decide.", by=said.by
        )
    if any(rating.promise_at is not None for rating in case.ratings):
        raise Refused("package_promised", "The field teams were promised a package: agree it.", by=said.by)
    waiting = (*gaps.unanswered(case), *gaps.to_look(case))
    if waiting or any(d.stage is not DisputeStage.SETTLED for d in case.disputes):
        raise Refused(
            "not_at_its_end",
            f"Wait for every answer, and settle disputes: {', '.join(waiting) or 'dispute_open'}.",
            by=said.by,
        )
    reason, place = said.rationale.reason, "data.rationale.reason"
    source_protection.require_hidden_in(case, (reason,), setting, field=place, by=said.by)
    unreleased.require_released(case, {place: reason}, setting, by=said.by)
    code = "no_further_action"
    route = Route(to="no_further_action", destinations=(), reason_code=code, at=setting.now)
    notice = OutcomeNotified(
        referral_id=case.referral_id,
        outcome="no_further_action",
        reason_code=code,
        reason=reason,
    )
    ended = _ended(case, said.by, said.rationale, (), setting).model_copy(update={"route": route})
    routed = Fact("case.routed", said.by, {"to": route.to, "destination": None, "reason": code})
    return Decided(ended, (Sending(f"source.{case.source}", notice),), (routed,))


def _ended(case: Case, by: Actor, rationale: Rationale, silent: tuple[str, ...], setting: Setting) -> Case:
    ending = Ending(by=by, at=setting.now, rationale=rationale, silent=silent)
    changes = {"endings": (*case.endings, ending), "closed_at": setting.now, "agreement": None}
    return case.model_copy(update=changes)
