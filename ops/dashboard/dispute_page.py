"""A dispute as its page shows it: where it stands, its clock, who is next and what was done. [K01-K08]"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agents.coordinator import needs
from agents.coordinator.case import Case
from agents.coordinator.disputes import Dispute, DisputeStage
from agents.coordinator.elements import Element, standing
from messages.words import Actor
from ops.dashboard import words
from ops.dashboard.board import Clock
from ops.dashboard.tasks import escalating


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done about a dispute; ``at`` is None where the hub keeps no time of its own."""

    what: str
    who: tuple[Actor, ...]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class DisputePage:
    """``next`` are the needs of the case that concern this dispute, as codes. ``clock`` is the target for the
    panel, None once it is settled; no clock of the case waits for it. [E13, K08]"""

    dispute: Dispute
    element: Element
    standing: str
    sides: tuple[str, str]
    clock: Clock | None
    next: tuple[str, ...]
    steps: tuple[Step, ...]


def dispute_page(case: Case, dispute_id: str, now: datetime) -> DisputePage | None:
    """The page of a dispute, None if the case has none of this id."""
    for dispute, element in escalating.disputes(case):
        if dispute.dispute_id == dispute_id:
            return DisputePage(
                dispute,
                element,
                standing(element).value,
                (element.owner, dispute.by.agency),
                _clock(dispute, now),
                tuple(need for need in needs.needs(case) if need.partition(":")[2] == dispute_id),
                tuple(_steps(case, dispute)),
            )
    return None


def _clock(dispute: Dispute, now: datetime) -> Clock | None:
    if dispute.stage is DisputeStage.SETTLED:
        return None
    return Clock("decide by", dispute.due_at, words.time_left(dispute.due_at, now), dispute.due_at < now)


def _steps(case: Case, dispute: Dispute) -> Iterator[Step]:
    yield Step("Disputed", (dispute.by,), dispute.at)
    if dispute.managers:
        yield Step("Line managers acted", dispute.managers, None)
    if dispute.panel:
        yield Step("Panel called", dispute.panel, dispute.convened_at)
    if dispute.attended and dispute.met_by is not None:
        yield Step(f"Panel met, {words.in_words(dispute.met_by.value)}", dispute.attended, None)
    proposal = escalating.proposed(case, dispute)
    if proposal is not None:
        choice = words.in_words(proposal.decision.choice.choice.value)
        yield Step(f"Agreed, to be confirmed: {choice}", proposal.confirmed_by, proposal.decision.at)
    if dispute.settled_by is not None:
        decided = dispute.proposal.confirmed_by if dispute.proposal else ()
        yield Step(f"Settled by the {words.in_words(dispute.settled_by.value)}", decided, dispute.settled_at)
