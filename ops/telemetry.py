"""Spans: to a collector by OTLP, and to files on this machine, from which `mash case --trace` and the
dashboard draw.

A file holds JSON lines, one span a line: trace_id, span_id, parent_id, name, kind, party, start, end,
attributes, links, failed. Each party has its own file, and its own name as a service; when it has grown to
half of what is kept of a party, it takes the place of the one before it, whose spans are gone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import StatusCode, Tracer, format_span_id, format_trace_id

from messages.private_folder import make_private_folder

_QUEUE, _EXPORT, _EVERY_MS = 50_000, 500, 500
MOST_BYTES = 64_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Telemetry:
    """Hands out tracers, one for each party in this process. Use it as a context manager.

    Parameters
    ----------
    folder
        Where span files go; made when it is not there. None for no files.
    most
        How many bytes of spans are kept there for each party.
    endpoint
        Of the collector, ``http://host:4318``. None for no collector.
    ids
        Makes trace and span ids; random ones by default.
    """

    def __init__(
        self,
        *,
        folder: Path | None,
        endpoint: str | None,
        ids: IdGenerator | None = None,
        most: int = MOST_BYTES,
    ) -> None:
        exporters: list[SpanExporter] = []
        if folder is not None:
            make_private_folder(folder)
            exporters.append(SpanFiles(folder, most))
        if endpoint is not None:
            exporters.append(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces"))
        self._processors = [
            BatchSpanProcessor(
                each,
                max_queue_size=_QUEUE,
                max_export_batch_size=_EXPORT,
                schedule_delay_millis=_EVERY_MS,
            )
            for each in exporters
        ]
        self._ids = ids

    def tracer(self, party: str) -> Tracer | None:
        """The tracer of a party; None when spans go nowhere.

        Every span is kept, whatever a sender's trace context says: a case has one whole trace.
        """
        if not self._processors:
            return None
        provider = TracerProvider(
            sampler=ALWAYS_ON,
            resource=Resource.create({SERVICE_NAME: party, "service.namespace": "mash"}),
            shutdown_on_exit=False,
            id_generator=self._ids,
        )
        for processor in self._processors:
            provider.add_span_processor(processor)
        return provider.get_tracer("mash")

    def __enter__(self) -> Telemetry:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Write out what there is."""
        for processor in self._processors:
            processor.shutdown()  # type: ignore[no-untyped-call]


class SpanFiles(SpanExporter):
    """Appends spans to ``<party>.jsonl`` in a folder, and keeps at most ``most`` bytes of each party, or a
    little more: the older half goes as a whole, to ``<party>.older.jsonl`` and then away."""

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        self._folder = folder
        self._half = most // 2

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        lines: dict[str, list[str]] = {}
        for span in spans:
            party = str(span.resource.attributes.get(SERVICE_NAME, "unknown"))
            lines.setdefault(party, []).append(json.dumps(_as_json(span, party)) + "\n")
        try:
            for party, its_lines in lines.items():
                self._append(party, "".join(its_lines))
        except OSError:
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    def _append(self, party: str, lines: str) -> None:
        file = self._folder / f"{party}.jsonl"
        with file.open("a", encoding="utf-8") as opened:
            opened.write(lines)
            grown = opened.tell() > self._half
        if grown:
            file.replace(self._folder / f"{party}.older.jsonl")


def _as_json(span: ReadableSpan, party: str) -> dict[str, Any]:
    context = span.get_span_context()
    return {
        "trace_id": format_trace_id(context.trace_id) if context else None,
        "span_id": format_span_id(context.span_id) if context else None,
        "parent_id": format_span_id(span.parent.span_id) if span.parent else None,
        "name": span.name,
        "kind": span.kind.name.lower(),
        "party": party,
        "start": _moment(span.start_time),
        "end": _moment(span.end_time),
        "attributes": dict(span.attributes or {}),
        "links": [
            {
                "trace_id": format_trace_id(link.context.trace_id),
                "span_id": format_span_id(link.context.span_id),
            }
            for link in span.links
        ],
        "failed": span.status.status_code is StatusCode.ERROR,
    }


def _moment(nanoseconds: int | None) -> str | None:
    if nanoseconds is None:
        return None
    return (_EPOCH + timedelta(microseconds=nanoseconds // 1000)).isoformat()
