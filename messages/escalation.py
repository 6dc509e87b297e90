"""Disagreement, from dispute over management action and panel to the data controller. [K, M6]"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from messages.catalogue import Kind, declare
from messages.confidential import Confidential
from messages.words import Actor, Choice, Code, ElementChoice, Id, MadeId, Mode, Moment, Said


@declare("disclosure.disputed.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class DisclosureDisputed(Said):
    """Staff of a signatory agency dispute the decision on an element. [D22, K01, M2.8]"""

    by: Actor
    dispute_id: MadeId
    element_id: Id
    ground: Literal["relevance", "necessity"]
    position: Confidential


@declare("management.acted.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class ManagementActed(Said):
    """Line managers of the two sides try to settle a dispute. [K01, M6]

    ``by`` is one side's manager, ``other_side`` the other's. ``outcome`` is the
    choice agreed: given when ``settled`` is true, and only then. It comes into force when the other manager
    has confirmed it (`SettlementConfirmed`).
    """

    by: Actor
    other_side: Actor
    dispute_id: Id
    settled: bool
    outcome: ElementChoice | None = None
    reason: Confidential

    @model_validator(mode="after")
    def _settled_has_outcome(self) -> ManagementActed:
        if self.settled != (self.outcome is not None):
            raise PydanticCustomError("outcome_only_when_settled", "outcome goes with settled alone")
        return self


@declare("settlement.confirmed.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class SettlementConfirmed(Said):
    """Whoever was named in a settlement says for themselves that it was agreed: the other side's manager, or
    a member of the panel. Until each side has said so nothing leaves and nothing is held back by it. [K01,
    K03, K07]
    """

    by: Actor
    dispute_id: Id


@declare("escalation.convened.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class EscalationConvened(Said):
    """A panel is called after management action failed. [K01-K04, M6]"""

    by: Actor
    dispute_id: Id
    panel: tuple[Actor, ...] = Field(min_length=1, max_length=20)
    mode: Mode


@declare("escalation.raised.v1", senders=[Kind.HUB], receivers=[Kind.STAFF])
class EscalationRaised(Said):
    """The hub calls the panel's role-holders, with the time by which they should decide. [K02, K08]"""

    dispute_id: Id
    element_id: Id
    owner: Code
    requester: Code
    panel: tuple[Actor, ...]
    expedited: bool
    due_at: Moment


class View(Said):
    """What a member of the panel holds, for the record. [K04, K07]"""

    actor: Actor
    position: Choice
    view: Confidential


@declare("escalation.decided.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class EscalationDecided(Said):
    """The panel agrees on a choice, or records that it cannot. [K03, K04, K06, K07]

    ``outcome`` is that choice: given when ``agreed`` is true, and only then; each view then holds it too. It
    comes into force when a member of each side has said so (`SettlementConfirmed`).
    """

    by: Actor
    dispute_id: Id
    mode: Mode
    views: tuple[View, ...] = Field(min_length=1, max_length=20)
    agreed: bool
    outcome: ElementChoice | None = None
    reason: Confidential

    @model_validator(mode="after")
    def _agreed_has_outcome(self) -> EscalationDecided:
        if self.agreed != (self.outcome is not None):
            raise PydanticCustomError("outcome_only_when_agreed", "outcome goes with agreed alone")
        return self


@declare("controller.decided.v1", senders=[Kind.STAFF, Kind.AGENCY], receivers=[Kind.HUB])
class ControllerDecided(Said):
    """The data controller of the disputed element decides, finally. [K06, M6.2]"""

    by: Actor
    dispute_id: Id
    outcome: ElementChoice
