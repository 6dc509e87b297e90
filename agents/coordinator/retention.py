"""How long a case is kept, and who may have its content destroyed. [L09, M8]

Where a field team investigated, the rules of the agencies that did are valid. Where nobody did there is no
rule until the data-protection champions set one; until then the case is held: it is neither destroyed nor
put to another use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from agents.coordinator.authority import require_right
from agents.coordinator.case import Case
from agents.coordinator.governance import Purge
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused
from agents.registers import Retention
from messages.governance import CasePurgeRequested
from messages.words import Course

INVESTIGATIONS = frozenset({Course.SINGLE_AGENCY_INVESTIGATION, Course.JOINT_INVESTIGATION})
"""Courses that are an investigation. A strategy discussion by itself decides whether there is one."""

UNINVESTIGATED = "uninvestigated"


class Keeping(StrEnum):
    """How a case stands to the rules of retention."""

    OPEN = "open"
    HELD = "held"
    KEPT = "kept"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Term:
    """How long a case is kept: ``rule`` names the rule that counts, and ``until`` is the last day that it
    keeps the case; both are None while the case is open or held."""

    keeping: Keeping
    rule: str | None = None
    until: date | None = None


def term_of(case: Case, rules: Retention, on: date) -> Term:
    """How long a case is kept by the rules as they are on a day. [L09]"""
    if case.closed_at is None:
        return Term(Keeping.OPEN)
    investigating = {done.by.agency for done in case.outcomes if done.course in INVESTIGATIONS}
    if investigating:
        if not investigating <= rules.by_agency.keys():
            return Term(Keeping.HELD)
        longest = max(sorted(investigating), key=lambda agency: rules.by_agency[agency].years)
        name, years = longest, rules.by_agency[longest].years
    elif rules.uninvestigated is not None and rules.uninvestigated.since <= on:
        name, years = UNINVESTIGATED, rules.uninvestigated.years
    else:
        return Term(Keeping.HELD)
    until = _years_after(case.closed_at.date(), years)
    return Term(Keeping.OVER if on > until else Keeping.KEPT, name, until)


def request_purge(case: Case, said: CasePurgeRequested, setting: Setting) -> Decided[Case]:
    """Record that the content of a closed case is to be destroyed: `mash retention purge` then does it.

    Jointly means: the champions of every agency whose information the case has, two agencies at least. The
    hashes by which the hub would find the case by its people go with this step.

    Raises `Refused`: champions missing, the case open, held, or to be kept longer.
    """
    for n, champion in enumerate((said.by, *said.jointly_with)):
        require_right("purge", champion, setting, field=f"data.jointly_with.{n - 1}" if n else "data.by")
    concerned = {agency for e in case.elements for agency in (e.holder, e.owner)}
    present = {champion.agency for champion in (said.by, *said.jointly_with)}
    if missing := sorted(concerned - present):
        raise _refused(said, "champions_missing", f"A champion has to join in of: {', '.join(missing)}.")
    if len(present) < 2:
        raise _refused(said, "champions_missing", "Champions of two agencies at least decide jointly.")
    if case.purge is not None:
        raise _refused(said, "already_purged", "This was decided before.")
    found = term_of(case, setting.partnership.retention, setting.now.date())
    if found.keeping is Keeping.OPEN:
        raise _refused(said, "case_open", "Only the content of a closed case is destroyed.")
    if found.rule is None or found.until is None:
        raise _refused(
            said,
            "retention_held",
            "No rule of retention covers this case; until the champions have set one it is held.",
        )
    if found.keeping is Keeping.KEPT:
        raise _refused(said, "retention_not_over", f"The rule {found.rule} keeps it until {found.until}.")
    purge = Purge(by=said.by, jointly_with=said.jointly_with, rule=found.rule, at=setting.now)
    fact = Fact(
        "case.purge_requested",
        said.by,
        {
            "jointly_with": [one.model_dump(mode="json") for one in said.jointly_with],
            "rule": found.rule,
            "kept_until": found.until.isoformat(),
        },
    )
    return Decided(case.model_copy(update={"purge": purge, "identity_hashes": ()}), (), (fact,))


def _refused(said: CasePurgeRequested, reason: str, remedy: str) -> Refused:
    return Refused(reason, remedy, by=said.by)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February in a year that has none
        return date(day.year + years, 3, 1)
