"""The page of all commands, from the command line itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from ops.cli import app
from ops.reference import NOTE

COMMON = "Settings"
"""The panel of the options that every command has."""

_KINDS = {Path: "path", int: "whole number", float: "number"}
_MARKUP = re.compile(r"\[/?bold\]")
_OPENING = """\
Every command ends with exit code 0 when it did what it was asked, 1 when it failed, and 2 when the usage or
the input is wrong. What a command says to people goes to standard output; problems go to standard error, one
line each, with what to do. With `--json` there is one JSON value on standard output and nothing else.

Times are in the partnership's time zone, which they name, and in whole seconds; with `--json` they are in
UTC, to the microsecond.
"""


def page() -> str:
    """The Markdown page."""
    root = get_command(app)
    commands = list(_commands(root, "mash"))
    parts = [NOTE, "# Command line", _OPENING, "## Options of every command", _table(_common(commands[0][1]))]
    parts.append("[Settings](settings.md) says what each of them means, and what else can be set.")
    parts += [_section(name, command) for name, command in commands]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its full name, in the order of the help."""
    inner: dict[str, Any] | None = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for word, one in inner.items():
        yield from _commands(one, f"{name} {word}")


def _common(command: Any) -> list[Any]:
    return [p for p in command.params if _is_common(p)]


def _is_common(parameter: Any) -> bool:
    return (getattr(parameter, "rich_help_panel", None) or "").startswith(COMMON)


def _section(name: str, command: Any) -> str:
    own = [p for p in command.params if not _is_common(p) and p.name != "help"]
    usage = " ".join([name, *(_argument(p) for p in own if p.param_type_name == "argument"), "[OPTIONS]"])
    parts = [f"## {name}", f"    {usage}", _prose(command.help or "")]
    if own:
        parts.append(_table(own))
    if command.epilog:
        example = _MARKUP.sub("", command.epilog).removeprefix("Example: ")
        parts.append(f"Example: `{example}`")
    return "\n\n".join(parts)


def _argument(parameter: Any) -> str:
    shown = (parameter.metavar or parameter.name.upper()).strip("[]")
    return shown if parameter.required else f"[{shown}]"


def _prose(text: str) -> str:
    """Paragraphs as they are, each on lines of its own."""
    return "\n\n".join(
        " ".join(paragraph.split()) for paragraph in _MARKUP.sub("", text).replace("<", "&lt;").split("\n\n")
    )


def _table(parameters: list[Any]) -> str:
    rows = ["| | takes | |", "|---|---|---|"]
    for parameter in parameters:
        rows.append(f"| {_names(parameter)} | {_takes(parameter)} | {_says(parameter)} |")
    return "\n".join(rows)


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{_argument(parameter)}`".replace("|", chr(92) + "|")
    return ", ".join(f"`{name}`" for name in parameter.opts)


def _takes(parameter: Any) -> str:
    if getattr(parameter, "is_flag", False) or parameter.param_type_name == "argument":
        return ""
    return parameter.metavar or _KINDS.get(parameter.type_descriptor.annotation, "text")


def _says(parameter: Any) -> str:
    says = (parameter.help or "").replace("|", "\\|")
    default = parameter.default
    if default is None or default is False or callable(default) or parameter.required:
        return says
    return f"{says}; standard: {default}" if says else f"standard: `{default}`"
