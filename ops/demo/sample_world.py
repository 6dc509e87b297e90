"""The sample world on disk: forms, scripts, cast, expected outcomes, and the agencies' folders."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path

from agents.partnership import Partnership
from messages.referral import ReferralReceived
from ops.demo.desk.cast import Cast, read_cast
from ops.demo.desk.script import Script, ScriptUnsound, read_scripts
from ops.demo.expected import Expected, read_expected
from ops.problem import WrongInput
from ops.reading_input import read_referral

_WORLDS = Path(str(resources.files("ops.demo")))
WORLD = _WORLDS / "world"
WORLDS = {"staffordshire-2012": WORLD, "larkmoor-2026": _WORLDS / "world_larkmoor"}
"""The sample worlds, by the bundled partnership that each is played on."""

BEFORE_THE_FIRST = timedelta(minutes=5)


def world_of(partnership: str) -> Path:
    """The world of a bundled partnership. On a folder of somebody's own that of the guidance is tried."""
    return WORLDS.get(partnership, WORLD)


@dataclass(frozen=True, slots=True)
class World:
    """Everything that a run of the demo needs, by referral and in the order in which referrals come."""

    forms: dict[str, ReferralReceived]
    scripts: dict[str, Script]
    expected: dict[str, Expected]
    cast: Cast

    @property
    def start(self) -> datetime:
        """When the hub's clock should begin: a little before the first referral."""
        return min(script.received for script in self.scripts.values()) - BEFORE_THE_FIRST


def read_world(partnership: Partnership, folder: Path = WORLD) -> World:
    """Read and check a world: a form, a script and an expected outcome for each referral.

    Raises
    ------
    ScriptUnsound
        with every problem found, by file.
    """
    problems: list[str] = []
    forms: dict[str, ReferralReceived] = {}
    for file in sorted((folder / "referrals").glob("*.json")):
        try:
            form = read_referral(file.read_bytes())
            forms[form.referral_id] = form
        except WrongInput as why:
            problems += [f"{file.name}: {line}" for line in str(why).splitlines()]
    scripts = read_scripts(folder / "scripts")
    expected = read_expected(folder / "expected.toml")
    for referral in sorted({*forms, *scripts, *expected}):
        for there, what in ((forms, "form"), (scripts, "script"), (expected, "expected outcome")):
            if referral not in there:
                problems.append(f"{referral}: has no {what}")
    if problems:
        raise ScriptUnsound("\n".join(problems))
    cast = read_cast(folder / "desk.toml", partnership, folder / "agencies")
    return World(forms, scripts, expected, cast)


def lay_out_agencies(to: Path, folder: Path = WORLD) -> dict[str, Path]:
    """Copy the agencies' folders, which their workers write to; returns them by agency."""
    shutil.copytree(folder / "agencies", to, dirs_exist_ok=True)
    return {path.name: path for path in sorted(to.iterdir()) if path.is_dir()}
