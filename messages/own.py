"""What the hub tells its staff when something that it said to itself led nowhere. [H07, H09, H10, I09, I10]

A DIAL or a missing child becomes a case by a referral of the hub to itself, so no source would notice.
"""

from __future__ import annotations

from typing import Literal

from messages.catalogue import Kind, declare
from messages.words import Code, Id, Rag, Said


@declare("own_message.refused.v1", senders=[Kind.HUB], receivers=[Kind.STAFF])
class OwnMessageRefused(Said):
    """The hub did not take what it said to itself: a person has to see to it. [H07, H09, I09]

    ``document`` is the key of the DIAL, the missing person, the round or the case that it follows from,
    ``put_back`` what may be done again there: ``alert`` for instance.
    """

    document: Id
    type: str
    reason: Code
    put_back: tuple[Code, ...] = ()


@declare("own_referral.sent_away.v1", senders=[Kind.HUB], receivers=[Kind.STAFF])
class OwnReferralSentAway(Said):
    """The hub does not work on what it referred to itself, because no live cohort takes it or it has a local
    route: nobody acts on it but by hand. [B06, B07, H07, H10, I09]

    ``document`` is the key of the DIAL or the missing person, ``case`` that of the closed case, ``rag`` the
    rating of tier 2 if there was one.
    """

    document: Id
    case: Id
    because: Code
    outcome: Literal["not_in_mash", "local_route"]
    rag: Rag | None = None
