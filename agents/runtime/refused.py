"""How often a document's messages were refused, by reason: a facet that is counted over many documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from store.port import Facet

REFUSED = "refused"
"""The facet: ``reason*n`` for each reason, which is a code."""


def refusals(facets: Mapping[str, Facet]) -> Counter[str]:
    """What a document with these facets has had refused."""
    text = facets.get(REFUSED)
    return Counter(dict(read(text))) if isinstance(text, str) else Counter()


def read(text: str) -> Iterator[tuple[str, int]]:
    """Reasons, each with how often, of what is in the facet."""
    for item in text.split():
        reason, _, times = item.partition("*")
        yield reason, int(times)


def facets_of(refused: Counter[str]) -> dict[str, Facet]:
    """How it is kept; nothing while nothing was refused."""
    if not refused:
        return {}
    return {REFUSED: " ".join(f"{reason}*{times}" for reason, times in sorted(refused.items()))}
