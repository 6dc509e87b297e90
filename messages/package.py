"""Assessment, the package and what comes after it. [G1.4, G1.5, G3.13, M3.6, M3.7]"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from messages.catalogue import Kind, declare
from messages.confidential import Confidential
from messages.hate_crime import ResponseLevel
from messages.referral import NativeForm, PersonConcerned
from messages.words import (
    Actor,
    AnswerState,
    Category,
    Code,
    Course,
    Id,
    MadeId,
    Moment,
    Rag,
    Rationale,
    Said,
    Sha256,
)


@declare("assessment.made.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class AssessmentMade(Said):
    """The hub's assessment with a suggested course, which binds nobody. [G02, G3.13]

    The rationale shows early risk, timeliness, co-ordination and proportionality. [A02]
    """

    by: Actor
    suggested_course: Course
    urgent_facts: Confidential | None = None
    rationale: Rationale


@declare("package.agreed.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class PackageAgreed(Said):
    """A manager agrees that the package goes out. [D19, E12]

    ``if_incomplete`` says what happens while something is outstanding: ``wait`` until the decision set
    is complete, or ``partial_at_due``: shortly before the hub's target a partial package goes out
    that names what is missing.
    """

    by: Actor
    if_incomplete: Literal["wait", "partial_at_due"] = "wait"
    rationale: Rationale


class AgencyLine(Said):
    """How one agency stands in the package: silence never reads as nothing known. [C05, C06]

    ``state`` is the answer; the counts say what became of its elements.
    """

    agency: Code
    state: AnswerState
    off_hub: bool = False
    released: int = 0
    sanitised: int = 0
    withheld: int = 0
    waiting: int = 0


class ReleasedElement(Said):
    """An element that its owner let go, in the form that it let go."""

    element_id: Id
    agency: Code
    owner: Code
    about: tuple[Id, ...]
    kind: Code
    marking: Code
    sanitised: bool
    presumed_usable: bool = False
    legal_basis: Code | None = None
    text: Confidential
    conditions: tuple[Confidential, ...] = ()


class Suggestion(Said):
    """The suggested course as the package shows it, labelled as what it is. [G02]"""

    course: Course
    binding: Literal[False] = False
    by: Actor
    urgent_facts: Confidential | None = None
    rationale: Rationale


@declare("package.issued.v1", senders=[Kind.HUB], receivers=[Kind.TEAM])
class PackageIssued(Said):
    """The sanitised package, or a numbered supplement to it, for one team. [A04, A05, C05, C07]

    ``withdrawn`` names elements of earlier packages of the round that may no longer leave. ``form`` is the
    AP1, for adult protection where the threshold is met. [A13, F04, F06, G3.10, G3.11] ``response`` is the
    level of response to a hate crime. [I03]
    ``missed_at`` is the first due time that had passed before it, of an earlier rating too. [E04, E11]
    ``marking`` is the highest of its elements, and at least the partnership's for a package. ``sha256``
    covers what it says (by keyed hash of each text), and is the same for every team that gets it.
    """

    package_id: Id
    version: int = Field(ge=1)
    kind: Literal["full", "partial", "supplement"]
    round: int
    recipient: Code
    category: Category
    rag: Rag
    received_at: Moment
    due_at: Moment
    issued_at: Moment
    on_time: bool
    missed_at: Moment | None = None
    marking: Code
    purpose: Code
    people: tuple[PersonConcerned, ...]
    concern: Confidential
    suggestion: Suggestion | None = None
    agencies: tuple[AgencyLine, ...]
    elements: tuple[ReleasedElement, ...]
    waiting_for: tuple[Code, ...] = ()
    withdrawn: tuple[Id, ...] = ()
    form: NativeForm | None = None
    response: ResponseLevel | None = None
    agreed_by: Actor
    sha256: Sha256


@declare("case.ended.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class CaseEnded(Said):
    """The relevant manager ends the hub's part in a case, with the reason. [A07, C06]

    Where field teams have a package: although agencies or owners are silent. Where none has: no further
    action, and the referrer is told the reason.
    """

    by: Actor
    rationale: Rationale


@declare("package.acknowledged.v1", senders=[Kind.TEAM], receivers=[Kind.HUB])
class PackageAcknowledged(Said):
    """A team has the package."""

    package_id: Id
    by: Actor


@declare("information.requested.v1", senders=[Kind.TEAM], receivers=[Kind.HUB])
class InformationRequested(Said):
    """A field team tasks back for more as circumstances change. [D20, M3.7]"""

    request_id: MadeId
    package_id: Id
    by: Actor
    question: Confidential
    why: Confidential


@declare("outcome.reported.v1", senders=[Kind.TEAM], receivers=[Kind.HUB])
class OutcomeReported(Said):
    """The specialist units report the course that they took, which is theirs alone. [G03, G04, G3.14]"""

    package_id: Id
    by: Actor
    course: Course
    note: Confidential | None = None


class RecordedElement(Said):
    """An element that an agency is asked to record in its own system. [L12]"""

    element_id: Id
    agency: Code
    owner: Code
    own: bool
    sanitised: bool = False
    text: Confidential
    conditions: tuple[Confidential, ...] = ()


@declare("record.requested.v1", senders=[Kind.HUB], receivers=[Kind.AGENCY])
class RecordRequested(Said):
    """An agency records what is relevant in its own system: its own elements and the released ones,
    never what others did not release. [L12, G3.7]"""

    record_id: Id
    package_id: Id
    elements: tuple[RecordedElement, ...]
    people: tuple[PersonConcerned, ...]
    due_at: Moment


@declare("record.acknowledged.v1", senders=[Kind.AGENCY], receivers=[Kind.HUB])
class RecordAcknowledged(Said):
    """The agency has recorded it. ``entry`` is the reference in its own system. [L12]"""

    record_id: Id
    agency: Code
    entry: Id
