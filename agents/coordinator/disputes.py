"""A disagreement about an element as the coordinator keeps it, from position to settlement. [K]"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from agents.coordinator.elements import Authority, OwnersDecision
from agents.coordinator.stored import Stored
from messages.confidential import Confidential
from messages.words import (
    Actor,
    Choice,
    Code,
    Id,
    Mode,
)


class DisputeStage(StrEnum):
    """How far a disagreement has gone. [K]"""

    RAISED = "raised"
    MANAGEMENT_FAILED = "management_failed"
    PANEL_CONVENED = "panel_convened"
    PANEL_DISAGREED = "panel_disagreed"
    SETTLED = "settled"


class Proposal(Stored):
    """What managers or the panel agreed, as one of them recorded it. It comes into force when one of
    ``named`` of each side has said so, and lapses with more answers or a new round, which it could not rest
    on. [A03, K01, K03]
    """

    decision: OwnersDecision
    named: tuple[Actor, ...]
    confirmed_by: tuple[Actor, ...]


class HeldView(Stored):
    """What a member of the panel held, and why. [K04, K07]"""

    actor: Actor
    position: Choice
    view: Confidential


class Tried(Stored):
    """Managers or the panel tried to settle it: what one of them recorded of that, with the views that were
    heard. [K01, K07]"""

    by: Actor
    at: datetime
    reason: Confidential
    views: tuple[HeldView, ...] = ()


class Dispute(Stored):
    """A disagreement about one element, from position to settlement, all of it recorded. [K07]

    ``panel`` was called at ``convened_at``; of it those met who are in ``attended``, in the mode ``met_by``.
    [K04] ``reasons`` has every attempt to settle it, in their order.
    """

    dispute_id: Id
    element_id: Id
    ground: Code
    by: Actor
    position: Confidential
    at: datetime
    due_at: datetime
    expedited: bool
    stage: DisputeStage = DisputeStage.RAISED
    managers: tuple[Actor, ...] = ()
    panel: tuple[Actor, ...] = ()
    convened_at: datetime | None = None
    attended: tuple[Actor, ...] = ()
    met_by: Mode | None = None
    reasons: tuple[Tried, ...] = ()
    proposal: Proposal | None = None
    settled_by: Authority | None = None
    settled_at: datetime | None = None

    def proposed(self, round_number: int, answers: int) -> Proposal | None:
        """What may be confirmed now, in this round and after so many answers."""
        proposal = self.proposal
        if proposal is None or self.stage is DisputeStage.SETTLED:
            return None
        rests_on = (proposal.decision.round, proposal.decision.evidence)
        return proposal if rests_on == (round_number, answers) else None
