"""Every type reaches its receivers' queues and no other; everybody may send what is theirs, no more."""

from __future__ import annotations

from itertools import product

import pytest

from broker.topics import matches
from messages.catalogue import CATALOGUE, Kind
from messages.envelope import Lane, routing_key
from messages.parties import kind_of, queue_name, topology
from messages.topology import DEAD_QUEUE

AGENCIES = ["police", "health", "police_two"]
PARTIES = ["hub", "staff", *(f"agency.{a}" for a in AGENCIES), "team.social-work", "source.school"]
TOPOLOGY = topology(AGENCIES, ["social-work"], ["school"])
QUEUES = {queue.name: queue for queue in TOPOLOGY.queues}
USERS = {user.name: user for user in TOPOLOGY.users}

KEYS = [(party, lane, full_type) for party, lane, full_type in product(PARTIES, Lane, CATALOGUE)]
"""Every routing key that anybody could think of: all types to all parties."""


def reached(key: str) -> list[str]:
    return [q.name for q in TOPOLOGY.queues if any(matches(p, key) for p in q.patterns)]


@pytest.mark.parametrize("full_type", CATALOGUE)
def test_a_type_reaches_the_queue_of_its_receiver_and_lane_and_nothing_else(full_type: str) -> None:
    for party, lane in product(PARTIES, Lane):
        takes_it = kind_of(party) in CATALOGUE[full_type].receivers

        assert reached(routing_key(party, lane, full_type)) == ([queue_name(party, lane)] if takes_it else [])


def test_everybody_has_an_urgent_and_a_routine_queue() -> None:
    assert sorted(QUEUES) == sorted(f"{party}.{lane}" for party in PARTIES for lane in ("urgent", "routine"))


@pytest.mark.parametrize("party", PARTIES)
def test_a_party_may_send_the_types_of_its_kind_to_their_receivers_and_nothing_else(party: str) -> None:
    for receiver, lane, full_type in KEYS:
        key = routing_key(receiver, lane, full_type)
        declaration = CATALOGUE[full_type]
        right = kind_of(party) in declaration.senders and kind_of(receiver) in declaration.receivers
        between = "hub" in (party, receiver)

        assert any(matches(p, key) for p in USERS[party].may_send) == (right and between), key


@pytest.mark.parametrize("party", PARTIES)
def test_what_may_be_sent_is_always_taken_by_a_queue(party: str) -> None:
    for receiver, lane, full_type in KEYS:
        key = routing_key(receiver, lane, full_type)
        if any(matches(p, key) for p in USERS[party].may_send):
            assert reached(key)


def test_a_party_reads_its_own_two_queues_and_the_hub_the_dead_one() -> None:
    for party in PARTIES:
        own = {f"{party}.urgent", f"{party}.routine"}

        assert set(USERS[party].may_read) == (own | {DEAD_QUEUE} if party == "hub" else own)


def test_every_type_has_a_sender_and_a_receiver_with_the_hub_at_one_end() -> None:
    for declaration in CATALOGUE.values():
        assert declaration.senders
        assert declaration.receivers
        assert Kind.HUB in declaration.senders | declaration.receivers


def test_a_hub_without_agencies_has_only_its_own_queues() -> None:
    assert {q.name.rsplit(".", 1)[0] for q in topology([], [], []).queues} == {"hub", "staff"}
