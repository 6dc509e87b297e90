"""Sets out a world for the desk: what it plays, each with the document that the hub keeps of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from agents.coordinator import daily_rounds, domestic_abuse, missing_children
from agents.coordinator.daily_rounds import Round
from agents.coordinator.dial_record import Dial
from agents.coordinator.missing_record import MissingPerson
from agents.partnership import Partnership
from messages.dial import DialReceived
from messages.missing import MissingReported
from messages.words import Category
from ops.demo.desk.daily import Daily
from ops.demo.desk.daily_script import RoundPlay
from ops.demo.desk.desk import Scenario
from ops.demo.desk.dials import DialOnDesk
from ops.demo.desk.missing_people import MissingOnDesk
from ops.demo.desk.rounds import RoundOnDesk
from ops.demo.sample_world import World


def scenarios(world: World) -> list[Scenario]:
    """Every referral: those of the sources, and those that a DIAL or a missing person brings."""
    of_sources = [
        Scenario(
            name=referral,
            source=world.forms[referral].source,
            referral_id=referral,
            category=world.forms[referral].category,
            script=script,
            form=world.forms[referral],
            planned=script.received,
        )
        for referral, script in world.scripts.items()
    ]
    return [*of_sources, *_brought(world)]


def _brought(world: World) -> Iterator[Scenario]:
    for dial, one in world.dials.items():
        key = domestic_abuse.key_of(one.play.source, dial)
        for what, play in one.play.case.items():
            adult = what == "adult"
            category = Category.ADULT_PROTECTION if adult else Category.DOMESTIC_VIOLENCE
            yield Scenario(f"{dial}/{what}", one.play.source, f"{key}/{what}", category, play)
    for person, those in world.missing.items():
        key = missing_children.key_of(those.play.source, person)
        for number, play in those.play.case.items():
            yield Scenario(
                f"{person}/{number}", those.play.source, f"{key}/{number}", Category.MISSING_PERSONS, play
            )


def daily(world: World, partnership: Partnership) -> list[Daily[Any]]:
    """Every DIAL and missing person, and the partnership's daily rounds."""
    found: list[Daily[Any]] = []
    for dial, one in world.dials.items():
        (form,) = (entry for entry in one.entries if isinstance(entry, DialReceived))
        key = domestic_abuse.key_of(one.play.source, dial)
        found.append(DialOnDesk(dial, key, Dial, form=form, play=one.play))
    for person, those in world.missing.items():
        reports = tuple(entry for entry in those.entries if isinstance(entry, MissingReported))
        key = missing_children.key_of(those.play.source, person)
        found.append(MissingOnDesk(person, key, MissingPerson, reports=reports, play=those.play))
    for code in partnership.rounds:
        play = world.cast.rounds.get(code, RoundPlay())
        found.append(RoundOnDesk(code, daily_rounds.key_of(code), Round, play=play))
    return found
