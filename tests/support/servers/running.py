"""What every way of getting a server has in common: it can be restarted, crashed and stopped."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Protocol

import pytest

START_LIMIT_S = 120.0


class NoServer(Exception):
    """No route to a server is open here; the message says what to install or set."""


class Running(Protocol):
    """A server that was started for the tests, seen from outside."""

    def restart(self) -> None:
        """Stop it in good order and start it again with the same data and ports."""
        ...

    def crash(self) -> None:
        """Kill it as with -9 and start it again with the same data and ports."""
        ...

    def stop(self) -> None: ...


class Given:
    """A server that somebody else runs: tests use it, and never restart or stop it."""

    def restart(self) -> None:
        pytest.skip("a server given by MASH_TEST_*_URL is not the tests' to restart")

    def crash(self) -> None:
        pytest.skip("a server given by MASH_TEST_*_URL is not the tests' to crash")

    def stop(self) -> None:
        return


def free_port() -> int:
    """A TCP port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(ready: Callable[[], bool], what: str) -> None:
    """Ask again and again until it is so; OSError means not yet.

    Raises
    ------
    TimeoutError
        after two minutes.
    """
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end:
        try:
            if ready():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{what} was not ready after {START_LIMIT_S:.0f} seconds")
