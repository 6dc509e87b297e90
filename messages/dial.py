"""Domestic abuse: the DIAL (Domestic Incident Assessment Log) and its three tiers. [H, G3.18, G3.19]"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from messages.catalogue import Kind, declare
from messages.confidential import Confidential
from messages.referral import NativeForm, PersonConcerned, each_once
from messages.words import Actor, Code, Id, Mode, Moment, Part, Rag, Rationale, Said


class AtTheScene(Said):
    """Tier 1: what the attending officers did at once about an imminent threat. [H06, G3.19]

    ``officer`` is the force's own id of the officer, who need not be on the hub's register.
    """

    officer: Id
    at: Moment
    imminent_threat: bool
    action: Literal["risk_removed", "victims_moved_to_safety", "none_needed"]
    what: Confidential


@declare("dial.received.v1", senders=[Kind.SOURCE], receivers=[Kind.HUB])
class DialReceived(Said):
    """A domestic abuse incident that the police went to. Every one is screened. [H01, H10, G3.18]

    ``children_of`` are the authorities of the children in it, needed where a child is among the people:
    their children's services check. [H03, H04] ``adult_at_risk`` says that a vulnerable adult is involved,
    named or not. Each person has a ``person_id`` of their own in the DIAL.
    """

    dial_id: Id
    source: Code
    incident_at: Moment
    authority: Code
    children_of: tuple[Code, ...] = Field(default=(), max_length=10)
    adult_at_risk: bool = False
    people: tuple[PersonConcerned, ...] = Field(min_length=1, max_length=30)
    account: Confidential
    at_the_scene: AtTheScene | None = None
    form: NativeForm | None = None

    @field_validator("people")
    @classmethod
    def _each_once(
        cls, people: tuple[PersonConcerned, ...], info: ValidationInfo
    ) -> tuple[PersonConcerned, ...]:
        if info.data.get("children_of") == () and any(person.part is Part.CHILD for person in people):
            raise PydanticCustomError("children_of_missing", "a child is among the people")
        return each_once(people)


@declare("dial_history.recorded.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class DialHistoryRecorded(Said):
    """The police have checked what they know, before anybody else is asked. [H03, G3.18]"""

    by: Actor
    known: bool
    history: Confidential


@declare("dial_check.recorded.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class DialCheckRecorded(Said):
    """Children's services of one authority have done their lateral checks. [H03, G3.18]"""

    by: Actor
    known: bool
    findings: Confidential


@declare("dial.alerted.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class DialAlerted(Said):
    """Tier 2: research by police or First Response found a concern that cannot wait for the meeting. It
    becomes a case with its own clock at once. [H07, H09, G3.19]"""

    by: Actor
    rag: Literal[Rag.RED, Rag.AMBER]
    action: Code
    rationale: Rationale


@declare("dial.screened.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class DialScreened(Said):
    """Tier 3: the meeting's decision on one DIAL, an action or none with the reason. [H04, H05, H08, G3.18]

    ``refer`` opens a case for full sharing.
    """

    by: Actor
    participants: tuple[Actor, ...] = Field(min_length=1, max_length=30)
    mode: Mode
    context: Confidential
    action: Code | None = None
    no_action_because: Confidential | None = None
    refer: bool = False

    @model_validator(mode="after")
    def _action_or_reason(self) -> DialScreened:
        if (self.action is None) == (self.no_action_because is None):
            raise PydanticCustomError("action_or_reason", "needs an action, or the reason for none")
        if self.refer and self.action is None:
            raise PydanticCustomError("action_or_reason", "a referral is an action")
        return self


@declare("dial.passed_on.v1", senders=[Kind.HUB], receivers=[Kind.TEAM])
class DialPassedOn(Said):
    """Adult social care hears of a vulnerable adult in a DIAL whose referral the hub does not take, because
    no live cohort does: only children's services sit in the meeting. [H10]

    ``document`` is the key of the DIAL; ``people`` are those who may be named.
    """

    document: Id
    recipient: Code
    authority: Code
    people: tuple[PersonConcerned, ...]
    account: Confidential
