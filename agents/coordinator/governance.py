"""What a case keeps of supervision calls, breaches and its own end. [J05, L09, L10]"""

from __future__ import annotations

from datetime import datetime

from agents.coordinator.stored import Stored
from messages.confidential import Confidential
from messages.governance import PartnerConsulted, SupervisorCalled
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


class Purge(Stored):
    """The champions' joint decision that the content of the case is destroyed, and the rule that let them.
    [L09]"""

    by: Actor
    jointly_with: tuple[Actor, ...]
    rule: str
    at: datetime
