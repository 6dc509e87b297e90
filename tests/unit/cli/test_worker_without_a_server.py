"""A worker or a coordinator by itself has nothing to connect to where the broker is inside `mash up`."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.demo.sample_world import lay_out_agencies
from ops.hub_lock import one_hub_in
from tests.support.command_line import Mash

DATA = Path("hub")


@pytest.fixture(autouse=True)
def a_hub_in_one_folder(alone: None, mash: Mash) -> None:
    assert mash("provision", "--data", str(DATA)).exit_code == 0
    lay_out_agencies(DATA / "agencies")


@pytest.mark.parametrize("words", [("worker", "police"), ("coordinator",)], ids=" ".join)
def test_beside_a_hub_that_runs_it_is_told_who_works_there_and_what_one_of_its_own_needs(
    mash: Mash, words: tuple[str, ...]
) -> None:
    with one_hub_in(DATA):
        result = mash(*words, "--data", str(DATA))

    assert (result.exit_code, result.stdout) == (2, "")
    assert "runs the coordinator and a worker for each folder in hub/agencies there itself" in result.stderr
    assert "One runs in hub now." in result.stderr
    assert "--broker amqp://…" in result.stderr


def test_where_no_hub_runs_none_is_said_to(mash: Mash) -> None:
    result = mash("worker", "police", "--data", str(DATA))

    assert result.exit_code == 2
    assert "needs RabbitMQ: make its keys with `mash provision`" in result.stderr
    assert "runs in hub now" not in result.stderr
