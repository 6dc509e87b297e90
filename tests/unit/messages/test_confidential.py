"""A confidential value shows itself nowhere, whatever is done with it."""

from __future__ import annotations

import copy
import io
import json
import logging
import pickle
import traceback
from collections.abc import Callable
from dataclasses import asdict

import pytest
import structlog
from pydantic import BaseModel, TypeAdapter, ValidationError
from structlog.typing import Processor

from messages.confidential import HIDDEN, MAX_TEXT, Confidential, NotHere
from messages.referral import Identifier, PersonConcerned
from messages.words import Part
from tests.support.examples import EXAMPLES, envelope, texts_of

TOKEN = "Marmaduke-Featherstonehaugh"
VALUE = Confidential(TOKEN, "msg-1#0")
HOLDER = Identifier(scheme="nhs", value=VALUE)


def _logged(value: object) -> str:
    stream = io.StringIO()
    logger = logging.Logger("case")
    logger.addHandler(logging.StreamHandler(stream))
    logger.warning("seen %s %r %s", value, value, {"in": [value]})
    return stream.getvalue()


def _structured(renderer: Processor, value: object) -> str:
    stream = io.StringIO()
    log = structlog.wrap_logger(structlog.PrintLogger(stream), processors=[renderer])
    log.warning("seen", value=value, inside=[{"deep": value}])
    return stream.getvalue()


SHOWN: dict[str, Callable[[object], str]] = {
    "repr": repr,
    "str": str,
    "format": format,
    "format with a width": lambda value: "{:>40}".format(value) if isinstance(value, Confidential) else "",  # noqa: UP032
    "an f-string": lambda value: f"{value} {value!r} {value!s} {value!a}",
    "percent": lambda value: "%s %r %a" % (value, value, value),  # noqa: UP031
    "a list and a mapping": lambda value: str([value, {"a": (value,)}]),
    "logging": _logged,
    "structlog for people": lambda value: _structured(structlog.dev.ConsoleRenderer(colors=False), value),
    "structlog as JSON": lambda value: _structured(structlog.processors.JSONRenderer(), value),
    "structlog as key and value": lambda value: _structured(structlog.processors.KeyValueRenderer(), value),
    "json with a fallback": lambda value: json.dumps({"a": value}, default=str),
    "an exception": lambda value: "".join(traceback.format_exception(ValueError(value))),
    "an exception's arguments": lambda value: repr(ValueError("x", value).args),
}


@pytest.mark.parametrize("way", SHOWN)
@pytest.mark.parametrize("value", [VALUE, HOLDER], ids=["value", "model"])
def test_no_way_of_showing_a_value_shows_its_text(way: str, value: object) -> None:
    shown = SHOWN[way](value)

    assert TOKEN not in shown
    assert not any(part in shown for part in TOKEN.split("-"))


def test_models_dump_the_same_word_for_every_confidential_field() -> None:
    for payload in EXAMPLES.values():
        dumps = [str(payload.model_dump()), payload.model_dump_json(), str(payload.model_dump(mode="json"))]
        dumps += [repr(payload), str(envelope(payload))]
        for text in texts_of(payload):
            assert not any(text in dump for dump in dumps)

    assert HOLDER.model_dump() == {"scheme": "nhs", "value": HIDDEN}


def test_a_dump_that_hid_the_text_is_not_taken_for_the_text() -> None:
    with pytest.raises(ValidationError) as refused:
        Identifier.model_validate(HOLDER.model_dump())

    assert refused.value.errors()[0]["type"] == "text_hidden"


@pytest.mark.parametrize(
    "copying",
    [pickle.dumps, copy.copy, copy.deepcopy, lambda v: asdict(envelope(EXAMPLES["mash.package.issued.v1"]))],
)
def test_a_value_is_neither_pickled_nor_copied(copying: Callable[[object], object]) -> None:
    with pytest.raises(TypeError, match="not pickled") as refused:
        copying(VALUE)

    assert TOKEN not in str(refused.value)


def test_json_does_not_know_how_to_write_a_value() -> None:
    with pytest.raises(TypeError) as refused:
        json.dumps({"value": VALUE})

    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize("text", [TOKEN + "x" * MAX_TEXT, f"{TOKEN}\ud800", "   "])
def test_a_text_that_is_refused_is_not_repeated(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Identifier(scheme="nhs", value=text)

    assert TOKEN not in str(refused.value) + repr(refused.value)
    assert refused.value.errors()[0]["type"] in {"text_too_long", "text_not_unicode", "text_empty"}


def test_a_date_of_birth_that_is_no_date_is_in_no_exception_of_the_chain() -> None:
    with pytest.raises(ValidationError) as refused:
        PersonConcerned(person_id="p", part=Part.CHILD, date_of_birth=VALUE)

    assert refused.value.errors()[0]["type"] == "date_expected"
    assert TOKEN not in "".join(traceback.format_exception(refused.value))
    assert TOKEN not in repr(refused.value.errors())


def test_a_model_of_somebody_else_shows_the_value_no_more_than_ours() -> None:
    class Theirs(BaseModel):
        number: int
        name: Confidential

    with pytest.raises(ValidationError) as refused:
        Theirs(number=VALUE, name=VALUE)

    assert TOKEN not in str(refused.value)
    assert TOKEN not in repr(refused.value.errors()) + refused.value.json()


def test_a_value_kept_in_the_vault_has_no_text_to_reveal() -> None:
    kept = Confidential.kept("msg-1#0")

    assert not kept.here
    with pytest.raises(NotHere):
        kept.reveal()


def test_the_text_is_revealed_to_whoever_asks_for_it_by_name() -> None:
    assert VALUE.reveal() == TOKEN
    assert TypeAdapter(Confidential).validate_python(TOKEN).reveal() == TOKEN


def test_values_are_equal_when_text_and_reference_are() -> None:
    assert Confidential(TOKEN) == Confidential(TOKEN)
    assert hash(Confidential(TOKEN)) == hash(Confidential(TOKEN))
    assert Confidential(TOKEN) != Confidential("another")
    assert Confidential(TOKEN) != VALUE
    assert Confidential(TOKEN) != TOKEN
