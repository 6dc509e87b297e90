"""The adult pathway as a case keeps it: signatures, and what followed from them. [F01-F07, G3.8-3.11]"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from agents.coordinator.stored import Stored
from agents.partnership import AdultRecipient
from messages.confidential import Confidential
from messages.words import Actor, Code, Id, Mode, Rationale


class Side(StrEnum):
    """The two sides that sign: the Adults' Advanced Practitioner, and the police Sergeant. [F01]"""

    SOCIAL_CARE = "social_care"
    POLICE = "police"


class Signature(Stored):
    """What one side holds of the threshold. ``evidence`` counts the answers that it rested on. [F01, A03]"""

    side: Side
    by: Actor
    met: bool
    at: datetime
    evidence: int
    rationale: Rationale


class StrategyDiscussion(Stored):
    """The formal Strategy Discussion of the two signatories. [F03]"""

    by: Actor
    mode: Mode
    at: datetime
    summary: Confidential


class InvestigationPlan(Stored):
    """The Initial Investigation Plan of the two signatories. [F03]"""

    by: Actor
    mode: Mode
    at: datetime
    plan: Confidential


class AdultRoute(Stored):
    """Whether it is a complex investigation, on what grounds, and whether police take part in any other.
    [F04-F06]"""

    by: Actor
    at: datetime
    complex: bool
    checklist: Id | None
    criteria: tuple[Code, ...]
    complex_because: Confidential | None
    involve_police: bool
    rationale: Rationale


class JointDecision(Stored):
    """What both signatories agreed on, and what they did on the strength of it. [F01, F03]"""

    met: bool
    signatories: tuple[Actor, Actor]
    at: datetime
    strategy: StrategyDiscussion | None = None
    plan: InvestigationPlan | None = None
    route: AdultRoute | None = None

    @property
    def recipients(self) -> frozenset[AdultRecipient]:
        """Whom the package goes to; nobody while the route is open. [F02, F04, F06]"""
        if not self.met:
            return frozenset({AdultRecipient.NOT_MET})
        if self.route is None:
            return frozenset()
        if self.route.complex:
            return frozenset({AdultRecipient.COMPLEX})
        police = {AdultRecipient.POLICE} if self.route.involve_police else set()
        return frozenset({AdultRecipient.NOT_COMPLEX, *police})


class AdultRecord(Stored):
    """Every signature, and every joint decision with what followed from it; nothing is ever taken off.

    The latest signature of each side counts. The last of ``decisions`` stands while these two agree.
    """

    signatures: tuple[Signature, ...] = ()
    decisions: tuple[JointDecision, ...] = ()

    def latest(self, side: Side) -> Signature | None:
        """What a side holds now."""
        return next((s for s in reversed(self.signatures) if s.side is side), None)

    @property
    def unsigned(self) -> tuple[Side, ...]:
        """The sides that have not signed."""
        return tuple(side for side in Side if self.latest(side) is None)

    @property
    def held(self) -> bool:
        """Whether the two disagree: there is no route until they are at one. [F07]"""
        return len({s.met for side in Side if (s := self.latest(side)) is not None}) > 1

    @property
    def decision(self) -> JointDecision | None:
        """What both agree on now. [F01]"""
        return None if self.unsigned or self.held else self.decisions[-1]

    @property
    def standing(self) -> str:
        """``open``, ``held``, ``met`` or ``not_met``."""
        if self.decision is not None:
            return "met" if self.decision.met else "not_met"
        return "held" if self.held else "open"

    def signed(self, signature: Signature) -> AdultRecord:
        """The record with one more signature. A decision begins when the two agree who did not before; it
        goes on when the same two say the same again."""
        after = self.model_copy(update={"signatures": (*self.signatures, signature)})
        if after.unsigned or after.held:
            return after
        pair = tuple(s.by for side in Side if (s := after.latest(side)) is not None)
        before = self.decision
        if before is not None and (before.met, before.signatories) == (signature.met, pair):
            return after
        begun = JointDecision(met=signature.met, signatories=(pair[0], pair[1]), at=signature.at)
        return after.model_copy(update={"decisions": (*self.decisions, begun)})

    def with_decision(self, decision: JointDecision) -> AdultRecord:
        """The record with the decision that stands replaced."""
        return self.model_copy(update={"decisions": (*self.decisions[:-1], decision)})
