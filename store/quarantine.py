"""The quarantine: messages that could not be handled, sealed until somebody redrives them.

The reason and the field paths are metadata in the open; the body, which may hold anything, is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from store import sealing
from store.port import Quarantined, Store


class NotInQuarantine(Exception):
    """No such message is there."""


class QuarantineUnreadable(Exception):
    """A body was sealed with another key, or somebody changed it."""


class Quarantine:
    """One agent's quarantine. ``key`` has 32 bytes and must not be kept in the store."""

    def __init__(self, store: Store, key: bytes) -> None:
        self._store = store
        self._key = sealing.checked_key(key, "the quarantine's key")

    async def put(self, items: Sequence[Quarantined]) -> None:
        """Seal the bodies and keep the messages; the same message from the same queue is kept once."""
        await self._store.quarantine(
            [
                replace(item, body=sealing.seal(self._key, item.body, item.message_id, item.queue))
                for item in items
            ]
        )

    async def listed(self, limit: int = 1000) -> list[Quarantined]:
        """What is there, oldest first, with the bodies still sealed."""
        return await self._store.quarantined(limit)

    async def opened(self, message_id: str) -> Quarantined:
        """One message with its body as it arrived, to show to an operator or to send again.

        Raises
        ------
        NotInQuarantine
        QuarantineUnreadable
        """
        found = await self._store.quarantined(1, message_id=message_id)
        if not found:
            raise NotInQuarantine(f"{message_id} is not in quarantine")
        return self.unsealed(found[0])

    def unsealed(self, item: Quarantined) -> Quarantined:
        """A listed message with its body as it arrived. Raises QuarantineUnreadable."""
        try:
            return replace(item, body=sealing.unseal(self._key, item.body, item.message_id, item.queue))
        except sealing.Unreadable as error:
            raise QuarantineUnreadable(f"{error}: {item.message_id}") from None

    async def release(self, message_id: str) -> None:
        """Take one out after it was sent again. Doing so twice is not an error."""
        await self._store.release_quarantined(message_id)
