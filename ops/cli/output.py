"""How things are shown: tables for people, one JSON value for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from ops.cli.rows import Rows

AsJson = Annotated[bool, typer.Option("--json", help="JSON, for scripts")]

RAG_STYLE = {"red": "bold red", "amber": "yellow", "blue": "blue"}


def console() -> Console:
    """Where tables go; as wide as the terminal, or wide enough for a file."""
    found = Console()
    return found if found.is_terminal else Console(width=160)


def as_json(value: Any) -> None:
    """One JSON value on standard output."""
    typer.echo(json.dumps(value, indent=2, default=str))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A plain table. Lists are joined, nothing is shown as an empty cell, ratings have their colour."""
    console().print(rows_of(columns, rows), crop=False)


def rows_of(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Rows:
    """The same, to be part of a page."""
    return Rows(columns, [[_cell(value) for value in row] for row in rows])


def _cell(value: object) -> Text:
    if value is None:
        return Text("")
    if isinstance(value, list | tuple):
        return Text(", ".join(str(one) for one in value))
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    return Text(str(value), style=RAG_STYLE.get(str(value), ""))
