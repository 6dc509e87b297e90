"""The case as the coordinator keeps it: states, codes, ids and times, and references to the vault."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from agents.coordinator.adult_record import AdultRecord
from agents.coordinator.disputes import Dispute
from agents.coordinator.elements import Element
from agents.coordinator.governance import BreachReport, Purge, SupervisionCall
from agents.coordinator.package_record import (
    Agreement,
    Assessment,
    Outcome,
    PackageRecord,
    RecordBack,
    TaskBack,
)
from agents.coordinator.pathway_records import Advice, Completion, HateResponse
from agents.coordinator.stored import Stored
from messages.child_sexual_exploitation import Origin
from messages.confidential import Confidential
from messages.hate_crime import HateCrime
from messages.referral import Belief, BroughtBy, NativeForm, PersonConcerned, ProfessionalJudgement
from messages.words import (
    Actor,
    AnswerState,
    Category,
    Code,
    Id,
    Mode,
    Rag,
    Rationale,
)


class Threshold(Stored):
    """Whether the hub takes the case, who said so and why. [B11]"""

    met: bool
    by: Actor
    at: datetime
    rationale: Rationale


class Rating(Stored):
    """One rating in the history of a case, with the due times it gave. [E01, E10, E11]

    ``promise_at`` is the outer promise to the field teams, for RED only. [E04]
    """

    rag: Rag
    by: Actor
    at: datetime
    rationale: Rationale
    due_at: datetime
    promise_at: datetime | None = None
    calendar: Code
    open_case_worker: Id | None = None


class Direction(Stored):
    """Who directed that partners are consulted, for what use and on what basis. [B11, C08]"""

    by: Actor
    at: datetime
    purpose: Code
    legal_basis: Code
    question: Confidential | None
    rationale: Rationale


class Round(Stored):
    """One round of checks: the first for the referral, a further one for each task-back. [D20]

    ``started_at`` is when its clock began: receipt by the hub.
    """

    number: int
    started_at: datetime
    asked_by: tuple[Code, ...] = ()
    questions: tuple[Confidential, ...] = ()
    directions: tuple[Direction, ...] = ()

    @property
    def direction(self) -> Direction | None:
        """The direction that began the round's checks; later ones add agencies."""
        return self.directions[0] if self.directions else None


class Check(Stored):
    """What one agency was asked in one round, and how it stands to it. [C06]

    ``directed`` is the place of its direction among those of the round. ``adult_social_care`` is true for
    adult social care that is asked about a hate crime. [I02]
    """

    request_id: Id
    agency: Code
    round: int
    off_hub: bool
    adult_social_care: bool = False
    directed: int = 0
    asked_at: datetime
    due_at: datetime
    state: AnswerState = AnswerState.OUTSTANDING
    answered_at: datetime | None = None


class Discussion(Stored):
    """A discussion of elements: who took part, and how. [D06]"""

    discussion_id: Id
    round: int
    elements: tuple[Id, ...]
    participants: tuple[Actor, ...]
    mode: Mode
    at: datetime
    summary: Confidential


class Route(Stored):
    """Where the case went. A closed case has exactly one. [A07]"""

    to: Literal["not_in_mash", "local_route", "redirected", "passed_to_teams", "reviewed"]
    destinations: tuple[Code, ...]
    reason_code: Code
    at: datetime


class Case(Stored):
    """Everything the hub knows of one referral's way through it.

    ``answers`` counts the answers that came, in all rounds: the version of the evidence. [A03]
    ``task_backs`` wait for the round under way to end. ``adult`` is the record of the adult pathway; None
    before its first signature. ``referral_bytes`` is the length of the referral's texts but for its form.
    ``referred_as`` is the case by which the review of a hate crime referred it. [I04]
    ``form_words`` are keyed hashes of what a form that may leave says, ``unnamed_hashes`` those of the names
    of a referrer who must stay unnamed. [D13]
    """

    case_id: Id
    referral_id: Id
    source: Code
    category: Category
    cohort: Code | None
    authority: Code
    earlier_authorities: tuple[Code, ...]
    routine: bool
    open_case_worker: Id | None
    received_at: datetime
    people: tuple[PersonConcerned, ...]
    concern: Confidential
    form: NativeForm | None = None
    form_words: tuple[str, ...] = ()
    form_shows_source: bool = False
    unnamed_hashes: tuple[str, ...] = ()
    section_47_belief: Belief | None = None
    professional_judgement: ProfessionalJudgement | None = None
    brought_by: BroughtBy | None = None
    identity_hashes: tuple[str, ...] = ()
    earlier_cases: tuple[Id, ...] = ()
    threshold: Threshold | None = None
    ratings: tuple[Rating, ...] = ()
    rounds: tuple[Round, ...]
    checks: tuple[Check, ...] = ()
    elements: tuple[Element, ...] = ()
    discussions: tuple[Discussion, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    assessment: Assessment | None = None
    agreement: Agreement | None = None
    packages: tuple[PackageRecord, ...] = ()
    records: tuple[RecordBack, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    task_backs: tuple[TaskBack, ...] = ()
    adult: AdultRecord | None = None
    referral_bytes: int = 0
    hate_crime: HateCrime | None = None
    hate_responses: tuple[HateResponse, ...] = ()
    origin: Origin = Origin.ORDINARY
    completion: Completion | None = None
    advice: tuple[Advice, ...] = ()
    answers: int = 0
    supervision: tuple[SupervisionCall, ...] = ()
    breaches: tuple[BreachReport, ...] = ()
    purge: Purge | None = None
    referred_as: Id | None = None
    route: Route | None = None
    closed_at: datetime | None = None
    fired: tuple[str, ...] = ()

    @property
    def rating(self) -> Rating | None:
        """The rating in force."""
        return self.ratings[-1] if self.ratings else None

    @property
    def round(self) -> Round:
        """The round under way."""
        return self.rounds[-1]

    @property
    def last_direction(self) -> Direction | None:
        """The direction that began the round under way, or the one before while it is not directed yet."""
        return next((r.direction for r in reversed(self.rounds) if r.direction is not None), None)

    @property
    def round_checks(self) -> tuple[Check, ...]:
        """The checks of the round under way: its own, and what an earlier one left unanswered when it
        began, of agencies that were not asked again."""
        own = tuple(c for c in self.checks if c.round == self.round.number)
        asked = {c.agency for c in own}
        left_over = {
            c.agency: c
            for c in self.checks
            if c.agency not in asked and (c.answered_at is None or c.answered_at >= self.round.started_at)
        }
        return (*left_over.values(), *own)

    @property
    def round_packages(self) -> tuple[PackageRecord, ...]:
        """The packages of the round under way."""
        return tuple(p for p in self.packages if p.round == self.round.number)

    def element(self, element_id: str) -> Element | None:
        """An element by its id."""
        return next((e for e in self.elements if e.element_id == element_id), None)

    def with_element(self, element: Element) -> Case:
        """The case with this element in place of the one with the same id, or added."""
        if self.element(element.element_id) is None:
            return self.model_copy(update={"elements": (*self.elements, element)})
        elements = tuple(element if e.element_id == element.element_id else e for e in self.elements)
        return self.model_copy(update={"elements": elements})

    def with_check(self, check: Check) -> Case:
        """The case with this check in place of the one with the same request id."""
        checks = tuple(check if c.request_id == check.request_id else c for c in self.checks)
        return self.model_copy(update={"checks": checks})

    def with_dispute(self, dispute: Dispute) -> Case:
        """The case with this dispute in place of the one with the same id, or added."""
        others = tuple(d for d in self.disputes if d.dispute_id != dispute.dispute_id)
        return self.model_copy(update={"disputes": (*others, dispute)})

    def with_round(self, current: Round) -> Case:
        """The case with the round under way replaced."""
        return self.model_copy(update={"rounds": (*self.rounds[:-1], current)})
