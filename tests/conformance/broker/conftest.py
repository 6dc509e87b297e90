"""Every test here runs on each broker engine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.broker_engines import TOPOLOGY, EmbeddedEngine, Engine, RabbitEngine


@pytest.fixture(params=["embedded", pytest.param("rabbitmq", marks=pytest.mark.servers)])
def bare_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "embedded":
        yield EmbeddedEngine(tmp_path / "broker.sqlite")
    else:
        yield RabbitEngine(request.getfixturevalue("rabbitmq_server"))


@pytest.fixture
async def engine(bare_engine: Engine) -> AsyncIterator[Engine]:
    """An engine with the usual topology."""
    await bare_engine.start(TOPOLOGY)
    yield bare_engine
    await bare_engine.end()
