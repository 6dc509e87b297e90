"""The whole hub, once for each engine and each module of tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.hub_system import ENGINES, HubSystem, hub_system_on


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ENGINES)
async def hub_system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[HubSystem]:
    """A hub of its own for the module, with nothing running yet."""
    async with hub_system_on(request.param, request, tmp_path_factory.mktemp("hub")) as hub:
        yield hub
