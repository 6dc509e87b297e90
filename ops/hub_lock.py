"""One hub at a time in a folder, and whether one runs there.

The system gives the lock back however the process ends, so nothing is left behind to clear away.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.problem import Problem

LOCK = "hub.lock"
_TRIES, _PAUSE_S = 5, 0.05


@contextmanager
def one_hub_in(data: Path) -> Iterator[None]:
    """Keep the folder for this hub until the block ends.

    Raises
    ------
    Problem
        when a hub runs in the folder.
    """
    descriptor = os.open(data / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # `hub_runs` holds the lock for a moment, which must not keep a hub from starting.
        for _ in range(_TRIES):
            if _locked(descriptor, fcntl.LOCK_EX):
                break
            time.sleep(_PAUSE_S)
        else:
            raise Problem(
                f"a hub is already running in {data}: use that one, or stop it first (Ctrl-C in its "
                "terminal, or SIGTERM); --data gives a second hub a folder of its own"
            )
        yield
    finally:
        os.close(descriptor)


def hub_runs(data: Path) -> bool:
    """Whether a hub of `mash up` runs in the folder now."""
    try:
        descriptor = os.open(data / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not _locked(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
