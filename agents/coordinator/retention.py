"""How long content is kept: of cases, of DIALs, of the reports of missing people. [L09, M8]

Where a field team investigated, the rules of the agencies that did are valid. Where nobody did there is no
rule until the data-protection champions set one; until then the case is held: it is neither destroyed nor
put to another use.

READ: a DIAL or a missing person's reports are kept as long as the longest kept of the cases that they
brought, because they hold the same words; where they brought none, nobody investigated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from agents.coordinator.case import Case
from agents.coordinator.dial_record import Dial
from agents.coordinator.missing_record import MissingPerson
from agents.partnership import Clocks, Partnership
from agents.registers import Retention
from messages.words import Course
from store.port import Facet

INVESTIGATIONS = frozenset({Course.SINGLE_AGENCY_INVESTIGATION, Course.JOINT_INVESTIGATION})
"""Courses that are an investigation. A strategy discussion by itself decides whether there is one."""

UNINVESTIGATED, INVESTIGATED, REPORTS = "uninvestigated", "investigated:", "reports"
"""The ways in which documents are kept by a rule: nobody investigated; these agencies did, as
``investigated:csc_staffordshire+police``; the reports of a missing person, which count for some days more."""

BROUGHT, DECIDED = "brought", "decided"
"""What no rule says by itself: as long as the cases that it brought; its content goes, or is gone."""

KEPT = "kept"
"""The facet by which what is done with is found."""

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


def facets(document: Document, partnership: Partnership) -> Mapping[str, Facet]:
    """By which lists find what is done with: in which way it is kept and the day from which its time counts,
    ``uninvestigated 2012-03-05``. No rule and no number of days is in it, so that it stays true when the
    partnership's rules change and as time goes by; `term_under` says what it comes to."""
    clocks = partnership.clocks
    if document.purge is not None and document.purge.decided_at is not None:
        return {KEPT: f"{DECIDED} {clocks.day_of(document.purge.decided_at)}"}
    since = _since(document, clocks)
    if since is None:
        return {}
    brought = not isinstance(document, Case) and bool(document.brought)
    return {KEPT: f"{BROUGHT if brought else _way(document)} {since}"}


def read(kept: str) -> tuple[str, date]:
    """The way and the day of what `facets` wrote."""
    way, _, day = kept.partition(" ")
    return way, date.fromisoformat(day)


def term_under(way: str, since: date, partnership: Partnership, on: date) -> Term:
    """How long everything is kept that is kept in this way from this day: by a rule, for `BROUGHT` and
    `DECIDED` have none of their own. [L09]"""
    ended = since + _counted_for(partnership) if way == REPORTS else since
    if ended > on:
        return Term(Keeping.OPEN)
    by = way.removeprefix(INVESTIGATED).split("+") if way.startswith(INVESTIGATED) else ()
    return _term(ended, frozenset(by), partnership.retention, on)


def _by_rule(document: Document, brought: Sequence[Case], partnership: Partnership, on: date) -> Term:
    since, ended = _since(document, partnership.clocks), ended_on(document, partnership)
    if since is None or ended is None or ended > on:
        return Term(Keeping.OPEN)
    if not brought:
        return term_under(_way(document), since, partnership, on)
    terms = [_by_rule(case, (), partnership, on) for case in brought]
    for keeping in (Keeping.OPEN, Keeping.HELD):
        if any(term.keeping is keeping for term in terms):
            return Term(keeping)
    return max(terms, key=lambda term: term.until or date.min)


def ended_on(document: Document, partnership: Partnership) -> date | None:
    """The day on which a document was done with; None while it is not.

    READ: a case when it is closed, a DIAL when the meeting has decided on it, a missing person's reports when
    the last of them no longer counts towards a case: so many days after its own, by the partnership's
    calendar.
    """
    since = _since(document, partnership.clocks)
    if since is not None and isinstance(document, MissingPerson):
        return since + _counted_for(partnership)
    return since


def _since(document: Document, clocks: Clocks) -> date | None:
    """The day from which the time of a document counts."""
    match document:
        case Case():
            return clocks.day_of(document.closed_at) if document.closed_at is not None else None
        case Dial():
            return clocks.day_of(document.tier_3.at) if document.tier_3 is not None else None
        case MissingPerson():
            return clocks.day_of(document.reports[-1].at)


def _counted_for(partnership: Partnership) -> timedelta:
    """How long a report of a missing person counts towards a case. [I09]"""
    rule = partnership.missing_children
    return timedelta(days=rule.days if rule is not None else 0)


def _way(document: Document) -> str:
    """Which rule counts, were there no cases that it brought."""
    match document:
        case Case():
            by = {done.by.agency for done in document.outcomes if done.course in INVESTIGATIONS}
            return f"{INVESTIGATED}{'+'.join(sorted(by))}" if by else UNINVESTIGATED
        case Dial():
            return UNINVESTIGATED
        case MissingPerson():
            return REPORTS


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
