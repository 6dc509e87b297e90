"""Fixtures that every kind of test may use."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.support.servers import MongoServer, NoServer, RabbitServer, mongo, rabbitmq

SERVER_FIXTURES = {"rabbitmq_server", "mongo_server"}
BROWSER = Path(__file__).parent / "browser"


def pytest_configure() -> None:
    # A run that is told to end (by a time limit, say) still stops the servers that it started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that uses a real server is marked ``servers``, so that ``-m 'not servers'`` is quick. Files that
    take long come first: several processes take whole files in turn, and none is to begin a long one when
    the others are done."""
    for item in items:
        if SERVER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("servers")
    served = {item.path for item in items if item.get_closest_marker("servers")}
    items.sort(key=lambda item: 0 if item.path.parent == BROWSER else 1 if item.path in served else 2)


@pytest.fixture(autouse=True)
def logs_of_its_own() -> Iterator[None]:
    """A command that ran inside an earlier test leaves the log pointed at a stream that is closed now."""
    _forget_logs()
    yield
    _forget_logs()


def _forget_logs() -> None:
    structlog.reset_defaults()
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, logging.StreamHandler) and getattr(handler.stream, "closed", False):
            root.removeHandler(handler)


@pytest.fixture(scope="session")
def rabbitmq_server() -> Iterator[RabbitServer]:
    """A RabbitMQ with management, one for each test process."""
    try:
        with rabbitmq() as server:
            yield server
    except NoServer as why:
        _missing(why)


@pytest.fixture(scope="session")
def mongo_server() -> Iterator[MongoServer]:
    """A MongoDB replica set of one node, one for each test process."""
    try:
        with mongo() as server:
            yield server
    except NoServer as why:
        _missing(why)


def _missing(why: NoServer) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(str(why), pytrace=False)
    pytest.skip(str(why))
