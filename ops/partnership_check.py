"""A partnership's folder as people check it and look at it, before any agent starts on it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from agents.partnership import (
    Cohort,
    ConfigurationProblem,
    Partnership,
    PartnershipInvalid,
    bundled,
    bundled_names,
    read_partnership,
)
from ops.problem import WrongInput


def folder_of(name: str) -> Path:
    """The folder of a bundled partnership, or the folder itself. Raises `WrongInput`."""
    folder = Path(name)
    if folder.is_dir():
        return folder
    if name not in bundled_names():
        known = ", ".join(bundled_names())
        raise WrongInput(f"{name} is no folder, and no bundled partnership; these are {known}")
    return bundled(name)


def problems_in(folder: Path, now: datetime) -> tuple[ConfigurationProblem, ...]:
    """Everything that is wrong with a partnership's folder; empty when agents can work by it now."""
    try:
        read_partnership(folder, now)
    except PartnershipInvalid as invalid:
        return invalid.problems
    return ()


def overview(partnership: Partnership, now: datetime) -> dict[str, Any]:
    """What people look up in a partnership: who takes part, what is taken now, how long each clock runs."""
    cohorts = partnership.cohorts.items()
    return {
        "title": partnership.title,
        "authorities": list(partnership.authorities),
        "agencies": {code: agency.title for code, agency in partnership.agencies.items()},
        "teams": {code: team.title for code, team in partnership.teams.items()},
        "sources": {code: source.title for code, source in partnership.sources.items()},
        "markings": list(partnership.markings),
        "clocks": partnership.clocks.model_dump(mode="json"),
        "cohorts": [_cohort(code, cohort, now) for code, cohort in cohorts],
        "local_routes": [route.model_dump(mode="json") for route in partnership.local_routes],
    }


def _cohort(code: str, cohort: Cohort, now: datetime) -> dict[str, Any]:
    """A cohort with the whole history of its switches, the earliest first. [B05]"""
    switches = sorted(cohort.switches, key=lambda switch: switch.since)
    return {
        "cohort": code,
        "category": cohort.category.value,
        "live": cohort.live(now),
        "switches": [switch.model_dump(mode="json") for switch in switches],
    }
