"""A URL chooses the engine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from store.port import Store, StoreError

DEFAULT_PREFIX = "mash"
_AGENT = re.compile(r"[a-z0-9][a-z0-9._-]*")


def connect(url: str, *, agent: str, driver: Literal["pymongo", "motor"] = "pymongo") -> Store:
    """The store of one agent. Opens a file at once, and a server connection when it is first used.

    Parameters
    ----------
    url
        ``sqlite:///folder`` (``sqlite:////folder`` from the root): the file ``<agent>.sqlite`` in that
        folder. ``mongodb://host``: the database ``mash-<agent>``, or ``<prefix>-<agent>`` when the URL
        ends in ``/<prefix>``, with dashes for the dots in the agent's name. A URL with a prefix and a
        user also needs ``authSource=admin``, or wherever that user was created.
    agent
        Lower-case letters, digits, dots, dashes: ``coordinator``, ``agency.police``.
    driver
        For MongoDB: PyMongo's own asynchronous API, or Motor.

    Raises
    ------
    OtherLayout
        for a file that another version made.
    StoreError
        for a URL or agent's name that is neither; it does not repeat the URL, which may hold a password.
    """
    if not _AGENT.fullmatch(agent):
        raise StoreError("an agent's name is lower-case letters, digits, dots, dashes and underscores")
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        from store.sqlite import SqliteStore

        return SqliteStore(Path(unquote(url.removeprefix("sqlite:///"))) / f"{agent}.sqlite")
    if url.startswith(("mongodb://", "mongodb+srv://")):
        from store.mongo import MongoStore

        prefix = urlsplit(url).path.strip("/") or DEFAULT_PREFIX
        return MongoStore(url, f"{prefix}-{agent.replace('.', '-')}", driver)
    raise StoreError("a store's URL begins with sqlite:/// and a folder, or with mongodb://")
