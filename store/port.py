"""The Store port: what an agent keeps, whatever keeps it.

Everything that one step of an agent changes is one document and one write: the state, the messages
to send (outbox), the audit entries, the ids of the messages handled (inbox), and the sealed records for
the vault, compare-and-set on the document's version. The store does not know what a case is: a state is
text to it, a content blob is cipher text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

Facet = str | int | bool | None | tuple[str, ...]
"""A value that lists filter and sort by. Codes, ids and times in ISO 8601 only; never personal data."""


COUNTED = ("received_on", "figures", "refused")
"""The facets that are counted over many documents: first the one that a period is chosen by. Each has one
text. Engines have an index of all three together."""

LISTED = (
    (("kind", 1), ("urgent_at", 1)),
    (("kind", 1), ("open", 1), ("urgent_at", 1)),
    (("kind", 1), ("open", 1), ("agencies", 1), ("urgent_at", 1)),
    (("supervised", 1), ("supervised_at", -1)),
    (("supervised", 1), ("agencies", 1), ("supervised_at", -1)),
    (("breached", 1), ("breached_at", -1)),
    (("breached", 1), ("agencies", 1), ("breached_at", -1)),
    (("kept", 1),),
)
"""The facets by which long lists are asked for, each with its way as in `Store.find`, the order last. A
document without the first facet of a list is not in it. Engines that need an index for a list have one."""


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A message that a step decided to send. ``body`` refers to content in the vault, never holds it."""

    message_id: str
    body: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of a document's audit chain: ``hash`` covers everything else and ``previous``.

    ``seq`` counts from 1. ``body`` is canonical JSON (sorted keys, no spaces) of codes, ids and times.
    """

    key: str
    seq: int
    body: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Blob:
    """Cipher text of the vault. ``case`` names the data key that it was sealed with."""

    ref: str
    case: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as it stands in the store.

    ``audit_seq`` and ``audit_hash`` are the head of its audit chain (0 and "" before the first).
    ``audit_pending`` holds the entries not yet known to be copied to the audit collection, ``sealed`` the
    records, of this document's own data key, not yet known to be copied to the vault's collection.
    """

    key: str
    version: int
    state: str
    outbox: tuple[OutboxEntry, ...] = ()
    inbox: frozenset[str] = frozenset()
    audit_seq: int = 0
    audit_hash: str = ""
    audit_pending: tuple[AuditEntry, ...] = ()
    sealed: tuple[Blob, ...] = ()
    due: datetime | None = None
    facets: Mapping[str, Facet] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One commit: what makes ``after`` of ``before``, valid only while the version of ``before`` stands.

    Version 0 before means that the document must not exist yet. ``after`` carries the version that
    follows. ``token`` tells this commit from every other (for finding out who won). ``at`` is the time
    of the commit.
    """

    before: Kept
    after: Kept
    token: str
    at: datetime

    @property
    def expected(self) -> int:
        """The version that has to stand."""
        return self.before.version


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that could not be handled. ``body`` is sealed; the rest is metadata without content.
    ``remedy`` is what its sender was told to do."""

    message_id: str
    queue: str
    type: str
    routing_key: str
    reason: str
    fields: tuple[str, ...]
    user: str | None
    at: datetime
    attempts: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What a list returns: the documents asked for and how many fit in all."""

    rows: tuple[Kept, ...]
    total: int


class StoreError(Exception):
    """The store could not do what was asked. Never carries any part of a document."""


class Store(Protocol):
    """One agent's documents, vault blobs, audit and quarantine. All writes are durable on return.

    Every method raises ``StoreError`` when the engine cannot be reached or refuses; the write may then
    have happened or not, and trying again is safe.
    """

    async def load(self, keys: Sequence[str]) -> dict[str, Kept]:
        """The documents that exist among ``keys``."""
        ...

    async def commit(self, steps: Sequence[Step]) -> list[bool]:
        """Write each step in one single-document write; all in one round trip where possible.

        At most one step per key. Returns, step for step, whether it won; a lost one changed nothing.
        """
        ...

    async def settle(
        self,
        settled: Mapping[str, Sequence[str]],
        audited: Mapping[str, int],
        vaulted: Mapping[str, Sequence[str]],
    ) -> None:
        """Forget outbox entries that were sent, and audit entries and sealed records that were copied.

        ``settled`` maps document key to message ids; ``audited`` maps document key to the highest
        audit ``seq`` that is in the audit collection; ``vaulted`` to references that are in the vault's.
        Does not change the version; never touches anything that a later commit added. A commit made on a
        document as it was before may write back what was cleared, or may not: settling is for the last one.
        """
        ...

    async def due(self, until: datetime, limit: int) -> list[str]:
        """Keys of the documents whose due time is at or before ``until``, earliest first."""
        ...

    async def next_due(self) -> datetime | None:
        """The earliest due time of all documents."""
        ...

    async def unsettled(self, committed_before: datetime, limit: int) -> list[str]:
        """Keys of documents, last committed before then, that still have something to send or to copy."""
        ...

    async def find(
        self,
        where: Mapping[str, Facet],
        *,
        sort: Sequence[tuple[str, int]] = (),
        offset: int = 0,
        limit: int = 50,
    ) -> Page:
        """Documents whose facets have all these values.

        A tuple facet has a value when it contains it, and a tuple of values when it contains them all.
        None asks for documents without that facet. ``sort`` names facets of one value, or ``"due"``,
        each with 1 (rising, documents without one first) or -1 (falling); the key decides ties.
        """
        ...

    async def keys_with_any(self, name: str, values: Sequence[str], limit: int) -> list[str]:
        """Keys, in order, of the documents whose facet ``name`` is or contains any of these values."""
        ...

    async def tally(self, by: str, over: str, first: str, last: str) -> dict[str, int]:
        """How many documents have each value of the facet ``by``, of those whose facet ``over`` is a text
        from ``first`` to ``last``, both included.

        Both are facets of one text, and may be the same. What is written of them is read, and no document:
        an engine keeps `COUNTED` beside each other, and each of `LISTED`.
        """
        ...

    async def append_audit(self, entries: Sequence[AuditEntry]) -> list[bool]:
        """Add to the append-only audit; where key and seq are taken, what is there stays as it is.

        Returns, entry for entry, whether it was added now.
        """
        ...

    async def audit(self, key: str) -> list[AuditEntry]:
        """The audit chain of a document from the audit collection, in order of ``seq``."""
        ...

    async def audit_head(self, key: str) -> AuditEntry | None:
        """The last entry of a chain in the audit collection."""
        ...

    async def audited_keys(self) -> list[str]:
        """Every key that has an audit chain."""
        ...

    async def put_blobs(self, blobs: Sequence[Blob]) -> list[bool]:
        """Keep these; one that is there already stays as it is.

        Returns, blob for blob, whether it was kept now.
        """
        ...

    async def get_blobs(self, refs: Sequence[str]) -> dict[str, Blob]:
        """Those that exist among ``refs``."""
        ...

    async def put_data_keys(self, wrapped: Mapping[str, bytes]) -> dict[str, bytes]:
        """Keep the wrapped data key of each case unless one is there; return the ones that count.

        A case whose key was destroyed never gets another, and is not in the answer.
        """
        ...

    async def get_data_keys(self, cases: Sequence[str]) -> dict[str, bytes]:
        """The wrapped data keys that exist."""
        ...

    async def destroy_data_key(self, case: str) -> None:
        """Make a case's content unreadable for good. Destroying twice is not an error."""
        ...

    async def quarantine(self, items: Sequence[Quarantined]) -> None:
        """Keep these; one that is there already (same message id and queue) stays as it is."""
        ...

    async def quarantined(
        self, limit: int = 1000, *, message_id: str | None = None, bodies: bool = True
    ) -> list[Quarantined]:
        """What is in quarantine, or of it the one message, oldest first.

        Without ``bodies`` each body is empty and is not read: one may have hundreds of kilobytes.
        """
        ...

    async def count_quarantined(self) -> int:
        """How many messages are in quarantine."""
        ...

    async def release_quarantined(self, message_id: str) -> None:
        """Remove one after it was redriven. Removing twice is not an error."""
        ...

    async def provision(self) -> None:
        """Create whatever the engine needs before an agent may start. Doing it twice is not an error.

        Raises OtherLayout when another version made what is there (`store.layout`).
        """
        ...

    async def verify(self) -> list[str]:
        """What ``provision`` would create and is not there, in words; empty when all is well.

        Raises OtherLayout as ``provision`` does.
        """
        ...

    async def healthy(self) -> bool:
        """The store answers within seconds and can write."""
        ...

    async def close(self) -> None: ...
