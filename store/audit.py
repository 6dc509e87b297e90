"""The audit chain: entries that nobody can change, leave out or reorder without it showing [L14, M6.2].

Each entry's hash is a keyed one (HMAC-SHA256) over the chain's key, its place, the hash before it and
its body, so that whoever can write to the database, and does not hold the secret, cannot make a chain
that verifies. Everything here is pure.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from store.port import AuditEntry, Kept

Problem = Literal["altered", "missing", "out of order", "inserted"]


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain has to end, as its document says, and the entries that are still to be copied."""

    seq: int
    hash: str
    pending: tuple[AuditEntry, ...] = ()

    @classmethod
    def of(cls, document: Kept) -> Head:
        return cls(document.audit_seq, document.audit_hash, document.audit_pending)


@dataclass(frozen=True, slots=True)
class Finding:
    """The first bad entry of a chain: at ``seq``, what is there (or is not) is not what was written."""

    key: str
    seq: int
    problem: Problem


def canonical(body: Mapping[str, Any]) -> str:
    """The one way to write a body: sorted keys, no spaces, ASCII.

    Raises
    ------
    ValueError
        for NaN or infinity.
    """
    return json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False)


def link(
    head_seq: int, head_hash: str, key: str, bodies: Sequence[str], secret: bytes
) -> tuple[AuditEntry, ...]:
    """The next entries of a chain that ends at ``head_seq`` and ``head_hash`` (0 and "" when empty)."""
    entries = []
    previous = head_hash
    for seq, body in enumerate(bodies, head_seq + 1):
        hash_ = _hash(key, seq, previous, body, secret)
        entries.append(AuditEntry(key, seq, body, previous, hash_))
        previous = hash_
    return tuple(entries)


def verify(key: str, entries: Sequence[AuditEntry], head: Head | None, secret: bytes) -> Finding | None:
    """The first bad entry of a chain, or None when it is whole.

    Parameters
    ----------
    entries
        The chain from the audit collection, in the order in which it is kept.
    head
        Its document's head. None for a chain without a document: then an end that was cut off
        cannot be seen.
    """
    chain = list(entries) if head is None else _with_pending(entries, head.pending)
    previous = ""
    for expected, entry in enumerate(chain, 1):
        if problem := _problem(key, expected, previous, entry, chain[expected:], head, secret):
            return Finding(key, *problem)
        previous = entry.hash
    if head is None:
        return None
    if len(chain) < head.seq:
        return Finding(key, len(chain) + 1, "missing")
    if not hmac.compare_digest(previous.encode(), head.hash.encode()):
        return Finding(key, head.seq, "altered")
    for entry in head.pending:
        if entry.seq <= len(chain) and chain[entry.seq - 1] != entry:
            return Finding(key, entry.seq, "altered")
    return None


def _with_pending(entries: Sequence[AuditEntry], pending: Sequence[AuditEntry]) -> list[AuditEntry]:
    """Those not yet copied, each where it will go: a crash may have copied a later one and not it."""
    chain = list(entries)
    copied = {entry.seq for entry in entries}
    for entry in pending:
        if entry.seq not in copied:
            after = (place for place, later in enumerate(chain) if later.seq > entry.seq)
            chain.insert(next(after, len(chain)), entry)
    return chain


def _problem(
    key: str,
    expected: int,
    previous: str,
    entry: AuditEntry,
    rest: Sequence[AuditEntry],
    head: Head | None,
    secret: bytes,
) -> tuple[int, Problem] | None:
    if head is not None and expected > head.seq:
        return entry.seq, "inserted"
    if entry.seq < expected:
        return entry.seq, "inserted"
    if entry.seq > expected:
        return expected, "out of order" if any(later.seq == expected for later in rest) else "missing"
    due = _hash(key, expected, previous, entry.body, secret)
    genuine = entry.key == key and entry.previous == previous and _same(entry.hash, due)
    return None if genuine else (expected, "altered")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="surrogatepass"), other.encode())


def _hash(key: str, seq: int, previous: str, body: str, secret: bytes) -> str:
    # As a JSON list, so that no two different entries are ever written alike.
    covered = json.dumps([key, seq, previous, body]).encode()
    return hmac.digest(secret, covered, "sha256").hex()
