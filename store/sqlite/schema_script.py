"""The tables of an agent's file. Times are microseconds (`store.moments`)."""

TABLES = """
CREATE TABLE IF NOT EXISTS documents (
    key TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    due INTEGER,
    open INTEGER,
    audit_seq INTEGER NOT NULL,
    audit_hash TEXT NOT NULL,
    facets TEXT NOT NULL,
    outbox TEXT NOT NULL,
    inbox TEXT NOT NULL,
    pending TEXT NOT NULL,
    sealed TEXT NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_due ON documents (due, key) WHERE due IS NOT NULL;
CREATE INDEX IF NOT EXISTS documents_open ON documents (open) WHERE open IS NOT NULL;
CREATE TABLE IF NOT EXISTS facets (
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    value NOT NULL,
    PRIMARY KEY (key, name, value)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS facets_value ON facets (name, value, key);
CREATE TABLE IF NOT EXISTS audit (
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    body TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (key, seq)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blobs (
    ref TEXT PRIMARY KEY,
    "case" TEXT NOT NULL,
    sealed BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS data_keys (
    "case" TEXT PRIMARY KEY,
    wrapped BLOB
);
CREATE TABLE IF NOT EXISTS quarantine (
    message_id TEXT NOT NULL,
    queue TEXT NOT NULL,
    type TEXT NOT NULL,
    routing_key TEXT NOT NULL,
    reason TEXT NOT NULL,
    fields TEXT NOT NULL,
    user TEXT,
    at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    headers TEXT NOT NULL,
    remedy TEXT,
    body BLOB NOT NULL, -- last, as what stands after a long value is read through it
    PRIMARY KEY (message_id, queue)
);
CREATE INDEX IF NOT EXISTS quarantine_at ON quarantine (at, message_id, queue);
"""
