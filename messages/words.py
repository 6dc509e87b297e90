"""The field's own words, as closed sets, and the small values that many messages share."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from messages.confidential import Confidential

CODE_PATTERN = r"^[a-z][a-z0-9_-]{0,63}$"
ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"

Code = Annotated[str, Field(pattern=CODE_PATTERN)]
"""A word of the partnership's configuration: an agency, a role, a team, a marking, a basis."""

Id = Annotated[str, Field(pattern=ID_PATTERN)]
"""An identifier. Never personal data: a payroll number or a pseudonym, not a name."""

MadeId = Annotated[
    str,
    Field(
        pattern=r"^([CDM]-[A-Z2-7]{12}/(discussion|dispute|call|breach|task-back)/)?([A-Z]{1,2}-)?[0-9]{1,9}$"
    ),
]
"""An identifier that a person makes up: a number, perhaps with one or two capitals before it ("D-1"),
or with the case and what it is of. It stands in the clear, so it has no room for a word or a name. [D18]"""

Party = Annotated[str, Field(pattern=r"^(hub|staff|(agency|team|source)\.[a-z][a-z0-9_-]{0,63})$")]
"""A sender or receiver: the hub, its staff's desk, an agency, a field team, a referral source."""

Sha256 = Annotated[str, Field(pattern=SHA256_PATTERN)]


def _in_utc(value: object) -> datetime:
    """A bare number is not a moment: nobody can tell seconds from milliseconds."""
    moment = value if isinstance(value, datetime) else None
    if isinstance(value, str) and "T" in value:
        with suppress(ValueError):
            moment = datetime.fromisoformat(value)
    if moment is None:
        raise PydanticCustomError("moment_expected", "must be an ISO 8601 date and time")
    if moment.utcoffset() is None:
        raise PydanticCustomError("offset_missing", "needs a UTC offset")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("moment_out_of_range", "must lie in the years 1 to 9999") from None


Moment = Annotated[datetime, BeforeValidator(_in_utc)]
"""A moment, said with its UTC offset and kept in UTC."""

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""A number of things, small enough for every store and language."""


class Said(BaseModel):
    """Base of everything that is said in a message: frozen; unknown fields are passed over, so that a
    newer sender may add optional ones."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Category(StrEnum):
    """What a case is. [B01, G2.1]"""

    ADULT_PROTECTION = "adult_protection"
    CHILD_PROTECTION = "child_protection"
    DOMESTIC_VIOLENCE = "domestic_violence"
    HATE_CRIME = "hate_crime"
    CHILD_SEXUAL_EXPLOITATION = "child_sexual_exploitation"
    MISSING_PERSONS = "missing_persons"
    PROFESSIONAL_CONCERN = "professional_concern"


class Rag(StrEnum):
    """Risk rating, which sets the clock. [G3.6]"""

    RED = "red"
    AMBER = "amber"
    BLUE = "blue"


class Part(StrEnum):
    """The part a person has in a case. A victim is one of a crime who is neither child nor vulnerable."""

    CHILD = "child"
    VULNERABLE_ADULT = "vulnerable_adult"
    PARENT_OR_CARER = "parent_or_carer"
    ALLEGED_PERPETRATOR = "alleged_perpetrator"
    HOUSEHOLD_MEMBER = "household_member"
    VICTIM = "victim"
    REFERRER = "referrer"


class AnswerState(StrEnum):
    """How an agency stands to a check. Nothing found is never inferred from silence. [C06]"""

    OUTSTANDING = "outstanding"
    FOUND = "found"
    NOTHING_FOUND = "nothing_found"
    NOTHING_RELEVANT = "nothing_relevant"
    SEVERAL_FIT = "several_fit"
    WITHHELD = "withheld"
    UNAVAILABLE = "unavailable"
    UNREADABLE = "unreadable"


class CaseStatus(StrEnum):
    """The true status of the case that a check is made for. [C08]"""

    NEW_REFERRAL = "new_referral"
    OPEN_TO_A_WORKER = "open_to_a_worker"
    TASK_BACK = "task_back"


class Mode(StrEnum):
    """How people met or spoke. [J01, M5]"""

    FACE_TO_FACE = "face_to_face"
    VIDEO = "video"
    PHONE = "phone"


class RiskFlag(StrEnum):
    """Why the release of an element may do harm. [C11, D04]"""

    SOURCE_AT_RISK = "source_at_risk"
    ONGOING_OPERATION = "ongoing_operation"
    THIRD_PARTY_HARM = "third_party_harm"
    HARM_TO_AGENCY = "harm_to_agency"
    DUTY_OF_CARE = "duty_of_care"


class Choice(StrEnum):
    """What an owner says of an element. [D03, D04]"""

    RELEASE = "release"
    RELEASE_SANITISED = "release_sanitised"
    WITHHOLD = "withhold"
    CANNOT_DECIDE = "cannot_decide"


class Course(StrEnum):
    """A suggested course, binding nobody. [G02, G3.13]"""

    STRATEGY_DISCUSSION = "strategy_discussion"
    SINGLE_AGENCY_INVESTIGATION = "single_agency_investigation"
    JOINT_INVESTIGATION = "joint_investigation"
    OTHER_SERVICES = "other_services"
    NO_FURTHER_ACTION = "no_further_action"


class Actor(Said):
    """Who decided: a person, in a role, for the agency that employs them. [A09, D15]"""

    person: Id
    role: Code
    agency: Code


class OwnersRule(Said):
    """The dated rule of an owner that decided in place of a person. [D23]"""

    rule: Id
    agency: Code
    in_force_from: Moment
    approved_by: Id


class Rationale(Said):
    """Why, in the terms that every decision has to show. [A02, D15]"""

    reason: Confidential
    proportionality: Confidential
    early_risk: Confidential | None = None
    timeliness: Confidential | None = None
    coordination: Confidential | None = None


class FiveTests(Said):
    """The tests of each element before it leaves the hub. [C10, M2.4]"""

    relevance: Confidential
    necessity: Confidential
    justification: Confidential
    proportionality: Confidential
    why: Confidential


class Harm(Said):
    """What the release could do to a person or an organisation. [C11, M2.4]"""

    categories: tuple[RiskFlag, ...] = Field(default=(), max_length=10)
    considered: Confidential


class Sanitised(Said):
    """A text made safe to leave, with its link to the original. [D11, D13, M3.5]"""

    text: Confidential
    transforms: tuple[Code, ...] = Field(min_length=1, max_length=20)
    author: Id


class ElementChoice(Said):
    """An owner's choice about one element and everything it has to rest on. [C10, D03, D07]"""

    choice: Choice
    tests: FiveTests | None = None
    harm: Harm | None = None
    legal_basis: Code | None = None
    purpose: Code | None = None
    sanitised: Sanitised | None = None
    reason: Confidential | None = None
