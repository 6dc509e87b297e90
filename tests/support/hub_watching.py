"""How somebody sees what the agents of a hub do: every port that they are given can be wrapped."""

from __future__ import annotations

from typing import Protocol, TypeVar

from opentelemetry.trace import Tracer

Port = TypeVar("Port")


class Watching(Protocol):
    """Somebody who sees all that agents do."""

    def of(self, what: str, port: Port) -> Port:
        """A port that does the same and is watched."""
        ...

    def tracer(self, party: str) -> Tracer | None:
        """Where the spans of a party go."""
        ...


class NobodyWatches:
    """Implements `Watching` with nobody there."""

    def of(self, what: str, port: Port) -> Port:
        return port

    def tracer(self, party: str) -> Tracer | None:
        return None
