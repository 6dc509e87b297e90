"""Messages that steps decided to send and that nobody is known to have sent: the age of the outbox."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.port import Kept, Store

ON_ITS_WAY = timedelta(seconds=10)
"""A step younger than this is being sent; what it sent is cleared with the next look of its agent."""

_MOST = 500


@dataclass(frozen=True, slots=True)
class Unsent:
    """A document with messages that are not known to be sent: how many, and since when the oldest waits."""

    document: str
    is_case: bool
    count: int
    since: datetime


async def unsent(store: Store, now: datetime) -> list[Unsent]:
    """The documents whose outbox is not empty although it should be, the oldest first. Raises StoreError."""
    keys = await store.unsettled(now - ON_ITS_WAY, _MOST)
    kept = await store.load(keys) if keys else {}
    found = [one for each in kept.values() if (one := _of(each)) is not None]
    return sorted(found, key=lambda one: (one.since, one.document))


def _of(kept: Kept) -> Unsent | None:
    if not kept.outbox:
        return None
    said = [datetime.fromisoformat(json.loads(entry.body)["time"]) for entry in kept.outbox]
    return Unsent(kept.key, kept.facets.get("kind") == "case", len(said), min(said))
