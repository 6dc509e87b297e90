"""How something before a daily round stands: what its review goes by, without a word of content. [I02-I04,
I09]"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agents.coordinator import needs
from agents.coordinator.case import Case
from agents.coordinator.ending import brought_by_each
from agents.coordinator.missing_children import qualifies, together
from agents.coordinator.missing_record import MissingPerson, Report
from agents.partnership import MissingRule
from ops import case_views
from ops.dashboard import words
from ops.dashboard.given import Given
from ops.dashboard.moments import to_the_minute
from ops.dashboard.tasks import Document
from ops.dashboard.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Followed:
    """A case that followed, and how it stands."""

    case: str
    state: str


@dataclass(frozen=True, slots=True)
class HowItStands:
    """Names and values, and the cases that followed, the first first: those that this person may open, and
    of the rest how many there are and nothing else. [C10]"""

    lines: tuple[tuple[str, str], ...]
    cases: tuple[Followed, ...]
    unseen: int


async def how_it_stands(given: Given, document: Document, viewer: Viewer) -> HowItStands | None:
    """Of a hate crime its strands, level and state; of a missing person whether enough reports came; None of
    whatever else. Raises StoreError."""
    match document:
        case Case():
            lines, keys = _hate_crime(given, document), [document.case_id]
        case MissingPerson():
            kept = await given.store.load(document.same_as)
            others = [
                one
                for found in kept.values()
                if isinstance(one := case_views.other_from(found), MissingPerson)
            ]
            lines, keys = _missing(given, document, others), [document.key, *document.same_as]
        case _:
            return None
    brought = await brought_by_each(given.store, keys)
    cases = sorted((case for each in brought.values() for case in each), key=lambda case: case.received_at)
    seen = [case for case in cases if viewer.sees_cases and viewer.may_see(case)]
    return HowItStands(tuple(lines), tuple(_followed(case) for case in seen), len(cases) - len(seen))


def _followed(case: Case) -> Followed:
    return Followed(case.case_id, words.in_words(needs.stage(case)))


def _hate_crime(given: Given, case: Case) -> list[tuple[str, str]]:
    """[I02-I04]"""
    lines = []
    if case.hate_crime is not None:
        strands = ", ".join(words.in_words(strand.value) for strand in case.hate_crime.strands)
        lines += [
            ("Strands", strands),
            ("Somebody vulnerable", "yes" if case.hate_crime.vulnerable_person else "no"),
        ]
    level = words.in_words(case.hate_responses[-1].level) if case.hate_responses else "none is set"
    return [*lines, ("Level of response", level), ("State", _state(given, case))]


def _state(given: Given, case: Case) -> str:
    if case.closed_at is None:
        return words.in_words(needs.stage(case))
    went = f": {words.in_words(case.route.to)}" if case.route is not None else ""
    return f"closed {to_the_minute(case.closed_at, given.zone)}{went}"


def _missing(given: Given, person: MissingPerson, same: Iterable[MissingPerson]) -> list[tuple[str, str]]:
    """The reports of this person under whichever reference, as the hub counts them. [I09, I11]"""
    rule = given.partnership.missing_children
    if rule is None:
        return []
    reports = together(person.reports, (one for other in same for one in other.reports))
    # The latest under any reference: no window that qualifies ends after it, so both halves say the same.
    last = max(one.at for one in reports)
    said = f"{_within(reports, last, rule)} up to the latest. {rule.reports} bring a child’s case"
    if person.is_child:
        said += ": reached" if qualifies(reports, last, rule) else ": not reached"
    return [(f"Reports within {rule.days} days", f"{said}.")]


def _within(reports: Sequence[Report], last: datetime, rule: MissingRule) -> int:
    first = last - timedelta(days=rule.days)
    return sum(first <= one.at <= last for one in reports)
