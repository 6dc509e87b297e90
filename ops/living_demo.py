"""The sample world living before a visitor's eyes: a hub of its own, everybody at work, and its dashboard.

The visitor signs in as anybody and may act beside those who act by themselves. Whoever is too late is told
so by the hub, as in any hub, so nothing here is compared with what was meant to come out: ``mash demo`` does
that.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import structlog

import store.connect
from messages.parties import HUB
from ops import key_folder
from ops.clocks import ScaledClock, SystemClock
from ops.dashboard.given import Given
from ops.dashboard.serving import serve
from ops.dashboard.sign_in import DevelopmentSignIn
from ops.demo.run import run_demo
from ops.demo.sample_world import World, lay_out_agencies, read_world, world_of
from ops.demonstrating import emptied, quiet
from ops.embedded_hub import EmbeddedHub, embedded_hub
from ops.engines import AgentKeys, new_id, partnership_of
from ops.hub_lock import one_hub_in
from ops.observing import observed
from ops.operations import standing_file
from ops.operations.looking import engines_of
from ops.operations.requests import do_what_is_asked
from ops.settings import Settings
from ops.speaking import SpeakerInside

log: Any = structlog.get_logger("mash.demo")


async def live_demo(
    settings: Settings,
    speed: float,
    host: str,
    port: int,
    told: asyncio.Event,
    ready: Callable[[str], None],
) -> None:
    """Run until told. The hub's clock begins with the sample world and goes ``speed`` times as fast as the
    real one; ``ready`` is called with the address of the dashboard.

    Raises
    ------
    WrongInput
        when the sample world cannot be played on the partnership, or the folder is no demo's.
    Problem
        when nothing can listen at this host and port.
    """
    partnership, source = partnership_of(settings), world_of(settings.partnership)
    world = read_world(partnership, source)
    settings = settings.model_copy(
        update={
            "data": emptied(settings.data / "demo-live"),
            "keys": None,
            "store_url": None,
            "traces": None,
        }
    )
    secret = key_folder.secret_of(settings.keys_at, HUB, make=True)
    clock = ScaledClock(datetime.now(UTC), world.start, speed)
    async with AsyncExitStack() as closing:
        closing.enter_context(one_hub_in(settings.data))
        tracers = closing.enter_context(observed(quiet(settings), "demo"))
        hub = await closing.enter_async_context(
            embedded_hub(
                settings.data,
                partnership,
                lay_out_agencies(settings.agencies_at, source),
                secret=secret,
                clock=clock,
                new_id=new_id,
                tracers=tracers,
            )
        )
        own = store.connect.connect(f"sqlite:///{settings.data / 'store'}", agent="coordinator")
        closing.push_async_callback(own.close)
        speaker = SpeakerInside(hub.connect, hub.wire_keys, own)
        closing.push_async_callback(speaker.close)
        keys = AgentKeys.derived(secret)
        given = Given(
            store=own,
            vault=hub.vault,
            audit_secret=keys.audit,
            index_key=keys.index,
            partnership=partnership,
            speaker=speaker,
            engines=engines_of(settings),
            sign_in=DevelopmentSignIn(partnership, host, embedded=True),
            clock=clock,
            wall=SystemClock(),
            new_id=new_id,
            new_secret=secrets.token_urlsafe,
            secure=False,
        )
        runtimes = list(hub.runtimes.values())
        telling = asyncio.create_task(standing_file.tell(settings.data, hub.server, runtimes, told))
        asked = asyncio.create_task(do_what_is_asked(settings.data, hub.runtimes[HUB], told))
        playing = asyncio.create_task(_play(hub, world), name="sample-world")
        try:
            await serve(given, host, port, told, ready)
        finally:
            for task in (playing, asked, telling):
                task.cancel()
            await asyncio.gather(playing, asked, telling, return_exceptions=True)


async def _play(hub: EmbeddedHub, world: World) -> None:
    try:
        await run_demo(hub, world=world)
    except Exception as error:  # a visitor may have done what the script had not reckoned with
        log.error("sample_world_stopped", error=type(error).__name__)
