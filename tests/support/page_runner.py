"""Runs the commands of a page, in order, in a folder of their own, and compares what they print."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import pytest
from typer.testing import CliRunner

from ops.cli import app
from tests.support.pages import ROOT, Block, commands, is_script, words

LIMIT_S = 60.0
_VARYING = (
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:GMT|BST)"), "<moment>"),
    (re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"/[0-9a-f]{24}\b"), "/<hash>"),
    (re.compile(r"\b\d+(?:\.\d+)? (?:ms|s|min|h)\b"), "<length>"),
    (re.compile(r"█+"), "█"),
)
_READS = re.compile(r"^(?:mash (?:case|cases|audit verify|quarantine list)|cat)\b")
_AT_ONCE = re.compile(r"^mash (?!up|coordinator|worker)")
_EXPORT = re.compile(r"export (\w+)=(?:\$\((.*)\)|(.*))")
_SHELL = re.compile(r"[|<>;&$()*]")
_CONTENTS = ("ops", "docs", "agents")


class PageRunner:
    """A reader at a terminal: follows a page from its first command to its last.

    The folder has the clone's own folders as links, so that commands find the files that they name.
    ``instead`` are the reader's own servers in place of those that the page names.
    """

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, instead: Mapping[str, str] | None = None
    ) -> None:
        self._folder = folder
        self._patch = monkeypatch
        self._instead = dict(instead or {})
        self._background: list[subprocess.Popen[str]] = []

    def __enter__(self) -> PageRunner:
        for found in [found for found in os.environ if found.startswith("MASH_")]:
            self._patch.delenv(found)
        self._patch.setenv("COLUMNS", "200")
        self._patch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        for part in _CONTENTS:
            (self._folder / part).symlink_to(ROOT / part)
        self._patch.chdir(self._folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        codes = self._stop()
        if kind is None:
            assert not any(codes), f"what ran in the background ended with {codes}"

    def run(self, block: Block) -> None:
        """Run a block; AssertionError says where it does not do what it says."""
        if "again" in block.mark or "stopped" in block.mark:
            self._stop()
        if is_script(block):
            code, out, error = self._in_shell(block.text)
            assert (code, out, error) == (0, "", ""), f"{block.where}: printed {out}{error}"
            return
        for command, expected in commands(block):
            for theirs, own in self._instead.items():
                command = command.replace(theirs, own)
            if "background" in block.mark:
                self._start(block, command, expected)
            else:
                self._run(block, command, expected)

    def _run(self, block: Block, command: str, expected: list[str]) -> None:
        end = time.monotonic() + LIMIT_S
        while True:
            code, printed = self._done(command)
            fits = _fits(expected, printed) if expected else code == 0
            # What agents do takes a moment, so a reader may have to look again.
            if fits or not _READS.match(command) or time.monotonic() > end:
                break
            time.sleep(0.2)
        assert fits, f"{block.where}: `{command}` (exit code {code}) printed\n{printed[-3000:]}"

    def _done(self, command: str) -> tuple[int, str]:
        """The exit code and what was printed."""
        if found := _EXPORT.fullmatch(command):
            code, printed = self._piped(found[2]) if found[2] else (0, words(found[3])[0])
            self._patch.setenv(found[1], printed.strip())
            return code, ""
        return self._piped(command)

    def _piped(self, command: str) -> tuple[int, str]:
        """Stage by stage, those of the command line in this process, which saves starting another."""
        code, stages, given, errors = 0, command.split(" | "), "", ""
        if not any(_AT_ONCE.match(stage) and not _SHELL.search(stage) for stage in stages):
            stages = [command]
        for stage in stages:
            if _AT_ONCE.match(stage) and not _SHELL.search(stage):
                result = CliRunner().invoke(app, words(stage)[1:], input=given)
                failed, given, error = result.exit_code, result.stdout, result.stderr
            else:
                failed, given, error = self._in_shell(stage, given)
            code, errors = code or failed, errors + error
        return code, f"{given}\n{errors}"

    def _in_shell(self, script: str, given: str = "") -> tuple[int, str, str]:
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            input=given,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
        )
        return done.returncode, done.stdout, done.stderr

    def _stop(self) -> list[int | None]:
        """As Ctrl-C does it."""
        codes = []
        while self._background:
            process = self._background.pop()
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=LIMIT_S)
            codes.append(process.returncode)
            process.kill()
        return codes

    def _start(self, block: Block, command: str, expected: list[str]) -> None:
        """Start it and wait for its first line."""
        with (self._folder / "background.log").open("a") as log:
            process = subprocess.Popen(words(command), stdout=subprocess.PIPE, stderr=log, text=True)
        self._background.append(process)
        if expected:
            first = process.stdout.readline() if process.stdout else ""
            assert _fits(expected, first), f"{block.where}: `{command}` printed\n{first}"


def _fits(expected: list[str], printed: str) -> bool:
    """Whether this was printed, line by line, whatever the spaces, moments and ids. ``…`` stands for
    anything: within a line for any text, and alone on a line for any lines."""
    wanted = [_plain(line) for line in expected if line.strip()]
    found = [_plain(line) for line in printed.splitlines() if line.strip()]
    pattern = "".join(
        r"(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n"
        for line in wanted
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in found)) is not None


def _plain(line: str) -> str:
    for pattern, instead in _VARYING:
        line = pattern.sub(instead, line)
    return " ".join(line.split())
