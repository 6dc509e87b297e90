"""What a runtime is given: everything that it does not make itself."""

from __future__ import annotations

from dataclasses import dataclass

from broker.port import Broker
from messages.clock import Clock, NewId
from messages.sealing import WireKeys
from store.port import Store
from store.quarantine import Quarantine
from store.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One agent's engines, its clock, its source of ids, and its keys.

    ``audit_secret`` keys the hashes of the audit chain. ``keeps_content`` is whether the texts of messages
    go into the vault: the hub refers to them later. A worker has no use for a copy: what comes in is
    forgotten, and what goes out waits in its outbox as it travels, sealed for the hub. [A10]
    """

    broker: Broker
    store: Store
    vault: Vault
    quarantine: Quarantine
    clock: Clock
    new_id: NewId
    wire_keys: WireKeys
    audit_secret: bytes
    keeps_content: bool
