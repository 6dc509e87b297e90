"""A hub by its rules, put into a store: documents, facets and records as its runtime keeps them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import store.connect
from agents.coordinator.coordinator import Coordinator
from store import audit
from store.port import Kept, Step, Store
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
