"""The procedure is tried on the coordinator in its runtime, embedded, and a third of it on servers too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from agents.partnership import Partnership
from tests.support.grounds import standing_on
from tests.support.hub_by_rules import HubByRules
from tests.support.hub_on_engines import EmbeddedEngines, Engines, HubOnEngines
from tests.support.server_engines import ServerEngines, Servers
from tests.support.servers import MongoServer, RabbitServer


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests marked ``also_on_servers`` run twice."""
    if metafunc.definition.get_closest_marker("also_on_servers"):
        on = ["embedded", pytest.param("servers", marks=pytest.mark.servers)]
        metafunc.parametrize("ground", on, indirect=True)


@pytest.fixture(scope="module")
def servers(rabbitmq_server: RabbitServer, mongo_server: MongoServer) -> Iterator[Servers]:
    """Both servers, whose vhosts the tests of a module share. A later restart has none of them to recover."""
    both = Servers(rabbitmq_server, mongo_server)
    yield both
    asyncio.run(both.close())


@pytest.fixture(autouse=True)
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """What hubs stand on in this test."""
    if request.node.get_closest_marker("by_rules"):
        with standing_on(HubByRules):
            yield
        return
    engines: Callable[[], Engines]
    if getattr(request, "param", "embedded") == "servers":
        on_them = request.getfixturevalue("servers")
        engines = lambda: ServerEngines(on_them)  # noqa: E731
    else:
        folders = count(1)
        engines = lambda: EmbeddedEngines(tmp_path / f"hub-{next(folders)}")  # noqa: E731

    def hub(partnership: Partnership, start: datetime) -> HubOnEngines:
        return HubOnEngines(engines(), partnership, start)

    with standing_on(hub):
        yield
