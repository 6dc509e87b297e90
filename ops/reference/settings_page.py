"""The page of all settings, from their declaration."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import SecretStr

from ops.reference import NOTE
from ops.settings import Settings

_OPENING = """\
A setting comes from an environment variable, from a TOML file, or from a flag; a flag counts most, then the
file, then the environment. The file is `mash.toml` in the current folder, or what `--config` names. A name
that is not in this table is an error, so that a slip of the pen does not go unnoticed. `mash settings` prints
what a command would use, with passwords hidden.

A path that is not set lies in the folder `data`. A party's broker URL that `mash provision` wrote into the
folder of keys is used where `broker_url` is not that party's own.
"""
_EXAMPLE = """\
## A file

<!-- test: settings -->
```toml
store_url = "mongodb://db.example:27017/?replicaSet=mash"
keys = "/etc/mash/keys"
partnership = "/etc/mash/partnership"
log_level = "warning"
otlp_endpoint = "http://collector.example:4318"
```
"""


def page() -> str:
    """The Markdown page."""
    rows = ["| in the file | in the environment | kind | standard | |", "|---|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        rows.append(
            f"| `{name}` | `MASH_{name.upper()}` | {_kind(field.annotation)} | {_standard(field.default)} "
            f"| {(field.description or '').replace('|', chr(92) + '|')} |"
        )
    parts = [NOTE, "# Settings", _OPENING, "\n".join(rows), _EXAMPLE]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _kind(annotation: Any) -> str:
    if get_origin(annotation) in (Union, types.UnionType):
        return " or ".join(_kind(one) for one in get_args(annotation) if one is not type(None))
    if get_origin(annotation) is Literal:
        return "word"
    names = {SecretStr: "URL", Path: "path", str: "text", int: "whole number", float: "number"}
    return names.get(annotation, "moment")


def _standard(default: Any) -> str:
    return "" if default is None else f"`{default}`"
