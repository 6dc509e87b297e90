"""The case as the coordinator keeps it: states, codes, ids and times, and references to the vault."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from agents.coordinator import hidden_words, release_gate
from agents.coordinator.adult_record import AdultRecord
from agents.coordinator.disputes import Dispute
from agents.coordinator.elements import Element
from agents.coordinator.forms_kept import KeptForm
from agents.coordinator.governance import BreachReport, Purge, Stay, SupervisionCall
from agents.coordinator.missed import Missed
from agents.coordinator.package_record import (
    Agreement,
    Assessment,
    Ending,
    Outcome,
    PackageRecord,
    RecordBack,
    TaskBack,
)
from agents.coordinator.pathway_records import Advice, Completion, HateResponse
from agents.coordinator.sanitised_concern import SanitisedConcern
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

    ``promise_at`` is the outer promise to the field teams, which RED makes and a later rating keeps. [E04]
    ``concern_told`` is false for a RED one of which the teams were told without the concern, since that would
    have given a source away. ``carried_to`` is the further round to which it was carried over as it
    stood, when nobody rated; None for a rating that somebody gave. [D20]
    """

    rag: Rag
    by: Actor
    at: datetime
    rationale: Rationale
    due_at: datetime
    promise_at: datetime | None = None
    concern_told: bool = True
    calendar: Code
    open_case_worker: Id | None = None
    carried_to: int | None = None


class Direction(Stored):
    """Who directed that partners are consulted, for what use and on what basis. [B11, C08]"""

    by: Actor
    at: datetime
    purpose: Code
    legal_basis: Code
    question: Confidential | None
    question_words: str = ""
    rationale: Rationale


class Round(Stored):
    """One round of checks: the first for the referral, a further one for each task-back. [D20]

    ``started_at`` is when its clock began: receipt by the hub.
    """

    number: int
    started_at: datetime
    asked_by: tuple[Code, ...] = ()
    questions: tuple[Confidential, ...] = ()
    questions_words: tuple[str, ...] = ()
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


class HeldPosition(Stored):
    """What somebody in a discussion held of an element, and why. [D22, M2.8]"""

    actor: Actor
    element_id: Id
    position: Code
    view: Confidential


class Discussion(Stored):
    """A discussion of elements: who took part, how, and whose view differed. [D06, D22]"""

    discussion_id: Id
    round: int
    elements: tuple[Id, ...]
    participants: tuple[Actor, ...]
    mode: Mode
    at: datetime
    summary: Confidential
    positions: tuple[HeldPosition, ...] = ()


class Route(Stored):
    """Where the case went. A closed case has exactly one. [A07]"""

    to: Literal[
        "not_in_mash", "local_route", "redirected", "passed_to_teams", "reviewed", "no_further_action"
    ]
    destinations: tuple[Code, ...]
    reason_code: Code
    at: datetime


class Case(Stored):
    """Everything the hub knows of one referral's way through it.

    ``answers`` counts the answers that came, in all rounds: the version of the evidence;
    ``last_finding`` is the count at the last answer that found something. [A03]
    ``task_backs`` wait for the round under way to end. ``adult`` is the record of the adult pathway; None
    before its first signature. ``referral_bytes`` is the length of the referral's texts but for its form.
    ``referred_as`` is the case by which the review of a hate crime referred it. [I04]
    ``forms`` are the source's own, the one that came with the referral first. ``concern_words`` are what the
    concern is searched by, ``unnamed_hashes`` the names of a referrer who must stay unnamed; see
    `hidden_words`. ``sanitised_concerns`` stand beside the concern; the last one leaves in its place. [D13]
    ``fired`` are the keys of the due times that came, ``missed`` says of those that ran out why.
    ``belief_unconfirmed`` is why the register does not bear out who believes that section 47 is met, and
    ``belief_confirmed`` the belief of somebody it does. [B08, G06]
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
    concern_words: str = ""
    sanitised_concerns: tuple[SanitisedConcern, ...] = ()
    forms: tuple[KeptForm, ...] = ()
    unnamed_hashes: tuple[str, ...] = ()
    section_47_belief: Belief | None = None
    belief_unconfirmed: Code | None = None
    belief_confirmed: Belief | None = None
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
    endings: tuple[Ending, ...] = ()
    task_backs: tuple[TaskBack, ...] = ()
    adult: AdultRecord | None = None
    referral_bytes: int = 0
    hate_crime: HateCrime | None = None
    hate_responses: tuple[HateResponse, ...] = ()
    origin: Origin = Origin.ORDINARY
    completion: Completion | None = None
    advice: tuple[Advice, ...] = ()
    answers: int = 0
    last_finding: int = 0
    supervision: tuple[SupervisionCall, ...] = ()
    breaches: tuple[BreachReport, ...] = ()
    purge: Purge | None = None
    stays: tuple[Stay, ...] = ()
    referred_as: Id | None = None
    route: Route | None = None
    handed_over_at: datetime | None = None
    closed_at: datetime | None = None
    fired: tuple[str, ...] = ()
    missed: tuple[Missed, ...] = ()

    @property
    def to_hide(self) -> frozenset[str]:
        """Everything that no text may show that leaves: what owners marked, and the names of a referrer who
        must stay unnamed. [D13]"""
        return frozenset(self.unnamed_hashes).union(*(e.source_hashes for e in self.elements))

    def shows_source(self, words: str) -> bool:
        """Whether a text shows any of it; ``words`` are what `hidden_words.searchable` made of the text."""
        return hidden_words.shows(words, self.to_hide)

    @property
    def leaving_concern(self) -> Confidential | None:
        """The concern as it may leave: the last sanitised one, else the one that was referred; None while it
        would give a source away, or repeats what its owner does not let go any more."""
        if self.sanitised_concerns:
            last = self.sanitised_concerns[-1]
            held = self.shows_source(last.words) or self.concern_repeats_unreleased
            return None if held else last.sanitised.text
        return None if self.shows_source(self.concern_words) else self.concern

    @property
    def concern_repeats_unreleased(self) -> bool:
        """Whether the concern in other words repeats what left when it was written and does not now. [A05]"""
        last = self.sanitised_concerns[-1:]
        return any(not release_gate.all_pass(self.elements, one.repeated) for one in last)

    @property
    def form(self) -> NativeForm | None:
        """The source's own form as it came first."""
        return self.forms[0].form if self.forms else None

    @property
    def leaving_form(self) -> NativeForm | None:
        """The form that may go with a package: of the kind that does, and giving nobody away."""
        fit = (kept.form for kept in self.forms if kept.leaves and not kept.shows_source(self.to_hide))
        return next(fit, None)

    @property
    def form_shows_source(self) -> bool:
        """Whether there is a form that would go with the package, did it not give a source away."""
        return self.leaving_form is None and any(kept.leaves for kept in self.forms)

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
