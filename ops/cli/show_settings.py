"""``mash settings`` and ``mash version``."""

from __future__ import annotations

import json
from importlib.metadata import version as version_of
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ops.cli.app import app
from ops.cli.commands import command
from ops.settings import Settings, shown

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for scripts")]


@command(app, "settings", example="mash settings --json")
def show(settings: Settings, as_json: AsJson = False) -> None:
    """Print every setting with its value, passwords hidden."""
    values = shown(settings)
    if as_json:
        typer.echo(json.dumps(values, indent=2))
        return
    table = Table("setting", "value", "takes", box=None, header_style="bold")
    for name, value in values.items():
        description = Settings.model_fields[name].description or ""
        table.add_row(name, "" if value is None else str(value), description)
    Console().print(table)


@command(app, "version", example="mash version --json")
def version(settings: Settings, as_json: AsJson = False) -> None:
    """Print the version of the hub."""
    number = version_of("mash-hub")
    typer.echo(json.dumps({"version": number}) if as_json else f"mash {number}")
