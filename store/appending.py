"""Appending to an audit chain that has no document: many may do so at the same time."""

from __future__ import annotations

from collections.abc import Mapping

from store import audit
from store.port import Store, StoreError

_ATTEMPTS = 1_000


async def append_to_chain(store: Store, key: str, body: Mapping[str, object], secret: bytes) -> None:
    """Add one entry, after whatever others append at the same time. ``body`` is codes, ids and times.

    Raises StoreError.
    """
    for _ in range(_ATTEMPTS):
        head = await store.audit_head(key)
        seq, hash_ = (head.seq, head.hash) if head else (0, "")
        entries = audit.link(seq, hash_, key, [audit.canonical(body)], secret)
        if (await store.append_audit(entries))[0]:
            return
    raise StoreError("could not add to the record: too many others at the same time")
