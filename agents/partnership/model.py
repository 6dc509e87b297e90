"""What a partnership consists of: who takes part, who may decide what, which clocks run."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from agents import registers
from agents.partnership.source_forms import SourceForm
from agents.registers import Clearance
from messages.parties import topology
from messages.topology import Topology
from messages.words import Category, Code, Id

Concern = Literal["child", "adult"]
"""Whom a case, a team or a service is about."""

Hindrance = Literal["agency_not_signed", "memorandum_not_signed", "training_expired", "vetting_expired"]
"""What keeps a person from acting or reading in the hub. [C09, L02-L04]"""

ADULT: Concern = "adult"
"""In ``serves``: adult social care."""


class _Configured(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Agency(_Configured):
    """A member agency or a third-party owner.

    ``signed_on`` is when it signed the Memorandum; without it nothing is revealed to or by it. [C09]
    ``off_hub`` agencies are asked only when a manager directs it. [C04]
    ``in_hub_for`` are the categories in which it takes part in the hub; in others it is off the hub. [B10]
    ``serves`` says whose cases its `Partnership.service_roles` manage: ``child``, ``adult``. [E01, C04, E12]
    ``needs_purpose`` lists the purposes that its material may be released for, when the law asks for
    one (a policing purpose). [D07]
    """

    title: str
    signed_on: date | None = None
    off_hub: bool = False
    in_hub_for: tuple[Category, ...] = tuple(Category)
    panel_roles: tuple[Code, ...] = ()
    serves: tuple[Concern, ...] = ()
    needs_purpose: tuple[Code, ...] = ()

    def outside(self, category: Category) -> bool:
        """Whether it is off the hub in cases of this category. [B10, C04]"""
        return self.off_hub or category not in self.in_hub_for


class CoreCheck(_Configured):
    """An agency that every check of these categories asks, where the authority fits. [C01-C03]"""

    agency: Code
    categories: tuple[Category, ...] = tuple(Category)
    authorities: tuple[Code, ...] = ()


class AdultRecipient(StrEnum):
    """Whom the package of an adult protection case goes to, by what the pair decided. [F02, F04, F06]"""

    NOT_MET = "adult_not_met"
    COMPLEX = "adult_complex"
    NOT_COMPLEX = "adult_not_complex"
    POLICE = "adult_police"


class Team(_Configured):
    """A field team: which cases it gets packages and RED notices for. [G3.6, G3.8-3.13]

    Only staff of its ``agencies`` speak for it. [G03, G3.14]
    ``receives`` is for adult protection, whose packages go by the joint decision and not by
    ``gets_package``. ``agencies`` staff it: their people of a field team read what was sent to it. [D02]
    """

    title: str
    concerns: tuple[Concern, ...]
    agencies: tuple[Code, ...] = Field(min_length=1)
    authorities: tuple[Code, ...] = ()
    told_of_red: bool = True
    gets_package: bool = True
    receives: tuple[AdultRecipient, ...] = ()


class Source(_Configured):
    """A referral source and the agency that a case is returned to when the hub does not take it. [B03]"""

    title: str
    agency: Code


class CohortSwitch(_Configured):
    """From ``since`` on the cohort is taken (``on``) or not; who approved it. [B05]"""

    since: AwareDatetime
    on: bool
    approved_by: Id


Condition = Literal["police_response", "section_47_belief", "professional_judgement", "child"]
"""What a cohort may ask of a referral. [App1]"""


class Cohort(_Configured):
    """Cases of a category that the hub takes now, when all ``conditions`` hold. [B04-B06]

    Without ``authorities`` it is for all of them. ``every_category`` cohorts also take cases of other
    categories that none of those takes. [B08, B09]
    """

    title: str
    category: Category
    authorities: tuple[Code, ...] = ()
    conditions: tuple[Condition, ...] = ()
    every_category: bool = False
    switches: tuple[CohortSwitch, ...]

    def live(self, at: datetime) -> bool:
        """Whether the cohort is switched on at a moment."""
        past = [s for s in self.switches if s.since <= at]
        return bool(past) and max(past, key=lambda s: s.since).on


class LocalRoute(_Configured):
    """Cases of an authority that keep a link of their own outside the hub. [B07, G05, G3.15]

    ``agencies`` are the ends of the link: a referral goes to the first of them that did not bring it.
    """

    authority: Code
    categories: tuple[Category, ...] = Field(min_length=1)
    agencies: tuple[Code, ...] = Field(min_length=2)
    reason: Code


class StaffMember(Clearance):
    """A person as the register knows them: one employing agency, the roles they hold. [A09]

    The dates of their clearance are their own, or those of `Partnership.clearance`.
    """

    person: Id
    agency: Code
    roles: tuple[Code, ...]


class Purpose(_Configured):
    """Something that information is used for, in cases of these categories. [D16, M3, M3.1]"""

    title: str
    categories: tuple[Category, ...] = tuple(Category)


class LegalBasis(_Configured):
    """A law or code that a direction or a release may rest on in cases of these categories, and when it is in
    force. [L08]"""

    title: str
    since: date
    until: date | None = None
    categories: tuple[Category, ...] = tuple(Category)

    def in_force(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


class ComplexChecklist(_Configured):
    """A version of the criteria that make an adult protection investigation complex. [F05, G3.10]

    It is the one in use from ``since`` on, until a later one is. ``criteria`` are codes with their words.
    """

    version: Id
    since: date
    criteria: dict[Code, str] = Field(min_length=1)


class Clocks(_Configured):
    """Lengths and percentages of every clock. [E02-E14]"""

    red_minutes: int = Field(gt=0)
    red_promise_minutes: int = Field(gt=0)
    amber_hours: int = Field(gt=0)
    blue_working_days: int = Field(gt=0)
    blue_due_at: time
    warn_at_percent: tuple[int, ...]
    issue_ahead_minutes: int = Field(ge=0)
    escalation_red_minutes: int = Field(gt=0)
    escalation_hours: int = Field(gt=0)
    record_back_hours: int = Field(gt=0)
    outcome_reminder_days: int = Field(gt=0)
    timezone: str
    holidays_country: str
    holidays_subdivision: str

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the partnership's calendar and its working days."""
        return ZoneInfo(self.timezone)

    def day_of(self, moment: datetime) -> date:
        """The day of the partnership's calendar that a moment belongs to."""
        return moment.astimezone(self.zone).date()

    @property
    def issue_ahead(self) -> timedelta:
        return timedelta(minutes=self.issue_ahead_minutes)

    @property
    def outcome_reminder(self) -> timedelta:
        return timedelta(days=self.outcome_reminder_days)

    @property
    def red(self) -> timedelta:
        return timedelta(minutes=self.red_minutes)

    @property
    def red_promise(self) -> timedelta:
        return timedelta(minutes=self.red_promise_minutes)

    @property
    def amber(self) -> timedelta:
        return timedelta(hours=self.amber_hours)


class Seat(_Configured):
    """Who has to be there: somebody in this role, of this agency. [H04]"""

    role: Code
    agency: Code


RoundOf = Literal["dials", "hate_crimes", "missing_children"]
"""What a daily round is about."""


class DailyRound(_Configured):
    """A meeting or review of every calendar day, weekends and holidays included. [H02, I01, I08]

    Times are local: the agenda is built at ``held_at``, and a day without it is told at ``missed_at``.
    ``right`` is whose it is to hold it, ``quorum`` who has to be there.
    """

    title: str
    of: RoundOf
    held_at: time
    missed_at: time
    right: Code
    quorum: tuple[Seat, ...] = ()

    @model_validator(mode="after")
    def _held_before_it_is_missed(self) -> DailyRound:
        if self.missed_at <= self.held_at:
            raise PydanticCustomError("missed_before_held", "missed_at must be later in the day than held_at")
        return self


class MissingRule(_Configured):
    """How many reports in how many days make a missing child's case. [I09]"""

    reports: int = Field(gt=0)
    days: int = Field(gt=0)


class Partnership(_Configured):
    """The whole configuration of a hub.

    ``service_roles`` act only in the cases of the service that they work for. [B11, C04, E01, E12, G02]
    ``adult_form`` is the kind of form that goes with the package of an adult investigation. [A13, G3.10]
    """

    title: str
    authorities: tuple[Code, ...]
    agencies: dict[Code, Agency]
    core_checks: tuple[CoreCheck, ...]
    teams: dict[Code, Team]
    sources: dict[Code, Source]
    cohorts: dict[Code, Cohort]
    local_routes: tuple[LocalRoute, ...] = ()
    staff: tuple[StaffMember, ...]
    rights: dict[Code, tuple[Code, ...]]
    service_roles: tuple[Code, ...] = ()
    clocks: Clocks
    markings: tuple[Code, ...] = Field(min_length=1)
    package_marking: Code | None = None
    legal_bases: dict[Code, LegalBasis]
    purposes: dict[Code, Purpose]
    rounds: dict[Code, DailyRound] = {}
    missing_children: MissingRule | None = None
    complex_investigation: tuple[ComplexChecklist, ...] = ()
    memorandum: tuple[registers.Memorandum, ...] = ()
    clearance: Clearance = Clearance()
    supervisors: tuple[registers.Supervisor, ...] = ()
    liaison: tuple[registers.LiaisonOfficer, ...] = ()
    retention: registers.Retention = registers.Retention()
    package_page: tuple[registers.PageSection, ...] = registers.PACKAGE_PAGE
    references: dict[Code, registers.ReferenceSlot] = {}
    escalation_alarm: registers.EscalationAlarm = registers.EscalationAlarm()
    response_levels: tuple[Code, ...] = ()
    adult_form: Code | None = None
    source_forms: dict[Code, SourceForm] = {}

    @cached_property
    def _register(self) -> dict[tuple[str, str], frozenset[str]]:
        return {(s.person, s.agency): frozenset(s.roles) for s in self.staff}

    @cached_property
    def _clearances(self) -> dict[tuple[str, str], Clearance]:
        return {(s.person, s.agency): s.or_else(self.clearance) for s in self.staff}

    def clearance_of(self, person: str, agency: str) -> Clearance:
        """What the register says of a person's clearance; nothing holds for a stranger. [L02-L04]"""
        return self._clearances.get((person, agency), Clearance())

    def hindrances(self, person: str, agency: str, on: date) -> tuple[Hindrance, ...]:
        """What keeps a person from acting or reading in the hub on a day. [C09, L02-L04]"""
        clearance = self.clearance_of(person, agency)
        holds: dict[Hindrance, bool] = {
            "agency_not_signed": self.signed(agency, on),
            "memorandum_not_signed": clearance.signed(on),
            "training_expired": clearance.trained(on),
            "vetting_expired": clearance.vetted(on),
        }
        return tuple(code for code, held in holds.items() if not held)

    def supervisor(self, person: str, agency: str) -> registers.Supervisor | None:
        """A designated supervisor of an agency, or None. [J02]"""
        return next((s for s in self.supervisors if (s.person, s.agency) == (person, agency)), None)

    def roles_of(self, person: str, agency: str) -> frozenset[str]:
        """The roles that the register gives a person of an agency; empty for a stranger."""
        return self._register.get((person, agency), frozenset())

    def signed(self, agency: str, on: date) -> bool:
        """Whether an agency has signed the Memorandum by a day. [C09]"""
        known = self.agencies.get(agency)
        return known is not None and known.signed_on is not None and known.signed_on <= on

    def round_of(self, what: RoundOf) -> str | None:
        """The daily round of the DIALs, the hate crimes or the missing children, if there is one."""
        return next((code for code, one in self.rounds.items() if one.of == what), None)

    def purposes_for(self, category: Category) -> tuple[str, ...]:
        """What information may be used for in cases of a category. [D16]"""
        return tuple(code for code, purpose in self.purposes.items() if category in purpose.categories)

    def bases_for(self, category: Category, on: date) -> tuple[str, ...]:
        """The legal bases of a category that are in force on a day. [L08]"""
        return tuple(
            code
            for code, basis in self.legal_bases.items()
            if category in basis.categories and basis.in_force(on)
        )

    def marking_of_package(self, markings: tuple[str, ...]) -> str:
        """The highest of its elements' markings, and at least what every package has: concern and people
        are in it, whatever else is. [D21]"""
        return max((self.package_marking or self.markings[0], *markings), key=self.markings.index)

    def complex_checklist(self, on: date) -> ComplexChecklist | None:
        """The checklist of complex investigations in use on a day; None while there is none. [F05]"""
        begun = [c for c in self.complex_investigation if c.since <= on]
        return max(begun, key=lambda c: c.since, default=None)

    def topology(self) -> Topology:
        """The queues, users and permissions that this partnership needs."""
        return topology(sorted(self.agencies), sorted(self.teams), sorted(self.sources))
