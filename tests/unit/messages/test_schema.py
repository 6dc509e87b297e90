"""The generated schemas say what the codec holds senders to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped, unused-ignore]

from messages.catalogue import CATALOGUE
from messages.codec import from_wire, plain_wire
from messages.refusal import Unacceptable
from messages.schema import ENVELOPE, schemas
from tests.support.examples import EXAMPLES, KEYS, envelope, smallest
from tests.support.mutation import changed, places, values

SCHEMAS = {name: Draft202012Validator(schema) for name, schema in schemas().items()}


def test_there_is_a_sound_schema_for_the_envelope_and_each_type() -> None:
    assert set(SCHEMAS) == {ENVELOPE, *CATALOGUE}
    for name, validator in SCHEMAS.items():
        Draft202012Validator.check_schema(validator.schema)
        assert validator.schema["$id"] == f"urn:mash:schema:{name}"
        assert validator.schema["description"]


@pytest.mark.parametrize("full_type", EXAMPLES)
@pytest.mark.parametrize("shape", ["full", "smallest"])
def test_what_is_sent_is_valid(full_type: str, shape: str) -> None:
    example = EXAMPLES[full_type]
    event = json.loads(plain_wire(envelope(example if shape == "full" else smallest(example)), KEYS))

    SCHEMAS[ENVELOPE].validate(event)
    SCHEMAS[full_type].validate(event["data"])


@pytest.mark.parametrize("full_type", EXAMPLES)
def test_a_missing_field_is_invalid(full_type: str) -> None:
    data = json.loads(plain_wire(envelope(EXAMPLES[full_type]), KEYS))["data"]

    for name in SCHEMAS[full_type].schema["required"]:
        assert not SCHEMAS[full_type].is_valid({key: each for key, each in data.items() if key != name})


def test_a_text_in_the_clear_is_invalid() -> None:
    data = json.loads(plain_wire(envelope(EXAMPLES["mash.check.answered.v1"]), KEYS))["data"]
    data["elements"][0]["text"] = "Called out on a winter night"

    assert not SCHEMAS["mash.check.answered.v1"].is_valid(data)


SOUND: dict[str, Any] = {
    name: json.loads(plain_wire(envelope(each), KEYS)) for name, each in EXAMPLES.items()
}


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_whatever_the_codec_accepts_is_valid_by_the_schema(data: st.DataObject) -> None:
    full_type = data.draw(st.sampled_from(sorted(SOUND)))
    message = envelope(EXAMPLES[full_type])
    path = data.draw(st.sampled_from(places(SOUND[full_type])))
    event = changed(SOUND[full_type], path, data.draw(values))

    try:
        from_wire(json.dumps(event).encode(), user=message.source, me=message.recipient, keys=KEYS)
    except Unacceptable:
        return

    SCHEMAS[ENVELOPE].validate(event)
    SCHEMAS[full_type].validate(event["data"])


def test_the_sender_and_receiver_kinds_stand_in_the_schema() -> None:
    schema = schemas()["mash.disclosure.decided.v1"]

    assert (schema["x-senders"], schema["x-receivers"]) == (["agency", "staff"], ["hub"])
