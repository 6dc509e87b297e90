"""What operators ask of a hub in one process: each request has its own answer, also when it comes late."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from agents.runtime import Runtime
from agents.runtime.folding import Outcome
from messages.parties import HUB
from ops import mailroom
from ops.engines import open_store
from ops.operations import redriving
from ops.operations.requests import do_what_is_asked
from ops.problem import Problem
from ops.settings import Settings, read_settings
from store.port import Quarantined

MESSAGE = "m-early"


class Hub:
    """Answers as a test says, and tells what it was asked."""

    def __init__(self, *answers: Outcome) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.has_answered = asyncio.Event()

    async def redrive(self, message_id: str) -> Outcome:
        self.asked.append(message_id)
        self.has_answered.set()
        return self.answers.pop(0)


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """Those of a hub in one process with one message in quarantine."""
    made = read_settings(data=tmp_path)
    store = await open_store(made, HUB, make=True)
    at = datetime(2012, 3, 5, 9, tzinfo=UTC)
    await store.quarantine(
        [Quarantined(MESSAGE, "hub.routine", "t", "k", "r", (), "staff", at, 1, {}, b"sealed")]
    )
    await store.close()
    return made


async def redriven(settings: Settings) -> str:
    return (await redriving.redrive(settings, MESSAGE, anyway=True)).outcome


def running(hub: Hub, data: Path, told: asyncio.Event) -> asyncio.Task[None]:
    return asyncio.create_task(do_what_is_asked(data, cast("Runtime[Any]", hub), told))


async def test_an_answer_that_comes_too_late_is_not_taken_for_that_to_the_next_request(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redriving, "ANSWER_LIMIT_S", 0.1)
    with pytest.raises(Problem, match="did not answer"):
        await redriven(settings)
    hub, told = Hub(Outcome("refused", "threshold_not_met"), Outcome("accepted")), asyncio.Event()
    hub_at_work = running(hub, settings.data, told)
    await hub.has_answered.wait()
    await asyncio.sleep(0)  # the answer is written in the same turn
    assert list((settings.data / mailroom.REQUESTS).glob("*.done"))
    monkeypatch.setattr(redriving, "ANSWER_LIMIT_S", 30.0)

    assert await redriven(settings) == "accepted"
    assert hub.asked == [MESSAGE, MESSAGE]
    told.set()
    await hub_at_work


async def test_two_who_ask_at_once_are_each_answered(settings: Settings) -> None:
    hub, told = Hub(Outcome("accepted"), Outcome("duplicate")), asyncio.Event()
    hub_at_work = running(hub, settings.data, told)
    assert sorted(await asyncio.gather(redriven(settings), redriven(settings))) == ["accepted", "duplicate"]
    told.set()
    await hub_at_work


async def test_answers_that_nobody_waited_for_are_gone_when_the_hub_starts_again(settings: Settings) -> None:
    mailroom.write_whole(settings.data / mailroom.REQUESTS / "redrive-1.done", b"{}")
    hub_at_work = running(Hub(), settings.data, asyncio.Event())
    await asyncio.sleep(0)
    assert list((settings.data / mailroom.REQUESTS).iterdir()) == []
    hub_at_work.cancel()
    with suppress(asyncio.CancelledError):
        await hub_at_work
