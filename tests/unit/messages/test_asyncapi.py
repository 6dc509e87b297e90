"""The AsyncAPI document agrees with the declarations, and its payloads with what is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped, unused-ignore]

from messages.asyncapi import document
from messages.catalogue import CATALOGUE, Kind
from messages.codec import plain_wire
from messages.envelope import Lane
from messages.parties import kind_of
from messages.refusal import REMEDIES
from tests.support.examples import EXAMPLES, KEYS, envelope, on_route, routes, smallest

DOCUMENT = document()
COMPONENTS = DOCUMENT["components"]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from references(each)


def resolved(reference: str) -> Any:
    found: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))

    assert found
    for reference in found:
        assert resolved(reference)


def test_the_document_is_the_same_each_time() -> None:
    assert json.dumps(document()) == json.dumps(document())


def test_every_type_is_a_message_of_the_channels_of_its_receivers_alone() -> None:
    assert set(COMPONENTS["messages"]) == {each.title for each in CATALOGUE.values()}
    for kind in Kind:
        expected = {each.title for each in CATALOGUE.values() if kind in each.receivers}

        assert set(DOCUMENT["channels"][kind]["messages"]) == expected
        assert set(DOCUMENT["channels"][kind]["parameters"]["type"]["enum"]) == expected


def test_every_operation_has_exactly_the_types_of_its_sender_and_receiver() -> None:
    for name, operation in DOCUMENT["operations"].items():
        channel = operation["channel"]["$ref"].rsplit("/", 1)[1]
        said = {reference["$ref"].rsplit("/", 1)[1] for reference in operation["messages"]}
        sender = name.split(".")[0] if operation["action"] == "send" else None

        assert said == {
            each.title
            for each in CATALOGUE.values()
            if channel in each.receivers and (sender is None or sender in each.senders)
        }


def test_every_way_that_a_type_may_go_is_an_operation() -> None:
    for full_type in CATALOGUE:
        for source, recipient in routes(full_type):
            operations = DOCUMENT["operations"]

            assert f"{kind_of(source)}.sends.to.{kind_of(recipient)}" in operations
            assert f"{kind_of(recipient)}.receives" in operations


@pytest.mark.parametrize("full_type", EXAMPLES)
def test_the_address_of_the_channel_is_the_routing_key(full_type: str) -> None:
    for route in routes(full_type):
        message = on_route(envelope(EXAMPLES[full_type], lane=Lane.URGENT), route)
        channel = DOCUMENT["channels"][kind_of(message.recipient)]
        names = re.findall(r"\{(\w+)\}", channel["address"])

        address = (
            channel["address"].replace("{lane}", "urgent").replace("{type}", full_type.removeprefix("mash."))
        )
        assert address.replace("{party}", message.recipient.split(".")[-1]) == message.routing_key
        assert set(names) == set(channel["parameters"])


def test_channels_are_routing_keys_of_the_topic_exchange() -> None:
    for channel in DOCUMENT["channels"].values():
        binding = channel["bindings"]["amqp"]

        assert binding["is"] == "routingKey"
        assert binding["exchange"] == {"name": "mash", "type": "topic", "durable": True, "autoDelete": False}


def test_messages_are_sent_persistent_and_mandatory() -> None:
    for operation in DOCUMENT["operations"].values():
        if operation["action"] == "send":
            assert operation["bindings"]["amqp"]["deliveryMode"] == 2
            assert operation["bindings"]["amqp"]["mandatory"] is True


@pytest.mark.parametrize("full_type", EXAMPLES)
@pytest.mark.parametrize("shape", ["full", "smallest"])
def test_what_is_sent_is_valid_by_the_document(full_type: str, shape: str) -> None:
    payload = COMPONENTS["messages"][CATALOGUE[full_type].title]["payload"]
    validator = Draft7Validator(payload | {"components": COMPONENTS})
    example = EXAMPLES[full_type]
    event = json.loads(plain_wire(envelope(example if shape == "full" else smallest(example)), KEYS))

    validator.validate(event)
    assert not validator.is_valid(event | {"type": "mash.another.v1"})
    assert not validator.is_valid(event | {"data": {}})


def test_every_schema_is_sound_for_the_reader_of_the_document() -> None:
    for schema in COMPONENTS["schemas"].values():
        Draft7Validator.check_schema(schema)


def test_the_document_needs_a_broker_user() -> None:
    [server] = DOCUMENT["servers"].values()

    assert resolved(server["security"][0]["$ref"])["type"] == "userPassword"


def test_every_reason_for_a_refusal_stands_in_the_text_with_its_remedy() -> None:
    for reason, remedy in REMEDIES.items():
        assert f"| `{reason}` | {remedy} |" in DOCUMENT["info"]["description"]


@pytest.mark.parametrize(
    "said", ["A256GCM", '"mid"', "262144", "mash.dead", "1, 5, 30, 120, 600 seconds", "user_id"]
)
def test_what_a_stranger_has_to_know_stands_in_the_text(said: str) -> None:
    assert said in DOCUMENT["info"]["description"]
