"""A hub by its rules, put into a store: documents, facets and records as its runtime keeps them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import store.connect
from agents.coordinator.case import Case
from agents.coordinator.coordinator import Coordinator
from store import audit
from store.port import Facet, Kept, Page, Step, Store
from tests.support.documents import NOON
from tests.support.procedure import PARTNERSHIP
from tests.support.whole_hub import INDEX_KEY, WholeHub


async def kept_in(folder: Path, hub: WholeHub, secret: bytes = b"s" * 32) -> Store:
    """The store of the coordinator in this folder, with everything in it that this hub keeps.

    All facts are on record at the hub's present moment.
    """
    opened = store.connect.connect(f"sqlite:///{folder}", agent="coordinator")
    await opened.provision()
    coordinator = Coordinator(PARTNERSHIP, store=None, index_key=INDEX_KEY)  # type: ignore[arg-type]
    for key, state in hub.documents.items():
        bodies = [_body(fact, hub) for about, fact in hub.facts if about == key]
        chain = audit.link(0, "", key, bodies, secret)
        nothing = Kept(key, 0, "")
        after = Kept(
            key,
            1,
            coordinator.dump(state),
            facets=coordinator.facets(state),
            audit_seq=len(chain),
            audit_hash=chain[-1].hash if chain else "",
            audit_pending=chain,
        )
        await opened.commit([Step(nothing, after, f"token-{key}", hub.now)])
    return opened


def _body(fact: Any, hub: WholeHub) -> str:
    by = fact.by.model_dump() if fact.by else None
    detail = json.loads(json.dumps(dict(fact.detail)))
    return audit.canonical(
        {"act": fact.what, "at": hub.now.isoformat(), "by": by, "detail": detail, "message": None}
    )


async def put(opened: Store, *states: Any) -> None:
    """Put documents into a store as they stand, with their facets and a data key each, and no record."""
    coordinator = Coordinator(PARTNERSHIP, store=None, index_key=INDEX_KEY)  # type: ignore[arg-type]
    keys = [state.case_id if isinstance(state, Case) else state.key for state in states]
    before = await opened.load(keys)
    steps = []
    for key, state in zip(keys, states, strict=True):
        there = before.get(key, Kept(key, 0, ""))
        after = Kept(key, there.version + 1, coordinator.dump(state), facets=coordinator.facets(state))
        steps.append(Step(there, after, f"{key}-{after.version}", NOON))
    assert all(await opened.commit(steps))
    await opened.put_data_keys(dict.fromkeys(keys, b"wrapped"))


class CountingStore:
    """A store that counts the documents which are read of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.read = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def find(self, where: Mapping[str, Facet], **how: Any) -> Page:
        page = await self._store.find(where, **how)
        self.read += len(page.rows)
        return page

    async def load(self, keys: Sequence[str]) -> dict[str, Kept]:
        found = await self._store.load(keys)
        self.read += len(found)
        return found
