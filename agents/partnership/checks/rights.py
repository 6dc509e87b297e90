"""Decision rights: each that is needed is held, and no word in them leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agents.decision_rights import RIGHTS
from agents.partnership.checks.finding import Found, held_roles, holders, listed, names_category
from agents.partnership.checks.finding import unknown as not_known
from agents.partnership.model import ADULT, Concern, Partnership, RoundOf
from messages.words import Category

OF_ROUND: Mapping[RoundOf, tuple[str, ...]] = {
    "dials": ("dial_history", "dial_check", "dial_alert", "dial_meeting"),
    "hate_crimes": ("hate_crime_review",),
    "missing_children": ("missing_children_review", "missing_of_concern"),
}
"""Rights that are needed where a round of this is held, and nowhere else. [H03-H09, I01, I08, I09]"""

OF_CATEGORY: Mapping[Category, tuple[str, ...]] = {
    Category.HATE_CRIME: ("hate_response", "hate_response_adult_social_care"),
    Category.CHILD_SEXUAL_EXPLOITATION: (
        "complete_cse_referral",
        "cosign_cse_referral",
        "advise_on_exploitation",
    ),
    Category.ADULT_PROTECTION: ("adult_threshold_social_care", "adult_threshold_police", "supply_form"),
}
"""Rights that are needed where a cohort takes this category. [F01, I03, I05, I06]"""

OF_CONDITION = ("professional_judgement", "section_47_belief")
"""Rights that are needed where a cohort has the condition of the same name. [B08, B09]"""

MANAGERS = ("rate", "enquire_outside", "agree_partial")
"""The rights that take the relevant manager. [E01, C04, E12]"""


def needed(right: str, p: Partnership) -> bool:
    """Whether the hub cannot do without somebody who has a right."""
    for what, rights in OF_ROUND.items():
        if right in rights:
            return p.round_of(what) is not None
    for category, rights in OF_CATEGORY.items():
        if right in rights:
            return names_category(p, category)
    if right in OF_CONDITION:
        return any(right in cohort.conditions for cohort in p.cohorts.values())
    return True


def unknown(p: Partnership) -> Iterator[Found]:
    """Rights that there are not."""
    for right in p.rights:
        if right not in RIGHTS:
            yield f"rights.{right}", "is no decision right; correct the spelling"


def missing(p: Partnership) -> Iterator[Found]:
    """Rights that the partnership says nothing of."""
    for right, (what, _, _) in RIGHTS.items():
        if right not in p.rights:
            yield f"rights.{right}", f"is missing; add it with the roles that may: {what}"


def vacant(p: Partnership) -> Iterator[Found]:
    """Rights without a role, and roles without a person."""
    held = held_roles(p)
    for right, roles in p.rights.items():
        if not roles and right in RIGHTS and needed(right, p):
            yield f"rights.{right}", f"nobody may; name the roles that may: {RIGHTS[right][0]}"
        for role in roles:
            if role not in held:
                yield (
                    f"rights.{right}",
                    f"nobody in [[staff]] has the role {role}; correct the spelling, give it to somebody or "
                    "take it out",
                )


def figures_of_what_one_may_not_see(p: Partnership) -> Iterator[Found]:
    """Roles that see numbers of all cases and not each case: of small numbers it can be worked out whose they
    are. [D02, K05]"""
    for role in p.rights.get("see_figures", ()):
        if role not in p.rights.get("oversee", ()):
            yield (
                "rights.see_figures",
                f"{role} may not see every case that is counted; take it out, or give it oversee too",
            )


def of_rounds_that_are_not_held(p: Partnership) -> Iterator[Found]:
    """A right in a round that there is not: without the round the hub takes no DIALs, or no reports. [H01,
    I01, I09]"""
    for what, rights in OF_ROUND.items():
        held = [right for right in rights if p.rights.get(right)]
        if held and p.round_of(what) is None:
            yield (
                "rounds",
                f"none is of {what}, but roles have {listed(held)}; add the round, or give these rights to "
                "nobody: [ ]",
            )


def service_roles(p: Partnership) -> Iterator[Found]:
    """Roles that are bound to their service and are in no right. [E01]"""
    in_rights = {role for roles in p.rights.values() for role in roles}
    yield from not_known("service_roles", p.service_roles, in_rights, "name it under [rights] or correct it")


def relevant_managers(p: Partnership) -> Iterator[Found]:
    """Cases for which nobody is the relevant manager. [E01, C04, E12]"""
    concerns: tuple[Concern, ...] = ("child", ADULT)
    for right in MANAGERS:
        roles = set(p.rights.get(right, ()))
        for concern in concerns:
            if roles & held_roles(p) and not any(
                _manages(p, concern, member.agency, roles & set(member.roles)) for member in holders(p, right)
            ):
                yield (
                    f"rights.{right}",
                    f"nobody has it in the cases of a {concern}: all who do work for another service; give "
                    f"it to somebody of an agency that serves {concern}",
                )


def _manages(p: Partnership, concern: Concern, agency: str, roles: set[str]) -> bool:
    known = p.agencies.get(agency)
    bound_elsewhere = known is not None and bool(known.serves) and concern not in known.serves
    return not bound_elsewhere or bool(roles - set(p.service_roles))


def sides_of_the_adult_threshold(p: Partnership) -> Iterator[Found]:
    """Two persons of two agencies sign, each for one side. [F01]"""
    if not names_category(p, Category.ADULT_PROTECTION):
        return
    care, police = "adult_threshold_social_care", "adult_threshold_police"
    both = set(p.rights.get(care, ())) & set(p.rights.get(police, ()))
    for role in sorted(both):
        yield f"rights.{police}", f"{role} signs for the other side ({care}); take it out of one of the two"
    if len({s.agency for right in (care, police) for s in holders(p, right)}) == 1:
        yield f"rights.{police}", f"is held in the same agency as {care}; two agencies have to sign"
