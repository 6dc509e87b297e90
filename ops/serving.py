"""Runs an agent as a process: until SIGTERM or SIGINT, then a graceful stop; its health in a file.

The health file is written anew every few seconds while broker, store and consumers are well, so that
whoever looks at it asks one question: is it fresh?
"""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from opentelemetry.trace import Tracer

from agents.agency.acceptance import Acceptance
from agents.agency.folder import worker_from
from agents.agency.problems import FolderUnsound
from agents.coordinator.coordinator import Coordinator
from agents.deciding import Agent
from agents.partnership import Partnership
from agents.runtime import Given, Runtime
from messages.parties import HUB
from ops.engines import clock_of, given_to, is_embedded, keys_of, partnership_of
from ops.garbage import keep_what_is_loaded
from ops.hub_lock import hub_runs
from ops.mailroom import write_whole
from ops.problem import Problem, WrongInput
from ops.settings import Settings

HEALTH_EVERY_S = 2.0
FRESH_S = 15.0
NO_AGENCY = "not an agency of this partnership"
WITH_NO_AGENCY_DO = "add it to the partnership (docs/how-to/change-the-partnership.md) or rename the folder"


async def serve_coordinator(settings: Settings, tracer: Tracer | None) -> None:
    """The hub's agent, until it is told to stop. Raises `WrongInput` when its broker is in no server."""
    _require_server(settings, HUB)
    async with given_to(settings, HUB) as given:
        await _serve(coordinator_runtime(settings, given, tracer), settings)


async def serve_worker(settings: Settings, agency: str, tracer: Tracer | None) -> None:
    """The worker of an agency, until it is told to stop.

    Raises
    ------
    WrongInput
        when its broker is in no server, or the folder of records cannot be used, with file, place and what
        to do.
    """
    _require_server(settings, f"agency.{agency}")
    worker = worker_of(settings, agency)
    async with given_to(settings, worker.party) as given:
        await _serve(worker_runtime(settings, worker, given, tracer), settings)


def _require_server(settings: Settings, party: str) -> None:
    """An agent in a process of its own cannot reach a broker that is inside another process."""
    if not is_embedded(settings, party):
        return
    runs = f"One runs in {settings.data} now. " if hub_runs(settings.data) else ""
    raise WrongInput(
        "there is no broker to connect to: `mash up` has one inside its process, and runs the coordinator "
        f"and a worker for each folder in {settings.agencies_at} there itself. {runs}A coordinator, or a "
        "worker of one's own, needs RabbitMQ: make its keys with `mash provision`, then give --keys, or "
        "--broker amqp://… (docs/how-to/write-a-worker-in-any-language.md)"
    )


def coordinator_runtime(settings: Settings, given: Given, tracer: Tracer | None) -> Runtime[Any]:
    """The hub's runtime, which also empties the dead queue."""
    coordinator = Coordinator(partnership_of(settings), given.store, keys_of(settings, HUB).index)
    return _runtime(settings, coordinator, given, tracer, dead_letters=True)


def worker_runtime(
    settings: Settings, worker: Agent[Any], given: Given, tracer: Tracer | None
) -> Runtime[Any]:
    """An agency's runtime."""
    return _runtime(settings, worker, given, tracer, dead_letters=False)


def worker_of(settings: Settings, agency: str) -> Agent[Any]:
    """The built-in worker over the agency's folder. Raises `WrongInput`."""
    partnership = partnership_of(settings)
    if agency not in (known := partnership.agencies):
        raise WrongInput(f"{agency}: no such agency; there are {', '.join(sorted(known))}")
    folder = settings.agency_folder or settings.agencies_at / agency
    if not folder.is_dir():
        raise WrongInput(
            f"{folder}: there is no such folder; docs/reference/agency-folder.md says what is in it"
        )
    try:
        accepted = Acceptance(partnership, clock_of(settings).now())
        worker = worker_from(folder, keys_of(settings, f"agency.{agency}").records, accepted)
    except FolderUnsound as problem:
        raise WrongInput(f"{folder} cannot be used", tuple(str(problem).splitlines())) from None
    if worker.agency != agency:
        raise WrongInput(f"{folder} is the folder of {worker.agency}; correct --folder or agency.toml")
    return worker


def folders_of_nobody(settings: Settings, partnership: Partnership) -> list[str]:
    """The folders of records whose name is no agency of the partnership, so that nothing reads them."""
    if not settings.agencies_at.is_dir():
        return []
    return [
        folder.name
        for folder in sorted(settings.agencies_at.iterdir())
        if folder.is_dir() and not folder.name.startswith(".") and folder.name not in partnership.agencies
    ]


def _runtime(
    settings: Settings, agent: Agent[Any], given: Given, tracer: Tracer | None, *, dead_letters: bool
) -> Runtime[Any]:
    return Runtime(
        agent,
        given,
        tracer=tracer,
        dead_letters=dead_letters,
        batch=settings.batch,
        look_again=timedelta(seconds=settings.poll),
    )


async def _serve(runtime: Runtime[Any], settings: Settings) -> None:
    keep_what_is_loaded()
    async with until_told() as told:
        await run_until(runtime, told, settings.health_file)


@asynccontextmanager
async def until_told() -> AsyncIterator[asyncio.Event]:
    """An event that SIGTERM or SIGINT sets."""
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, told.set)
    try:
        yield told
    finally:
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(each)


async def run_until(runtime: Runtime[Any], told: asyncio.Event, health_file: Path | None = None) -> None:
    """Run, and stop gracefully once told.

    Raises
    ------
    Problem
        when the runtime ended by itself.
    """
    work = asyncio.create_task(runtime.run())
    watch = asyncio.create_task(_report(runtime, health_file)) if health_file else None
    waiting = asyncio.create_task(told.wait())
    try:
        await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            _raise_from(work)
        await runtime.stop()
        await work
    finally:
        for task in (watch, waiting, work):
            if task is not None:
                task.cancel()
        if health_file:
            _no_longer(health_file)


def _raise_from(work: asyncio.Task[None]) -> None:
    error = work.exception()
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if error is not None:
        raise error
    raise Problem("the agent ended by itself; its log says why")


def _no_longer(health_file: Path) -> None:
    health_file.unlink(missing_ok=True)


async def _report(runtime: Runtime[Any], file: Path) -> None:
    while True:
        health = await runtime.health()
        if health.ok:
            write_whole(file, json.dumps(asdict(health), default=str).encode())
        await asyncio.sleep(HEALTH_EVERY_S)


def is_fresh(health_file: Path) -> bool:
    """Whether the agent was well a moment ago."""
    try:
        return time.time() - health_file.stat().st_mtime < FRESH_S
    except FileNotFoundError:
        return False
