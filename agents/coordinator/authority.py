"""Who may take which decision; anyone else is refused, and the refusal is recorded. [decision rights]"""

from __future__ import annotations

from collections.abc import Mapping

from agents.coordinator import teams
from agents.coordinator.case import Case
from agents.coordinator.setting import Setting
from agents.deciding import Refused
from agents.partnership import Hindrance
from messages.words import Actor, Sanitised

UNVETTED = frozenset({"report_breach", "section_47_belief", "answer_check", "field_team"})
"""The rights that take no vetting: to report a breach, and what a partner's own staff do with their own
information or in their own system. Staff who handle material in the hub are vetted. [L04, M2.10]"""


def require_right(right: str, actor: Actor, setting: Setting, *, field: str = "data.by") -> None:
    """The actor must be on the register with this role and agency, the role must hold the right, and the
    person be vetted, but for `UNVETTED`. [A09, L04]

    Raises
    ------
    Refused
        ``role_may_not``, or what `require_registered` and `require_vetted` refuse.
    """
    require_registered(actor, setting, field=field)
    allowed = setting.partnership.rights.get(right, ())
    if actor.role not in allowed:
        raise Refused(
            "role_may_not",
            f"This decision ({right}) belongs to: {', '.join(allowed) or 'nobody'}.",
            fields=(f"{field}.role",),
            by=actor,
        )
    if right not in UNVETTED:
        require_vetted(actor, setting, field=field)


def require_registered(actor: Actor, setting: Setting, *, field: str = "data.by") -> None:
    """The actor must be known to the register, in the role claimed, for a signatory agency, must have signed
    the Memorandum and be trained. [A09, C09, L02, L03]

    Raises
    ------
    Refused
        ``person_unknown``, ``role_not_held``, ``agency_not_signed``, ``memorandum_not_signed``,
        ``training_expired`` or ``agency_mismatch``.
    """
    roles = setting.partnership.roles_of(actor.person, actor.agency)
    if not roles:
        raise Refused(
            "person_unknown",
            "Give a person of this agency who is on the hub's register of staff.",
            fields=(f"{field}.person", f"{field}.agency"),
            by=actor,
        )
    if actor.role not in roles:
        raise Refused(
            "role_not_held",
            "Give a role that the register says this person holds.",
            fields=(f"{field}.role",),
            by=actor,
        )
    for hindrance in setting.partnership.hindrances(actor.person, actor.agency, setting.today):
        if hindrance != "vetting_expired":
            raise _hindered(hindrance, actor, field)
    claimed = setting.sender.partition(".")
    if claimed[0] == "agency" and claimed[2] != actor.agency:
        raise Refused(
            "agency_mismatch",
            "An agency's own connection speaks for its own staff only.",
            fields=(f"{field}.agency",),
            by=actor,
        )


def require_vetted(actor: Actor, setting: Setting, *, field: str = "data.by") -> None:
    """Who handles material in the hub must be vetted that day. [D02, L04, M2.3, M2.10]

    Raises
    ------
    Refused
        ``vetting_expired``.
    """
    if "vetting_expired" in setting.partnership.hindrances(actor.person, actor.agency, setting.today):
        raise _hindered("vetting_expired", actor, field)


def _hindered(hindrance: Hindrance, actor: Actor, field: str) -> Refused:
    where = "agency" if hindrance == "agency_not_signed" else "person"
    return Refused(hindrance, _FIRST[hindrance], fields=(f"{field}.{where}",), by=actor)


_FIRST: Mapping[Hindrance, str] = {
    "agency_not_signed": "The agency has to sign the Memorandum of Understanding before its staff may act in "
    "the hub.",
    "memorandum_not_signed": "The person has to sign the Memorandum of Understanding first (signed_on in "
    "staff.toml).",
    "training_expired": "The person has to be trained again first (trained_until in staff.toml).",
    "vetting_expired": "The person has to be vetted again first (vetted_until in staff.toml).",
}
"""What has to be done about each hindrance."""


def require_relevant_manager(
    right: str, case: Case, actor: Actor, setting: Setting, *, field: str = "data.by"
) -> None:
    """The actor must hold the right; some roles manage only the cases of the service that they work for: the
    Senior Practitioners, in the guidance. [B11, C04, E01, E12, G02]

    Raises
    ------
    Refused
        ``service_not_concerned``, or what `require_right` refuses.
    """
    require_right(right, actor, setting, field=field)
    bound = setting.partnership.service_roles
    serves = set(setting.partnership.agencies[actor.agency].serves)
    if actor.role in bound and serves and not serves & teams.concerns(case):
        others = ", ".join(role for role in setting.partnership.rights[right] if role not in bound)
        raise Refused(
            "service_not_concerned",
            f"The relevant manager is of the service that the case concerns, or is one of: {others}.",
            fields=(f"{field}.agency",),
            by=actor,
        )


def require_agency(actor: Actor, agency: str, *, field: str = "data.by") -> None:
    """The decision belongs to one agency alone. [D03, K06, L05]"""
    if actor.agency != agency:
        raise Refused(
            "not_your_agencys",
            "Only the agency that owns the information may take this decision.",
            fields=(f"{field}.agency",),
            by=actor,
        )


def require_of_team(actor: Actor, team: str, setting: Setting, *, field: str = "data.by") -> None:
    """A field team's own people speak for it: those whom one of its agencies employs. [D20, G03, G3.14]

    Raises
    ------
    Refused
        ``not_of_the_team``.
    """
    of = setting.partnership.teams[team].agencies
    if actor.agency not in of:
        raise Refused(
            "not_of_the_team",
            f"For this team speaks somebody of {' or '.join(of)}.",
            fields=(f"{field}.agency",),
            by=actor,
        )


def require_author(sanitised: Sanitised, by: Actor, setting: Setting, *, field: str) -> None:
    """Who put a text into other words is somebody on the register of staff. [D11, M3.5]

    Raises
    ------
    Refused
        ``author_unknown``.
    """
    if all(one.person != sanitised.author for one in setting.partnership.staff):
        raise Refused(
            "author_unknown",
            "Name the author by the staff number of the register.",
            fields=(f"{field}.author",),
            by=by,
        )


def require_speaks_for(setting: Setting, agency: str, field: str) -> None:
    """A message from an agency's connection speaks for that agency only. [D03]"""
    if setting.sender not in (f"agency.{agency}", "staff"):
        raise Refused(
            "agency_mismatch",
            "Answer in the name of the agency whose connection you use.",
            fields=(field,),
        )
