"""What every command has in common: its settings, its example, and how it ends.

A command is a function whose first parameter is ``settings``. `command` adds the flags that set them,
runs a coroutine, and turns whatever goes wrong into one line and an exit code.
"""

from __future__ import annotations

import functools
import inspect
import sys
import traceback
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Annotated, Any, TypeVar, get_type_hints

import typer
import uvloop

from agents.partnership import PartnershipInvalid
from broker.port import BrokerError
from ops.logs import configure_logs
from ops.problem import FAILED, WRONG_INPUT, Problem
from ops.settings import SettingsInvalid, read_settings
from store.layout import OtherLayout
from store.port import StoreError
from store.quarantine import NotInQuarantine, QuarantineUnreadable
from store.vault import VaultError

_Function = TypeVar("_Function", bound=Callable[..., Any])

_PANEL = "Settings (mash settings shows all of them)"
_FLAGS: dict[str, Any] = {
    "config": Annotated[
        Path | None, typer.Option(help="TOML file with settings; standard: mash.toml", rich_help_panel=_PANEL)
    ],
    "data": Annotated[
        Path | None, typer.Option(help="Folder of all that is kept on disk", rich_help_panel=_PANEL)
    ],
    "broker": Annotated[
        str | None, typer.Option(help="amqp://… or embedded:", metavar="URL", rich_help_panel=_PANEL)
    ],
    "store": Annotated[
        str | None,
        typer.Option(help="mongodb://… or sqlite:///folder", metavar="URL", rich_help_panel=_PANEL),
    ],
    "partnership": Annotated[
        str | None, typer.Option(help="Bundled partnership, or its folder", rich_help_panel=_PANEL)
    ],
    "keys": Annotated[Path | None, typer.Option(help="Folder of keys and passwords", rich_help_panel=_PANEL)],
}
_FIELD_OF = {"broker": "broker_url", "store": "store_url"}


def command(app: typer.Typer, name: str, *, example: str) -> Callable[[_Function], _Function]:
    """Register a function as ``mash … name``; its docstring is its help, ``example`` is shown below it."""

    def register(function: _Function) -> _Function:
        app.command(name, epilog=f"Example: [bold]{example}[/bold]")(_as_command(function))
        return function

    return register


def _as_command(function: Callable[..., Any]) -> Callable[..., None]:
    own = inspect.signature(function)
    hints = get_type_hints(function, include_extras=True)
    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[parameter.name])
        for parameter in own.parameters.values()
        if parameter.name != "settings"
    ]
    parameters += [
        inspect.Parameter(flag, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for flag, annotation in _FLAGS.items()
    ]

    @functools.wraps(function)
    def run(**given: Any) -> None:
        flags = {flag: given.pop(flag) for flag in _FLAGS}
        code = _ended(lambda: _call(function, flags, given))
        if code:
            raise typer.Exit(code)

    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _call(function: Callable[..., Any], flags: dict[str, Any], given: dict[str, Any]) -> None:
    config = flags.pop("config")
    settings = read_settings(config, **{_FIELD_OF.get(flag, flag): value for flag, value in flags.items()})
    # What agents and engines log is no part of a command's output; those that run agents log more.
    configure_logs("warning", "text", sys.stderr)
    result = function(settings, **given)
    if inspect.iscoroutine(result):
        uvloop.run(result)


def _ended(work: Callable[[], None]) -> int:
    """Do it, say what went wrong, and return the exit code."""
    try:
        work()
    except KeyboardInterrupt:
        return FAILED
    except (typer.Exit, BrokenPipeError):
        raise  # its own exit code; and who reads no further wants no message
    except Exception as error:
        text, code = _explained(error)
        say_problem(text)
        return code
    return 0


def _explained(error: Exception) -> tuple[str, int]:
    """What to tell the person, and the exit code."""
    match error:
        case ExceptionGroup():
            return _explained(error.exceptions[0])
        case Problem():
            return str(error), error.code
        case SettingsInvalid() | PartnershipInvalid():
            return str(error), WRONG_INPUT
        case NotInQuarantine():
            return f"{error}; `mash quarantine list` shows what is", FAILED
        case OtherLayout():
            return str(error), FAILED
        case BrokerError() | StoreError() | VaultError() | QuarantineUnreadable():
            return f"{error}. `mash doctor` says what is missing.", FAILED
        case FileNotFoundError(filename=str() | PurePath() as file):
            return f"no such file: {file}", FAILED
        case OSError(filename=str() | PurePath() as file, strerror=str(why)):
            return f"{file}: {why}", FAILED
    # Its own text may repeat content, so only its kind and place are told.
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{PurePath(last.filename).name}:{last.lineno}"
    return f"this should not have happened: {type(error).__name__} at {place}. Please report it.", FAILED


def say_problem(text: str) -> None:
    """On standard error, so that it does not get among what a script reads."""
    sys.stderr.write(f"mash: {text}\n")
