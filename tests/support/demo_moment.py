"""The hub of the sample world as it stands a while after its first morning began, and its dashboard."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import FastAPI

import store.connect
from messages.envelope import Envelope
from ops.clocks import LoopClock, run_virtual
from ops.dashboard.app import create_app
from ops.dashboard.given import Given
from ops.dashboard.sign_in import DevelopmentSignIn
from ops.demo.run import run_demo
from ops.demo.sample_world import lay_out_agencies, read_world, world_of
from ops.embedded_hub import embedded_hub
from ops.engines import AgentKeys
from ops.operations.one_process import OneProcess
from ops.sending import Answer
from ops.settings import Settings
from store.vault import Vault
from tests.support.hub_on_engines import StandingClock
from tests.support.whole_hub import PARTNERSHIP

_SECRET = b"s" * 32


def play_until(folder: Path, length: timedelta) -> datetime:
    """Play the sample world in virtual time for this long; returns the hub's time at the end."""
    source = world_of("staffordshire-2012")
    world = read_world(PARTNERSHIP, source)
    ids = itertools.count(1)

    async def play() -> datetime:
        clock = LoopClock(world.start)
        hub = embedded_hub(
            folder,
            PARTNERSHIP,
            lay_out_agencies(folder / "agencies", source),
            secret=_SECRET,
            clock=clock,
            new_id=lambda: f"id-{next(ids)}",
        )
        async with hub as running:
            playing = asyncio.create_task(run_demo(running, world=world))
            await clock.sleep(length)
            playing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await playing
            return clock.now()

    return run_virtual(play())


@asynccontextmanager
async def looked_at(folder: Path, now: datetime) -> AsyncIterator[FastAPI]:
    """A dashboard over what was played. Nothing that is said in it is taken: the hub does not run."""
    own = store.connect.connect(f"sqlite:///{folder / 'store'}", agent="coordinator")
    keys, clock = AgentKeys.derived(_SECRET), StandingClock(now)
    ids = itertools.count(1)

    def new_id() -> str:
        return f"look-{next(ids)}"

    given = Given(
        store=own,
        vault=Vault(own, keys.vault, keys.audit, clock, new_id),
        audit_secret=keys.audit,
        index_key=keys.index,
        partnership=PARTNERSHIP,
        speaker=_Nobody(),
        engines=OneProcess(Settings(data=folder)),
        sign_in=DevelopmentSignIn(PARTNERSHIP, "127.0.0.1", embedded=True),
        clock=clock,
        wall=StandingClock(now),
        new_id=new_id,
        new_secret=lambda: f"secret-{next(ids)}",
        secure=False,
    )
    app = create_app(given)
    try:
        async with app.router.lifespan_context(app):
            yield app
    finally:
        await own.close()


class _Nobody:
    async def say(self, envelope: Envelope, case: str | None = None) -> Answer:
        return Answer("waiting")
