"""The log shows codes and ids only, whoever writes to it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from ops.logs import configure_logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs("info", "json", stream)
    yield stream
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def entries(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_entry_keeps_its_codes_ids_and_numbers(stream: io.StringIO) -> None:
    structlog.get_logger().warning("decision_failed", message_id="m-1", attempt=2, trace_id="0" * 32)
    [entry] = entries(stream)
    assert entry["event"] == "decision_failed"
    assert (entry["message_id"], entry["attempt"], entry["trace_id"]) == ("m-1", 2, "0" * 32)
    assert entry["level"] == "warning"


def test_an_unknown_key_does_not_get_through(stream: io.StringIO) -> None:
    structlog.get_logger().warning("decision_failed", name="Thornquist")
    assert "Thornquist" not in stream.getvalue()


@pytest.mark.parametrize(
    "value", ["two\nlines", "Tilly Thornquist", {"name": "Thornquist"}, ["Thornquist"], "{Thornquist}"]
)
def test_a_value_that_is_no_code_does_not_get_through(stream: io.StringIO, value: object) -> None:
    structlog.get_logger().warning("decision_failed", reason=value)
    [entry] = entries(stream)
    assert "reason" not in entry


def test_an_exception_shows_its_class_and_not_its_text(stream: io.StringIO) -> None:
    try:
        raise ValueError("Thornquist")
    except ValueError:
        structlog.get_logger().exception("decision_failed")
        logging.getLogger("broker.rabbitmq").exception("connection lost")
        logging.getLogger("some.library").exception("cannot cope with Thornquist")
    assert "Thornquist" not in stream.getvalue()
    assert entries(stream)[1]["error"] == "ValueError"


def test_a_library_is_heard_but_not_quoted(stream: io.StringIO) -> None:
    logging.getLogger("some.library").error("cannot cope with %s", "Thornquist")
    [entry] = entries(stream)
    assert entry["event"] == "library"
    assert entry["logger"] == "some.library"


def test_our_own_modules_are_quoted_with_their_codes_alone(stream: io.StringIO) -> None:
    logging.getLogger("broker.rabbitmq.link").warning("connection %s: try %d, %s", "hub", 3, "a\nb")
    [entry] = entries(stream)
    assert entry["event"] == "connection hub: try 3, ?"


def test_text_for_people_shows_no_more(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    before = logging.getLogger().handlers[:], logging.getLogger().level
    configure_logs("info", "text", stream)
    try:
        raise ValueError("Thornquist")
    except ValueError:
        structlog.get_logger().exception("decision_failed", name="Thornquist", message_id="m-1")
    logging.getLogger().handlers[:], logging.getLogger().level = before
    structlog.reset_defaults()
    assert "Thornquist" not in stream.getvalue()
    assert "m-1" in stream.getvalue()
