"""What came of a DIAL, of a missing person's reports, and of a daily round."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from agents.coordinator.case import Case
from ops.demo.desk.dials import DialOnDesk
from ops.demo.desk.missing_people import MissingOnDesk
from ops.demo.desk.post import Post
from ops.demo.desk.rounds import RoundOnDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class DialOutcome:
    """A DIAL's end. ``tier_1`` is what officers did, ``tier_2`` the rating of research, ``tier_3`` the action
    of the meeting or ``none``. ``checked`` says who checked, in order; ``agendas`` counts the meetings that
    it was before; ``cases`` are what it brought, and ``before_meeting`` those that were there when the
    meeting decided. [H01-H10]"""

    name: str
    key: str
    outcome: str
    tier_1: str | None = None
    tier_2: str | None = None
    tier_3: str | None = None
    checked: tuple[str, ...] = ()
    agendas: int = 0
    cases: tuple[str, ...] = ()
    before_meeting: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The line of this DIAL in what ``mash demo --json`` prints."""
        return {
            "dial_id": self.name,
            "key": self.key,
            "outcome": self.outcome,
            "tier_1": self.tier_1,
            "tier_2": self.tier_2,
            "tier_3": self.tier_3,
            "checked": list(self.checked),
            "agendas": self.agendas,
            "cases": [f"{self.key}/{what}" for what in self.cases],
            "before_meeting": [f"{self.key}/{what}" for what in self.before_meeting],
            "refused": list(self.refused),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingOutcome:
    """What the reports of one person came to. ``cases`` says why each was brought. [I08-I11]"""

    name: str
    key: str
    outcome: str
    reports: int = 0
    cases: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The line of this person in what ``mash demo --json`` prints."""
        return {
            "person_ref": self.name,
            "key": self.key,
            "outcome": self.outcome,
            "reports": self.reports,
            "cases": [
                {"referral_id": f"{self.key}/{number}", "because": because}
                for number, because in enumerate(self.cases, 1)
            ],
            "refused": list(self.refused),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundOutcome:
    """How a daily round went: what was before it, what was carried over from one day to the next, on how many
    days nobody held it, and what is left. ``held`` counts the days of this run. [H02, I01, I08]"""

    name: str
    before_it: tuple[str, ...]
    carried_over: tuple[str, ...]
    held: int
    missed: int
    left: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The line of this round in what ``mash demo --json`` prints."""
        return {
            "round": self.name,
            "before_it": list(self.before_it),
            "carried_over": list(self.carried_over),
            "held": self.held,
            "missed": self.missed,
            "left": list(self.left),
        }


def dial_outcome(one: DialOnDesk, cases: Mapping[str, Case], post: Post) -> DialOutcome:
    """The end of a DIAL. ``cases`` are those that were brought, by referral."""
    dial, refused = one.state, _refused(one.name, post)
    if dial is None:
        outcome = "rejected" if refused else "not_received"
        return DialOutcome(name=one.name, key=one.key, outcome=outcome, refused=refused)
    brought = {
        what: cases[f"{one.key}/{what}"]
        for what in ("adult", "alert", "meeting")
        if f"{one.key}/{what}" in cases
    }
    meeting = dial.tier_3
    agendas = [agenda for of in post.agendas.values() for agenda in of.values()]
    return DialOutcome(
        name=one.name,
        key=one.key,
        outcome="screened" if meeting else "not_screened",
        tier_1=dial.tier_1.action if dial.tier_1 else None,
        tier_2=dial.tier_2.rag.value if dial.tier_2 else None,
        tier_3=(meeting.action or "none") if meeting else None,
        checked=tuple(by.by.agency for by in ((dial.history,) if dial.history else ()) + dial.checks),
        agendas=sum(one.key in {item.item for item in agenda.items} for agenda in agendas),
        cases=tuple(brought),
        before_meeting=tuple(w for w, case in brought.items() if meeting and case.received_at < meeting.at),
        refused=refused,
    )


def missing_outcome(one: MissingOnDesk, cases: Mapping[str, Case], post: Post) -> MissingOutcome:
    """What a person's reports came to. ``cases`` are those that were brought, by referral."""
    refused = _refused(one.name, post)
    if one.state is None:
        outcome = "rejected" if refused else "not_received"
        return MissingOutcome(name=one.name, key=one.key, outcome=outcome, refused=refused)
    brought = [cases.get(f"{one.key}/{number}") for number in range(1, one.state.cases + 1)]
    return MissingOutcome(
        name=one.name,
        key=one.key,
        outcome="counted",
        reports=len(one.state.reports),
        cases=tuple(c.brought_by.because if c and c.brought_by else "not_received" for c in brought),
        refused=refused,
    )


def round_outcome(one: RoundOnDesk, names: Mapping[str, str], post: Post) -> RoundOutcome:
    """How a round went. ``names`` are what the world calls each thing that may be before it."""
    agendas = post.agendas.get(one.name, {}).values()
    items = [item for agenda in agendas for item in agenda.items]
    return RoundOutcome(
        name=one.name,
        before_it=_named({item.item for item in items}, names),
        carried_over=_named({item.item for item in items if item.carried_over}, names),
        held=len(one.state.held) if one.state else 0,
        missed=len(post.missed.get(one.name, ())),
        left=_named({listed.item for listed in one.state.items} if one.state else set(), names),
    )


def _named(keys: Collection[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(names.get(key, key) for key in keys))


def _refused(name: str, post: Post) -> tuple[str, ...]:
    own = f"{name}/"
    return tuple(reason for said, reason in sorted(post.rejected.items()) if said.startswith(own))


DailyOutcome = DialOutcome | MissingOutcome | RoundOutcome
