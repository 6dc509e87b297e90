"""What the contract gives to try a library with opens, here and with the library that it shows."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc.errors import UnsupportedHeaderError
from joserfc.jwe import decrypt_compact
from joserfc.jwk import OctKey

from messages.contract_text import INTRODUCTION
from messages.sealing import seal, unseal
from messages.sealing_example import MESSAGE_ID, PARTY, PYTHON, SEALED, TEXTS, WIRE_KEY
from tests.support.general_jwe import opened_by_a_general_library

RAW = urlsafe_b64decode(WIRE_KEY)
KEY = AESGCM(RAW)


@pytest.fixture
def shown() -> dict[str, Any]:
    """What the example of the page defines."""
    names: dict[str, Any] = {}
    exec(PYTHON, names)
    return names


def test_the_hub_opens_the_fixed_list() -> None:
    assert unseal(SEALED, MESSAGE_ID, KEY) == TEXTS


def test_a_general_library_opens_the_fixed_list() -> None:
    plain, header = opened_by_a_general_library(SEALED, RAW)

    assert plain.decode() == '["Officers attended after a neighbour called.", "Café Zoë"]'
    assert header == {"alg": "dir", "enc": "A256GCM", "kid": PARTY, "mid": MESSAGE_ID}


def test_the_example_opens_the_fixed_list_and_no_other_messages(shown: dict[str, Any]) -> None:
    assert shown["unseal"](SEALED, MESSAGE_ID, WIRE_KEY) == TEXTS
    with pytest.raises(ValueError):
        shown["unseal"](SEALED, "answer-2", WIRE_KEY)


def test_the_example_and_the_hub_open_what_the_other_seals(shown: dict[str, Any]) -> None:
    assert unseal(shown["seal"](TEXTS, "m-1", PARTY, WIRE_KEY), "m-1", KEY) == TEXTS
    assert shown["unseal"](seal(TEXTS, "m-1", KEY, PARTY), "m-1", WIRE_KEY) == TEXTS


def test_a_library_that_was_not_told_refuses_the_header_as_the_contract_says() -> None:
    with pytest.raises(UnsupportedHeaderError):
        decrypt_compact(SEALED, OctKey.import_key(RAW))


@pytest.mark.parametrize("part", [WIRE_KEY, MESSAGE_ID, PARTY, SEALED, PYTHON, *TEXTS])
def test_the_contract_gives_every_part_of_it(part: str) -> None:
    assert part in INTRODUCTION
