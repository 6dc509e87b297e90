"""The log: JSON lines for machines, readable lines for people, and nothing in either but what is allowed.

Only keys on a list get through, and only values that are numbers, codes or ids. Text that an exception
or a library brings along never does, because it may repeat what came in a message.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, MutableMapping
from typing import Any, Literal, TextIO

import structlog

KEYS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "logger",
        "error",
        "where",
        "trace_id",
        "message_id",
        "case",
        "type",
        "party",
        "agency",
        "sender",
        "queue",
        "attempt",
        "outcome",
        "reason",
        "count",
        "request",
        "route",
        "status",
    }
)
"""Every key that a log entry may have."""

_OURS = ("agents", "broker", "messages", "ops", "store")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/#+-]{0,199}")
_EVENT = re.compile(r"[A-Za-z0-9][^\n\r]{0,199}")

Entry = MutableMapping[str, Any]


def only_what_is_allowed(logger: Any, method: str, entry: Entry) -> Entry:
    """Processor: drop every key that is not on the list and every value that may be text from outside."""
    return {key: value for key, value in entry.items() if key in KEYS and _may_be_shown(key, value)}


def _may_be_shown(key: str, value: object) -> bool:
    if isinstance(value, int | float):
        return True
    return isinstance(value, str) and bool((_EVENT if key == "event" else _CODE).fullmatch(value))


def of_the_library(record: logging.LogRecord) -> Entry:
    """An entry of the standard library's logging: who said it and where, not what.

    What our own modules say is shown, with those of its values that are numbers, codes or ids.
    """
    ours = record.name.partition(".")[0] in _OURS
    found: Entry = {
        "event": _said(record) if ours else "library",
        "level": record.levelname.lower(),
        "logger": record.name,
        "where": f"{record.module}.py:{record.lineno}",
    }
    if record.exc_info and record.exc_info[0] is not None:
        found["error"] = record.exc_info[0].__name__
    return found


def _said(record: logging.LogRecord) -> str:
    args = record.args if isinstance(record.args, tuple) else ()
    try:
        return str(record.msg) % tuple(arg if _may_be_shown("", arg) else "?" for arg in args)
    except (TypeError, ValueError):
        return "unknown"


class _Lines(logging.Formatter):
    """Writes records as structlog's entries are written, and no traceback after them."""

    def __init__(self, entry_of: Callable[[logging.LogRecord], Entry], render: Any) -> None:
        super().__init__()
        self._entry_of = entry_of
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        return str(self._render(None, "", self._entry_of(record)))


def configure_logs(level: str, form: Literal["json", "text"], stream: TextIO) -> None:
    """Log from ``level`` on to ``stream``, whatever of structlog or the standard library is used."""
    number = logging.getLevelNamesMapping()[level.upper()]
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    render: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=_no_traceback)
    )
    structlog.configure(
        processors=[structlog.processors.add_log_level, stamp, only_what_is_allowed, render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        _Lines(lambda record: only_what_is_allowed(None, "", stamp(None, "", of_the_library(record))), render)
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))
    for package in _OURS:
        logging.getLogger(package).setLevel(number)


def _no_traceback(stream: TextIO, exc_info: Any) -> None:
    """Tracebacks repeat values; ``where`` says the place."""
