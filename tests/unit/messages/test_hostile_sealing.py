"""Sealed texts count for one message and one receiver alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from messages.jwe import CannotOpen
from messages.sealing import WireKeys, seal, unseal
from tests.support.examples import KEYS
from tests.support.general_jwe import general_jwe
from tests.support.refusals import POLICE, SECRET, Event, assert_tells_nothing, element, event, refused


def test_plain_text_where_sealed_text_belongs_is_refused_and_not_repeated() -> None:
    refusal = refused(element(text=SECRET))

    assert (refusal.reason, refusal.fields) == ("not_sealed", ("data.elements.0.text: not_sealed",))


def _moved(body: Event) -> None:
    body["id"] = "msg-2"


def _other_key(body: Event) -> None:
    body["sealed"] = seal([SECRET] * 20, body["id"], KEYS.of("agency.health"), POLICE)


def _changed(body: Event) -> None:
    body["sealed"] = body["sealed"][:-6] + ("AAAAAA" if not body["sealed"].endswith("AAAAAA") else "BBBBBB")


def _plain(body: Event) -> None:
    body["sealed"] = SECRET


def _not_a_list(body: Event) -> None:
    body["sealed"] = _jwe(json.dumps({"text": SECRET}))


def _not_texts(body: Event) -> None:
    body["sealed"] = _jwe(json.dumps([SECRET, 7]))


def _not_json(body: Event) -> None:
    body["sealed"] = _jwe(SECRET)


def _compressed(body: Event) -> None:
    body["sealed"] = _jwe(json.dumps([SECRET] * 200_000), zip="DEF")


def _without_id(body: Event) -> None:
    body["sealed"] = _jwe(json.dumps([SECRET] * 20), mid=None)


def _jwe(text: str, **changes: str | None) -> str:
    return general_jwe(text, KEYS.raw(POLICE), {"kid": POLICE, "mid": "msg-1", **changes})


@pytest.mark.parametrize(
    "damage",
    [_moved, _other_key, _changed, _plain, _not_a_list, _not_texts, _not_json, _compressed, _without_id],
)
def test_texts_not_sealed_for_this_message_and_receiver_are_refused(damage: Callable[[Event], None]) -> None:
    body = event()
    damage(body)

    refusal = refused(body)

    assert (refusal.reason, refusal.fields) == ("not_sealed", ("sealed",))


def test_a_receiver_without_the_key_refuses() -> None:
    assert refused(event(), keys=WireKeys(own={})).reason == "not_sealed"


def test_places_without_a_sealed_list_are_refused() -> None:
    left_out, null = event(), event()
    del left_out["sealed"]
    null["sealed"] = None

    for body in (left_out, null):
        refusal = refused(body)
        assert (refusal.reason, refusal.fields[0]) == ("not_sealed", "sealed: missing")
        assert {problem.split(": ")[1] for problem in refusal.fields[1:]} == {"place_unknown"}
        assert refusal.remedy.startswith("Seal confidential fields with your wire key")


def _with_header(header: str) -> str:
    """A token that is sound but for what its protected header says."""
    protected = _base64(header.encode())
    sealed = AESGCM(KEYS.raw(POLICE)).encrypt(b"n" * 12, json.dumps([SECRET] * 20).encode(), protected)
    return b".".join((protected, b"", *map(_base64, (b"n" * 12, sealed[:-16], sealed[-16:])))).decode()


def _base64(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")


USUAL = '"alg": "dir", "enc": "A256GCM", "mid": "msg-1"'


def test_a_token_is_taken_with_nothing_in_its_header_but_what_it_needs() -> None:
    assert unseal(_with_header(f"{{{USUAL}}}"), "msg-1", KEYS.of(POLICE)) == [SECRET] * 20


@pytest.mark.parametrize(
    "header",
    [
        "[]",
        "5",
        "null",
        "{}",
        '{"alg": "none", "enc": "A256GCM", "mid": "msg-1"}',
        '{"alg": "A256KW", "enc": "A256GCM", "mid": "msg-1"}',
        '{"enc": "A256GCM", "mid": "msg-1"}',
        '{"alg": "dir", "enc": "A128GCM", "mid": "msg-1"}',
        '{"alg": "dir", "enc": [], "mid": "msg-1"}',
        '{"alg": {}, "enc": "A256GCM", "mid": "msg-1"}',
        '{"alg": "dir", "enc": "A256GCM", "mid": "msg-2"}',
        f'{{{USUAL}, "crit": 5}}',
        f'{{{USUAL}, "crit": ["mid"]}}',
        f'{{{USUAL}, "zip": []}}',
        f'{{{USUAL}, "x": {"[" * 1200}{"]" * 1}}}',
        "[" * 1200,
        f'{{{USUAL}, "x5c": "{"A" * 1600}"}}',
        f"\ufeff{{{USUAL}}}",
    ],
)
def test_an_odd_header_is_refused(header: str) -> None:
    assert refused(event() | {"sealed": _with_header(header)}).reason == "not_sealed"


def test_a_header_in_another_encoding_is_refused() -> None:
    protected = _base64(f"{{{USUAL}}}".encode("utf-16-le"))
    sealed = AESGCM(KEYS.raw(POLICE)).encrypt(b"n" * 12, json.dumps([SECRET] * 20).encode(), protected)
    parts = (protected, b"", *map(_base64, (b"n" * 12, sealed[:-16], sealed[-16:])))

    assert refused(event() | {"sealed": b".".join(parts).decode()}).reason == "not_sealed"


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33, 44])
def test_a_wire_key_of_another_length_is_no_key(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        WireKeys(own={POLICE: b"k" * length})


@pytest.mark.parametrize("text", [SECRET, json.dumps({"text": SECRET}), json.dumps([SECRET, 7])])
def test_what_was_opened_in_vain_is_in_no_exception_of_the_chain(text: str) -> None:
    with pytest.raises(CannotOpen) as caught:
        unseal(_jwe(text), "msg-1", KEYS.of(POLICE))

    assert_tells_nothing(caught.value)
