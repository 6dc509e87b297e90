"""Child processes get the same settings as their parent."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from ops import processes
from ops.problem import Problem
from ops.processes import as_toml
from ops.settings import Settings, read_settings


def test_children_share_the_clock_and_the_store_but_not_the_administrators_urls(tmp_path: Path) -> None:
    settings = Settings(
        broker_url=SecretStr("amqp://admin:s3cret@mq/"),
        management_url=SecretStr("http://admin:s3cret@mq:15672"),
        store_url=SecretStr('mongodb://app:"quoted"\\@db/'),
        data=tmp_path / "data",
        clock="scaled",
        clock_origin=datetime(2026, 3, 2, 9, tzinfo=UTC),
        clock_start=datetime(2012, 3, 2, 9, tzinfo=UTC),
        clock_factor=1000.0,
        batch=3,
    )
    file = tmp_path / "settings.toml"
    file.write_text(as_toml(settings))

    child = read_settings(file)

    assert "s3cret" not in file.read_text()
    assert child.model_dump() == {**settings.model_dump(), "broker_url": None, "management_url": None}


async def test_a_child_that_does_not_start_is_named_with_its_log(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")

    with pytest.raises(Problem, match=r"agency\.police") as problem:
        async with processes.running(settings, ["police"], tmp_path / "run", coordinators=0):
            pass

    assert str(tmp_path / "run" / "agency.police.log") in str(problem.value)
    assert "there is no broker to connect to" in (tmp_path / "run" / "agency.police.log").read_text()
