"""The checks: what an agency is asked, and what it reveals inside the hub. [G3.1, G3.4, C06, C08, C09]"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from messages.catalogue import Kind, declare
from messages.confidential import Confidential
from messages.hate_crime import HateCrimeChecked
from messages.referral import PersonConcerned
from messages.words import (
    Actor,
    AnswerState,
    CaseStatus,
    Category,
    Code,
    Count,
    Id,
    Moment,
    Rag,
    RiskFlag,
    Said,
    Sanitised,
    Sha256,
)

Answer = Literal[
    AnswerState.FOUND,
    AnswerState.NOTHING_FOUND,
    AnswerState.NOTHING_RELEVANT,
    AnswerState.SEVERAL_FIT,
    AnswerState.WITHHELD,
    AnswerState.UNAVAILABLE,
]
"""The states that an agency can answer with; the others are the hub's own view of a check."""


@declare("check.requested.v1", senders=[Kind.HUB], receivers=[Kind.AGENCY])
class CheckRequested(Said):
    """The hub asks an agency what it knows about the people of a case. [C01-C04, C08]

    ``round`` is 1 for the referral and one higher for each task-back. ``off_hub`` is true for an agency
    that is not operational in the hub. The referrer is never among ``people``. ``hate_crime`` goes to adult
    social care alone. [I02]
    """

    request_id: Id
    round: int = Field(ge=1)
    category: Category
    rag: Rag
    due_at: Moment
    purpose: Code
    legal_basis: Code
    case_status: CaseStatus
    people: tuple[PersonConcerned, ...] = Field(min_length=1, max_length=30)
    questions: tuple[Confidential, ...] = Field(default=(), max_length=20)
    off_hub: bool = False
    hate_crime: HateCrimeChecked | None = None


class SourceRecord(Said):
    """Where in the agency's own system an element comes from, as a pointer and a hash. [A10, D11]

    ``digest`` is an HMAC-SHA256 of the document under a key of the agency's own: the agency can show by it
    that a document is the one, and nobody else can test a guess of what it says. ``span`` is the first and
    the last character of the element in the document.
    """

    document: Id
    digest: Sha256
    span: tuple[Count, Count]


class ElementRevealed(Said):
    """The smallest piece that can be decided by itself. [D08, M3.3]

    ``element_id`` is unique in the case, across agencies: ``<case>/<agency>/<number>`` for instance. An
    answer with an id that another agency has used is refused whole. What is revealed again in a later
    round keeps its id and its owner. [D20]
    ``owner`` differs from the answering agency when it only holds the information. [D09]
    ``source_words`` are words that would give the source away. [D13]
    """

    element_id: Id
    about: tuple[Id, ...] = Field(min_length=1, max_length=30)
    kind: Code
    owner: Code
    marking: Code
    risks: tuple[RiskFlag, ...] = Field(default=(), max_length=10)
    text: Confidential
    source_words: tuple[Confidential, ...] = Field(default=(), max_length=20)
    record: SourceRecord
    recorded_on: date | None = None
    suggestion: Sanitised | None = None


class PersonMatch(Said):
    """How a person of the request was recognised: ``same_person``, ``several_fit`` or ``nobody``.

    ``score`` runs from 0 to 100; ``reasons`` are codes such as ``nhs_number`` or ``name_similar``.
    """

    person_id: Id
    outcome: Code
    score: int = Field(ge=0, le=100)
    reasons: tuple[Code, ...] = Field(default=(), max_length=20)
    candidates: Count = 0


@declare("check.answered.v1", senders=[Kind.AGENCY, Kind.STAFF], receivers=[Kind.HUB])
class CheckAnswered(Said):
    """An agency answers a check and reveals what it holds, inside the hub only. [C06, C09, D01]

    ``elements`` has at least one entry when ``state`` is ``found``, and none otherwise; each ``element_id``
    is in it once. ``reason`` is needed when ``state`` is ``withheld`` or ``unavailable``. ``by`` names the
    person for an answer given by hand. A request is answered once; only ``unavailable`` may be followed by
    another answer.
    """

    request_id: Id
    agency: Code
    state: Answer
    elements: tuple[ElementRevealed, ...] = Field(default=(), max_length=200)
    matches: tuple[PersonMatch, ...] = Field(default=(), max_length=30)
    by: Actor | None = None
    reason: Confidential | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> CheckAnswered:
        if (self.state is AnswerState.FOUND) != bool(self.elements):
            raise PydanticCustomError("elements_only_when_found", "elements go with the state found alone")
        if self.state in (AnswerState.WITHHELD, AnswerState.UNAVAILABLE) and self.reason is None:
            raise PydanticCustomError("reason_needed", "reason is needed when withheld or unavailable")
        if len({e.element_id for e in self.elements}) != len(self.elements):
            raise PydanticCustomError("element_id_repeated", "element_id must differ")
        return self
