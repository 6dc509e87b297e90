"""What is in the hub's quarantine, as it may be shown: reasons, senders and times.

A message that could not be handled may have anything for its id, its type or the names of its fields, since
its sender wrote them. What does not look like an id or a code is not shown, and no address or form has an id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from messages.catalogue import CATALOGUE
from messages.parties import STAFF
from messages.refusal import REMEDIES
from store.port import Quarantined, Store

MOST = 100
"""The most that a page shows."""

_LOOKED_AT = 1000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/#-]{0,127}")


@dataclass(frozen=True, slots=True)
class InQuarantine:
    """A message in quarantine. ``mark`` names it in a form; ``type`` and ``message_id`` are None where they
    are none that may be shown. ``sender`` is whom the broker vouches for, None when it is not known."""

    mark: str
    message_id: str | None
    type: str | None
    reason: str
    fields: tuple[str, ...]
    sender: str | None
    at: datetime
    attempts: int

    @property
    def done_with(self) -> bool:
        """Whether the hub refused it by its rules to a person, who was told so and says it anew; nobody else
        has anything to do. What could not be read or handled is none of these."""
        ruled = self.reason == "payload_invalid" or self.reason not in REMEDIES
        return self.sender == STAFF and ruled


@dataclass(frozen=True, slots=True)
class QuarantineList:
    """The oldest of what is there, and how many there are in all."""

    first: tuple[InQuarantine, ...]
    total: int

    @property
    def to_see_to(self) -> int:
        """How many somebody has to see to. Those that are not among the oldest count as such."""
        return self.total - sum(one.done_with for one in self.first)


async def in_quarantine(store: Store) -> QuarantineList:
    """What is there, the oldest first. Raises StoreError."""
    items = await store.quarantined(MOST, bodies=False)
    return QuarantineList(tuple(_shown(items)), await store.count_quarantined())


async def marked(store: Store, mark: str) -> str | None:
    """The id of the message that a form names; None when it is no longer there. Raises StoreError."""
    items = await store.quarantined(_LOOKED_AT, bodies=False)
    return next((one.message_id for one in items if _mark(one) == mark), None)


def showable_id(text: str) -> str | None:
    """The text where it looks like an id or a code, as everything does that this hub makes."""
    return text if _ID.fullmatch(text) else None


def _shown(items: Iterable[Quarantined]) -> Iterator[InQuarantine]:
    for one in items:
        yield InQuarantine(
            _mark(one),
            showable_id(one.message_id),
            one.type if one.type in CATALOGUE else None,
            one.reason,
            tuple(field for field in one.fields if showable_id(field)),
            one.user,
            one.at,
            one.attempts,
        )


def _mark(item: Quarantined) -> str:
    return sha256(f"{item.queue}\n{item.message_id}".encode()).hexdigest()[:24]
