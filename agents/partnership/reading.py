"""Reads a partnership's folder and checks it; whoever works by a partnership reads it here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from agents.partnership import checks
from agents.partnership.model import Partnership
from agents.partnership.problems import ConfigurationProblem, PartnershipInvalid, file_of, in_words

_BUNDLED = Path(str(resources.files("agents") / "partnerships"))
_OTHER_DATE = re.compile(r"=\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\s*(#.*)?$")
_LINE = re.compile(r"\(at line (\d+)")


def bundled(name: str) -> Path:
    """The folder of a bundled partnership. Raises `PartnershipInvalid` for an unknown name."""
    known = bundled_names()
    if name not in known:
        what = f"no such partnership; there is {', '.join(known)}, or give a folder"
        raise PartnershipInvalid([ConfigurationProblem(name, "", what)])
    return _BUNDLED / name


def bundled_names() -> list[str]:
    """The bundled partnerships."""
    return sorted(p.parent.name for p in _BUNDLED.glob("*/partnership.toml"))


def read_partnership(folder: Path, at: datetime | None = None) -> Partnership:
    """Read and check a folder: every ``*.toml`` file in it adds its top-level keys.

    ``at`` is when the hub works by it. Without it nothing is said of what only holds from some day on, such
    as a signature of the Memorandum.

    Raises
    ------
    PartnershipInvalid
        naming each file and key, and what to do.
    """
    merged, came_from = _merged(folder)
    try:
        partnership = Partnership.model_validate(merged)
    except ValidationError as error:
        raise PartnershipInvalid(in_words(error, came_from)) from None
    problems = [
        ConfigurationProblem(file_of(key, came_from), key, what)
        for key, what in checks.mistakes(partnership, at)
    ]
    if problems:
        raise PartnershipInvalid(problems)
    return partnership


def _merged(folder: Path) -> tuple[Mapping[str, object], Mapping[str, str]]:
    """The top-level keys of all files, and the file of each.

    Raises `PartnershipInvalid` before the keys are looked at where a file cannot be read: what then is
    missing would only be what the file holds.
    """
    problems: list[ConfigurationProblem] = []
    merged: dict[str, object] = {}
    came_from: dict[str, str] = {}
    files = sorted(folder.glob("*.toml"))
    if not files:
        problems.append(
            ConfigurationProblem(folder.name, "", "has no *.toml file; copy those of a bundled one")
        )
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            problems.append(ConfigurationProblem(file.name, "", _no_toml(text, error)))
            continue
        except UnicodeDecodeError:
            problems.append(ConfigurationProblem(file.name, "", "is no text in UTF-8; save it as UTF-8"))
            continue
        for key, value in content.items():
            if key in merged:
                what = f"is already set in {came_from[key]}; take one of them out"
                problems.append(ConfigurationProblem(file.name, key, what))
            merged[key], came_from[key] = value, file.name
    if problems:
        raise PartnershipInvalid(problems)
    return merged, came_from


def _no_toml(text: str, error: tomllib.TOMLDecodeError) -> str:
    """The parser's words and what to do; of the line itself only what kind of slip it looks like."""
    said = f"is no TOML: {error}"
    place = _LINE.search(str(error))
    if place is None:
        return f"{said}; is a quotation mark or a bracket missing at the end?"
    line = text.splitlines()[int(place[1]) - 1]
    if _OTHER_DATE.search(line):
        return f"{said}; write a date as 2012-01-31: year, month, day"
    return f"{said}; look at that line: a text stands in quotation marks, a list in [ ], a table in {{ }}"
