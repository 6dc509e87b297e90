"""Who plays whom: people of the partnership's register, found by agency and right."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from agents.agency.rules import OwnersRules, read_rules
from agents.coordinator import adults, teams
from agents.coordinator.adult_record import Side
from agents.coordinator.case import Case
from agents.partnership import Partnership
from messages.refusal import field_problems
from messages.words import Actor, Category, Code, Id
from ops.demo.desk.script import ScriptUnsound

POLICE = "police"
POLICE_LED = frozenset(
    {
        Category.DOMESTIC_VIOLENCE,
        Category.HATE_CRIME,
        Category.CHILD_SEXUAL_EXPLOITATION,
        Category.MISSING_PERSONS,
    }
)
"""Where the police Sergeant and not the Senior Practitioner takes the hub's decisions."""


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    by_hand: tuple[Code, ...]
    services: dict[str, dict[Code, Code]]
    teams: dict[Code, Id]


@dataclass(frozen=True, slots=True)
class Cast:
    """The people the desk plays. ``rules`` are what owners decided beforehand: people leave that alone."""

    partnership: Partnership
    by_hand: tuple[str, ...]
    services: dict[str, dict[str, str]]
    team_members: dict[str, str]
    rules: dict[str, OwnersRules] = field(default_factory=dict)

    def one_of(self, agency: str, roles: tuple[str, ...]) -> Actor:
        """Somebody of the agency with one of these roles. Raises `ScriptUnsound` when there is nobody."""
        for staff in self.partnership.staff:
            for role in roles:
                if staff.agency == agency and role in staff.roles:
                    return Actor(person=staff.person, role=role, agency=agency)
        raise ScriptUnsound(f"desk: {agency} has nobody who is {' or '.join(roles)}; add one to staff.toml")

    def with_right(self, agency: str, right: str) -> Actor:
        """Somebody of the agency whose role holds a right."""
        return self.one_of(agency, self.partnership.rights[right])

    def person(self, person: str) -> Actor:
        """A person by id, in the first role they hold. Raises `ScriptUnsound` for a stranger."""
        for staff in self.partnership.staff:
            if staff.person == person:
                return Actor(person=person, role=staff.roles[0], agency=staff.agency)
        raise ScriptUnsound(f"desk: {person} is not on the register of staff")

    def senior(self, case: Case) -> Actor:
        """The Senior Practitioner of the service that the case belongs to."""
        concern = "child" if "child" in teams.concerns(case) else "adult"
        return self.one_of(self.services[concern][case.authority], ("senior_practitioner",))

    def in_charge(self, case: Case) -> Actor:
        """Who decides threshold, rating and direction: the Sergeant where police lead. [B11, E01]"""
        if case.category in POLICE_LED:
            return self.one_of(POLICE, ("police_sergeant",))
        return self.senior(case)

    def signatory(self, case: Case, side: Side) -> Actor:
        """Who signs the adult threshold for a side. [F01]"""
        agency = POLICE if side is Side.POLICE else self.services["adult"][case.authority]
        return self.with_right(agency, adults.RIGHTS[side])

    def manager(self) -> Actor:
        """The hub's manager."""
        for staff in self.partnership.staff:
            if "mash_manager" in staff.roles:
                return Actor(person=staff.person, role="mash_manager", agency=staff.agency)
        raise ScriptUnsound("desk: nobody is mash_manager; add one to staff.toml")

    def panel_member(self, agency: str) -> Actor:
        """Who speaks for an agency in an escalation. [K02]"""
        return self.one_of(agency, self.partnership.agencies[agency].panel_roles)


def read_cast(file: Path, partnership: Partnership, agencies: Path) -> Cast:
    """The cast of a world: ``desk.toml``, the partnership's register, the owners' rules.

    Raises
    ------
    ScriptUnsound
        with file, key and kind of each problem.
    """
    problems = []
    try:
        written = _Written.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        problems = [f"{file.name}: has to be a TOML file in UTF-8"]
    except ValidationError as error:
        problems = [f"{file.name}: {problem}" for problem in field_problems(error)]
    if problems:
        raise ScriptUnsound("\n".join(problems))
    rules = {
        folder.name: read_rules(folder / "rules.toml", folder.name)
        for folder in sorted(agencies.iterdir())
        if folder.is_dir()
    }
    return Cast(partnership, written.by_hand, written.services, written.teams, rules)
