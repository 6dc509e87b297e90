"""Starts every agent as a process of its own, sees that all are well, and stops them in good order.

Each child gets the same settings, the clock among them, in one file, and finds its own key and broker URL
in the folder of keys. Its log goes to a file. When a child dies, whoever waits is told which, and where
its log is.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from ops.mailroom import write_whole
from ops.problem import Problem
from ops.serving import is_fresh
from ops.settings import Settings

COORDINATOR = "coordinator"
CONFIG = "settings.toml"
READY_LIMIT_S, STOP_LIMIT_S, LOOK_EVERY_S = 60.0, 30.0, 0.2
_NOT_HANDED_ON = {"broker_url", "management_url", "agency_folder", "health_file"}


class Child:
    """One agent's process, with its log and its health file."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, folder: Path) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self.health = folder / f"{name}.health"
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    def check(self) -> None:
        """Raises `Problem` when it has ended."""
        code = self._process.returncode
        if code is not None:
            raise Problem(f"{self.name} ended with exit code {code}; its log: {self.log}")

    async def stop(self) -> None:
        """SIGTERM; when it does not end within half a minute, it is killed."""
        if self._process.returncode is None:
            self._process.terminate()
            try:
                async with asyncio.timeout(STOP_LIMIT_S):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()


class Children:
    """All the agents of a hub."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.each = tuple(children)

    def check(self) -> None:
        """Raises `Problem` when one of them has ended, naming it and its log."""
        for child in self.each:
            child.check()

    async def until_ready(self, limit_s: float = READY_LIMIT_S) -> None:
        """Until all are well.

        Raises
        ------
        Problem
            when one has ended, or is not well after ``limit_s`` seconds.
        """
        try:
            async with asyncio.timeout(limit_s):
                while not all(is_fresh(child.health) for child in self.each):
                    self.check()
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            slow = next(child for child in self.each if not is_fresh(child.health))
            raise Problem(f"{slow.name} is not ready after {limit_s:.0f} s; its log: {slow.log}") from None

    async def stop(self) -> None:
        """Stop all of them, together."""
        await asyncio.gather(*(child.stop() for child in self.each))


@asynccontextmanager
async def running(
    settings: Settings, agencies: Sequence[str], folder: Path, *, coordinators: int = 1
) -> AsyncIterator[Children]:
    """Coordinators and a worker for each agency, ready; stopped at the end.

    ``folder`` takes logs, health files and the settings of the children.

    Raises
    ------
    Problem
        when one of them does not become ready.
    """
    config = folder / CONFIG
    write_whole(config, as_toml(settings).encode())
    started: list[Child] = []
    try:
        for number in range(1, coordinators + 1):
            name = COORDINATOR if coordinators == 1 else f"{COORDINATOR}-{number}"
            started.append(await _start(name, ["coordinator"], config, folder))
        for agency in agencies:
            started.append(await _start(f"agency.{agency}", ["worker", agency], config, folder))
        children = Children(started)
        await children.until_ready()
        yield children
    finally:
        await Children(started).stop()


async def _start(name: str, command: Sequence[str], config: Path, folder: Path) -> Child:
    (folder / f"{name}.health").unlink(missing_ok=True)
    with (folder / f"{name}.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "ops.cli",
            *command,
            *("--config", str(config), "--health-file", str(folder / f"{name}.health")),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    return Child(name, process, folder)


def as_toml(settings: Settings) -> str:
    """The settings as a file that gives the same ones; what is each process's own is left out."""
    lines = []
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if value is not None and name not in _NOT_HANDED_ON:
            lines.append(f"{name} = {_toml_value(value)}\n")
    return "".join(lines)


def _toml_value(value: object) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        value = str(value.absolute())
    return json.dumps(value, ensure_ascii=False)
