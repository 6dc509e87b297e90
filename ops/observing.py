"""What a process lets be seen of itself: its log and its spans."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from opentelemetry.trace import Tracer

from ops.logs import configure_logs
from ops.settings import Settings
from ops.telemetry import Telemetry


@contextmanager
def observed(settings: Settings, name: str) -> Iterator[Callable[[str], Tracer | None]]:
    """Log as the settings say, and give each party its tracer; spans are written out at the end."""
    configure_logs(settings.log_level, settings.log_format, sys.stderr)
    kept = settings.traces_mb * 1_000_000
    folder = settings.traces_at if kept else None
    with Telemetry(folder=folder, endpoint=settings.otlp_endpoint, most=kept) as telemetry:
        yield telemetry.tracer
