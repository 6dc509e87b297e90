"""Who may read what the hub holds in confidence; a refusal goes on record. [C10, D02, L02-L04, M2.4]

READ: need to know is not the same as being in the room. Staff of the hub read a case in which their agency
was asked, or which they may take in, rate or direct themselves: before the checks are directed nobody was
asked.
READ: a panel reads the dispute that it was called for and nothing else of the case. [K03]
READ: a member of a field team reads what was sent to the team. It has left the hub, so being in the hub is
not asked for; being cleared is. [G3.6, L04]
READ: whoever reviews hate crime each day reads what is put before it, though nobody was asked yet.
[I01]
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from agents.coordinator import teams
from agents.coordinator.case import Case
from agents.coordinator.dial_record import Dial
from agents.coordinator.missing_record import MissingPerson
from agents.partnership import Hindrance, Partnership, RoundOf
from messages.words import Category
from ops.problem import FAILED, WRONG_INPUT, Problem, WrongInput
from store.vault import Reader, Vault

_Found = TypeVar("_Found")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}")
_ACTS: Mapping[RoundOf, tuple[str, ...]] = {
    "dials": ("dial_history", "dial_check", "dial_alert"),
    "hate_crimes": (),
    "missing_children": ("missing_of_concern",),
}
"""The rights of those who act on what is before a round without holding it."""
_MANAGES = ("threshold", "direct", "rate")
"""The rights by which a case is taken in, before any agency is asked."""


class Denied(Problem):
    """A reading that is refused. ``reason`` is its code for the record."""

    def __init__(self, reason: str, what: str, *, code: int = FAILED) -> None:
        self.reason = reason
        super().__init__(what, code=code)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who wants to read, and what for. ``roles`` are those of the register; none for a stranger."""

    person: str
    agency: str
    purpose: str
    roles: frozenset[str]

    def as_reader(self, role: str) -> Reader:
        """The same, in one role."""
        return Reader(self.person, role, self.agency)


@dataclass(frozen=True, slots=True)
class Seat:
    """In what capacity somebody reads a case. ``disputes`` are those of a member of a panel, ``teams`` those
    that a member of field teams belongs to."""

    reader: Reader
    sees: Literal["case", "disputes", "notice"]
    disputes: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()


def asking(partnership: Partnership, as_whom: str, purpose: str) -> Asking:
    """Who asks, in the form PERSON@AGENCY, and what for.

    Raises
    ------
    WrongInput
        for what is no such form, or an agency or a purpose that there is not.
    """
    form = _form(partnership)
    person, _, agency = as_whom.rpartition("@")
    if not _ID.fullmatch(person) or not agency:
        raise WrongInput(f"{form}: a person on the register of staff (staff.toml) and their agency")
    if agency not in partnership.agencies:
        raise WrongInput(
            f"{form}; {agency} is none of the agencies {', '.join(sorted(partnership.agencies))}"
        )
    if purpose not in partnership.purposes:
        raise WrongInput(f"--purpose takes one of {', '.join(partnership.purposes)}")
    return Asking(person, agency, purpose, partnership.roles_of(person, agency))


async def on_record(
    vault: Vault, document: str, who: Asking, work: Callable[[], Awaitable[_Found]]
) -> _Found:
    """Do what reads, and put it on the record of the document's readings when it is refused. [D02]

    Raises `Denied`, and whatever else the work raises.
    """
    try:
        return await work()
    except Denied as denied:
        role = min(who.roles, default="none")
        await vault.refuse(document, reader=who.as_reader(role), purpose=who.purpose, reason=denied.reason)
        raise


def reader_of(
    partnership: Partnership,
    as_whom: str,
    purpose: str,
    today: date,
    category: Category | None = None,
) -> Reader:
    """The person who reads, as the register knows them, in a role that views what was revealed.

    Each reading is a session of its own: one person, one case, one purpose. [D02] Without a category the
    agency has to work in the hub for one at least.

    Raises
    ------
    WrongInput
        for a person, an agency or a purpose that there is not.
    Problem
        when this person does not work in the hub, or is not bound, vetted and trained today. [D02, L02-L04]
    """
    return _viewer(asking(partnership, as_whom, purpose), partnership, today, category)


def seat_in(case: Case, who: Asking, partnership: Partnership, today: date) -> Seat:
    """In what capacity somebody reads a case now. Raises `Denied`."""
    try:
        reader = _viewer(who, partnership, today, case.category)
        require_need_to_know(case, reader, partnership)
    except Denied as denied:
        other = _on_panel(case, who, partnership) or _in_team(case, who, partnership)
        if other is None:
            raise denied
        _require_cleared(who, partnership, today)
        return other
    return Seat(reader, "case")


def require_need_to_know(case: Case, reader: Reader, partnership: Partnership) -> None:
    """The reader's agency was asked in the case, or the reader manages it. [C10, M2.4] Raises `Denied`."""
    if reader.agency in {check.agency for check in case.checks}:
        return
    bound, serves = partnership.service_roles, set(partnership.agencies[reader.agency].serves)
    managing = {role for right in _MANAGES for role in partnership.rights.get(right, ())}
    for role in managing & partnership.roles_of(reader.person, reader.agency):
        if role not in bound or not serves or serves & teams.concerns(case):
            return
    if case.category is Category.HATE_CRIME and _reviews_hate_crime(reader, partnership):
        return
    raise Denied(
        "no_need_to_know",
        f"{reader.agency} was not asked in {case.case_id}; its staff do not read what is in it",
    )


def _reviews_hate_crime(reader: Reader, partnership: Partnership) -> bool:
    code = partnership.round_of("hate_crimes")
    right = partnership.rounds[code].right if code else ""
    return bool(set(partnership.rights.get(right, ())) & partnership.roles_of(reader.person, reader.agency))


def rights_in_round(code: str, partnership: Partnership) -> tuple[str, ...]:
    """The rights by which somebody holds a round, or acts on what is before it. [H03-H07, I01, I08, I09]"""
    return (partnership.rounds[code].right, *_ACTS[partnership.rounds[code].of])


def agencies_in_round(code: str, partnership: Partnership) -> frozenset[str]:
    """The agencies that have to do with a round. Of DIALs: those with a seat in the meeting and children's
    services; of the others whichever has staff that hold the right. [H03, H04, H07]"""
    held = partnership.rounds[code]
    if held.of != "dials":
        return frozenset(partnership.agencies)
    children = {agency for agency, known in partnership.agencies.items() if "child" in known.serves}
    return frozenset(children | {seat.agency for seat in held.quorum})


def reader_of_round(code: str, who: Asking, partnership: Partnership, today: date) -> Reader:
    """Those who hold a round, or act on what is before it: they see its agenda. [H02-H07, I01, I08]

    Raises `Denied`.
    """
    role = _role_with(who, partnership, list(rights_in_round(code, partnership)), f"has a part in {code}")
    _require_cleared(who, partnership, today)
    if who.agency not in agencies_in_round(code, partnership):
        raise Denied("no_need_to_know", f"{who.agency} has no part in {code}; its staff do not see it")
    return who.as_reader(role)


def reader_of_dial(dial: Dial, who: Asking, partnership: Partnership, today: date) -> Reader:
    """Those who research, check, judge or screen this DIAL: of the agency that brought it, of children's
    services, or of those with a seat in the meeting. [H03, H04, H07] Raises `Denied`."""
    code = partnership.round_of("dials")
    meeting = partnership.rounds[code] if code else None
    rights = [*_ACTS["dials"], *([meeting.right] if meeting else [])]
    role = _role_with(who, partnership, rights, "acts on DIALs")
    _require_cleared(who, partnership, today)
    concerned = {partnership.sources[dial.source].agency} if dial.source in partnership.sources else set()
    concerned |= {code for code, agency in partnership.agencies.items() if "child" in agency.serves}
    concerned |= {seat.agency for seat in meeting.quorum} if meeting else set()
    if who.agency not in concerned:
        raise Denied("no_need_to_know", f"{who.agency} has no part in {dial.key}; its staff do not read it")
    return who.as_reader(role)


def reader_of_missing(state: MissingPerson, who: Asking, partnership: Partnership, today: date) -> Reader:
    """Those who review missing children. [I08, I09] Raises `Denied`."""
    code = partnership.round_of("missing_children")
    rights = ["missing_of_concern", *([partnership.rounds[code].right] if code else [])]
    role = _role_with(who, partnership, rights, f"reviews missing children, and so none reads {state.key}")
    _require_cleared(who, partnership, today)
    return who.as_reader(role)


def teams_of(who: Asking, partnership: Partnership) -> frozenset[str]:
    """The field teams that a person belongs to: those that the person's agency staffs. [G3.6]"""
    if not who.roles & set(partnership.rights.get("field_team", ())):
        return frozenset()
    return frozenset(code for code, team in partnership.teams.items() if who.agency in team.agencies)


def member_of(case: Case, who: Asking, partnership: Partnership, today: date) -> Seat:
    """A member of a team that received a package of the case. [G3.6] Raises `Denied`."""
    received = {team for package in case.packages for team in package.recipients}
    found = teams_of(who, partnership) & received
    if not found:
        raise Denied("no_need_to_know", f"no package of {case.case_id} went to a team of {who.person}")
    _require_cleared(who, partnership, today)
    return Seat(who.as_reader(_field_role(who, partnership)), "notice", teams=found)


def told_member(case: Case, who: Asking, partnership: Partnership, today: date) -> Seat:
    """A member of a team that was sent a RED notice of the case. [E03, E05] Raises `Denied`."""
    found = _in_team(case, who, partnership)
    if found is None:
        raise Denied("no_need_to_know", f"no RED notice of {case.case_id} went to a team of {who.person}")
    _require_cleared(who, partnership, today)
    return found


def _viewer(who: Asking, partnership: Partnership, today: date, category: Category | None) -> Reader:
    role = _role_with(who, partnership, ["view"], "views what was revealed (right view)")
    agency = partnership.agencies[who.agency]
    if agency.off_hub if category is None else agency.outside(category):
        raise Denied(
            "off_hub", f"{who.person} of {who.agency} does not work in the hub, where alone it is viewed"
        )
    _require_cleared(who, partnership, today)
    return who.as_reader(role)


def _role_with(who: Asking, partnership: Partnership, rights: list[str], doing: str) -> str:
    if not who.roles:
        raise Denied(
            "person_unknown",
            f"{_form(partnership)}; the register of staff (staff.toml) has no {who.person} of {who.agency} "
            "with a role",
            code=WRONG_INPUT,
        )
    fitting = who.roles & {role for right in rights for role in partnership.rights.get(right, ())}
    if not fitting:
        raise Denied(
            "role_may_not",
            f"{who.person} of {who.agency} has no role that {doing}; `mash registers` shows the register",
        )
    return min(fitting)


def _require_cleared(who: Asking, partnership: Partnership, today: date) -> None:
    """Bound, vetted and trained today. [L02-L04] Raises `Denied`."""
    for hindrance in partnership.hindrances(who.person, who.agency, today):
        raise Denied(
            hindrance,
            f"{who.person} of {who.agency} {_HINDERED[hindrance]}; `mash registers` shows the register",
        )


_HINDERED: Mapping[Hindrance, str] = {
    "agency_not_signed": "is of an agency that has not signed the Memorandum",
    "memorandum_not_signed": "has not signed the Memorandum",
    "training_expired": "is not trained today",
    "vetting_expired": "is not vetted today",
}


def _on_panel(case: Case, who: Asking, partnership: Partnership) -> Seat | None:
    roles = who.roles & set(partnership.rights.get("panel", ()))
    sits = {
        dispute.dispute_id
        for dispute in case.disputes
        if any((m.person, m.agency) == (who.person, who.agency) for m in dispute.panel)
    }
    if not roles or not sits:
        return None
    return Seat(who.as_reader(min(roles)), "disputes", disputes=frozenset(sits))


def _in_team(case: Case, who: Asking, partnership: Partnership) -> Seat | None:
    told = teams_of(who, partnership) & set(teams.told_of_red(case, partnership))
    if not told or all(rating.promise_at is None for rating in case.ratings):
        return None
    return Seat(who.as_reader(_field_role(who, partnership)), "notice", teams=told)


def _field_role(who: Asking, partnership: Partnership) -> str:
    return min(who.roles & set(partnership.rights["field_team"]))


def _form(partnership: Partnership) -> str:
    example = partnership.staff[0]
    return f"--as takes PERSON@AGENCY, such as {example.person}@{example.agency}"
