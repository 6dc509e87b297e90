"""The case as the coordinator keeps it: states, codes, ids and times, and references to the vault."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from agents.coordinator.adult_record import AdultRecord
from agents.coordinator.elements import Authority, Element
from agents.coordinator.governance import BreachReport, Purge, SupervisionCall
from agents.coordinator.stored import Stored
from messages.child_sexual_exploitation import Origin
from messages.confidential import Confidential
from messages.hate_crime import HateCrime
from messages.package import PackageIssued
from messages.referral import Belief, BroughtBy, NativeForm, PersonConcerned, ProfessionalJudgement
from messages.words import (
    Actor,
    AnswerState,
    Category,
    Code,
    Course,
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


class DisputeStage(StrEnum):
    """How far a disagreement has gone. [K]"""

    RAISED = "raised"
    MANAGEMENT_FAILED = "management_failed"
    PANEL_CONVENED = "panel_convened"
    PANEL_DISAGREED = "panel_disagreed"
    SETTLED = "settled"


class Dispute(Stored):
    """A disagreement about one element, from position to settlement, all of it recorded. [K07]

    ``panel`` was called at ``convened_at``; of it those met who are in ``attended``, in the mode ``met_by``.
    [K04]
    """

    dispute_id: Id
    element_id: Id
    ground: Code
    by: Actor
    position: Confidential
    at: datetime
    due_at: datetime
    expedited: bool
    stage: DisputeStage = DisputeStage.RAISED
    managers: tuple[Actor, ...] = ()
    panel: tuple[Actor, ...] = ()
    convened_at: datetime | None = None
    attended: tuple[Actor, ...] = ()
    met_by: Mode | None = None
    reasons: tuple[Confidential, ...] = ()
    settled_by: Authority | None = None
    settled_at: datetime | None = None


class Assessment(Stored):
    """The hub's assessment with its suggested course. [G02]"""

    by: Actor
    at: datetime
    round: int
    course: Course
    urgent_facts: Confidential | None
    rationale: Rationale


class Agreement(Stored):
    """A manager's agreement that the package of a round goes out, and what to do about gaps. [D19, E12]"""

    by: Actor
    at: datetime
    round: int
    if_incomplete: Literal["wait", "partial_at_due"]
    rationale: Rationale


class PackageRecord(Stored):
    """A package or supplement that went out, as it went out but for the texts, which are references to the
    vault. Never changed afterwards. [C07, D14]"""

    issued: PackageIssued
    recipients: tuple[Code, ...]
    acknowledged_by: tuple[Code, ...] = ()

    @property
    def package_id(self) -> str:
        return self.issued.package_id

    @property
    def version(self) -> int:
        return self.issued.version

    @property
    def kind(self) -> str:
        """``full``, ``partial`` or ``supplement``."""
        return self.issued.kind

    @property
    def round(self) -> int:
        return self.issued.round

    @property
    def issued_at(self) -> datetime:
        return self.issued.issued_at

    @property
    def due_at(self) -> datetime:
        return self.issued.due_at

    @property
    def on_time(self) -> bool:
        return self.issued.on_time

    @property
    def waiting_for(self) -> tuple[str, ...]:
        return self.issued.waiting_for

    @property
    def sha256(self) -> str:
        return self.issued.sha256

    @property
    def elements(self) -> tuple[str, ...]:
        """The ids of the elements in it."""
        return tuple(element.element_id for element in self.issued.elements)

    @property
    def texts(self) -> tuple[str, ...]:
        """The vault references of what left, element by element."""
        return tuple(element.text.ref or "" for element in self.issued.elements)


class TaskBack(Stored):
    """A team's request for more that waits for the round under way to end. [D20]"""

    team: Code
    question: Confidential
    at: datetime


class RecordBack(Stored):
    """What an agency was asked to record in its own system. [L12]"""

    record_id: Id
    agency: Code
    package_id: Id
    elements: tuple[Id, ...] = ()
    due_at: datetime
    acknowledged_at: datetime | None = None


class Outcome(Stored):
    """The course that a field team took; theirs, beside the hub's suggestion. [G03]"""

    team: Code
    by: Actor
    at: datetime
    course: Course
    package_id: Id


class Route(Stored):
    """Where the case went. A closed case has exactly one. [A07]"""

    to: Literal["not_in_mash", "local_route", "redirected", "passed_to_teams", "reviewed"]
    destinations: tuple[Code, ...]
    reason_code: Code
    at: datetime


class HateResponse(Stored):
    """A level of response to a hate crime, and the two who set it. [I03]"""

    level: Code
    by: Actor
    adult_social_care: Actor
    at: datetime
    rationale: Rationale


class Completion(Stored):
    """Who completed the referral of an exploited child into social care: both of them. [I06]"""

    by: Actor
    cosigned_by: Actor
    at: datetime
    rationale: Rationale


class Advice(Stored):
    """Advice of the Exploitation Officer to staff of the hub. [I05]"""

    by: Actor
    advised: tuple[Actor, ...]
    topic: Code
    at: datetime
    advice: Confidential


class Case(Stored):
    """Everything the hub knows of one referral's way through it.

    ``answers`` counts the answers that came, in all rounds: the version of the evidence. [A03]
    ``task_backs`` wait for the round under way to end. ``adult`` is the record of the adult pathway; None
    before its first signature. ``referral_bytes`` is the length of the referral's texts but for its form.
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
