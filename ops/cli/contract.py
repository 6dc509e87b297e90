"""``mash contract``: what agencies that work in another language need, and nothing more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from messages import contract as documents
from ops.cli.app import app
from ops.cli.commands import command
from ops.cli.output import AsJson, as_json
from ops.problem import Problem
from ops.settings import Settings

contract = typer.Typer(
    no_args_is_help=True,
    help="The contract of every message: JSON Schemas and AsyncAPI 3.",
    epilog="Example: [bold]mash contract asyncapi --out docs/reference/contract[/bold]",
)
app.add_typer(contract, name="contract")

COMMITTED = Path("docs/reference/contract")
_Out = Annotated[Path | None, typer.Option(help="Folder to write to; without it, to standard output")]


@command(contract, "schemas", example="mash contract schemas --out contract")
def schemas(settings: Settings, out: _Out = None) -> None:
    """The JSON Schema of every message type."""
    _give("schemas", out)


@command(contract, "asyncapi", example="mash contract asyncapi > asyncapi.json")
def asyncapi(settings: Settings, out: _Out = None) -> None:
    """The AsyncAPI 3 document: channels, operations, messages, who sends what to whom."""
    _give("asyncapi", out)


@command(contract, "all", example="mash contract all --out docs/reference/contract")
def everything(settings: Settings, out: Path = COMMITTED) -> None:
    """Write schemas, AsyncAPI document and the page for readers."""
    _give("all", out)


@command(contract, "check", example="mash contract check")
def check(settings: Settings, committed: Path = COMMITTED, json_: AsJson = False) -> None:
    """Whether the committed contract is current, and what was released in it unchanged; exit 1 if not."""
    problems = documents.check(committed)
    if json_:
        as_json({"ok": not problems, "problems": problems})
    if problems:
        raise Problem("\n".join(problems))
    if not json_:
        typer.echo("the contract is current")


@command(contract, "release", example="mash contract release")
def release(settings: Settings, committed: Path = COMMITTED) -> None:
    """Freeze every message type that is new: from then on it changes by optional fields only."""
    problem = ""
    try:
        frozen = documents.release(committed)
    except ValueError as error:
        problem = str(error)
    if problem:
        raise Problem(problem)
    typer.echo("\n".join(str(path) for path in frozen) or "nothing new")


def _give(which: documents.Which, out: Path | None) -> None:
    if out is not None:
        written = documents.generate(out, which)
        typer.echo(f"{len(written)} files in {out}")
        return
    found = {name: json.loads(text) for name, text in documents.documents(which).items()}
    as_json(found["asyncapi.json"] if which == "asyncapi" else found)
