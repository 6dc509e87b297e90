"""A DIAL as the hub keeps it, from the scene to the meeting. [H01-H10, G3.18, G3.19]"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from agents.coordinator.brought import Brought
from agents.coordinator.governance import Purge, Stay
from agents.coordinator.parts import Document
from agents.coordinator.stored import Stored
from agents.partnership import Partnership
from messages.confidential import Confidential
from messages.dial import AtTheScene
from messages.referral import NativeForm, PersonConcerned
from messages.words import Actor, Code, Id, Mode, Rag, Rationale


class History(Stored):
    """What the police know. [H03]"""

    by: Actor
    at: datetime
    known: bool
    history: Confidential


class LateralCheck(Stored):
    """What one authority's children's services know. [H03]"""

    by: Actor
    at: datetime
    known: bool
    findings: Confidential


class Alert(Stored):
    """Tier 2. [H07]"""

    by: Actor
    at: datetime
    rag: Rag
    action: Code
    rationale: Rationale


class Screening(Stored):
    """Tier 3. [H04, H05]

    ``refer`` says that the meeting wants full sharing, ``case_of`` the referral under which the DIAL has it:
    one that the meeting brought, or one that was open already.
    """

    by: Actor
    at: datetime
    participants: tuple[Actor, ...]
    mode: Mode
    context: Confidential
    action: Code | None
    no_action_because: Confidential | None
    refer: bool
    case_of: Id | None = None


class Dial(Document):
    """One DIAL. The three tiers are three fields: what was done at the scene, what research found, what the
    meeting decided. [H08] ``brought`` are the hub's referrals that followed from it."""

    dial_id: Id
    source: Code
    incident_at: datetime
    received_at: datetime
    authority: Code
    children_of: tuple[Code, ...]
    adult_at_risk: bool
    people: tuple[PersonConcerned, ...]
    account: Confidential
    form: NativeForm | None = None
    tier_1: AtTheScene | None = None
    history: History | None = None
    checks: tuple[LateralCheck, ...] = ()
    tier_2: Alert | None = None
    tier_3: Screening | None = None
    brought: tuple[Brought, ...] = ()
    purge: Purge | None = None
    stays: tuple[Stay, ...] = ()

    @property
    def screened(self) -> bool:
        """Whether the meeting has decided on it."""
        return self.tier_3 is not None


Stage = Literal["history", "checks", "meeting", "screened"]


def who_checks(dial: Dial, partnership: Partnership) -> set[str]:
    """The children's services of the authorities that the children live in. [H03, H04]"""
    return {
        core.agency
        for core in partnership.core_checks
        if "child" in partnership.agencies[core.agency].serves
        and set(core.authorities) & set(dial.children_of)
    }


def stage(dial: Dial, partnership: Partnership) -> Stage:
    """What a DIAL waits for."""
    if dial.screened:
        return "screened"
    if dial.history is None:
        return "history"
    checked = {check.by.agency for check in dial.checks}
    return "meeting" if who_checks(dial, partnership) <= checked else "checks"
