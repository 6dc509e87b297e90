"""The demo tells its times by the partnership's clock, and how to look around in a way that can be pasted."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ops.cli import demo
from ops.demo.run import Progress

LONDON = ZoneInfo("Europe/London")


def test_how_far_it_is_comes_with_the_local_time(capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime(2012, 7, 2, 8, 55, tzinfo=UTC)
    progress = Progress(now=now, total=42, received=1, ended=0, packages=0, stages=Counter())

    with demo._Shown(LONDON, quiet=False) as shown:
        shown.tell(progress)

    assert capsys.readouterr().err.startswith("2012-07-02 09:55:00 BST  1 of 42 received")


def test_the_columns_of_the_table_have_the_local_hour() -> None:
    assert demo._short("2012-07-02T08:55:00+00:00", LONDON) == "07-02 09:55"
    assert demo._short(None, LONDON) == ""


@pytest.mark.parametrize(
    ("started", "on_the_path", "typed"),
    [
        (".venv/bin/mash", None, ".venv/bin/mash"),
        ("/home/a hub/.venv/bin/mash", None, "'/home/a hub/.venv/bin/mash'"),
        ("/usr/bin/mash", "/usr/bin/mash", "mash"),
        ("ops/cli/__main__.py", None, "mash"),
    ],
)
def test_the_commands_to_look_around_with_can_be_pasted(
    monkeypatch: pytest.MonkeyPatch, started: str, on_the_path: str | None, typed: str
) -> None:
    monkeypatch.setattr("sys.argv", [started, "demo"])
    monkeypatch.setattr("shutil.which", lambda _: on_the_path)

    assert demo._mash() == typed
