"""What staff decide before and at commencement: threshold, rating, direction. [G3.1, G3.5, G3.6]"""

from __future__ import annotations

from pydantic import Field

from messages.catalogue import Kind, declare
from messages.confidential import Confidential
from messages.referral import Belief
from messages.words import Actor, Code, Id, Rag, Rationale, Said


@declare("threshold.decided.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class ThresholdDecided(Said):
    """A Senior Practitioner or police Sergeant decides whether the hub takes the case. [B11, B12, G3.1]

    Where it is not met, either ``redirect_to`` names the proper agency, or ``no_further_action`` says that
    there is none. [A07, B12] ``section_47_belief`` is another practitioner's, where that of the referral
    could not be confirmed. [B08, G06]
    """

    by: Actor
    met: bool
    rationale: Rationale
    redirect_to: Code | None = None
    no_further_action: bool = False
    section_47_belief: Belief | None = None


@declare("referral.handed_over.v1", senders=[Kind.SOURCE, Kind.STAFF], receivers=[Kind.HUB])
class ReferralHandedOver(Said):
    """A redirected referral has reached the agency: its source handed it over, and says so itself or through
    staff of the hub (``by``). [A07, B12, G1.5]"""

    agency: Code
    by: Actor | None = None


@declare("risk.rated.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class RiskRated(Said):
    """The relevant manager sets the rating, at commencement or again later. [E01, E10, G3.6]

    ``open_case_worker`` is needed for BLUE. [E07]
    """

    by: Actor
    rag: Rag
    rationale: Rationale
    open_case_worker: Id | None = None


@declare("enquiry.directed.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class EnquiryDirected(Said):
    """Staff are directed to consult partners. [B11, C01-C04, G3.1, G3.4, G3.5]

    The core agencies of the category are always asked; ``also_ask`` names further ones, which for
    agencies outside the hub takes a manager. ``legal_basis`` and ``purpose`` are told to each agency.
    """

    by: Actor
    purpose: Code
    legal_basis: Code
    rationale: Rationale
    also_ask: tuple[Code, ...] = Field(default=(), max_length=30)
    question: Confidential | None = None
