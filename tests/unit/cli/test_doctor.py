"""`mash doctor` tells what has to be put right from what is only not started."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.demo.sample_world import lay_out_agencies
from ops.hub_lock import one_hub_in
from tests.support.command_line import Mash

DATA = Path("hub")


@pytest.fixture
def installed(mash: Mash) -> None:
    """A hub in one folder that has all it needs."""
    assert mash("provision", "--data", str(DATA)).exit_code == 0
    lay_out_agencies(DATA / "agencies")


def line_of(mash: Mash, what: str) -> str:
    result = mash("doctor", "--data", str(DATA))
    assert (result.exit_code, result.stderr) == (0, "")
    return next(line for line in result.stdout.splitlines() if line[5:].startswith(what))


def test_a_hub_that_is_not_started_is_no_fault_but_has_a_next_step(mash: Mash, installed: None) -> None:
    line = line_of(mash, "broker")

    assert line.startswith(" ->")
    assert "which is not running" in line
    assert "start the hub: mash up --data hub" in line


def test_of_a_hub_that_runs_nothing_is_left_to_do(mash: Mash, installed: None) -> None:
    with one_hub_in(DATA):
        line = line_of(mash, "broker")

    assert line.startswith(" ok")
    assert line.rstrip().endswith("which runs")


def test_what_is_well_has_nothing_to_do(mash: Mash, installed: None) -> None:
    assert line_of(mash, "Python").split()[:2] == ["ok", "Python"]
    assert "use Python" not in line_of(mash, "Python")
