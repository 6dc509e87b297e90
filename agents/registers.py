"""The registers of a partnership: what it has agreed, who is cleared, who advises, what is kept how long.

Each entry has the dates between which it holds, and what is not on a register does not hold. Dates that a
partnership says for all its staff (``clearance``) stand on the register too; without them nobody is vetted.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from messages.words import Category, Code, Id


class Register(BaseModel):
    """Base of every entry."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Memorandum(Register):
    """A version of the Memorandum of Understanding: who of the steering group approved it, and by when the
    group has to review it. [L01, M1]"""

    version: Id
    since: date
    approved_by: Id
    review_by: date


class Clearance(Register):
    """When a person signed the Memorandum, and the last day on which vetting and training hold. [D02,
    L02-L04]"""

    signed_on: date | None = None
    vetted_until: date | None = None
    trained_until: date | None = None

    def signed(self, on: date) -> bool:
        """Whether the person had signed the Memorandum by a day. [L02]"""
        return self.signed_on is not None and self.signed_on <= on

    def vetted(self, on: date) -> bool:
        """Whether vetting holds on a day. [L04]"""
        return self.vetted_until is not None and on <= self.vetted_until

    def trained(self, on: date) -> bool:
        """Whether training holds on a day. [L03]"""
        return self.trained_until is not None and on <= self.trained_until

    def or_else(self, common: Clearance) -> Clearance:
        """This, with the dates that it lacks taken from what holds in common."""
        return Clearance(
            signed_on=self.signed_on or common.signed_on,
            vetted_until=self.vetted_until or common.vetted_until,
            trained_until=self.trained_until or common.trained_until,
        )


class Supervisor(Register):
    """Somebody outside the hub whom its staff may telephone for advice, in the first line or above. They are
    not staff: they hold no role, so no decision and no reading of theirs is taken. [J02, J03, J06, M5.2]"""

    person: Id
    agency: Code
    line: Literal["first", "above"] = "first"
    designated_on: date
    signed_on: date
    vetted_until: date


class LiaisonOfficer(Register):
    """An agency's link to its information governance and champion of its policy. All of them together are
    the Operational Security Unit. [L06, L07, M7, M7.1]

    ``attested_on`` is when the officer said that the agency's policy here is current, ``attested_until``
    the last day on which that may be relied on.
    """

    person: Id
    agency: Code
    kind: Literal["data_protection_officer", "caldicott_guardian", "information_governance"]
    attested_on: date
    attested_until: date

    def current(self, on: date) -> bool:
        """Whether the policy is attested to be current on a day. [L07]"""
        return self.attested_on <= on <= self.attested_until


class AgencyRetention(Register):
    """How long an agency's own rule keeps a case that it investigated, counted from its closing. [L09]"""

    title: str
    years: int = Field(gt=0)


class JointRetention(Register):
    """The rule for cases without investigation, which the data-protection champions of all agencies set
    jointly. [L09, M8]"""

    years: int = Field(gt=0)
    since: date
    agreed_by: tuple[Id, ...]


class Retention(Register):
    """The rules of retention. Without ``uninvestigated`` a case that nobody investigated is held. [L09]"""

    by_agency: dict[Code, AgencyRetention] = {}
    uninvestigated: JointRetention | None = None


PagePart = Literal["concern", "people", "released", "agencies", "assessment", "procedures"]


class PageSection(Register):
    """A part of the page that a field team reads, under its title. [L11, M4]"""

    part: PagePart
    title: str = Field(min_length=1)


PACKAGE_PAGE = (
    PageSection(part="concern", title="The concern"),
    PageSection(part="people", title="Who it is about"),
    PageSection(part="released", title="What was released"),
    PageSection(part="agencies", title="What each agency answered"),
    PageSection(part="assessment", title="The hub's assessment"),
    PageSection(part="procedures", title="Procedures"),
)
"""The page's parts in their order, where a partnership has no format of its own."""


class ReferenceSlot(Register):
    """A place for a procedure that the guidance refers to; without ``link`` it has not been supplied. It is
    shown with packages of its categories. [L13]"""

    title: str
    categories: tuple[Category, ...] = ()
    link: str = Field(default="", pattern=r"^(https://\S+)?$")


class EscalationAlarm(Register):
    """More panels than ``at_most`` in ``days`` are an alarm: escalation is meant to be rare. [K05, M6.1]"""

    days: int = Field(default=30, gt=0)
    at_most: int = Field(default=5, ge=0)
