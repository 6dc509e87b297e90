"""Reads everything that the engines hold at rest, as somebody does who has the disk or the server."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pymongo
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from yarl import URL

from tests.support.broker_engines import RabbitEngine
from tests.support.hub_system import HubSystem
from tests.support.leaks.watching import Place

_ALL = 100_000


async def at_rest(hub: HubSystem) -> list[Place]:
    """Name and content of each thing that is kept: files, rows, documents, messages, queue names."""
    if isinstance(hub.engine, RabbitEngine):
        in_queues = await asyncio.to_thread(lambda: list(_rabbitmq(hub.engine)))  # type: ignore[arg-type]
        return [*in_queues, *await asyncio.to_thread(lambda: list(_mongo(hub.settings.store_at)))]
    return list(_files(hub.settings.data))


def _files(folder: Path) -> Iterator[Place]:
    """Every file of the hub's folder as it is, and every row of every table.

    A row is in one piece, which a file's pages may cut up.
    """
    with TemporaryDirectory() as copies:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            what = "broker" if file.name.startswith("broker.") else "store"
            yield f"{what} file", file.read_bytes()
            yield f"{what} file", file.name.encode()
            shutil.copy(file, copies)
        for copy in sorted(Path(copies).glob("*.sqlite")):
            what = "broker" if copy.name.startswith("broker.") else f"store of {copy.stem.replace('.', '-')}"
            yield from _tables(copy, what)


def _tables(file: Path, what: str) -> Iterator[Place]:
    database = sqlite3.connect(file)
    try:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f"SELECT * FROM {table}"):
                for value in row:
                    content = value if isinstance(value, bytes) else str(value).encode()
                    yield f"{what}: {table}", content
    finally:
        database.close()


def _mongo(url: str) -> Iterator[Place]:
    prefix = URL(url).path.strip("/")
    raw: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
    with pymongo.MongoClient[dict[str, Any]](url) as client:
        for name in client.list_database_names():
            if not name.startswith(prefix):
                continue
            for collection in client[name].list_collection_names():
                what = f"store of {name.removeprefix(prefix)[1:]}: {collection}"
                yield what, collection.encode()
                documents = client[name].get_collection(collection).with_options(codec_options=raw)
                yield from ((what, bytes(document.raw)) for document in documents.find())


def _rabbitmq(engine: RabbitEngine) -> Iterator[Place]:
    yield "broker", json.dumps(engine.management.get("definitions", engine.vhost)).encode()
    take = {"count": _ALL, "ackmode": "ack_requeue_true", "encoding": "base64"}
    for queue in engine.management.get("queues", engine.vhost):
        found = engine.management.post("queues", engine.vhost, queue["name"], "get", body=take)
        for message in found:
            yield "broker: message", base64.b64decode(message.pop("payload"))
            yield "broker: message", json.dumps(message).encode()
