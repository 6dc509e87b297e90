"""The one check of a partnership: everything that would break the hub, or leave a case with nobody.

Each module has small functions from a partnership to what is wrong; this is the list of them. Whatever it
lets pass, the coordinator can look up without asking whether it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from agents.partnership.checks import (
    agencies,
    cases,
    clocks,
    governance,
    law,
    people,
    references,
    rights,
    rounds,
    source_forms,
)
from agents.partnership.checks.finding import Found as Found
from agents.partnership.model import Partnership

Check = Callable[[Partnership], Iterable[Found]]
CheckOnADay = Callable[[Partnership, date], Iterable[Found]]
"""What finds what is wrong with a partnership in one respect, on any day or on one."""

ALWAYS: tuple[Check, ...] = (
    references.codes_that_are_none,
    references.local_routes,
    rights.unknown,
    rights.missing,
    rights.vacant,
    rights.figures_of_what_one_may_not_see,
    rights.of_rounds_that_are_not_held,
    rights.service_roles,
    rights.relevant_managers,
    rights.sides_of_the_adult_threshold,
    people.one_entry_each,
    people.one_employer_each,
    people.useful_roles,
    people.supervisors,
    people.liaison_officers,
    agencies.who_speaks_for_each,
    agencies.panel_seats,
    cases.brought_and_taken,
    cases.teams_told,
    cases.adult_recipients,
    cases.services_asked,
    cases.adult_form,
    cases.levels_of_response,
    rounds.one_of_each,
    rounds.held_by_somebody,
    rounds.seats,
    rounds.quorum_of_dials,
    rounds.where_they_are_needed,
    clocks.places,
    clocks.lengths,
    law.markings,
    law.bases,
    law.purposes,
    governance.memorandum,
    governance.checklists,
    governance.retention,
    governance.package_page,
    source_forms.loose_ends,
)
"""What is so or not on any day."""

ON_A_DAY: tuple[CheckOnADay, ...] = (
    cases.core_agencies_signed,
    governance.memorandum_in_force,
    law.something_in_force,
)
"""What depends on the day on which the hub works by the partnership."""


def mistakes(p: Partnership, at: datetime | None = None) -> list[Found]:
    """Everything that is wrong with a partnership; with ``at`` also what does not hold yet, or any more."""
    found = [one for check in ALWAYS for one in check(p)]
    if at is not None:
        day = at.astimezone(p.clocks.zone).date() if not any(clocks.places(p)) else at.date()
        found += [one for check in ON_A_DAY for one in check(p, day)]
    return list(dict.fromkeys(found))
