"""The Store port on MongoDB, through PyMongo's asynchronous API or Motor."""

from __future__ import annotations

from store.mongo.audit_log import AuditLog
from store.mongo.connection import Driver
from store.mongo.documents import Documents
from store.mongo.listing import Listing
from store.mongo.quarantine_records import QuarantineRecords
from store.mongo.schema import Schema
from store.mongo.vault_records import VaultRecords

__all__ = ["Driver", "MongoStore"]


class MongoStore(Documents, Listing, AuditLog, VaultRecords, QuarantineRecords, Schema):
    """One agent's database. ``MongoStore(url, database, driver="pymongo")``."""
