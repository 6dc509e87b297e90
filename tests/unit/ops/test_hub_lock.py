"""One hub at a time in a folder; and everybody can see whether one runs there."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

import pytest

from ops.hub_lock import LOCK, hub_runs, one_hub_in
from ops.problem import Problem


def test_a_hub_is_seen_from_its_start_to_its_end(tmp_path: Path) -> None:
    assert not hub_runs(tmp_path)
    with one_hub_in(tmp_path):
        assert hub_runs(tmp_path)
    assert not hub_runs(tmp_path)


def test_a_second_hub_is_turned_away_and_the_first_one_goes_on(tmp_path: Path) -> None:
    with one_hub_in(tmp_path):
        with pytest.raises(Problem, match="already running"), one_hub_in(tmp_path):
            pass
        assert hub_runs(tmp_path)


def test_a_hub_that_was_killed_leaves_its_folder_free(tmp_path: Path) -> None:
    child = os.fork()
    if not child:
        with one_hub_in(tmp_path):
            os._exit(0)
    os.waitpid(child, 0)

    assert (tmp_path / LOCK).exists()
    assert not hub_runs(tmp_path)
    with one_hub_in(tmp_path):
        pass


def test_who_looks_whether_a_hub_runs_does_not_keep_it_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with one_hub_in(tmp_path):
        pass
    looking = os.open(tmp_path / LOCK, os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)
    monkeypatch.setattr(time, "sleep", lambda _: os.close(looking))

    with one_hub_in(tmp_path):
        assert hub_runs(tmp_path)


def test_the_lock_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    with one_hub_in(tmp_path):
        assert (tmp_path / LOCK).stat().st_mode & 0o777 == 0o600
