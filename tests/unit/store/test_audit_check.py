"""Verifying the audit of a store, also while steps are being committed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from store.audit import Finding, link
from store.audit_check import chains, verify_chain
from store.connect import connect
from store.port import AuditEntry, Kept, Step, Store
from tests.support.documents import a_document, first, then

SECRET = b"secret"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = connect(f"sqlite:///{tmp_path}", agent="audit-check")
    yield store
    await store.close()


def with_entries(step: Step, *bodies: str) -> Step:
    """The step with entries added to its document's chain."""
    after = step.after
    entries = link(after.audit_seq, after.audit_hash, after.key, bodies, SECRET)
    return replace(
        step,
        after=replace(
            after,
            audit_seq=entries[-1].seq,
            audit_hash=entries[-1].hash,
            audit_pending=(*after.audit_pending, *entries),
        ),
    )


async def test_a_chain_verifies_before_while_and_after_it_is_copied(store: Store) -> None:
    step = with_entries(first(a_document("case-1")), '{"n":1}', '{"n":2}')
    await store.commit([step])
    assert await verify_chain(store, "case-1", SECRET) is None
    await store.append_audit(step.after.audit_pending[:1])
    assert await verify_chain(store, "case-1", SECRET) is None
    await store.append_audit(step.after.audit_pending)
    await store.settle({}, {"case-1": 2}, {})
    assert await verify_chain(store, "case-1", SECRET) is None


async def test_an_entry_that_never_reached_the_audit_is_missing(store: Store) -> None:
    step = with_entries(first(a_document("case-1")), '{"n":1}', '{"n":2}')
    await store.commit([step])
    await store.append_audit(step.after.audit_pending[1:])
    await store.settle({}, {"case-1": 2}, {})
    assert await verify_chain(store, "case-1", SECRET) == Finding("case-1", 1, "missing")


async def test_a_step_committed_while_verifying_is_no_finding(store: Store) -> None:
    step = with_entries(first(a_document("case-1")), '{"n":1}')
    await store.commit([step])

    class Busy:
        """Commits and copies a step just before the audit is read, three times."""

        left = 3
        last: Kept = step.after

        async def load(self, keys: Sequence[str]) -> dict[str, Kept]:
            return await store.load(keys)

        async def audit(self, key: str) -> list[AuditEntry]:
            if self.left:
                self.left -= 1
                following = with_entries(then(self.last), '{"n":2}')
                assert await store.commit([following]) == [True]
                await store.append_audit(following.after.audit_pending)
                await store.settle({}, {"case-1": following.after.audit_seq}, {})
                self.last = following.after
            return await store.audit(key)

    busy = Busy()
    assert await verify_chain(cast(Store, busy), "case-1", SECRET) is None
    assert busy.left == 0


async def test_every_chain_is_named_once_also_one_without_entries_or_without_a_document(
    store: Store,
) -> None:
    with_chain = [with_entries(first(a_document(f"case-{n:03}")), "{}") for n in range(250)]
    await store.commit([*with_chain, first(a_document("no-chain"))])
    await store.append_audit(link(0, "", "case-001/access", ["{}"], SECRET))
    await store.append_audit(with_chain[0].after.audit_pending)
    named = [key async for key in chains(store)]
    assert sorted(named) == sorted([*(f"case-{n:03}" for n in range(250)), "case-001/access"])
