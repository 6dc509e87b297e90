"""Destroying the content that champions decided on. [L09]"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.coordinator.case import Case
from agents.coordinator.dial_record import Dial
from agents.coordinator.ending import brought_by
from agents.coordinator.governance import is_decided
from agents.coordinator.missing_record import MissingPerson
from agents.coordinator.retention import Document
from messages.codec import peek
from messages.sealing import KeptContext
from messages.words import Actor
from ops import case_views
from ops.problem import Problem, WrongInput
from store.port import Kept, Store
from store.quarantine import Quarantine
from store.vault import Reader, Vault, access_key

KINDS: Mapping[str, type[Document]] = {"case": Case, "dial": Dial, "missingperson": MissingPerson}
"""Documents with content, by the kind that they are listed under."""


@dataclass(frozen=True, slots=True)
class Destroyed:
    """That content was destroyed: when, and by whose decision."""

    at: datetime
    by: tuple[Reader, ...]

    def in_words(self, zone_time: str) -> str:
        """``destroyed on … by …``, with the moment as the partnership's clock shows it."""
        return f"destroyed on {zone_time} by {', '.join(f'{one.person}@{one.agency}' for one in self.by)}"


async def look_up(store: Store, said: str) -> tuple[Document, Kept]:
    """The document that a person means: a DIAL or a missing person by its id, a case as in `case_views`.

    Raises
    ------
    WrongInput
        when none fits.
    StoreError
    """
    kept = (await store.load([said])).get(said)
    kind = kept.facets.get("kind") if kept is not None else None
    if kept is not None and isinstance(kind, str) and kind in KINDS:
        return document_in(kept), kept
    if kept is not None:
        raise WrongInput(f"{said} has no content of its own; `mash retention list` lists what has")
    return await case_views.look_up(store, said)


def document_in(kept: Kept) -> Document:
    """The document with content that stands in what is kept; its facet ``kind`` is one of `KINDS`."""
    return KINDS[str(kept.facets["kind"])].model_validate_json(kept.state, context=KeptContext())


async def destroy(document: Document, kept: Kept, store: Store, vault: Vault, quarantine: Quarantine) -> bool:
    """Destroy the key of the document's content, after the decision is on its record; False when that was
    done.

    Messages about the document in the hub's quarantine go with it. States, times, codes and the record stay,
    and the record still verifies.

    Raises
    ------
    Problem
        when it is not decided, is stayed, or messages with content of it are still to be sent.
    StoreError, VaultError, QuarantineUnreadable
    """
    key, purge = kept.key, document.purge
    if purge is None or not is_decided(purge):
        raise Problem(
            f"it is not decided that the content of {key} is destroyed: champions of data protection do, "
            "jointly, each in a message (`mash decide` with case.purge_requested.v1)"
        )
    brought = () if isinstance(document, Case) else await brought_by(store, key)
    if grounds := sorted({stay.ground for one in (document, *brought) for stay in one.stays}):
        raise Problem(
            f"the destruction of {key} is stayed for: {', '.join(grounds)} (`mash decide` with "
            "case.stay_decided.v1 lifts a stay)"
        )
    if kept.outbox:
        raise Problem(f"messages of {key} are still to be sent; try again once the hub has run")
    listed = await store.quarantined(await store.count_quarantined(), bodies=False)
    for message_id in dict.fromkeys(item.message_id for item in listed):
        found = await store.quarantined(message_id=message_id)
        if any(peek(quarantine.unsealed(item).body).get("subject") == key for item in found):
            await quarantine.release(message_id)
    if not await store.get_data_keys([key]):
        return False
    await vault.forget(key, by=[_reader(consent.by) for consent in purge.consents], purpose="retention")
    return True


async def left(document: Document, store: Store) -> tuple[str, ...]:
    """Other documents that hold the same words still: the one that brought a case, the cases that one
    brought. Raises StoreError."""
    if isinstance(document, Case):
        others = [document.brought_by.document] if document.brought_by is not None else []
    else:
        others = [case.case_id for case in await brought_by(store, document.key)]
    return tuple(sorted(await store.get_data_keys(others))) if others else ()


async def destroyed(key: str, store: Store) -> Destroyed | None:
    """When a document's content was destroyed and by whom, from the record of its readings; None while it
    is there. Raises StoreError."""
    if await store.get_data_keys([key]):
        return None
    acts = [json.loads(entry.body) for entry in await store.audit(access_key(key))]
    found = next((act for act in reversed(acts) if act["act"] == "vault.forgotten"), None)
    return _as_destroyed(found) if found is not None else None


def _as_destroyed(act: Mapping[str, Any]) -> Destroyed:
    by = (act, *act["jointly_with"])
    return Destroyed(
        datetime.fromisoformat(act["at"]),
        tuple(Reader(one["person"], one["role"], one["agency"]) for one in by),
    )


def _reader(by: Actor) -> Reader:
    return Reader(by.person, by.role, by.agency)
