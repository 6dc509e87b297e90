"""Codes as people read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from agents.coordinator.case import Case
from agents.coordinator.elements import Standing
from agents.coordinator.needs import NEEDS, About
from agents.partnership import Partnership
from messages.words import Actor
from ops import need_words
from ops.dashboard import dates

_SPELT: Mapping[str, str] = {
    "red": "RED",
    "amber": "AMBER",
    "blue": "BLUE",
    "csc": "CSC",
    "ap1": "AP1",
    "owners_rule": "owner’s rule",
    "third_party_owner": "owner of what another agency holds",
    "controller": "data controller",
}


_NEXT: Mapping[Standing, str] = {
    Standing.REVEALED: "discussion",
    Standing.AWAITING_OWNER: "owner:{}",
    Standing.CONSIDER: "consideration",
    Standing.THIRD_PARTY_PENDING: "permission:{}",
}


def in_words(code: object) -> str:
    """A code with spaces; ratings in capitals, as the guidance writes them. An id stays as it is."""
    text = str(code)
    if "/" in text:  # an id, which people have to find again
        return text
    return _SPELT.get(text, text.replace("_", " ").replace(".", " "))


def agency_in_words(code: str, partnership: Partnership) -> str:
    """The title of an agency."""
    known = partnership.agencies.get(code)
    return known.title if known else in_words(code)


def team_in_words(code: str, partnership: Partnership) -> str:
    """The title of a field team."""
    known = partnership.teams.get(code)
    return known.title if known else in_words(code)


def destination_in_words(code: str, partnership: Partnership) -> str:
    """Where a case went: a field team or an agency."""
    if code in partnership.teams:
        return team_in_words(code, partnership)
    return agency_in_words(code, partnership)


def elements_in_words(case: Case, partnership: Partnership) -> Mapping[str, str]:
    """What each element of a case is called, by its id: ``Staffordshire Police 1: crime report``.

    The elements of whoever holds them are counted in the order in which they came, over all rounds, so that
    the name stays while the case goes on. [D08]
    """
    counted: Counter[str] = Counter()
    found = {}
    for element in case.elements:
        counted[element.holder] += 1
        holder = agency_in_words(element.holder, partnership)
        found[element.element_id] = f"{holder} {counted[element.holder]}: {in_words(element.kind)}"
    return found


def person_in_words(by: Actor, partnership: Partnership) -> str:
    """A person as the register names them: ``POL-SGT-01, police sergeant, Staffordshire Police``."""
    return f"{by.person}, {in_words(by.role)}, {agency_in_words(by.agency, partnership)}"


def party_in_words(party: str, partnership: Partnership) -> str:
    """Who sends and receives messages: ``hub``, ``staff``, ``agency.police``, ``team.…``, ``source.…``."""
    kind, _, code = party.partition(".")
    match kind:
        case "hub":
            return "The hub"
        case "staff":
            return "The staff’s desk"
        case "agency":
            return agency_in_words(code, partnership)
        case "team":
            return team_in_words(code, partnership)
        case _:
            said = in_words(party)
            return said[:1].upper() + said[1:]


def message_type_in_words(type_: str) -> str:
    """``mash.check.requested.v1`` as "Check requested"."""
    said = in_words(type_.removeprefix("mash.").rpartition(".v")[0])
    return said[:1].upper() + said[1:]


def age(time: timedelta) -> str:
    """How long ago, in the units that matter; nothing is older than it is."""
    return "less than a minute" if time < timedelta(minutes=1) else length(time)


def need_in_words(code: str, partnership: Partnership) -> str:
    """What has to be done now, such as ``answer:police``, as the first words of a line."""

    def called(whose: str) -> str:
        match NEEDS.get(code.partition(":")[0]):
            case About.AGENCY:
                return agency_in_words(whose, partnership)
            case About.TEAM:
                return team_in_words(whose, partnership)
            case _:
                return in_words(whose)

    said = need_words.need_in_words(code, called)
    return said[0].upper() + said[1:]


def next_for_element(standing: str, owner: str, partnership: Partnership) -> str:
    """What an element waits for now, as `agents.coordinator.needs` has it for the case. [D01, D04, D09]"""
    if standing == Standing.DISPUTED:
        return "The dispute is settled"
    code = _NEXT.get(Standing(standing))
    return need_in_words(code.format(owner), partnership) if code else "nothing"


def day_in_words(day: date) -> str:
    """``Monday 5 March 2012``."""
    return f"{day:%A} {dates.in_words(day)}"


def time_left(due: datetime, now: datetime) -> str:
    """``2 h 05 min left``, ``3 days left`` or ``late by 12 min``, rounded so that nothing seems later than it
    is."""
    left = due - now
    if left < timedelta(0):
        return f"late by {length(-left)}"
    return f"{length(left)} left"


def length(time: timedelta) -> str:
    """In the units that matter, and whole ones."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes // (24 * 60)} days"
