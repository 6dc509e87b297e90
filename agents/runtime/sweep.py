"""Finishes what others left behind: steps that were committed, and whose process then went down.

Which process that was does not matter. What another process is only just sending must not be sent
twice without need, so a first look only notes what is there; what is still there at the next look
was left behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Generic

from agents.deciding import State
from agents.runtime.given import Given
from agents.runtime.log import log
from agents.runtime.outgoing import Ready
from agents.runtime.relay import Relay
from store.port import Blob, Kept

_AT_ONCE = 500
_A_MOMENT = timedelta(seconds=1)


class Sweep(Generic[State]):
    """Looks for what one agent's documents have left to send and to copy."""

    def __init__(self, given: Given, relay: Relay[State]) -> None:
        self._given = given
        self._relay = relay
        self._noted: dict[str, frozenset[str]] = {}

    async def look(self, *, patient: bool = True) -> int:
        """Send, copy and clear what was there at the last look too; returns how much is left over.

        With ``patient`` false nothing is spared: for a process that knows that it is alone.
        Raises StoreError.
        """
        store = self._given.store
        keys = await store.unsettled(self._given.clock.now() + _A_MOMENT, _AT_ONCE)
        kept = await store.load(keys) if keys else {}
        marks = {key: _marks(one) for key, one in kept.items()}
        left_behind = {
            key: marks[key] if not patient else marks[key] & self._noted.get(key, frozenset()) for key in kept
        }
        self._noted = marks
        blobs = [blob for key, one in kept.items() for blob in one.sealed if _mark(blob) in left_behind[key]]
        if blobs:
            await self._given.vault.keep(blobs)
        ready = [
            Ready.kept(key, entry)
            for key, one in kept.items()
            for entry in one.outbox
            if entry.message_id in left_behind[key] and not self._relay.in_hand(key, entry.message_id)
        ]
        failed = await self._relay.send(ready, [], {}) if ready else {}
        sent = {one.entry.message_id for one in ready} - failed.keys()
        if ready:
            log.info("swept", count=len(sent))
        entries = [
            entry
            for key, one in kept.items()
            for entry in one.audit_pending
            if str(entry.seq) in left_behind[key]
        ]
        if entries:
            await store.append_audit(entries)
        await store.settle(
            {
                key: ids
                for key, one in kept.items()
                if (ids := [e.message_id for e in one.outbox if e.message_id in sent])
            },
            # A document with nothing left is named too, so that it is marked as settled.
            {key: 0 for key, mark in marks.items() if not mark} | {entry.key: entry.seq for entry in entries},
            _by_case(blobs),
        )
        return sum(len(found) for found in marks.values()) - len(sent) - len(entries) - len(blobs)


def _by_case(blobs: Sequence[Blob]) -> dict[str, list[str]]:
    refs: dict[str, list[str]] = {}
    for blob in blobs:
        refs.setdefault(blob.case, []).append(blob.ref)
    return refs


def _marks(kept: Kept) -> frozenset[str]:
    return frozenset(
        [
            *(entry.message_id for entry in kept.outbox),
            *(str(entry.seq) for entry in kept.audit_pending),
            *(_mark(blob) for blob in kept.sealed),
        ]
    )


def _mark(blob: Blob) -> str:
    """Not its reference alone: that of texts which a step made is the id of the message they are in."""
    return f"sealed {blob.ref}"
