"""Which message it is that a person says: from whom, about what, by which lane.

The command line and the HTTP API say the same. What the hub would refuse for good is found before anything is
sent.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from agents.coordinator.incoming import AHEAD
from agents.partnership import Partnership
from messages.dial import DialAlerted
from messages.envelope import Envelope
from messages.intake import RiskRated
from messages.parties import HUB
from messages.referral import ReferralReceived
from messages.words import Rag
from ops import case_views
from ops.problem import WrongInput
from ops.reading_input import Decision
from ops.sending import lane_for
from store.port import Store


def as_it_is(place: str) -> str:
    """The name of a place for who writes it as the contract has it."""
    return place


def require_known(
    said: ReferralReceived,
    partnership: Partnership,
    now: datetime,
    name_of: Callable[[str], str] = as_it_is,
) -> None:
    """Refuse a referral whose codes the partnership has not, or that is made later than now.

    Raises `WrongInput`, with places as ``name_of`` calls them.
    """
    problems = []
    if said.source not in partnership.sources:
        problems.append(f"source: must be one of {', '.join(sorted(partnership.sources))}")
    authorities = {f"earlier_authorities.{n}": code for n, code in enumerate(said.earlier_authorities)}
    for place, code in {"authority": said.authority, **authorities}.items():
        if code not in partnership.authorities:
            problems.append(f"{name_of(place)}: must be one of {', '.join(partnership.authorities)}")
    if said.made_at > now + AHEAD:
        clock = now.isoformat("T", "minutes")
        problems.append(f"{name_of('made_at')}: is later than the clock here, {clock}; correct it")
    if problems:
        raise WrongInput("the referral has to be corrected and sent again", tuple(problems))


def referral(said: ReferralReceived, message_id: str, now: datetime) -> Envelope:
    """A referral, from its source. [A01]"""
    return Envelope(
        id=message_id,
        source=f"source.{said.source}",
        recipient=HUB,
        subject=said.referral_id,
        time=now,
        payload=said,
        lane=lane_for(red=False),
    )


async def decision(
    said: Decision, partnership: Partnership, store: Store, message_id: str, now: datetime
) -> Envelope:
    """What is said about a case, or about a DIAL, a missing person or a daily round; RED by the urgent lane.

    Raises
    ------
    WrongInput
        for a sender or a case that there is not.
    StoreError
    """
    if said.sender not in {user.name for user in partnership.topology().users}:
        raise WrongInput("sender: is no party of this partnership; a team is team.<code> as in teams.toml")
    red = isinstance(said.payload, RiskRated | DialAlerted) and said.payload.rag is Rag.RED
    about = await case_views.other_document(store, said.case)
    if about is None:
        case, _ = await case_views.look_up(store, said.case)
        about, red = case.case_id, red or (case.rating is not None and case.rating.rag is Rag.RED)
    return Envelope(
        id=message_id,
        source=said.sender,
        recipient=HUB,
        subject=about,
        time=now,
        payload=said.payload,
        lane=lane_for(red),
    )
