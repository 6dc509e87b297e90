"""Who plays whom: people of the partnership's register, found by agency and right."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from agents.agency.rules import OwnersRules, read_rules
from agents.coordinator import adults, teams
from agents.coordinator.adult_record import Side
from agents.coordinator.case import Case
from agents.partnership import Concern, Partnership
from messages.refusal import field_problems
from messages.words import Actor, Category, Code, Id
from ops.demo.desk.daily_script import RoundPlay
from ops.demo.desk.script import ScriptUnsound


class _Played(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Ground(_Played):
    """What agencies are asked for, and on what basis, when the desk directs the checks."""

    purpose: Code
    legal_basis: Code


class _Written(_Played):
    by_hand: tuple[Code, ...]
    manager: Id
    led_by: dict[Category, Code]
    services: dict[Concern, dict[Code, Code]]
    grounds: dict[Concern, Ground]
    teams: dict[Code, Id]
    rounds: dict[Code, RoundPlay] = {}


@dataclass(frozen=True, slots=True)
class Cast:
    """The people the desk plays, as ``desk.toml`` of its world says what each is.

    ``rules`` are what owners decided beforehand: people leave that alone. ``rounds`` are the daily rounds
    that go otherwise than usual.
    """

    partnership: Partnership
    by_hand: tuple[str, ...]
    hub_manager: str
    led_by: dict[Category, str]
    services: dict[Concern, dict[str, str]]
    grounds: dict[Concern, Ground]
    team_members: dict[str, str]
    rules: dict[str, OwnersRules] = field(default_factory=dict)
    rounds: dict[str, RoundPlay] = field(default_factory=dict)

    def one_of(self, agency: str, roles: tuple[str, ...]) -> Actor:
        """Somebody of the agency with one of these roles. Raises `ScriptUnsound` when there is nobody."""
        for staff in self.partnership.staff:
            for role in roles:
                if staff.agency == agency and role in staff.roles:
                    return Actor(person=staff.person, role=role, agency=agency)
        raise ScriptUnsound(f"desk: {agency} has nobody who is {' or '.join(roles)}; add one to staff.toml")

    def with_right(self, agency: str, right: str) -> Actor:
        """Somebody of the agency whose role holds a right."""
        return self.one_of(agency, self.partnership.rights.get(right, ()))

    def anybody_with_right(self, right: str) -> Actor:
        """The first on the register whose role holds a right, of whatever agency. Raises `ScriptUnsound`."""
        for staff in self.partnership.staff:
            for role in self.partnership.rights.get(right, ()):
                if role in staff.roles:
                    return Actor(person=staff.person, role=role, agency=staff.agency)
        raise ScriptUnsound(f"desk: nobody has the right {right}; add somebody to staff.toml")

    def person(self, person: str) -> Actor:
        """A person by id, in the first role they hold. Raises `ScriptUnsound` for a stranger."""
        for staff in self.partnership.staff:
            if staff.person == person:
                return Actor(person=person, role=staff.roles[0], agency=staff.agency)
        raise ScriptUnsound(f"desk: {person} is not on the register of staff")

    def senior(self, case: Case) -> Actor:
        """Who decides for the service that the case belongs to: in the guidance, its Senior Practitioner."""
        return self.with_right(self.services[_concern(case)][case.authority], "threshold")

    def in_charge(self, case: Case) -> Actor:
        """Who decides threshold, rating and direction: the Sergeant where police lead. [B11, E01]"""
        leading = self.led_by.get(case.category)
        return self.senior(case) if leading is None else self.with_right(leading, "threshold")

    def ground(self, case: Case) -> Ground:
        """What the checks of a case are for: in adult protection the adult. [C08, D16]"""
        adults = case.category is Category.ADULT_PROTECTION
        return self.grounds["adult" if adults else _concern(case)]

    def signatory(self, case: Case, side: Side) -> Actor:
        """Who signs the adult threshold for a side. [F01]"""
        right = adults.RIGHTS[side]
        if side is Side.POLICE:
            return self.anybody_with_right(right)
        return self.with_right(self.services["adult"][case.authority], right)

    def manager(self) -> Actor:
        """The hub's manager."""
        return self.person(self.hub_manager)

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
    else:
        problems = [f"{file.name}: {problem}" for problem in _strangers(written, partnership)]
    if problems:
        raise ScriptUnsound("\n".join(problems))
    rules = {
        folder.name: read_rules(folder / "rules.toml", folder.name)
        for folder in sorted(agencies.iterdir())
        if folder.is_dir()
    }
    return Cast(
        partnership=partnership,
        by_hand=written.by_hand,
        hub_manager=written.manager,
        led_by=written.led_by,
        services=written.services,
        grounds=written.grounds,
        team_members=written.teams,
        rules=rules,
        rounds=written.rounds,
    )


def _strangers(written: _Written, partnership: Partnership) -> Iterator[str]:
    """People, agencies, teams and authorities of a cast that the partnership does not have."""
    persons = {member.person for member in partnership.staff}
    for key, said, known in (
        ("by_hand", written.by_hand, partnership.agencies),
        ("manager", (written.manager,), persons),
        ("led_by", written.led_by.values(), partnership.agencies),
        ("services", (a for of in written.services.values() for a in of.values()), partnership.agencies),
        ("teams", written.teams, partnership.teams),
        ("rounds", written.rounds, partnership.rounds),
        ("teams", written.teams.values(), persons),
    ):
        yield from (f"{key}: the partnership has no {code}" for code in said if code not in known)
    for concern in get_args(Concern):
        if not set(partnership.authorities) <= set(written.services.get(concern, ())):
            yield f"services: not said of {concern} for every authority of the partnership"
        if concern not in written.grounds:
            yield f"grounds: not said of {concern}"
    yield from (f"teams: nobody plays {team}" for team in partnership.teams if team not in written.teams)


def _concern(case: Case) -> Concern:
    """A case about a child and an adult is led as a child's."""
    return "child" if "child" in teams.concerns(case) else "adult"
