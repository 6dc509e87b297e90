"""What came of a referral, read from the hub's store and from what the parties received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.coordinator import checks
from agents.coordinator.case import Case, Route
from agents.coordinator.elements import Authority, Element, Standing, standing
from agents.coordinator.package_record import PackageRecord
from messages.package import PackageIssued
from messages.words import AnswerState, Category, Choice, Rag
from ops.demo.desk.desk import Scenario
from ops.demo.desk.post import Post

PLAIN_ANSWERS = frozenset({AnswerState.FOUND, AnswerState.NOTHING_FOUND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One referral's end. Codes, numbers and times only.

    ``issued_at``, ``due_at``, ``on_time`` and ``waited_for`` are those of the first package; the counts are
    of the end. ``loose_ends`` are things that no outcome may have, in words.
    """

    referral_id: str
    case_id: str | None
    category: Category
    outcome: str
    rag: Rag | None = None
    asked: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    found: int = 0
    released: int = 0
    sanitised: int = 0
    withheld: int = 0
    waiting: int = 0
    received_at: datetime | None = None
    last_rated_at: datetime | None = None
    issued_at: datetime | None = None
    due_at: datetime | None = None
    on_time: bool | None = None
    sent_to: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    ratings: tuple[Rag, ...] = ()
    alerted: tuple[str, ...] = ()
    lines: dict[str, str]
    waited_for: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    settled_by: str | None = None
    presumed: int = 0
    conditions: int = 0
    earlier: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    form: str | None = None
    redirected_to: str | None = None
    calls: int = 0
    reconsidered: int = 0
    loose_ends: tuple[str, ...] = ()

    def as_json(self, as_expected: bool) -> dict[str, Any]:
        """The line of this referral in what ``mash demo --json`` prints."""
        return {
            "referral_id": self.referral_id,
            "case_id": self.case_id,
            "category": self.category.value,
            "rag": self.rag.value if self.rag else None,
            "asked": list(self.asked),
            "answered": list(self.answered),
            "found": self.found,
            "released": self.released,
            "sanitised": self.sanitised,
            "withheld": self.withheld,
            "waiting": self.waiting,
            "issued_at": self.issued_at.isoformat() if self.issued_at else None,
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "on_time": self.on_time,
            "sent_to": list(self.sent_to),
            "as_expected": as_expected,
        }


def outcome_of(scenario: Scenario, post: Post, referral_of_case: dict[str, str]) -> Outcome:
    """The end of a scenario. ``referral_of_case`` names the referrals of the hub's earlier cases."""
    case = scenario.case
    own = f"{scenario.case_id}/"
    rejected = tuple(
        reason
        for message_id, reason in sorted(post.rejected.items())
        if message_id == scenario.message_id or message_id.startswith(own)
    )
    if case is None:
        ended = "rejected" if scenario.message_id in post.rejected else "not_received"
        return Outcome(
            referral_id=scenario.referral_id,
            case_id=None,
            category=scenario.category,
            outcome=ended,
            rejected=rejected,
            lines={},
        )
    first = case.packages[0] if case.packages else None
    standings = [standing(e) for e in case.elements]
    presumed = standings.count(Standing.PRESUMED_USABLE)
    released = standings.count(Standing.RELEASED) + presumed
    sanitised, withheld = standings.count(Standing.SANITISED), standings.count(Standing.WITHHELD)
    route = case.route
    return Outcome(
        referral_id=scenario.referral_id,
        case_id=case.case_id,
        category=case.category,
        outcome=route.to if route else "not_ended",
        rag=case.rating.rag if case.rating else None,
        asked=tuple(sorted({c.agency for c in case.checks})),
        answered=tuple(sorted({c.agency for c in case.checks if c.state not in checks.UNANSWERED})),
        found=len(standings),
        released=released,
        sanitised=sanitised,
        withheld=withheld,
        waiting=len(standings) - released - sanitised - withheld,
        received_at=case.received_at,
        last_rated_at=case.rating.at if case.rating else None,
        issued_at=first.issued_at if first else None,
        due_at=first.due_at if first else None,
        on_time=first.on_time if first else None,
        sent_to=tuple(sorted({team for p in case.packages for team in p.recipients})),
        packages=tuple(p.kind for p in case.packages),
        ratings=_without_repeats(tuple(r.rag for r in case.ratings)),
        alerted=tuple(sorted(post.alerted.get(case.case_id, ()))),
        lines={c.agency: str(c.state) for c in case.checks if c.state not in PLAIN_ANSWERS},
        waited_for=first.waiting_for if first else (),
        rejected=rejected,
        settled_by=next((str(d.settled_by) for d in case.disputes if d.settled_by), None),
        presumed=presumed,
        conditions=sum(len(e.decision.conditions) for e in case.elements if e.decision),
        earlier=tuple(sorted(referral_of_case.get(c, c) for c in case.earlier_cases)),
        signed=tuple("met" if s.met else "not_met" for s in case.adult.signatures) if case.adult else (),
        form=first.issued.form.form if first and first.issued.form else None,
        redirected_to=_redirected_to(route),
        calls=len(case.supervision),
        reconsidered=sum(map(_reconsidered, case.elements)),
        loose_ends=tuple(_loose_ends(scenario, case, post, released + sanitised)),
    )


def _reconsidered(element: Element) -> bool:
    """Whether its owner, asked again, has thought better of a refusal. [A03, D03]"""
    now, before = element.decision, element.earlier_decisions
    return bool(
        now
        and now.authority is Authority.OWNER
        and any(one.choice.choice is Choice.WITHHOLD for one in before)
    )


def _redirected_to(route: Route | None) -> str | None:
    """Where the hub sent it back to; what is only reviewed goes nowhere."""
    if route is None or route.to == "passed_to_teams":
        return None
    return next(iter(route.destinations), None)


def _without_repeats(ratings: tuple[Rag, ...]) -> tuple[Rag, ...]:
    """A task-back starts a clock anew with the rating that was there, which is no change."""
    return tuple(rag for n, rag in enumerate(ratings) if n == 0 or rag is not ratings[n - 1])


def _loose_ends(scenario: Scenario, case: Case, post: Post, left_the_hub: int) -> list[str]:
    found = []
    if case.closed_at is None:
        found.append("not ended")
    told = post.notified.get(case.referral_id)
    if case.route is not None and (told is None or told.outcome != case.route.to):
        found.append("the source was not told the outcome")
    for record in case.packages:
        found += [
            f"package {record.version} did not reach {team}"
            for team in record.recipients
            if _received(post, record, team) is None
        ]
    in_packages = {
        e.element_id
        for record in case.packages
        for team in record.recipients
        if (package := _received(post, record, team)) is not None
        for e in package.elements
    }
    if len(in_packages) != left_the_hub:
        found.append(f"packages carry {len(in_packages)} elements, {left_the_hub} were let go")
    return found


def _received(post: Post, record: PackageRecord, team: str) -> PackageIssued | None:
    return post.packages.get((f"team.{team}", record.package_id))
