"""Every level that is made is for its owner alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from messages.private_folder import make_private_folder


@pytest.fixture(autouse=True, params=[0o002, 0o022, 0o077], ids=oct)
def a_system_that_gives_rights_to_others(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def _mode(folder: Path) -> int:
    return folder.stat().st_mode & 0o777


def test_every_level_that_is_made_is_its_owners_alone(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "data" / "keys" / "hub")

    assert [_mode(tmp_path / level) for level in ("data", "data/keys", "data/keys/hub")] == [0o700] * 3


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o750)

    make_private_folder(tmp_path / "data" / "keys")
    make_private_folder(tmp_path / "data")

    assert (_mode(tmp_path / "data"), _mode(tmp_path / "data" / "keys")) == (0o750, 0o700)


def test_a_file_in_its_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "data").touch()

    with pytest.raises(OSError):
        make_private_folder(tmp_path / "data")
