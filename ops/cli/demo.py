"""``mash demo``: the sample world, from referrals to packages."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import sys
from dataclasses import astuple
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.live import Live
from rich.text import Text

from ops import demonstrating
from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json, table
from ops.demo.daily_expected import DailyRow
from ops.demo.pages import write_packages
from ops.demo.run import DemoResult, Progress
from ops.engines import partnership_of
from ops.local_time import local_time
from ops.problem import Problem
from ops.settings import Settings

COLUMNS = (
    "referral", "category", "rating", "asked", "answered", "found", "released", "sanitised", "withheld",
    "waiting", "issued", "due", "on time", "sent to", "as expected",
)  # fmt: skip
DIALS = (
    "DIAL", "key", "outcome", "tier 1", "tier 2", "tier 3", "checked", "agendas", "cases", "before meeting",
    "refused",
)  # fmt: skip
MISSING = ("person", "key", "outcome", "reports", "cases", "refused")
ROUNDS = ("daily round", "before it", "carried over", "held", "missed", "left")


@command(app, "demo", example="mash demo --out demo-out")
def demo(
    settings: Settings,
    out: Annotated[Path | None, typer.Option(help="Folder for each package as JSON and as a page")] = None,
    factor: Annotated[
        float, typer.Option(help="On servers: how many times real speed its clock runs", min=1)
    ] = 400.0,
    json_: AsJson = False,
) -> None:
    """Play the sample world on a hub of its own and check every outcome; exit 1 when one differs.

    Without --broker and --store everything is in this process and in virtual time. With them each agent
    is a process of its own; give it servers to try things on, because it makes users and a vhost there.
    """
    zone = partnership_of(settings).clocks.zone
    with _Shown(zone, quiet=json_) as shown:
        if settings.broker_url is None and settings.store_url is None:
            ran = demonstrating.on_embedded(settings, shown.tell)
        else:
            ran = asyncio.run(demonstrating.on_servers(settings, factor, shown.tell))
    result = ran.result
    if out is not None:
        written = write_packages(result, partnership_of(settings), out)
        if not json_:
            typer.echo(f"{len(written)} files in {out}")
    if json_:
        as_json(result.as_json())
    else:
        _draw(result, zone)
        mash = _mash()
        typer.echo(f"Look around: {mash} cases {ran.look_with}, then {mash} case ID --trace {ran.look_with}")
    if not result.ok:
        lines = [f"  {name}: {'; '.join(differences)}" for name, differences in result.differences.items()]
        raise Problem("\n".join([f"{len(lines)} of {result.total} did not come out as expected", *lines]))


class _Shown:
    """Live progress on a terminal; a line now and then elsewhere; nothing for scripts."""

    def __init__(self, zone: ZoneInfo, *, quiet: bool) -> None:
        self._zone = zone
        self._quiet = quiet
        self._live = Live(console=Console(stderr=True), refresh_per_second=8, transient=True)
        self._said = -1

    def __enter__(self) -> _Shown:
        if not self._quiet and sys.stderr.isatty():
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def tell(self, progress: Progress) -> None:
        """How far it is."""
        if self._quiet:
            return
        stages = ", ".join(f"{count} {stage}" for stage, count in sorted(progress.stages.items()))
        line = (
            f"{local_time(progress.now, self._zone)}  {progress.received} of {progress.total} received, "
            f"{progress.packages} packages, {progress.ended} ended  {stages}"
        )
        if self._live.is_started:
            self._live.update(Text(line))
        elif progress.ended // 5 > self._said:
            self._said = progress.ended // 5
            typer.echo(line, err=True)


def _mash() -> str:
    """What to type for ``mash`` in this shell: `make demo` starts it where it is not on the path."""
    started = sys.argv[0]
    if Path(started).name != "mash" or shutil.which("mash"):
        return "mash"
    return shlex.quote(started)


def _draw(result: DemoResult, zone: ZoneInfo) -> None:
    rows = []
    for row in result.rows:
        said = row.outcome.as_json(row.as_expected)
        rows.append(
            [
                row.name, said["category"].replace("_", " "), said["rag"], len(said["asked"]),
                len(said["answered"]), said["found"], said["released"], said["sanitised"], said["withheld"],
                said["waiting"], _short(said["issued_at"], zone), _short(said["due_at"], zone),
                said["on_time"], [_initials(team) for team in said["sent_to"]], said["as_expected"],
            ]
        )  # fmt: skip
    table(COLUMNS, rows)
    for columns, daily in ((DIALS, result.dials), (MISSING, result.missing), (ROUNDS, result.rounds)):
        if daily:
            table(
                (*columns, "as expected"), [[*map(_words, astuple(r.outcome)), r.as_expected] for r in daily]
            )
    teams = sorted({team for row in result.rows for team in row.outcome.sent_to})
    typer.echo(f"times: month, day, hour and minute in {zone.key}")
    typer.echo("sent to: " + ", ".join(f"{_initials(team)} {team}" for team in teams))
    engine = " and ".join(f"{part} {name}" for part, name in result.engine.items())
    typer.echo(f"{result.as_expected} of {result.total} as expected, on {engine}")


def _daily(row: DailyRow) -> list[object]:
    name, *cells = astuple(row.outcome)
    return [name, *map(_words, cells), row.as_expected]


def _words(value: object) -> object:
    """A code in a column, as words: a narrow one breaks them where people would."""
    if isinstance(value, tuple):
        return [_words(one) for one in value]
    return value.replace("_", " ") if isinstance(value, str) else value


def _short(moment: str | None, zone: ZoneInfo) -> str:
    """``07-01 12:06``: of the whole time what the narrow columns of the table have room for."""
    return local_time(moment, zone)[5:16] if moment else ""


def _initials(team: str) -> str:
    """A team in a column: ``police_child_abuse_investigation`` is ``pca-inv``."""
    *words, last = team.split("_")
    return "".join(word[0] for word in words) + "-" + last[:3]
