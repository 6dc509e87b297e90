"""The contract as files: written, compared with what is committed, and frozen once it is released.

    schemas/<type>.json             generated, always as the declarations are now
    asyncapi.json, messages.md      generated
    released/<type>/<n>.json        frozen copies, only ever added to, by `release`
    released/SHA256SUMS             their digests (the form that `sha256sum -c` reads)

Generating never touches ``released``. Every frozen copy of a type has to be compatible with what the
declarations say now, so that regenerating cannot hide a change.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from messages.asyncapi import document
from messages.contract_page import page
from messages.freezing import breaking_changes
from messages.schema import schemas

Which = Literal["all", "schemas", "asyncapi"]

RELEASED = "released"
SUMS = "SHA256SUMS"


def documents(which: Which = "all") -> dict[str, str]:
    """Every generated file by its path within the contract's folder, with its text."""
    found: dict[str, str] = {}
    if which in ("all", "schemas"):
        found |= {f"schemas/{name}.json": _text(schema) for name, schema in schemas().items()}
    if which in ("all", "asyncapi"):
        found["asyncapi.json"] = _text(document())
    if which == "all":
        found["messages.md"] = page()
    return found


def generate(out: Path, which: Which = "all") -> list[Path]:
    """Write the generated files below ``out`` and return their paths."""
    written = []
    for name, text in documents(which).items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def check(committed: Path) -> list[str]:
    """What is wrong with the committed contract, with what to do; empty when it is current and kept."""
    return [*_stale(committed), *_tampered(committed), *_broken(committed)]


def release(committed: Path) -> list[Path]:
    """Freeze every type that is new, or has a new optional field, and return the copies made.

    Raises
    ------
    ValueError
        when `check` finds anything; its problems are the message.
    """
    problems = check(committed)
    if problems:
        raise ValueError("\n".join(problems))
    frozen = []
    for name, schema in schemas().items():
        copies = _copies(committed).get(name, [])
        if copies and _read(copies[-1]) == schema:
            continue
        path = committed / RELEASED / name / f"{len(copies) + 1}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text(schema), encoding="utf-8")
        with (committed / RELEASED / SUMS).open("a", encoding="utf-8") as sums:
            sums.write(f"{_digest(path)}  {path.relative_to(committed / RELEASED)}\n")
        frozen.append(path)
    return frozen


def _stale(committed: Path) -> list[str]:
    expected = documents()
    there = {str(path.relative_to(committed)) for path in committed.glob("schemas/*.json")}
    return [
        *(
            f"{name} is not what the declarations say: run `mash contract all` and commit it"
            for name, text in expected.items()
            if not (committed / name).is_file() or (committed / name).read_text(encoding="utf-8") != text
        ),
        *(f"{name} has no declaration any more: delete it" for name in sorted(there - set(expected))),
    ]


def _tampered(committed: Path) -> list[str]:
    folder = committed / RELEASED
    sums = folder / SUMS
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else []
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    there = {str(path.relative_to(folder)): path for copies in _copies(committed).values() for path in copies}
    return [
        *(
            f"{RELEASED}/{name} is listed and not there: restore it"
            for name in sorted(set(listed) - set(there))
        ),
        *(
            f"{RELEASED}/{name} is not as it was released: restore it"
            for name, path in sorted(there.items())
            if listed.get(name) != _digest(path)
        ),
    ]


def _broken(committed: Path) -> list[str]:
    current = schemas()
    problems = []
    for name, copies in _copies(committed).items():
        if name not in current:
            problems.append(f"{name} is released and has no declaration any more: declare it again")
            continue
        for copy in copies:
            problems += [
                f"{name} is released ({copy.stem}) and changed: {change}; declare a new version instead"
                for change in breaking_changes(_read(copy), current[name])
            ]
    return problems


def _copies(committed: Path) -> dict[str, list[Path]]:
    """The frozen copies of each type, oldest first."""
    folders = sorted(path for path in (committed / RELEASED).glob("*") if path.is_dir())
    return {folder.name: sorted(folder.glob("*.json"), key=lambda path: int(path.stem)) for folder in folders}


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
