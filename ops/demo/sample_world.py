"""The sample world on disk: forms, scripts, cast, expected outcomes, and the agencies' folders."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Generic, TypeVar

from agents.partnership import Partnership
from messages.dial import DialReceived
from messages.referral import ReferralReceived
from ops.demo.daily_expected import ExpectedDaily, read_expected_daily
from ops.demo.desk.cast import Cast, read_cast
from ops.demo.desk.daily_script import DialPlay, MissingPlay
from ops.demo.desk.script import Script, ScriptUnsound, read_play, read_scripts
from ops.demo.expected import Expected, read_expected
from ops.intake_files import Handed, read_batch
from ops.problem import WrongInput
from ops.reading_input import read_referral

_WORLDS = Path(str(resources.files("ops.demo")))
WORLD = _WORLDS / "world"
WORLDS = {"staffordshire-2012": WORLD, "larkmoor-2026": _WORLDS / "world_larkmoor"}
"""The sample worlds, by the bundled partnership that each is played on."""

BEFORE_THE_FIRST = timedelta(minutes=5)
DayPlay = TypeVar("DayPlay", DialPlay, MissingPlay)


def world_of(partnership: str) -> Path:
    """The world of a bundled partnership. On a folder of somebody's own that of the guidance is tried."""
    return WORLDS.get(partnership, WORLD)


@dataclass(frozen=True, slots=True)
class HandedIn(Generic[DayPlay]):
    """What a source hands in as a batch, DIALs or missing reports, and what people do about it."""

    entries: tuple[Handed, ...]
    play: DayPlay


@dataclass(frozen=True, slots=True)
class World:
    """Everything that a run of the demo needs, by referral and in the order in which referrals come.

    ``dials`` and ``missing`` are by the source's id; a partnership may have none of them.
    """

    forms: dict[str, ReferralReceived]
    scripts: dict[str, Script]
    expected: dict[str, Expected]
    cast: Cast
    dials: dict[str, HandedIn[DialPlay]]
    missing: dict[str, HandedIn[MissingPlay]]
    expected_daily: ExpectedDaily

    @property
    def first(self) -> datetime:
        """When the first thing comes in."""
        received = [script.received for script in self.scripts.values()]
        received += [one.play.received for one in self.dials.values()]
        received += [one.play.received for one in self.missing.values()]
        return min(received)

    @property
    def start(self) -> datetime:
        """When the hub's clock should begin: a little before the first thing comes in."""
        return self.first - BEFORE_THE_FIRST


def read_world(partnership: Partnership, folder: Path = WORLD) -> World:
    """Read and check a world: a form, a script and an expected outcome for each referral, DIAL and person.

    Raises
    ------
    ScriptUnsound
        with every problem found, by file; of a cast that does not fit the partnership, those alone.
    """
    cast = read_cast(folder / "desk.toml", partnership, folder / "agencies")
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
    expected_daily = read_expected_daily(folder / "expected_daily.toml")
    dials = {
        one.play.dial: one
        for one in _handed_in(folder / "dials", "dials", DialPlay, partnership.authorities, problems)
    }
    missing = {
        one.play.person: one
        for one in _handed_in(folder / "missing", "missing", MissingPlay, partnership.authorities, problems)
    }
    if problems:
        raise ScriptUnsound("\n".join(problems))  # what cannot be read would be said to be missing as well
    brought = {f"{name}/{n}" for of in (dials, missing) for name, one in of.items() for n in one.play.case}
    for referral in sorted({*forms, *scripts, *expected} - brought):
        for there, what in ((forms, "form"), (scripts, "script"), (expected, "expected outcome")):
            if referral not in there:
                problems.append(f"{referral}: has no {what}")
    for played, wanted in (
        (brought, brought & {*expected}),
        ({*dials}, {*expected_daily.dials}),
        ({*missing}, {*expected_daily.missing}),
        ({*partnership.rounds}, {*expected_daily.rounds}),
    ):
        problems += _unlike(played, wanted)
    if problems:
        raise ScriptUnsound("\n".join(problems))
    return World(forms, scripts, expected, cast, dials, missing, expected_daily)


def _unlike(played: Set[str], expected: Set[str]) -> list[str]:
    """What has only one of the two: somebody to play it, or an expected outcome."""
    return [
        *(f"{name}: has no expected outcome" for name in sorted(played - expected)),
        *(f"{name}: is expected, and nobody plays it" for name in sorted(expected - played)),
    ]


def _handed_in(
    folder: Path,
    kind: str,
    script: type[DayPlay],
    authorities: tuple[str, ...],
    problems: list[str],
) -> Iterator[HandedIn[DayPlay]]:
    """The scripts of a folder, each with its batch of the same name, a CSV as the police hand it in."""
    for file in sorted(folder.glob("*.toml")):
        batch = file.with_suffix(".csv")
        try:
            play = read_play(file, script)
            entries = read_batch(batch.read_bytes(), kind, play.source, authorities, is_csv=True)
        except OSError:
            problems.append(f"{batch.name}: cannot be read")
        except ScriptUnsound as unsound:
            problems.append(str(unsound))
        except WrongInput as wrong:
            problems.append(f"{batch.name}: {wrong}")
        else:
            whose = play.dial if isinstance(play, DialPlay) else play.person
            if {_id_of(entry) for entry in entries} != {whose}:
                problems.append(f"{batch.name}: has to be about {whose} alone")
            yield HandedIn(tuple(entries), play)


def _id_of(entry: Handed) -> str:
    return entry.dial_id if isinstance(entry, DialReceived) else entry.person_ref


def lay_out_agencies(to: Path, folder: Path = WORLD) -> dict[str, Path]:
    """Copy the agencies' folders, which their workers write to; returns them by agency."""
    shutil.copytree(folder / "agencies", to, dirs_exist_ok=True)
    return {path.name: path for path in sorted(to.iterdir()) if path.is_dir()}
