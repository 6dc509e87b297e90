"""Destroying the content of a case that champions decided on, and what stands in its way. [L09]"""

from __future__ import annotations

from agents.coordinator.case import Case
from messages.codec import peek
from ops.problem import Problem
from store.port import Kept, Store
from store.quarantine import Quarantine
from store.vault import Reader, Vault


async def destroy(case: Case, kept: Kept, store: Store, vault: Vault, quarantine: Quarantine) -> bool:
    """Destroy the key of the case's content, after the decision is on its record; False when that was done.

    Messages about the case in the hub's quarantine go with it. States, times, codes and the record stay,
    and the record still verifies.

    Raises
    ------
    Problem
        when nobody decided it, or messages with content of the case are still to be sent.
    StoreError, VaultError, QuarantineUnreadable
    """
    purge = case.purge
    if purge is None:
        raise Problem(
            f"nobody decided that the content of {case.case_id} is destroyed: champions of data protection "
            "do, jointly (`mash decide` with case.purge_requested.v1)"
        )
    if kept.outbox:
        raise Problem(f"messages of {case.case_id} are still to be sent; try again once the hub has run")
    for item in await store.quarantined():
        if peek(quarantine.unsealed(item).body).get("subject") == case.case_id:
            await quarantine.release(item.message_id)
    if not await store.get_data_keys([case.case_id]):
        return False
    by = Reader(purge.by.person, purge.by.role, purge.by.agency)
    await vault.forget(case.case_id, by=by, purpose="retention")
    return True
