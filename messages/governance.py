"""Supervision calls, breaches of the Memorandum, the end of a case's content. [J, L09, L10, M5, M8, M9]"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from messages.catalogue import Kind, declare
from messages.confidential import Confidential
from messages.words import Actor, Code, Id, MadeId, Moment, Said


class SupervisorCalled(Said):
    """The supervisor outside the hub who was telephoned. A receiver of no message. [J02, J04]"""

    person: Id
    agency: Code


class PartnerConsulted(Said):
    """A partner in the hub who was consulted before the call, and when. [J05, M5.5]"""

    agency: Code
    at: Moment


@declare("supervision.recorded.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class SupervisionRecorded(Said):
    """A member of staff telephoned a designated supervisor. When, who, on what ground and to what end, and
    nothing of what was said: it is written to no system. [J02-J06, M5.2, M5.4, M5.5]
    """

    by: Actor
    call_id: MadeId
    supervisor: SupervisorCalled
    called_at: Moment
    ground: Literal["unable_to_decide", "need_for_escalation"]
    consulted: tuple[PartnerConsulted, ...] = Field(min_length=1, max_length=20)
    outcome: Literal["advice_given", "escalation_advised", "referred_above", "no_advice"]


BreachKind = Literal["misuse_by_supervisor", "use_beyond_purpose", "disclosed_without_release", "other"]
"""What of the Memorandum was not kept. [J07, L10]"""


@declare("breach.reported.v1", senders=[Kind.STAFF, Kind.AGENCY], receivers=[Kind.HUB])
class BreachReported(Said):
    """Somebody did not keep to the Memorandum: staff of the hub or a supervisor. [J07, L10, M5.3, M9]

    ``account`` stays in the hub, because it may repeat what was not released.
    """

    by: Actor
    report_id: MadeId
    person: Id
    agency: Code
    kind: BreachKind
    account: Confidential


@declare("breach.referred.v1", senders=[Kind.HUB], receivers=[Kind.AGENCY])
class BreachReferred(Said):
    """The agency that employs a person hears of a breach by them, for its own disciplinary process. Nobody
    else does, and the hub takes no measure of its own. [L10, M9]

    It has codes alone: the agency's liaison officer hears the account in the hub.
    """

    report_id: Id
    person: Id
    kind: BreachKind
    reported_by: Code
    reported_at: Moment


@declare("case.purge_requested.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class CasePurgeRequested(Said):
    """A data-protection champion wants the content destroyed of a closed case, or of a DIAL or the reports of
    a missing person that are done with, when its rule of retention lets them. [L09, M8]

    Each champion says so in a message of their own; it is decided with the last of those who have to agree.
    It has no reason in words: that would be destroyed with the content. The reason is the rule, which goes
    on record.
    """

    by: Actor


StayGround = Literal["inquest", "serious_case_review"]
"""Why content is needed though its time may be over."""


@declare("case.stay_decided.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class CaseStayDecided(Said):
    """A data-protection champion stays the destruction of content, or lifts the own agency's stay. One of
    them is enough: what is destroyed cannot be had back. [L09, M8]

    While any stay is on (``stay`` true), nothing is destroyed, whatever the rules of retention say.
    """

    by: Actor
    ground: StayGround
    stay: bool
