"""Whatever arrives, a message is read or refused: nothing else ever happens."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from messages.codec import from_wire, peek
from messages.refusal import PROBLEMS, REMEDIES, Unacceptable
from messages.sealing import seal
from tests.support.examples import EXAMPLES, KEYS, envelope
from tests.support.mutation import changed, places, texts, values
from tests.support.refusals import assert_tells_nothing, event

PLACES_AND_PROBLEMS = {*PROBLEMS, "type", "source", "recipient", "sealed"}
SOUND = {full_type: event(full_type) for full_type in EXAMPLES}


def read_or_refuse(body: bytes, *, user: str, me: str) -> None:
    """Fails on anything that is neither a message nor a refusal that tells nothing."""
    try:
        from_wire(body, user=user, me=me, keys=KEYS)
    except Unacceptable as refusal:
        assert refusal.reason in REMEDIES
        assert {field.rpartition(": ")[2] for field in refusal.fields} <= PLACES_AND_PROBLEMS
        assert_tells_nothing(refusal)
    peek(body)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | texts.map(lambda text: text.encode(errors="surrogatepass")))
def test_any_bytes_are_refused(body: bytes) -> None:
    read_or_refuse(body, user="agency.police", me="hub")


@settings(max_examples=200, deadline=None)
@given(values)
def test_any_json_is_refused(value: object) -> None:
    read_or_refuse(json.dumps(value).encode(), user="agency.police", me="hub")


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_a_message_with_anything_in_any_place_is_read_or_refused(data: st.DataObject) -> None:
    full_type = data.draw(st.sampled_from(sorted(SOUND)))
    sound = SOUND[full_type]
    path = data.draw(st.sampled_from(places(sound)))
    message = envelope(EXAMPLES[full_type])

    body = json.dumps(changed(sound, path, data.draw(values))).encode()

    read_or_refuse(body, user=message.source, me=message.recipient)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_message_with_some_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    full_type = data.draw(st.sampled_from(sorted(SOUND)))
    message = envelope(EXAMPLES[full_type])
    body = bytearray(json.dumps(SOUND[full_type]).encode())
    start = data.draw(st.integers(0, len(body) - 1))
    body[start : start + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))

    read_or_refuse(bytes(body), user=message.source, me=message.recipient)


@settings(max_examples=150, deadline=None)
@given(st.lists(texts, max_size=60))
def test_any_sealed_texts_are_read_or_refused(sealed: list[str]) -> None:
    body = event("mash.referral.received.v1")
    body["sealed"] = seal(sealed, body["id"], KEYS.of("source.school"), "source.school")

    read_or_refuse(json.dumps(body).encode(), user="source.school", me="hub")
