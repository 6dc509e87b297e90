"""What everything that a document sends carries on from the message that began it.

It is kept in three facets. ``subject`` is the agent's choice, and the document's key where the agent
makes none. ``correlation`` and ``traceparent`` are the runtime's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from messages.envelope import Envelope
from store.port import Facet

SUBJECT, CORRELATION, TRACEPARENT = "subject", "correlation", "traceparent"


@dataclass(frozen=True, slots=True)
class Origin:
    """The correlation id of a document's messages, and the trace that they are part of."""

    correlation: str | None = None
    traceparent: str | None = None

    @classmethod
    def kept(cls, facets: Mapping[str, Facet]) -> Origin:
        """Of a document with these facets; of none, nothing is known yet."""
        return cls(_text(facets.get(CORRELATION)), _text(facets.get(TRACEPARENT)))

    def or_else(self, envelope: Envelope, traceparent: str | None) -> Origin:
        """What is not known yet is taken from this message, the first of its document."""
        return Origin(
            self.correlation or envelope.correlation_id or envelope.subject,
            self.traceparent or traceparent or envelope.traceparent,
        )

    def facets(self) -> dict[str, Facet]:
        """How it is kept."""
        return {CORRELATION: self.correlation, TRACEPARENT: self.traceparent}


def subject_of(facets: Mapping[str, Facet], key: str) -> str:
    """The subject of all messages of the document with these facets and this key."""
    return _text(facets.get(SUBJECT)) or key


def _text(facet: Facet) -> str | None:
    return facet if isinstance(facet, str) else None
