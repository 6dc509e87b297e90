"""Spans carry ids and codes alone, and contexts survive their written form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from agents.runtime.tracing import Tracing, allowed, nanoseconds, parse, render, trace_id
from tests.support.small_world import a_referral

CONTEXT = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_key_that_is_not_on_the_list_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"mash\.person"):
        allowed({"mash.person": "p-1"})


@pytest.mark.parametrize("value", ["Tilly Thornquist", "two\nlines", "", "x" * 300, "{}"])
def test_a_value_that_may_be_text_is_not_shown(value: str) -> None:
    assert allowed({"mash.case": value}) == {"mash.case": "unsound"}


def test_codes_ids_and_numbers_are_shown_and_what_is_missing_is_left_out() -> None:
    shown = allowed({"mash.case": "C-1/x", "mash.attempt": 3, "mash.reason": None})
    assert shown == {"mash.case": "C-1/x", "mash.attempt": 3}


def test_a_context_survives_its_written_form() -> None:
    context = parse(CONTEXT)
    assert context is not None
    assert render(context) == CONTEXT
    assert trace_id(CONTEXT) == "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("text", [None, "", "nonsense", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_what_is_no_context_counts_as_none(text: str | None) -> None:
    assert parse(text) is None


def test_a_moment_is_exact_to_the_microsecond() -> None:
    assert nanoseconds(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=7)) == 7_000


@pytest.mark.parametrize(("outcome", "status"), [("failed", StatusCode.ERROR), ("refused", StatusCode.UNSET)])
def test_a_span_says_what_became_of_the_message(outcome: str, status: StatusCode) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing = Tracing("hub", provider.get_tracer("tests"))
    span = tracing.message(a_referral(), "case-1", 2, None, NOON)
    span.end(NOON + timedelta(hours=1), outcome, "some_code")
    [ended] = exporter.get_finished_spans()
    assert ended.attributes is not None
    assert ended.attributes["mash.outcome"] == outcome
    assert ended.attributes["mash.reason"] == "some_code"
    assert ended.attributes["mash.attempt"] == 2
    assert ended.status.status_code is status
    assert (ended.start_time, ended.end_time) == (
        nanoseconds(NOON),
        nanoseconds(NOON + timedelta(hours=1)),
    )
