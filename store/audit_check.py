"""Verifying the audit of a store that may be in use."""

from __future__ import annotations

from collections.abc import AsyncIterator

from store.audit import Finding, Head, verify
from store.port import AuditEntry, Store

PAGE = 200


async def verify_chain(store: Store, key: str, secret: bytes) -> Finding | None:
    """The first bad entry of one chain, or None when it is whole [L14].

    The document is read before and after the entries: when a step was committed in between, the two
    do not belong together and are read again.
    """
    before = (await store.load([key])).get(key)
    while True:
        entries = await store.audit(key)
        after = (await store.load([key])).get(key)
        if before is None and after is None:
            return verify(key, entries, None, secret)
        if before is not None and after is not None and before.version == after.version:
            # From before: what was pending then and is settled since is in the entries or in it.
            return verify(key, entries, Head.of(before), secret)
        before = after


async def whole_chain(store: Store, key: str) -> list[AuditEntry]:
    """The entries of one chain in order, those that are still in its document with the others."""
    document = (await store.load([key])).get(key)
    entries = {entry.seq: entry for entry in await store.audit(key)}
    if document is not None:
        entries |= {entry.seq: entry for entry in document.audit_pending}
    return [entries[seq] for seq in sorted(entries)]


async def chains(store: Store) -> AsyncIterator[str]:
    """Every chain there is or should be: those of all documents, then those without a document."""
    seen: set[str] = set()
    offset = 0
    while rows := (await store.find({}, offset=offset, limit=PAGE)).rows:
        for row in rows:
            if row.audit_seq and row.key not in seen:
                seen.add(row.key)
                yield row.key
        offset += len(rows)
    for key in await store.audited_keys():
        if key not in seen:
            yield key
