"""Keeps a copy of all that agents write, publish, log and trace, and of the errors that they meet."""

from __future__ import annotations

import asyncio
import inspect
import logging
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar, cast

import structlog
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Tracer

from broker.port import Delivery, Outbound
from ops.logs import configure_logs
from ops.telemetry import SpanFiles

Port = TypeVar("Port")
Place = tuple[str, bytes]


class Watch:
    """Everything seen so far. ``spans_at`` is where span files go, as in production."""

    def __init__(self, spans_at: Path) -> None:
        self._log = StringIO()
        self._unfiltered: list[str] = []
        self._calls: list[tuple[str, object]] = []
        self._errors: list[str] = []
        self._spans = InMemorySpanExporter()
        spans_at.mkdir(parents=True)
        self._files = SpanFiles(spans_at)

    def of(self, what: str, port: Port) -> Port:
        """A port whose calls, and whose errors, are kept under this name."""
        return cast(Port, _Watched(what, port, self))

    def note(self, what: str, value: object) -> None:
        """Keep what a port was given."""
        self._calls.append((what, value))

    def failed(self, error: BaseException) -> None:
        """Keep all that an error tells."""
        self._errors.append("".join(traceback.format_exception(error)) + repr(error) + repr(vars(error)))

    def tracer(self, party: str) -> Tracer:
        """A tracer for a party."""
        resource = Resource.create({SERVICE_NAME: party})
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        for exporter in (self._spans, self._files):
            provider.add_span_processor(SimpleSpanProcessor(exporter))
        return provider.get_tracer("mash")

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Log as a process of the hub does; keep besides what is said before anything is left out."""
        root = logging.getLogger()
        before = root.handlers[:], root.level, structlog.get_config()
        configure_logs("debug", "json", self._log)
        root.setLevel(logging.DEBUG)
        root.addHandler(_Unfiltered(self._unfiltered))
        processors = [self._unfiltered_entry, *structlog.get_config()["processors"]]
        structlog.configure(processors=processors)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: self._errors.append(repr(context)))
        try:
            yield
        finally:
            root.handlers[:], level, config = before
            root.setLevel(level)
            structlog.configure(**config)
            loop.set_exception_handler(None)

    def _unfiltered_entry(
        self, logger: Any, method: str, entry: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        self._unfiltered.append(repr(entry))
        return entry

    def published(self) -> Iterator[Outbound]:
        """Every message of every agent."""
        for what, value in self._calls:
            if what == "broker.publish":
                (messages,), _ = cast(tuple[tuple[list[Outbound]], object], value)
                yield from messages

    def places(self) -> Iterator[Place]:
        """All of it."""
        yield "log", self._log.getvalue().encode()
        yield from (("log before the filter", text.encode()) for text in self._unfiltered)
        yield from (("span", (span.to_json() or "").encode()) for span in self._spans.get_finished_spans())
        yield from (("error", text.encode()) for text in self._errors)
        for what, value in self._calls:
            yield from ((what, content) for content in parts_of(value))


class _Watched:
    """Wraps a port; what its calls return is wrapped too when it is a subscription."""

    def __init__(self, what: str, inner: Any, watch: Watch) -> None:
        self._what, self._inner, self._watch = what, inner, watch

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._call(name, found) if inspect.iscoroutinefunction(found) else found

    def _call(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        async def watched(*args: Any, **kwargs: Any) -> Any:
            self._watch.note(f"{self._what}.{name}", (args, kwargs))
            try:
                result = await call(*args, **kwargs)
            except Exception as error:
                self._watch.failed(error)
                raise
            return _Watched(self._what, result, self._watch) if name == "subscribe" else result

        return watched


class _Unfiltered(logging.Handler):
    """Keeps every record with its arguments and its traceback."""

    def __init__(self, kept: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        self._kept.append(logging.Formatter().format(record) + repr(record.args))


def parts_of(value: object) -> Iterator[bytes]:
    """Every text and every run of bytes in a value; not what came in and is only pointed at."""
    if isinstance(value, Delivery):
        return
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, str):
        yield value.encode()
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from parts_of(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for item in value.items():
            yield from parts_of(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from parts_of(item)
    else:
        yield repr(value).encode()
