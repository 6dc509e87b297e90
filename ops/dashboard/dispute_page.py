"""A dispute as its page shows it: where it stands, its clock, who is next and what was done. [K01-K08]"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from agents.coordinator import needs
from agents.coordinator.case import Case
from agents.coordinator.disputes import Dispute, DisputeStage
from agents.coordinator.elements import Authority, Element, OwnersDecision, standing
from messages.words import Actor, Mode
from ops.dashboard import words
from ops.dashboard.board import Clock
from ops.dashboard.tasks import escalating


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done about a dispute."""

    what: str
    who: tuple[Actor, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputePage:
    """``next`` are the needs of the case that concern this dispute, as codes. ``clock`` is the target for the
    panel, None once it is settled; no clock of the case waits for it. ``disputed`` is the decision that is
    in dispute, ``settlement`` the one that settled it. [E13, K01, K08]"""

    dispute: Dispute
    element: Element
    standing: str
    sides: tuple[str, str]
    disputed: OwnersDecision
    settlement: OwnersDecision | None
    clock: Clock | None
    next: tuple[str, ...]
    steps: tuple[Step, ...]


def dispute_page(case: Case, dispute_id: str, now: datetime) -> DisputePage | None:
    """The page of a dispute, None if the case has none of this id."""
    for dispute, element in escalating.disputes(case):
        if dispute.dispute_id == dispute_id:
            disputed, settlement = _decisions(dispute, element)
            return DisputePage(
                dispute,
                element,
                standing(element).value,
                (element.owner, dispute.by.agency),
                disputed,
                settlement,
                _clock(dispute, now),
                tuple(need for need in needs.needs(case) if need.partition(":")[2] == dispute_id),
                tuple(_steps(case, dispute, settlement)),
            )
    return None


def _clock(dispute: Dispute, now: datetime) -> Clock | None:
    if dispute.stage is DisputeStage.SETTLED:
        return None
    return Clock("decide by", dispute.due_at, words.time_left(dispute.due_at, now), dispute.due_at < now)


def _decisions(dispute: Dispute, element: Element) -> tuple[OwnersDecision, OwnersDecision | None]:
    """The decision that is in dispute, and the one that settled it. While it is open nobody decides anew, so
    that the one in dispute is the last before the settlement."""
    if element.decision is None:
        raise ValueError("what nobody has decided cannot be in dispute")
    made = (*element.earlier_decisions, element.decision)
    for n, decision in enumerate(made):
        if n > 0 and (decision.authority, decision.at) == (dispute.settled_by, dispute.settled_at):
            return made[n - 1], decision
    return element.decision, None


def _steps(case: Case, dispute: Dispute, settlement: OwnersDecision | None) -> Iterator[Step]:
    yield Step("Disputed", (dispute.by,), dispute.at)
    for tried in dispute.reasons:
        if not tried.views:
            # Who acted on the other side is kept of their last attempt alone.
            yield Step(
                "Line managers acted",
                dispute.managers if tried.by in dispute.managers else (tried.by,),
                tried.at,
            )
    if dispute.convened_at is not None:
        yield Step("Panel called", dispute.panel, dispute.convened_at)
    for tried in dispute.reasons:
        if tried.views:
            how = f", {_MET[dispute.met_by]}" if dispute.met_by and tried is dispute.reasons[-1] else ""
            yield Step(f"Panel met{how}", tuple(view.actor for view in tried.views), tried.at)
    proposal = escalating.proposed(case, dispute)
    if proposal is not None:
        choice = words.in_words(proposal.decision.choice.choice.value)
        yield Step(f"Agreed, to be confirmed: {choice}", proposal.confirmed_by, proposal.decision.at)
    if settlement is not None:
        choice = words.in_words(settlement.choice.choice.value)
        agreed = dispute.proposal.confirmed_by if dispute.proposal else ()
        alone = (settlement.by,) if settlement.by else ()
        who = alone if settlement.authority is Authority.CONTROLLER else agreed
        yield Step(f"Settled by the {_SETTLED_BY[settlement.authority]}: {choice}", who, settlement.at)


_MET: Mapping[Mode, str] = {
    Mode.FACE_TO_FACE: "face to face",
    Mode.VIDEO: "by video",
    Mode.PHONE: "by telephone",
}

_SETTLED_BY: Mapping[Authority, str] = {
    Authority.MANAGEMENT: "line managers",
    Authority.PANEL: "panel",
    Authority.CONTROLLER: "data controller",
}
"""Who settles a dispute. [K01, K03, K06]"""
