"""What the hub tells people: alerts, warnings, breaches, outcomes, refusals. [E03, E04, E14, B12]"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from messages.catalogue import Kind, declare
from messages.confidential import Confidential
from messages.referral import PersonConcerned
from messages.words import Category, Code, Id, Moment, Party, Rag, Said


@declare("alert.raised.v1", senders=[Kind.HUB], receivers=[Kind.TEAM])
class AlertRaised(Said):
    """Police and social work units are told of a RED referral at once. [E03, E05, G3.6]

    ``package_within_minutes`` is the promise that it makes: in the guidance, four hours from receipt.
    ``concern`` is left out while it would give a source away; a further notice brings it in other words.
    [D13]
    """

    alert_id: Id
    recipient: Code
    category: Category
    rag: Rag
    received_at: Moment
    package_within_minutes: int
    package_promised_by: Moment
    people: tuple[PersonConcerned, ...]
    concern: Confidential | None = None


@declare("alert.lowered.v1", senders=[Kind.HUB], receivers=[Kind.TEAM])
class AlertLowered(Said):
    """The teams that heard of a RED referral hear that it is rated less urgent. [E10, E11]

    ``package_promised_by`` is the promise that stands all the same; absent once a package has kept it. [E04]
    """

    alert_id: Id
    recipient: Code
    rag: Rag
    package_promised_by: Moment | None = None


Timer = Literal[
    "hub_target", "outer_promise", "agency_answer", "owner_decision", "escalation", "record_back", "outcome"
]
"""Which clock a notice speaks of. ``outcome`` is that of the field teams' reports. [G04]"""


@declare("deadline.warned.v1", senders=[Kind.HUB], receivers=[Kind.STAFF, Kind.AGENCY])
class DeadlineWarned(Said):
    """Part of the time of an agency or of the case is used up: 50, 75 or 90 per cent. [E14]"""

    timer: Timer
    agency: Code | None = None
    percent: int = Field(ge=1, le=99)
    due_at: Moment


@declare("deadline.breached.v1", senders=[Kind.HUB], receivers=[Kind.STAFF, Kind.TEAM])
class DeadlineBreached(Said):
    """A clock ran out; ``cause`` says what was missing. [E04, E13, E14]

    ``severity`` is ``manager_alert`` for the hub's own target and ``escalated_failure`` for the promise
    to the field teams.
    """

    timer: Timer
    agency: Code | None = None
    due_at: Moment
    cause: Code
    waiting_for: tuple[Code, ...] = ()
    severity: Literal["manager_alert", "escalated_failure"]


@declare("outcome.notified.v1", senders=[Kind.HUB], receivers=[Kind.SOURCE])
class OutcomeNotified(Said):
    """The referrer is told what became of the referral. [A07, B06, B07, B12]

    ``outcome`` is ``not_in_mash`` (no live cohort), ``local_route`` (a link of their own outside the hub),
    ``redirected``, ``passed_to_teams``, ``reviewed`` (a hate crime in which nobody vulnerable was
    identified [I04]), or ``no_further_action``. A redirected referral its source
    takes to the agency itself: the hub passes nothing on. [B12] ``about`` is the source's own
    id where the hub referred by itself: of its DIAL or of its missing person.
    """

    referral_id: Id
    about: Id | None = None
    outcome: Literal[
        "not_in_mash", "local_route", "redirected", "passed_to_teams", "reviewed", "no_further_action"
    ]
    redirected_to: Code | None = None
    reason_code: Code
    reason: Confidential | None = None


@declare(
    "message.rejected.v1",
    senders=[Kind.HUB, Kind.AGENCY],
    receivers=[Kind.HUB, Kind.STAFF, Kind.AGENCY, Kind.TEAM, Kind.SOURCE],
)
class MessageRejected(Said):
    """A message could not be accepted: why, where in it, and what to do. Never content."""

    rejected_id: Id
    rejected_type: str = Field(max_length=128)
    reason: Code
    fields: tuple[str, ...] = Field(default=(), max_length=50)
    remedy: str = Field(max_length=1000)
    sent_by: Party | None = None
    at: Moment
