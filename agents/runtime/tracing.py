"""One trace for each case, across all agents, with nothing in it but ids and codes.

The first message of a document opens its trace or joins that of its sender; the document keeps the
context. Every message handled for it is a span in that trace, whatever trace its sender was in: a
sender with a trace of its own is linked. What a message causes carries the span's context on, and is a
span itself from when it was said to when the broker had it: its receiver may keep no spans, or keep them
elsewhere.

Start and end come from the injected clock, so that a trace shows the time of the case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
)

from messages.envelope import Envelope

ATTRIBUTES = frozenset(
    {
        "messaging.operation.name",
        "messaging.operation.type",
        "messaging.message.id",
        "messaging.message.conversation_id",
        "mash.case",
        "mash.party",
        "mash.type",
        "mash.sender",
        "mash.receiver",
        "mash.said",
        "mash.lane",
        "mash.outcome",
        "mash.reason",
        "mash.attempt",
    }
)
"""Every key that a span may carry. Values are ids, codes and numbers."""

_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/#-]{0,199}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

AttributeValue = str | int


def allowed(attributes: Mapping[str, AttributeValue | None]) -> dict[str, AttributeValue]:
    """These attributes as they may be shown: without those that are None, and with ``unsound`` in
    place of a value that is neither a number nor looks like an id or a code.

    Raises
    ------
    ValueError
        for a key that is not on the list.
    """
    kept: dict[str, AttributeValue] = {}
    for key, value in attributes.items():
        if value is None:
            continue
        if key not in ATTRIBUTES:
            raise ValueError(f"{key} is not an attribute that a span may carry")
        kept[key] = value if isinstance(value, int) or _VALUE.fullmatch(value) else "unsound"
    return kept


def nanoseconds(moment: datetime) -> int:
    """Since 1970, exactly."""
    return (moment - _EPOCH) // _MICROSECOND * 1000


def moment(when: datetime) -> str:
    """A moment as a span may carry it: in UTC, without a sign that no id has."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse(traceparent: str | None) -> SpanContext | None:
    """The span context of a W3C traceparent."""
    found = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    if found is None:
        return None
    context = SpanContext(
        int(found[1], 16), int(found[2], 16), is_remote=True, trace_flags=TraceFlags(int(found[3], 16))
    )
    return context if context.is_valid else None


def render(context: SpanContext) -> str:
    """The W3C traceparent of a span context."""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def trace_id(traceparent: str | None) -> str | None:
    """The trace id in a W3C traceparent, for a log entry."""
    found = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    return found[1] if found else None


class OpenSpan:
    """The span of one message handled, or of one due time fired."""

    __slots__ = ("_span", "traceparent")

    def __init__(self, span: Span) -> None:
        self._span = span
        self.traceparent = render(span.get_span_context())

    def end(self, now: datetime, outcome: str, reason: str | None = None) -> None:
        """Say what became of it: ``accepted``, ``duplicate``, ``refused``, ``failed`` or ``fired``."""
        self._span.set_attributes(allowed({"mash.outcome": outcome, "mash.reason": reason}))
        if outcome == "failed":
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end(end_time=nanoseconds(now))


class Tracing:
    """Spans of one agent. Without a tracer there are none (``on`` is false, do not ask for any)."""

    def __init__(self, party: str, tracer: trace.Tracer | None = None) -> None:
        self._party = party
        self._tracer: trace.Tracer = trace.NoOpTracer() if tracer is None else tracer
        self.on = tracer is not None

    def message(
        self, envelope: Envelope, case: str, attempt: int, of_case: str | None, now: datetime
    ) -> OpenSpan:
        """Begin to handle a message. ``of_case`` is the traceparent that the document keeps."""
        incoming, home = parse(envelope.traceparent), parse(of_case)
        parent: SpanContext | None = incoming
        links: tuple[Link, ...] = ()
        if home is not None and (incoming is None or incoming.trace_id != home.trace_id):
            parent, links = home, ((Link(incoming),) if incoming else ())
        return self._begin(
            f"process {envelope.type}",
            parent,
            links,
            now,
            {
                "messaging.operation.name": "process",
                "messaging.operation.type": "process",
                "messaging.message.id": envelope.id,
                "messaging.message.conversation_id": envelope.correlation_id,
                "mash.case": case,
                "mash.party": self._party,
                "mash.type": envelope.type,
                "mash.sender": envelope.source,
                "mash.lane": str(envelope.lane),
                "mash.said": moment(envelope.time),
                "mash.attempt": attempt,
            },
        )

    def fired(self, case: str, of_case: str | None, now: datetime) -> OpenSpan:
        """Begin what a due time asks for."""
        return self._begin(
            "fire", parse(of_case), (), now, {"mash.case": case, "mash.party": self._party}, SpanKind.INTERNAL
        )

    def sent(
        self,
        message_id: str,
        type_: str,
        receiver: str,
        case: str,
        parent: str | None,
        said: datetime,
        now: datetime,
    ) -> None:
        """Tell of a message that the broker has. ``parent`` is the traceparent that travels with it."""
        span = self._begin(
            f"send {type_}",
            parse(parent),
            (),
            said,
            {
                "messaging.operation.name": "send",
                "messaging.operation.type": "send",
                "messaging.message.id": message_id,
                "mash.case": case,
                "mash.party": self._party,
                "mash.type": type_,
                "mash.sender": self._party,
                "mash.receiver": receiver,
                "mash.said": moment(said),
            },
            SpanKind.PRODUCER,
        )
        span.end(now, "sent")

    def _begin(
        self,
        name: str,
        parent: SpanContext | None,
        links: Sequence[Link],
        now: datetime,
        attributes: Mapping[str, AttributeValue | None],
        kind: SpanKind = SpanKind.CONSUMER,
    ) -> OpenSpan:
        context = trace.set_span_in_context(NonRecordingSpan(parent)) if parent else Context()
        return OpenSpan(
            self._tracer.start_span(
                name,
                context=context,
                kind=kind,
                links=links,
                attributes=allowed(attributes),
                start_time=nanoseconds(now),
            )
        )
