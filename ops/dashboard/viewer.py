"""Who looks at a page: read from the register on every request, so that what ends there ends here.

[A09, C09, D02, L02-L04]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from agents.coordinator import sent_to_teams
from agents.coordinator.case import Case
from agents.partnership import Partnership
from ops.who_reads import Asking, teams_of
from store.port import Facet


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person of the register as they stand today.

    ``hindered`` is the code of why they may not see anything of the hub now, by which refusals of the
    coordinator are named too, or None; ``uncleared`` is the same but for working in the hub, which a field
    team does not. ``rights`` are those that any of their roles holds, ``teams`` the field teams that they
    belong to. ``source`` is the referral source whose own system this is, and no person: it has no rights.
    """

    person: str
    agency: str
    roles: frozenset[str]
    rights: frozenset[str]
    hindered: str | None
    uncleared: str | None = None
    teams: frozenset[str] = frozenset()
    source: str | None = None

    def sees_every_case(self) -> bool:
        """Whether they have to do with every case, whichever agencies were asked. [C10]"""
        return "oversee" in self.rights

    @property
    def sees_cases(self) -> bool:
        """Whether they view cases in the hub at all, today. [D02]"""
        return "view" in self.rights and self.hindered is None

    def scope(self) -> Mapping[str, Facet]:
        """What the facets of a case have to be for this person to see it: need to know. [C10, M2.4]"""
        return {} if self.sees_every_case() else {"agencies": self.agency}

    def of_team(self, case: Case, partnership: Partnership) -> frozenset[str]:
        """Their teams that were sent something in this case: to those alone it is there. [D19, E03, G3.6]"""
        sent = sent_to_teams.received(case) | sent_to_teams.told_of_red(case, partnership)
        return self.teams & sent

    def may_see(self, case: Case) -> bool:
        """Whether the case is within `scope`."""
        return self.sees_every_case() or any(check.agency == self.agency for check in case.checks)


def viewer_of(partnership: Partnership, person: str, agency: str, today: date) -> Viewer | None:
    """The person as the register knows them today; None for somebody who is not, or no longer, on it."""
    roles = partnership.roles_of(person, agency)
    if not roles:
        return None
    rights = frozenset(right for right, held_by in partnership.rights.items() if roles & set(held_by))
    uncleared = next(iter(partnership.hindrances(person, agency, today)), None)
    return Viewer(
        person,
        agency,
        roles,
        rights,
        hindered="agency_off_hub" if partnership.agencies[agency].off_hub else uncleared,
        uncleared=uncleared,
        teams=teams_of(Asking(person, agency, "", roles), partnership),
    )


HINDERED: Mapping[str, str] = {
    "agency_off_hub": "Your agency does not work in the hub, where alone cases are viewed.",
    "agency_not_signed": "Your agency has to sign the Memorandum of Understanding first.",
    "memorandum_not_signed": "You have to sign the Memorandum of Understanding first.",
    "vetting_expired": "Your vetting has run out. You have to be vetted again first.",
    "training_expired": "Your training has run out. You have to be trained again first.",
}
"""What a person is told who may not see anything now."""
