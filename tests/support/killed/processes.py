"""Agents as processes that are started again whenever they end, as a service would be.

They are forked from a process that has imported everything, so that most of what a kill hits is an agent
at work and not one that is still loading its modules.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
import sys
from collections.abc import Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import ops.cli

STOP_LIMIT_S = 120.0
LONGEST_ABSENCE_S = 1.0

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload([__name__, "store.mongo", "broker.rabbitmq"])


def _run(words: Sequence[str], out: str, log: str) -> None:
    """What the process does: the command line, with what it prints in two files."""
    for file, descriptor, mode in ((out, 1, os.O_TRUNC), (log, 2, os.O_APPEND)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | mode, 0o600), descriptor)
    # Forked from the same process, all would draw the same numbers.
    random.seed()
    sys.argv = ["mash", *words]
    ops.cli.main()


class Agent:
    """One agent, or a whole hub: its process, and the next one after that has ended.

    ``words`` are those of the command line. It is at work once there is something in the file ``sign``,
    which is taken away before each start. ``fell`` has the exit codes with which it ended by itself (it
    does when a server is away as it starts).
    """

    def __init__(self, name: str, words: Sequence[str], sign: Path, chance: random.Random) -> None:
        self.name = name
        self.fell: list[int] = []
        self._sign = sign
        files = str(sign.with_name(f"{name}.out")), str(sign.with_name(f"{name}.log"))
        self._what = (list(words), *files)
        self._chance = chance
        self._process: ForkServerProcess | None = None
        self._last_code: int | None = None
        self._dismissed = asyncio.Event()
        self._keeper = asyncio.create_task(self._keep(), name=f"keep-{name}")

    @property
    def running(self) -> bool:
        return self._process is not None

    @property
    def dismissed(self) -> bool:
        return self._dismissed.is_set()

    @property
    def at_work(self) -> bool:
        """Whether it has come so far that it consumes."""
        return self.running and self._sign.exists() and self._sign.stat().st_size > 0

    async def _keep(self) -> None:
        while not self._dismissed.is_set():
            self._sign.unlink(missing_ok=True)
            process = _FORKING.Process(target=_run, args=self._what, name=self.name)
            process.start()
            self._process = process
            self._last_code = await _ended(process)
            self._process = None
            if self._last_code != -signal.SIGKILL and not self._dismissed.is_set():
                self.fell.append(self._last_code)
            try:
                async with asyncio.timeout(self._chance.uniform(0.0, LONGEST_ABSENCE_S)):
                    await self._dismissed.wait()
            except TimeoutError:
                continue

    def kill(self) -> None:
        """As with ``kill -9``."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    async def dismiss(self) -> int | None:
        """End it gracefully and for good; returns its exit code, None when there was no process just then."""
        self._dismissed.set()
        process = self._process
        if process is not None:
            process.terminate()
            try:
                async with asyncio.timeout(STOP_LIMIT_S):
                    await asyncio.shield(self._keeper)
            except TimeoutError:
                process.kill()
        await self._keeper
        return self._last_code if process is not None else None


async def _ended(process: ForkServerProcess) -> int:
    """Its exit code, once it has ended."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_reader(process.sentinel, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(process.sentinel)
    code = process.exitcode
    assert code is not None
    return code
