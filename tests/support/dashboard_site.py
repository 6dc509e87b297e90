"""A dashboard that real browsers open: served in a thread of this process, its clocks in the test's hand."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI

from tests.support.dashboard import Dashboard, Scene, a_dashboard

LIMIT_S = 30.0
What = TypeVar("What")


@dataclass(frozen=True)
class Site:
    """Where it is, and what it is."""

    url: str
    scene: Scene
    dashboard: Dashboard
    loop: asyncio.AbstractEventLoop

    def pass_time(self, length: timedelta, outside: timedelta = timedelta(seconds=5)) -> None:
        """Let this much go by in the hub, and ``outside``, where sessions end and pages are told."""
        self.scene.pass_time(length)
        self._do(lambda: self.dashboard.clock.show(self.dashboard.clock.now() + length))
        self._do(lambda: self.dashboard.wall.show(self.dashboard.wall.now() + outside))

    def _do(self, what: Callable[[], None]) -> None:
        done = threading.Event()
        self.loop.call_soon_threadsafe(what)
        self.loop.call_soon_threadsafe(done.set)
        assert done.wait(LIMIT_S)


@contextmanager
def a_site(scene: Scene, port: int = 0, **changes: Any) -> Iterator[Site]:
    """Serve the dashboard over a scene until the block ends, at any free port unless one is given."""
    with served(lambda: a_dashboard(scene, **changes), lambda it: it.app, port) as (url, it, loop):
        yield Site(url, scene, it, loop)


@contextmanager
def served(
    make: Callable[[], AbstractAsyncContextManager[What]], app_of: Callable[[What], FastAPI], port: int = 0
) -> Iterator[tuple[str, What, asyncio.AbstractEventLoop]]:
    """Serve an application in a thread until the block ends: its address, what was made, and its loop."""
    made: list[tuple[str, What, asyncio.AbstractEventLoop]] = []
    up, told = threading.Event(), asyncio.Event()

    async def serve() -> None:
        with socket.create_server(("127.0.0.1", port)) as listening:
            async with make() as what:
                app = app_of(what)
                config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=2)
                server = uvicorn.Server(config)
                serving = asyncio.create_task(server.serve(sockets=[listening]))
                where = f"http://127.0.0.1:{listening.getsockname()[1]}"
                made.append((where, what, asyncio.get_running_loop()))
                up.set()
                await told.wait()
                app.state.watching.end()
                server.should_exit = True
                await serving

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="dashboard")
    thread.start()
    try:
        assert up.wait(LIMIT_S)
        yield made[0]
    finally:
        made[0][2].call_soon_threadsafe(told.set)
        thread.join(LIMIT_S)
