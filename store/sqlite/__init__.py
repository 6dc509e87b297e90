"""The Store port on SQLite: one file for one agent, in one process, with no server."""

from __future__ import annotations

from store.sqlite.audit_log import AuditLog
from store.sqlite.documents import Documents
from store.sqlite.listing import Listing
from store.sqlite.quarantine_records import QuarantineRecords
from store.sqlite.schema import Schema
from store.sqlite.vault_records import VaultRecords

__all__ = ["SqliteStore"]


class SqliteStore(Documents, Listing, AuditLog, VaultRecords, QuarantineRecords, Schema):
    """One agent's file. ``SqliteStore(path)``."""
