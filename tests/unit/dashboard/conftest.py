"""One hub with its cases for all tests of the dashboard: none of them changes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.dashboard import Scene, a_scene


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with a_scene(tmp_path_factory.mktemp("scene")) as made:
        yield made
