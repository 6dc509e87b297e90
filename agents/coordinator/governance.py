"""What is kept of supervision calls, breaches and the end of content. [J05, L09, L10]"""

from __future__ import annotations

from datetime import datetime

from agents.coordinator.stored import Stored
from messages.confidential import Confidential
from messages.governance import PartnerConsulted, StayGround, SupervisorCalled
from messages.words import Actor, Code, Id


class SupervisionCall(Stored):
    """A call to a supervisor: that it was, and nothing of what was said. [J05]"""

    call_id: Id
    by: Actor
    supervisor: SupervisorCalled
    called_at: datetime
    ground: Code
    consulted: tuple[PartnerConsulted, ...]
    outcome: Code
    recorded_at: datetime


class BreachReport(Stored):
    """A breach that was referred to the agency that employs the person. [L10]"""

    report_id: Id
    by: Actor
    person: Id
    agency: Code
    kind: Code
    account: Confidential
    at: datetime


class Consent(Stored):
    """A champion's word, in a message of their own, that the content be destroyed. [L09]"""

    by: Actor
    at: datetime


class Purge(Stored):
    """The champions who want the content destroyed. It is decided, by the rule that lets them, once all have
    said so who have to. [L09]"""

    consents: tuple[Consent, ...]
    rule: str
    decided_at: datetime | None = None


class Stay(Stored):
    """Destruction is stayed, for an inquest or a serious case review. [L09]"""

    by: Actor
    ground: StayGround
    at: datetime


def is_decided(purge: Purge | None) -> bool:
    """Whether the content is to be destroyed, or was."""
    return purge is not None and purge.decided_at is not None
