"""A server as a process of this machine, in a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

STOP_LIMIT_S = 60.0


class LocalProcess:
    """One command in a process group of its own, whose output goes to ``output.log`` in its folder."""

    def __init__(self, command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> None:
        self._command = list(command)
        self._folder = folder
        self._env = {**os.environ, **(env or {})}
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with (self._folder / "output.log").open("ab") as log:
            return subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _end(self, how: signal.Signals) -> None:
        try:
            os.killpg(self._process.pid, how)
            self._process.wait(STOP_LIMIT_S)
        except ProcessLookupError:
            pass
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(STOP_LIMIT_S)

    def restart(self) -> None:
        self._end(signal.SIGTERM)
        self._process = self._start()

    def crash(self) -> None:
        self._end(signal.SIGKILL)
        self._process = self._start()

    def stop(self) -> None:
        self._end(signal.SIGTERM)
