"""How long content is kept: of cases, of DIALs, of the reports of missing people. [L09, M8]

Where a field team investigated, the rules of the agencies that did are valid. Where nobody did there is no
rule until the data-protection champions set one; until then the case is held: it is neither destroyed nor
put to another use.

READ: a DIAL or a missing person's reports are kept as long as the longest kept of the cases that they
brought, because they hold the same words; where they brought none, nobody investigated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from agents.coordinator.case import Case
from agents.coordinator.dial_record import Dial
from agents.coordinator.missing_record import MissingPerson
from agents.partnership import Partnership
from agents.registers import Retention
from messages.words import Course

INVESTIGATIONS = frozenset({Course.SINGLE_AGENCY_INVESTIGATION, Course.JOINT_INVESTIGATION})
"""Courses that are an investigation. A strategy discussion by itself decides whether there is one."""

UNINVESTIGATED = "uninvestigated"

Document = Case | Dial | MissingPerson
"""Whatever has content of its own."""


class Keeping(StrEnum):
    """How a document stands to the rules of retention."""

    OPEN = "open"
    HELD = "held"
    KEPT = "kept"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Term:
    """How long a document is kept: ``rule`` names the rule that counts, and ``until`` is the last day that it
    keeps it; both are None while it is open or held. ``stayed_for`` are the grounds on which its destruction
    is stayed, whatever the rule says."""

    keeping: Keeping
    rule: str | None = None
    until: date | None = None
    stayed_for: tuple[str, ...] = ()


def term_of(document: Document, brought: Sequence[Case], partnership: Partnership, on: date) -> Term:
    """How long a document is kept by the rules as they are on a day. [L09]

    Parameters
    ----------
    brought
        The cases that it brought. A case brings none.
    """
    grounds = {stay.ground for one in (document, *brought) for stay in one.stays}
    return replace(_by_rule(document, brought, partnership, on), stayed_for=tuple(sorted(grounds)))


def _by_rule(document: Document, brought: Sequence[Case], partnership: Partnership, on: date) -> Term:
    ended = ended_on(document, partnership)
    if ended is None or ended > on:
        return Term(Keeping.OPEN)
    if isinstance(document, Case):
        return _term(ended, _investigating(document), partnership.retention, on)
    if not brought:
        return _term(ended, frozenset(), partnership.retention, on)
    terms = [_by_rule(case, (), partnership, on) for case in brought]
    for keeping in (Keeping.OPEN, Keeping.HELD):
        if any(term.keeping is keeping for term in terms):
            return Term(keeping)
    return max(terms, key=lambda term: term.until or date.min)


def ended_on(document: Document, partnership: Partnership) -> date | None:
    """The day on which a document was done with; None while it is not.

    READ: a case when it is closed, a DIAL when the meeting has decided on it, a missing person's reports when
    the last of them no longer counts towards a case.
    """
    day_of = partnership.clocks.day_of
    match document:
        case Case():
            return day_of(document.closed_at) if document.closed_at is not None else None
        case Dial():
            return day_of(document.tier_3.at) if document.tier_3 is not None else None
        case MissingPerson():
            rule = partnership.missing_children
            counted_for = timedelta(days=rule.days if rule is not None else 0)
            return day_of(document.reports[-1].at + counted_for)


def _investigating(case: Case) -> frozenset[str]:
    return frozenset(done.by.agency for done in case.outcomes if done.course in INVESTIGATIONS)


def _term(ended: date, investigating: frozenset[str], rules: Retention, on: date) -> Term:
    if investigating:
        if not investigating <= rules.by_agency.keys():
            return Term(Keeping.HELD)
        name = max(sorted(investigating), key=lambda agency: rules.by_agency[agency].years)
        years = rules.by_agency[name].years
    elif rules.uninvestigated is not None and rules.uninvestigated.since <= on:
        name, years = UNINVESTIGATED, rules.uninvestigated.years
    else:
        return Term(Keeping.HELD)
    until = _years_after(ended, years)
    return Term(Keeping.OVER if on > until else Keeping.KEPT, name, until)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February in a year that has none
        return date(day.year + years, 3, 1)
