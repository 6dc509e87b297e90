"""What is said arrives as it was said, its confidential texts sealed on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.catalogue import CATALOGUE
from messages.codec import from_wire, peek, plain_wire, received_ref, to_outbox, to_wire
from messages.confidential import MAX_TEXT, Confidential
from messages.envelope import Envelope, Lane, wire_party
from messages.package import InformationRequested
from messages.sealing import KeptContext, WireKeys, kept_refs
from messages.words import Said
from tests.support.examples import EXAMPLES, KEYS, envelope, on_route, routes, smallest, texts_of

ROUTES = [(full_type, route) for full_type in EXAMPLES for route in routes(full_type)]


def received(body: bytes, message: Envelope) -> tuple[Envelope, list[str]]:
    """What the receiver makes of it, with no key but its own."""
    party = wire_party(message.source, message.recipient)
    keys = KEYS if message.recipient == "hub" else WireKeys(own={party: KEYS.raw(party)})
    there, texts = from_wire(body, user=message.source, me=message.recipient, keys=keys)
    return there, [text.reveal() for text in texts]


def said(payload: Said) -> str:
    """A payload as JSON, texts apart."""
    return payload.model_dump_json()


def test_every_declared_type_has_an_example() -> None:
    assert set(EXAMPLES) == set(CATALOGUE)


@pytest.mark.parametrize(("full_type", "route"), ROUTES)
@pytest.mark.parametrize("shape", ["full", "smallest"])
def test_every_message_arrives_as_it_was_sent(full_type: str, route: tuple[str, str], shape: str) -> None:
    example = EXAMPLES[full_type]
    payload = example if shape == "full" else smallest(example)
    message = on_route(envelope(payload, lane=Lane.URGENT), route)

    there, texts = received(plain_wire(message, KEYS), message)

    assert texts == texts_of(payload) == texts_of(there.payload)
    assert said(there.payload) == said(payload)
    assert replace(there, payload=payload) == message


@pytest.mark.parametrize("full_type", EXAMPLES)
def test_an_outbox_keeps_references_and_the_wire_carries_the_same_message(full_type: str) -> None:
    message = envelope(EXAMPLES[full_type])

    body, new_texts = to_outbox(message)
    vault = {f"{message.id}#{n}": text for n, text in enumerate(new_texts)}
    there, texts = received(to_wire(body, vault, KEYS), message)

    assert new_texts == texts_of(message.payload)
    assert kept_refs(body) == list(vault)
    assert not any(text in body for text in new_texts)
    assert texts == new_texts
    assert said(there.payload) == said(message.payload)


def test_a_text_that_the_vault_has_already_keeps_its_reference() -> None:
    asked = EXAMPLES["mash.information.requested.v1"]
    assert isinstance(asked, InformationRequested)
    payload = asked.model_copy(update={"why": Confidential.kept("earlier-message#3")})

    body, new_texts = to_outbox(envelope(payload))

    assert new_texts == [asked.question.reveal()]
    assert kept_refs(body) == ["msg-1#0", "earlier-message#3"]


def test_a_text_used_twice_is_sealed_once() -> None:
    asked = EXAMPLES["mash.information.requested.v1"]
    kept = Confidential.kept("earlier-message#3")
    message = envelope(asked.model_copy(update={"why": kept, "question": kept}))
    body, _ = to_outbox(message)

    there, texts = received(to_wire(body, {"earlier-message#3": "He may be at home"}, KEYS), message)

    assert texts == ["He may be at home"]
    assert texts_of(there.payload) == ["He may be at home"] * 2


def test_references_in_a_state_stay_references() -> None:
    asked = EXAMPLES["mash.information.requested.v1"]
    kept = asked.model_copy(update={"why": Confidential.kept("a#0"), "question": Confidential.kept("a#1")})
    body, _ = to_outbox(envelope(kept))

    again = type(asked).model_validate_json(json.dumps(json.loads(body)["data"]), context=KeptContext())

    assert again == kept


def test_a_missing_text_stops_the_message() -> None:
    body, _ = to_outbox(envelope(EXAMPLES["mash.package.issued.v1"]))

    with pytest.raises(KeyError):
        to_wire(body, {}, KEYS)


@pytest.mark.parametrize("full_type", EXAMPLES)
def test_no_text_is_readable_on_the_wire(full_type: str) -> None:
    message = envelope(EXAMPLES[full_type])
    wire = plain_wire(message, KEYS).decode()

    assert not any(text in wire for text in texts_of(message.payload))


def test_a_text_gets_the_reference_of_its_message_and_place() -> None:
    message = envelope(EXAMPLES["mash.information.requested.v1"])
    body = plain_wire(message, KEYS)
    blob_ref = received_ref(body)

    there, _ = received(body, message)

    assert isinstance(there.payload, InformationRequested)
    assert there.payload.question.ref == f"{blob_ref}#0"
    assert there.payload.why.ref == f"{blob_ref}#1"


def test_another_message_of_the_same_id_has_texts_of_its_own() -> None:
    message = envelope(EXAMPLES["mash.information.requested.v1"])

    one, other = (received_ref(plain_wire(message, KEYS)) for _ in range(2))

    assert one != other


def test_a_field_that_a_newer_sender_adds_is_passed_over() -> None:
    message = envelope(EXAMPLES["mash.check.answered.v1"])
    event = json.loads(plain_wire(message, KEYS))
    event["data"]["added_later"] = {"any": ["thing"]}
    event["data"]["elements"][0]["added_later"] = 1
    event["addedlater"] = True

    there, _ = received(json.dumps(event).encode(), message)

    assert said(there.payload) == said(message.payload)


def test_moments_arrive_in_utc() -> None:
    summer = timezone(timedelta(hours=1))
    message = replace(
        envelope(EXAMPLES["mash.package.acknowledged.v1"]), time=datetime(2026, 7, 1, 10, tzinfo=summer)
    )

    there, _ = received(plain_wire(message, KEYS), message)

    assert there.time == datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert there.time.tzinfo is UTC


def test_the_routing_key_is_receiver_lane_and_type() -> None:
    message = envelope(EXAMPLES["mash.check.requested.v1"], lane=Lane.URGENT)

    assert message.routing_key == "agency.police.urgent.check.requested.v1"


def test_a_refused_message_can_still_be_named() -> None:
    event = json.loads(plain_wire(envelope(EXAMPLES["mash.check.answered.v1"]), KEYS))
    del event["data"]

    assert peek(json.dumps(event).encode()) == {
        "id": "msg-1",
        "type": "mash.check.answered.v1",
        "subject": "case-1",
        "traceparent": event["traceparent"],
    }


@pytest.mark.parametrize("value", ["Marigold Thistlewood", "x" * 129, 7, None, {"id": "msg-1"}])
def test_nothing_but_a_sound_identifier_is_told_of_a_refused_message(value: object) -> None:
    assert peek(json.dumps({"id": value}).encode()) == {}


def test_only_the_hub_derives_the_keys_of_others() -> None:
    police = WireKeys(own={"agency.police": KEYS.raw("agency.police")})

    with pytest.raises(LookupError):
        police.of("agency.health")
    with pytest.raises(LookupError):
        police.raw("agency.police")
    assert KEYS.raw("agency.police") != KEYS.raw("agency.health")


readable = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(
    lambda text: bool(text.strip())
)


@settings(max_examples=60, deadline=None)
@given(
    question=readable,
    why=readable,
    message_id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,30}", fullmatch=True),
)
def test_any_text_survives_the_journey(question: str, why: str, message_id: str) -> None:
    asked = EXAMPLES["mash.information.requested.v1"]
    payload = asked.model_copy(update={"question": Confidential(question), "why": Confidential(why)})
    message = envelope(payload, message_id=message_id)

    body, new_texts = to_outbox(message)
    wire = to_wire(body, {f"{message_id}#{n}": text for n, text in enumerate(new_texts)}, KEYS)

    assert received(wire, message)[1] == [question, why]
    assert received(plain_wire(message, KEYS), message)[1] == [question, why]


def test_the_longest_text_still_travels() -> None:
    asked = EXAMPLES["mash.information.requested.v1"]
    message = envelope(asked.model_copy(update={"question": Confidential("\u2603" * MAX_TEXT)}))

    assert received(plain_wire(message, KEYS), message)[1][0] == "\u2603" * MAX_TEXT
