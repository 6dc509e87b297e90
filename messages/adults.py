"""The adult pathway: what the Advanced Practitioner and the police Sergeant decide together. [F01-F07,
G3.8-3.11]"""

from __future__ import annotations

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from messages.catalogue import Kind, declare
from messages.confidential import Confidential
from messages.referral import NativeForm
from messages.words import Actor, Code, Id, Mode, Rationale, Said


@declare("adult_threshold.signed.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class AdultThresholdSigned(Said):
    """One of the two signatures on whether the Adult Protection threshold is met. [F01, F07, G3.8]

    It takes one of the Adults' Advanced Practitioner and one of a police Sergeant. Who has signed may sign
    anew, after supervision for instance; the latest of each side counts.
    """

    by: Actor
    met: bool
    rationale: Rationale


@declare("adult_strategy.recorded.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class AdultStrategyRecorded(Said):
    """The formal Strategy Discussion that the two signatories hold as soon as the threshold is met. [F03,
    G3.9]"""

    by: Actor
    other_signatory: Actor
    mode: Mode
    summary: Confidential


@declare("investigation_plan.recorded.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class InvestigationPlanRecorded(Said):
    """The Initial Investigation Plan, which the same two complete after the discussion. [F03, G3.9]"""

    by: Actor
    other_signatory: Actor
    mode: Mode
    plan: Confidential


@declare("adult_route.decided.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class AdultRouteDecided(Said):
    """The two signatories decide whether it is a complex investigation, and so whose it is. [F04-F06, G3.10,
    G3.11]

    A complex one names the partnership's ``checklist`` (its version) and the ``criteria`` that it meets;
    while the partnership has no checklist, ``complex_because`` gives the reason instead. ``involve_police``
    sends the package of any other to the Police Investigation Unit as well.
    """

    by: Actor
    other_signatory: Actor
    complex: bool
    checklist: Id | None = None
    criteria: tuple[Code, ...] = Field(default=(), max_length=50)
    complex_because: Confidential | None = None
    involve_police: bool = False
    rationale: Rationale

    @model_validator(mode="after")
    def _grounds_go_with_complex(self) -> AdultRouteDecided:
        grounds = self.checklist is not None or self.criteria or self.complex_because is not None
        if not self.complex and grounds:
            raise PydanticCustomError("grounds_only_when_complex", "grounds go with complex alone")
        if self.complex and self.involve_police:
            raise PydanticCustomError("police_only_when_not_complex", "a complex case has one recipient")
        return self


@declare("form.supplied.v1", senders=[Kind.STAFF], receivers=[Kind.HUB])
class FormSupplied(Said):
    """Staff supply the source's own form that the referral came without: an AP1, where it has to go with the
    package. [A13, F04, F06]

    It is kept as it came, beside what came before: only a missing form is supplied, and none is replaced. An
    AP1 that would give a source away counts as missing. [D13]
    """

    by: Actor
    form: NativeForm
