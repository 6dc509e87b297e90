"""Who is told of a rejection, and under which name a message that cannot be read goes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agents.runtime.opening import Rejection, quarantined, rejection_of
from agents.runtime.outgoing import rejected
from broker.port import Delivery
from messages.codec import from_wire, plain_wire
from messages.envelope import Lane
from messages.notices import MessageRejected
from tests.support.small_world import KEYS, a_referral

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def delivery(
    body: bytes = b"?", *, user: str | None = "staff", message_id: str = "m-1", queue: str = "hub.routine"
) -> Delivery:
    return Delivery(
        queue=queue,
        message_id=message_id,
        type="mash.threshold.decided.v1",
        routing_key="hub.routine.threshold.decided.v1",
        body=body,
        headers={},
        user=user,
        attempt=1,
        handle=None,
    )


def a_rejection(**given: object) -> Rejection:
    return rejection_of(delivery(**given), "not_json", "Send JSON.")  # type: ignore[arg-type]


def test_the_sender_that_the_broker_vouches_for_is_told() -> None:
    told = rejected(a_rejection(), "hub", NOON)
    assert told is not None
    assert (told.recipient, told.id, told.causation_id) == ("staff", "m-1.rejected", "m-1")
    again, texts = from_wire(plain_wire(told, KEYS), user="hub", me="staff", keys=KEYS)
    assert isinstance(again.payload, MessageRejected)
    assert again.payload.reason == "not_json"
    assert texts == []


@pytest.mark.parametrize("user", [None, "guest", "agency.Police", "hub; DROP"])
def test_nobody_is_told_when_the_sender_is_no_party(user: str | None) -> None:
    assert rejected(a_rejection(user=user), "hub", NOON) is None


def test_the_lane_of_the_answer_is_that_of_the_message() -> None:
    told = rejected(a_rejection(queue="hub.urgent"), "hub", NOON)
    assert told is not None
    assert told.lane is Lane.URGENT


def test_what_a_message_says_of_itself_counts_when_it_is_sound() -> None:
    rejection = rejection_of(delivery(plain_wire(a_referral(), KEYS)), "x", "y")
    assert (rejection.message_id, rejection.type, rejection.subject) == (
        "m-ref-1",
        "mash.referral.received.v1",
        "ref-1",
    )


def test_an_unsound_name_is_replaced_by_one_that_follows_from_the_body() -> None:
    one, other = (a_rejection(message_id="Tilly Thornquist", body=body) for body in (b"1", b"2"))
    assert one.message_id.startswith("unreadable-")
    assert one.message_id != other.message_id
    assert one.message_id == a_rejection(message_id="another name", body=b"1").message_id


def test_a_long_name_still_gives_an_id_that_can_be_sent() -> None:
    told = rejected(a_rejection(message_id="m" * 128), "hub", NOON)
    assert told is not None
    assert len(told.id) <= 128
    assert told.id.endswith(".rejected")


def test_the_quarantine_names_the_queue_that_a_dead_message_came_from() -> None:
    dead = Delivery(
        queue="mash.dead",
        message_id="m-1",
        type="x y",
        routing_key="a key with spaces",
        body=b"{}",
        headers={"x": "y"},
        user="staff",
        attempt=7,
        handle=None,
        failure="handler_failed",
        origin_queue="hub.urgent",
    )
    item = quarantined(rejection_of(dead, "handler_failed", "Nothing."), NOON)
    assert (item.queue, item.type, item.routing_key, item.attempts) == ("hub.urgent", "unknown", "unknown", 7)
