"""The messages' own JWE is the JWE of everybody else, held against a general library in both directions."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from messages.jwe import CannotOpen, decrypt, encrypt
from tests.support.general_jwe import general_jwe, opened_by_a_general_library

RAW = b"a key for tests, of 32 bytes long"[:32]
KEY = AESGCM(RAW)


@given(st.binary(max_size=3000), st.text(max_size=40), st.text(max_size=40))
def test_a_general_library_opens_what_is_made_here(plain: bytes, kid: str, mid: str) -> None:
    token = encrypt(plain, KEY, kid=kid, mid=mid)

    assert opened_by_a_general_library(token, RAW) == (
        plain,
        {"alg": "dir", "enc": "A256GCM", "kid": kid, "mid": mid},
    )
    assert decrypt(token, KEY, mid=mid) == plain


@given(st.text(max_size=3000), st.text(max_size=40))
def test_what_a_general_library_makes_is_opened_here(text: str, mid: str) -> None:
    token = general_jwe(text, RAW, {"kid": "agency.police", "mid": mid})

    assert decrypt(token, KEY, mid=mid) == text.encode()


@pytest.mark.parametrize("header", [{"kid": None}, {"typ": "JWE"}, {"cty": "application/json"}])
def test_headers_that_say_nothing_about_opening_it_do_no_harm(header: dict[str, str | None]) -> None:
    assert decrypt(general_jwe("said", RAW, {"mid": "msg-1", **header}), KEY, mid="msg-1") == b"said"


@pytest.mark.parametrize("header", [{"zip": "DEF"}, {"mid": "msg-2"}, {"mid": None}])
def test_a_token_of_another_kind_or_message_is_not_opened(header: dict[str, str | None]) -> None:
    with pytest.raises(CannotOpen):
        decrypt(general_jwe("said", RAW, {"mid": "msg-1", **header}), KEY, mid="msg-1")


def test_two_tokens_of_the_same_text_are_not_alike() -> None:
    assert encrypt(b"said", KEY, kid="p", mid="m") != encrypt(b"said", KEY, kid="p", mid="m")


TOKEN = encrypt(b"what was said to the hub", KEY, kid="agency.police", mid="msg-1")


@pytest.mark.parametrize("place", [n for n, letter in enumerate(TOKEN) if letter != "."])
def test_a_token_changed_anywhere_is_not_opened(place: int) -> None:
    changed = TOKEN[:place] + ("B" if TOKEN[place] == "A" else "A") + TOKEN[place + 1 :]

    with pytest.raises(CannotOpen):
        decrypt(changed, KEY, mid="msg-1")


def test_a_header_that_says_the_same_in_other_words_is_not_opened() -> None:
    protected, *rest = TOKEN.split(".")
    header = urlsafe_b64decode(protected + "=" * (-len(protected) % 4))
    again = urlsafe_b64encode(header.replace(b":", b": ", 1)).rstrip(b"=").decode()

    with pytest.raises(CannotOpen):
        decrypt(".".join((again, *rest)), KEY, mid="msg-1")


def test_no_two_tokens_have_a_byte_of_the_nonce_in_common_always() -> None:
    nonces = [urlsafe_b64decode(encrypt(b"said", KEY, kid="p", mid="m").split(".")[2]) for _ in range(200)]
    assert all(len({nonce[place] for nonce in nonces}) > 50 for place in range(12))


@pytest.mark.parametrize("token", ["", "....", "a..b.c.d", "=" * 60, "\ud800", "a" * 300_000])
def test_what_is_no_token_is_not_opened(token: str) -> None:
    with pytest.raises(CannotOpen):
        decrypt(token, KEY, mid="msg-1")
