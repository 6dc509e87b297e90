"""Who takes part, and the topology that follows from it and the declarations."""

from __future__ import annotations

from collections.abc import Sequence

import messages.adults
import messages.checks
import messages.child_sexual_exploitation
import messages.concern
import messages.dial
import messages.disclosure
import messages.escalation
import messages.governance
import messages.hate_crime
import messages.intake
import messages.missing
import messages.notices
import messages.own
import messages.package
import messages.referral
import messages.rounds
import messages.watch  # noqa: F401  (importing the modules fills the catalogue)
from messages.catalogue import CATALOGUE, Kind
from messages.envelope import Lane
from messages.topology import DEAD_QUEUE, QueueSpec, Topology, UserSpec

HUB = "hub"
STAFF = "staff"


def kind_of(party: str) -> Kind:
    """The kind of a party: ``agency.police`` is an agency."""
    return Kind(party.split(".")[0])


def queue_name(party: str, lane: Lane) -> str:
    """The queue of a party for one lane."""
    return f"{party}.{lane}"


def queues_of(party: str) -> tuple[QueueSpec, ...]:
    """An urgent and a routine queue, bound to the types that the party receives."""
    titles = sorted(d.title for d in CATALOGUE.values() if kind_of(party) in d.receivers)
    return tuple(
        QueueSpec(queue_name(party, lane), tuple(f"{party}.{lane}.{title}" for title in titles))
        for lane in Lane
    )


def sends_of(party: str, parties: Sequence[str]) -> tuple[str, ...]:
    """Routing-key patterns of all that a party may send, and to whom.

    Everybody talks to the hub alone; the hub talks to everybody.
    """
    receivers = parties if party == HUB else [HUB]
    return tuple(
        f"{receiver}.*.{declaration.title}"
        for receiver in receivers
        for declaration in sorted(CATALOGUE.values(), key=lambda d: d.type)
        if kind_of(party) in declaration.senders and kind_of(receiver) in declaration.receivers
    )


def topology(agencies: Sequence[str], teams: Sequence[str], sources: Sequence[str]) -> Topology:
    """All queues, users and permissions of a hub with these agencies, teams and referral sources."""
    parties = [
        HUB,
        STAFF,
        *(f"agency.{a}" for a in agencies),
        *(f"team.{t}" for t in teams),
        *(f"source.{s}" for s in sources),
    ]
    users = [
        UserSpec(
            name=party,
            may_send=sends_of(party, parties),
            may_read=tuple(q.name for q in queues_of(party)) + ((DEAD_QUEUE,) if party == HUB else ()),
        )
        for party in parties
    ]
    return Topology(
        queues=tuple(q for party in parties for q in queues_of(party)),
        users=tuple(users),
    )
