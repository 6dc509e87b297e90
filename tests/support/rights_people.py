"""Everybody who tries to take a decision: every role of the table, at every agency that may employ it."""

from __future__ import annotations

from datetime import date

from agents.partnership import Partnership, StaffMember
from agents.registers import Supervisor
from messages.words import (
    Actor,
)
from tests.support.procedure import (
    PARTNERSHIP,
)

CHILDREN = ("csc_staffordshire", "csc_stoke")
ADULTS = ("asc_staffordshire", "asc_stoke")
SOCIAL_CARE = (*CHILDREN, *ADULTS)
HEALTH = ("primary_care", "adult_mental_health", "camhs", "accident_and_emergency")
IN_THE_HUB = ("police", *SOCIAL_CARE, "education", "primary_care")
OUTSIDE = (
    "adult_mental_health",
    "camhs",
    "probation",
    "housing",
    "accident_and_emergency",
    "other_authority",
)
EVERYWHERE = (*IN_THE_HUB, *OUTSIDE)

EMPLOYED_AT: dict[str, tuple[str, ...]] = {
    "senior_practitioner": SOCIAL_CARE,
    "police_sergeant": ("police",),
    "mash_manager": ("csc_staffordshire", "police"),
    "practitioner": EVERYWHERE,
    "advanced_practitioner": ADULTS,
    "duty_worker": SOCIAL_CARE,
    "police_researcher": ("police",),
    "decision_maker": EVERYWHERE,
    "line_manager": EVERYWHERE,
    "data_controller": EVERYWHERE,
    "detective_superintendent_pvp": ("police", "csc_staffordshire"),
    "assistant_director_children": (*CHILDREN, "education", "other_authority", "police"),
    "assistant_director_adults": (*ADULTS, "other_authority", "police"),
    "health_representative": (*HEALTH, "police"),
    "probation_assistant_chief": ("probation", "police"),
    "housing_director": ("housing", "police"),
    "social_worker": SOCIAL_CARE,
    "team_manager": SOCIAL_CARE,
    "detective_sergeant": ("police",),
    "detective_constable": ("police",),
    "data_protection_champion": EVERYWHERE,
    # In the table for decisions that the hub takes no message for, or for none at all (J03).
    "supervisor": EVERYWHERE,
    "steering_group": EVERYWHERE,
    "public_protection_coordinator": ("police",),
    "misper_coordinator": ("police",),
    "first_response_researcher": ("csc_staffordshire",),
    "exploitation_officer": ("police",),
}
"""Every role of the table and of the register, and where such a person may be employed; some panel roles
also at an agency that they do not speak for."""

PEOPLE = tuple(
    Actor(person=f"{agency}-{role}", role=role, agency=agency)
    for role, agencies in EMPLOYED_AT.items()
    for agency in agencies
)


def partnership(unsigned: str | None = None, unvetted: Actor | None = None) -> Partnership:
    """The bundled partnership with everybody on the register, and perhaps one agency that has not signed, or
    one person whose vetting ran out long ago."""
    register = [
        StaffMember(
            person=p.person,
            agency=p.agency,
            roles=(p.role,),
            vetted_until=date(2012, 1, 31) if p == unvetted else None,
        )
        for p in PEOPLE
    ]
    everything = PARTNERSHIP.model_dump()
    everything["staff"] = (*everything["staff"], *(member.model_dump() for member in register))
    champions = [p for p in PEOPLE if p.role == "data_protection_champion"]
    attested = {"attested_on": date(2012, 1, 1), "attested_until": date.max}
    everything["liaison"] = (
        *everything["liaison"],
        *(
            {"person": p.person, "agency": p.agency, "kind": "information_governance", **attested}
            for p in champions
        ),
    )
    everything["supervisors"] = tuple(
        Supervisor(
            person=f"{agency}-SUP",
            agency=agency,
            designated_on=date(2012, 1, 1),
            signed_on=date(2012, 1, 1),
            vetted_until=date(2099, 12, 31),
        ).model_dump()
        for agency in EVERYWHERE
    )
    if unsigned is not None:
        everything["agencies"][unsigned]["signed_on"] = None
    return Partnership.model_validate(everything)


HUB = partnership()

May = frozenset[tuple[str, str]]


def may(*roles: str, at: tuple[str, ...] = EVERYWHERE) -> May:
    """These roles, at those of the agencies that employ them."""
    return frozenset((role, agency) for role in roles for agency in EMPLOYED_AT[role] if agency in at)


PRACTITIONERS = (
    "practitioner",
    "senior_practitioner",
    "advanced_practitioner",
    "duty_worker",
    "social_worker",
    "police_sergeant",
    "detective_sergeant",
    "detective_constable",
)
STAFF = (
    "practitioner",
    "senior_practitioner",
    "advanced_practitioner",
    "duty_worker",
    "police_researcher",
    "police_sergeant",
    "mash_manager",
    "decision_maker",
)
"""Staff who work on cases: not line managers, panel and controllers, whose part comes later, nor teams."""

SENIOR_OR_SERGEANT = may("senior_practitioner", "police_sergeant")
SENIOR_OR_SERGEANT_FOR_CHILD = may("police_sergeant") | may("senior_practitioner", at=CHILDREN)
SENIOR_OR_SERGEANT_FOR_ADULT = may("police_sergeant") | may("senior_practitioner", at=ADULTS)
ANY_MANAGER = SENIOR_OR_SERGEANT | may("mash_manager")
MANAGER_FOR_CHILD = may("police_sergeant", "mash_manager") | may("senior_practitioner", at=CHILDREN)
MANAGER_FOR_ADULT = may("police_sergeant", "mash_manager") | may("senior_practitioner", at=ADULTS)
OWNER, REQUESTER = "police", "csc_staffordshire"
OWNERS_DECISION = may("decision_maker", at=(OWNER,))
PANEL = (
    may("detective_superintendent_pvp", at=("police",))
    | may("assistant_director_children", at=(*CHILDREN, "education", "other_authority"))
    | may("assistant_director_adults", at=(*ADULTS, "other_authority"))
    | may("health_representative", at=HEALTH)
    | may("probation_assistant_chief", at=("probation",))
    | may("housing_director", at=("housing",))
)
"""M6 names the first three and health, "to date" and "subject to final partner inclusion"; the others speak
for the partners that joined since, without whom no panel could hear them. [K02, K03]"""
CHILDRENS_SOCIAL_WORKERS = may("social_worker", "team_manager", at=("csc_staffordshire",))
DETECTIVES = may("detective_sergeant", "detective_constable")

REASONS_OF_RIGHT = {
    "role_may_not",
    "service_not_concerned",
    "not_your_agencys",
    "rule_not_the_owners",
    "own_decision",
    "not_in_hub",
    "both_sides_needed",
    "not_on_panel",
    "not_yours_to_confirm",
    "not_the_signatories",
    "not_adult_social_care",
    "not_of_the_team",
}


def person(role: str, agency: str) -> Actor:
    return next(p for p in PEOPLE if (p.role, p.agency) == (role, agency))
