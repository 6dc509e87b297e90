"""The search for confidential words finds them: a search that finds nothing proves nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.support.canaries import Canaries

FORMS: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda text: text.encode(),
    "in capitals": lambda text: text.upper().encode(),
    "in small letters": lambda text: text.casefold().encode(),
    "as a name": lambda text: text.title().encode(),
    "in JSON": lambda text: json.dumps({"text": text}).encode(),
    "in JSON within JSON": lambda text: json.dumps(json.dumps({"text": text})).encode(),
    "in a URL": lambda text: quote(text, safe="").encode(),
    "in hexadecimal": lambda text: text.encode().hex().encode(),
    "in hexadecimal capitals": lambda text: text.encode().hex().upper().encode(),
    "in UTF-16": lambda text: text.encode("utf-16-le"),
    "in base64": lambda text: base64.b64encode(text.encode()),
    "in base64, one byte further": lambda text: base64.b64encode(b"x" + text.encode()),
    "in base64, two bytes further": lambda text: base64.b64encode(b"xy" + text.encode()),
    "in base64 for URLs": lambda text: base64.urlsafe_b64encode("\N{SNOWMAN}".encode() + text.encode()),
    "in base64 of capitals": lambda text: base64.b64encode(text.upper().encode()),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_word_is_found_in_every_form(form: str) -> None:
    canaries = Canaries()
    text = canaries.text("the text")
    other = canaries.text("another text")
    content = b"\x00\xff before " + FORMS[form](text) + b" after \x80"
    assert canaries.found_in(content) == {"the text"}
    assert canaries.found_in(FORMS[form](other) + content) == {"the text", "another text"}


@pytest.mark.parametrize("form", FORMS)
def test_a_name_and_a_number_are_found_in_every_form(form: str) -> None:
    canaries = Canaries()
    name, number = canaries.word("the name"), canaries.value("the number", "943 476 5919")
    assert canaries.found_in(FORMS[form](f"{name} has {number}")) == {"the name", "the number"}


def test_half_a_word_is_found_too() -> None:
    canaries = Canaries()
    name = canaries.word("the name")
    assert canaries.found_in(name[:10].encode()) == {"a part of some word"}


def test_what_is_no_word_is_not_found() -> None:
    canaries = Canaries()
    canaries.text("the text")
    canaries.value("the number", "943 476 5919")
    assert canaries.found_in(b"A remark: nothing, and so on. 943 476 5910") == set()


def test_every_place_that_tells_something_is_named() -> None:
    canaries = Canaries()
    name, text = canaries.word("the name"), canaries.text("the text")
    places = [("a", b"nothing"), ("b", name.encode()), ("c", text.encode()), ("b", text.encode())]
    assert canaries.found(places) == {"b": {"the name", "the text"}, "c": {"the text"}}
