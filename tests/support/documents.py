"""Documents and steps for tests of the store."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from store.port import AuditEntry, Blob, Facet, Kept, OutboxEntry, Step

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_tokens = itertools.count(1)


def minutes(number: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=number)


def a_document(
    key: str,
    *,
    state: str = "{}",
    outbox: Iterable[str] = (),
    inbox: Iterable[str] = (),
    pending: Iterable[int] = (),
    sealed: Iterable[str] = (),
    due: datetime | None = None,
    facets: Mapping[str, Facet] | None = None,
) -> Kept:
    """A first version, with the ids of messages to send, the seqs of audit entries and the references of
    sealed records to copy."""
    links = tuple(an_entry(key, seq) for seq in pending)
    return Kept(
        key=key,
        version=1,
        state=state,
        outbox=tuple(OutboxEntry(message_id, f"body of {message_id}") for message_id in outbox),
        inbox=frozenset(inbox),
        audit_seq=links[-1].seq if links else 0,
        audit_hash=links[-1].hash if links else "",
        audit_pending=links,
        sealed=tuple(a_record(key, ref) for ref in sealed),
        due=due,
        facets=facets or {},
    )


def a_record(key: str, ref: str) -> Blob:
    return Blob(ref, key, f"\x00\xff sealed {ref}".encode("latin-1"))


def an_entry(key: str, seq: int, body: str = '{"act":"tested"}') -> AuditEntry:
    return AuditEntry(key, seq, body, previous=f"hash {seq - 1}", hash=f"hash {seq}")


def first(document: Kept, at: datetime = NOON) -> Step:
    """The step that creates a document."""
    return Step(before=Kept(document.key, 0, ""), after=document, token=f"token-{next(_tokens)}", at=at)


def then(before: Kept, at: datetime = NOON, **changes: object) -> Step:
    """The step from one version to the next."""
    after = replace(before, version=before.version + 1, **changes)  # type: ignore[arg-type]
    return Step(before=before, after=after, token=f"token-{next(_tokens)}", at=at)
