"""Who looks at a page: read from the register on every request, so that what ends there ends here.

[A09, C09, D02, L02-L04]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from agents.coordinator.case import Case
from agents.partnership import Partnership
from store.port import Facet


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person of the register as they stand today.

    ``hindered`` is the code of why they may not see anything now, by which refusals of the coordinator are
    named too, or None. ``rights`` are those that any of their roles holds. ``source`` is the referral source
    whose own system this is, and no person: it has no rights.
    """

    person: str
    agency: str
    roles: frozenset[str]
    rights: frozenset[str]
    hindered: str | None
    source: str | None = None

    def sees_every_case(self) -> bool:
        """Whether they have to do with every case, whichever agencies were asked. [C10]"""
        return "oversee" in self.rights

    def scope(self) -> Mapping[str, Facet]:
        """What the facets of a case have to be for this person to see it: need to know. [C10, M2.4]"""
        return {} if self.sees_every_case() else {"agencies": self.agency}

    def may_see(self, case: Case) -> bool:
        """Whether the case is within `scope`."""
        return self.sees_every_case() or any(check.agency == self.agency for check in case.checks)


def viewer_of(partnership: Partnership, person: str, agency: str, today: date) -> Viewer | None:
    """The person as the register knows them today; None for somebody who is not, or no longer, on it."""
    roles = partnership.roles_of(person, agency)
    if not roles:
        return None
    rights = frozenset(right for right, held_by in partnership.rights.items() if roles & set(held_by))
    return Viewer(person, agency, roles, rights, _hindrance(partnership, person, agency, today))


def _hindrance(partnership: Partnership, person: str, agency: str, today: date) -> str | None:
    clearance = partnership.clearance_of(person, agency)
    for hindered, why in (
        (partnership.agencies[agency].off_hub, "agency_off_hub"),
        (not partnership.signed(agency, today), "agency_not_signed"),
        (not clearance.signed(today), "memorandum_not_signed"),
        (not clearance.vetted(today), "vetting_expired"),
        (not clearance.trained(today), "training_expired"),
    ):
        if hindered:
            return why
    return None


HINDERED: Mapping[str, str] = {
    "agency_off_hub": "Your agency does not work in the hub, where alone cases are viewed.",
    "agency_not_signed": "Your agency has to sign the Memorandum of Understanding first.",
    "memorandum_not_signed": "You have to sign the Memorandum of Understanding first.",
    "vetting_expired": "Your vetting has run out. You have to be vetted again first.",
    "training_expired": "Your training has run out. You have to be trained again first.",
}
"""What a person is told who may not see anything now."""
