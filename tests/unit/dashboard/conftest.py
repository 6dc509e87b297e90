"""One hub with its cases for all tests of the dashboard: none of them changes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.dashboard import Scene, a_scene


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with a_scene(tmp_path_factory.mktemp("scene")) as made:
        yield made


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Scene]:
    """A scene of one test's own, for what changes it."""
    with a_scene(tmp_path) as made:
        yield made
