"""``mash partnership``: which there are, what one says, whether a folder can be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from agents.partnership import bundled, bundled_names, read_partnership
from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json, table
from ops.engines import clock_of
from ops.local_time import local_time
from ops.partnership_check import folder_of, overview, problems_in
from ops.problem import Problem
from ops.settings import Settings

partnership = typer.Typer(
    no_args_is_help=True,
    help="Partnerships: who takes part, who may decide what, how long each clock runs.",
    epilog="Example: [bold]mash partnership check partnership[/bold]",
)
app.add_typer(partnership, name="partnership")

_Which = Annotated[
    str | None,
    typer.Argument(
        help="A bundled partnership, or a folder; standard: that of the settings", metavar="NAME|DIR"
    ),
]


@command(partnership, "list", example="mash partnership list")
def list_(settings: Settings, json_: AsJson = False) -> None:
    """List the bundled partnerships."""
    rows = [{"partnership": name, "title": read_partnership(bundled(name)).title} for name in bundled_names()]
    if json_:
        as_json(rows)
    else:
        table(("partnership", "title"), (list(row.values()) for row in rows))


@command(partnership, "show", example="mash partnership show staffordshire-2012")
def show(settings: Settings, which: _Which = None, json_: AsJson = False) -> None:
    """Show a partnership: its clocks, and its cohorts with who switched them on and off, and when."""
    read = read_partnership(folder_of(which or settings.partnership))
    said = overview(read, clock_of(settings).now())
    if json_:
        as_json(said)
        return
    zone = read.clocks.zone
    typer.echo(said["title"])
    for what in ("authorities", "agencies", "teams", "sources", "markings"):
        typer.echo(f"{what}: {', '.join(said[what])}")
    table(("clock", ""), ([name, value] for name, value in said["clocks"].items()))
    table(
        ("cohort", "category", "now", "switched", "since", "approved by"),
        (line for row in said["cohorts"] for line in _history(row, zone)),
    )
    for route in said["local_routes"]:
        to = " or ".join(route["agencies"])
        typer.echo(f"by a local route to {to}: {', '.join(route['categories'])} of {route['authority']}")


def _history(row: dict[str, Any], zone: ZoneInfo) -> Iterator[list[str]]:
    """A line for each switch of a cohort, which is named in the first of them."""
    head = [row["cohort"], row["category"], "taken" if row["live"] else "not taken"]
    for switch in row["switches"]:
        how = "on" if switch["on"] else "off"
        yield [*head, how, local_time(switch["since"], zone), switch["approved_by"]]
        head = ["", "", ""]


@command(partnership, "check", example="mash partnership check partnership")
def check(settings: Settings, which: _Which = None, json_: AsJson = False) -> None:
    """Whether agents can work by a folder; exit 1 if not, with file, key and what to do."""
    which = which or settings.partnership
    problems = problems_in(folder_of(which), clock_of(settings).now())
    if json_:
        rows = [{"file": p.file, "key": p.key, "problem": p.what} for p in problems]
        as_json({"ok": not problems, "problems": rows})
    if problems:
        raise Problem("\n".join([f"{which} cannot be used", *(f"  {problem}" for problem in problems)]))
    if not json_:
        typer.echo(f"{which} can be used")
