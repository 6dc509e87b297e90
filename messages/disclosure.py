"""Discussion, the owner's decision on each element, and the permission of third parties. [D01-D23]"""

from __future__ import annotations

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from messages.catalogue import Kind, declare
from messages.confidential import Confidential
from messages.words import Actor, Code, ElementChoice, Id, MadeId, Mode, Moment, OwnersRule, RiskFlag, Said

NEW_FINDING = "new_finding"
"""The cause of a request to an owner that has refused: another agency has found something since."""

SOURCE_TO_HIDE = "source_to_hide"
"""The cause where an element was let go with words that have been marked since as a source's. [D13]"""


class Needed(Said):
    """Why an element of a third party is needed: this, and no more of the discussion, goes to its owner.
    [D09, M3.4]"""

    element_id: Id
    why: Confidential


class Position(Said):
    """What somebody in the discussion holds of an element; positions may differ. [D22, M2.8]"""

    actor: Actor
    element_id: Id
    position: Code
    view: Confidential


@declare("discussion.recorded.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class DiscussionRecorded(Said):
    """A discussion of elements, which comes before any decision on their value. [D06, M3.2]

    ``needed`` gives the reason for each element that its holder does not own. [D09]
    """

    by: Actor
    discussion_id: MadeId
    elements: tuple[Id, ...] = Field(min_length=1, max_length=200)
    participants: tuple[Actor, ...] = Field(min_length=1, max_length=50)
    mode: Mode
    summary: Confidential
    needed: tuple[Needed, ...] = Field(default=(), max_length=200)
    positions: tuple[Position, ...] = Field(default=(), max_length=100)


class ElementToReview(Said):
    """An element whose owner is asked to decide, with the circumstances that weigh in it."""

    element_id: Id
    kind: Code
    marking: Code
    risks: tuple[RiskFlag, ...] = ()


@declare("review.requested.v1", senders=[Kind.HUB], receivers=[Kind.AGENCY])
class ReviewRequested(Said):
    """After the discussion the owner is asked to decide on its elements. [D03, D06, D20]

    ``cause`` is ``first_decision``, ``task_back``, ``considered_again``, ``new_finding``: what another
    agency found since may make relevant what the owner withheld; the refusal stands until the owner decides
    anew; or ``source_to_hide``: what the owner let go would give a source away, by words that were marked
    since, and no longer leaves. [D13]
    """

    review_id: Id
    round: int = Field(ge=1)
    discussion_id: Id
    elements: tuple[ElementToReview, ...] = Field(min_length=1, max_length=200)
    purpose: Code
    cause: Code
    due_at: Moment


class Decision(Said):
    """The owner's choice about one element."""

    element_id: Id
    choice: ElementChoice


@declare("disclosure.decided.v1", senders=[Kind.AGENCY, Kind.STAFF], receivers=[Kind.HUB])
class DisclosureDecided(Said):
    """The owner decides whether its elements may leave the hub. [D03, D06, D07, D15, D23]

    Taken by a person (``by``) or by a dated rule of the owner (``rule``), never by both or neither. Each
    ``element_id`` is in ``decisions`` once.
    """

    by: Actor | None = None
    rule: OwnersRule | None = None
    discussion_id: Id
    decisions: tuple[Decision, ...] = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def _one_authority(self) -> DisclosureDecided:
        if (self.by is None) == (self.rule is None):
            raise PydanticCustomError("by_or_rule", "either by or rule has to be given")
        if len({d.element_id for d in self.decisions}) != len(self.decisions):
            raise PydanticCustomError("element_id_repeated", "one decision for each element")
        return self


@declare("permission.requested.v1", senders=[Kind.HUB], receivers=[Kind.AGENCY])
class PermissionRequested(Said):
    """The hub asks the owner of information that another agency holds. [D09, M3.4]

    It carries the reason why the information is needed and the use that it will be put to. ``cause`` is
    ``first_decision``, or ``new_finding`` and ``source_to_hide`` as in a review.
    """

    permission_id: Id
    element_id: Id
    holder: Code
    owner: Code
    discussion_id: Id
    kind: Code
    marking: Code
    risks: tuple[RiskFlag, ...] = ()
    text: Confidential
    why_needed: Confidential
    intended_use: Code
    cause: Code = "first_decision"
    due_at: Moment


@declare("permission.decided.v1", senders=[Kind.AGENCY, Kind.STAFF], receivers=[Kind.HUB])
class PermissionDecided(Said):
    """The third-party owner permits the use, with conditions if it wants, or refuses. [D09, D17]

    A permission is the owner's decision on the element, so it carries the same tests, and is taken by a
    person (``by``) or by a dated rule of the owner (``rule``), never by both or neither.
    """

    by: Actor | None = None
    rule: OwnersRule | None = None
    permission_id: Id
    element_id: Id
    choice: ElementChoice
    conditions: tuple[Confidential, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _one_authority(self) -> PermissionDecided:
        if (self.by is None) == (self.rule is None):
            raise PydanticCustomError("by_or_rule", "either by or rule has to be given")
        return self
