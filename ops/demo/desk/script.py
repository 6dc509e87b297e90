"""A script: what the people of one scenario do that differs from what the desk does anyway.

One TOML file for each referral, in the field's words, beside the referral's form. Delays are written
``25h30m``, ``10m``, ``1d``; what each is counted from is said at each.
"""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from agents.coordinator.adult_record import Side
from messages.checks import Answer
from messages.refusal import field_problems
from messages.words import Choice, Code, Course, Id, Moment, Rag, RiskFlag
from ops.problem import WrongInput

_LENGTH = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")


class ScriptUnsound(WrongInput):
    """A world that cannot be played on a partnership: one line for each problem, with file and key."""


def _length(value: object) -> timedelta:
    found = _LENGTH.fullmatch(value) if isinstance(value, str) and value else None
    if found is None:
        raise PydanticCustomError("delay_expected", "must be a delay such as 10m, 25h30m or 1d")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


Delay = Annotated[timedelta, BeforeValidator(_length)]


class Played(BaseModel):
    """Base of everything that is written in a script: unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


Play = TypeVar("Play", bound=Played)


class ThresholdPlay(Played):
    """``tried_by`` is somebody who may not take the decision and is refused first."""

    met: bool = True
    redirect_to: Code | None = None
    why: str | None = None
    tried_by: Id | None = None


class RatingPlay(Played):
    """The first rating. ``tried`` is one that the hub refuses first."""

    rag: Rag = Rag.AMBER
    tried: Rag | None = None
    worker: Id | None = None
    why: str | None = None


class RatedAgain(Played):
    """A later rating, ``after`` receipt."""

    after: Delay
    rag: Rag
    why: str


class DirectionPlay(Played):
    """Whom else to ask, and what."""

    also_ask: tuple[Code, ...] = ()
    question: str | None = None


class Say(Played):
    """What somebody decides of an element. ``text`` is the sanitised text, when it is released so."""

    choice: Choice
    text: str | None = None
    why: str | None = None

    @model_validator(mode="after")
    def _grounds(self) -> Say:
        if self.choice is Choice.WITHHOLD and self.why is None:
            raise PydanticCustomError("why_missing", "withholding needs why")
        return self


class DisputePlay(Say):
    """Who disputes the owner's decision, and who settles it how (``choice``, ``text``, ``why``).

    ``settled_after`` counts from the step before the one that settles.
    """

    by: Code
    ground: Literal["relevance", "necessity"]
    position: str
    settled_by: Literal["management", "panel", "controller"]
    settled_after: Delay = timedelta(minutes=20)


class ElementPlay(Played):
    """What the owner does about one element, named by its record in the agency's system.

    Without ``choice`` the owner does what the desk does anyway; ``silent`` means that nobody decides.
    ``tried_text`` is a sanitised text that the hub refuses first. ``considered_again`` is the owner's second
    word, after a second discussion; ``asked_again`` that about its refusal, when another agency's answer puts
    it in a new light. ``after`` counts from the discussion.
    """

    record: Id
    choice: Choice | None = None
    text: str | None = None
    why: str | None = None
    tried_text: str | None = None
    conditions: tuple[str, ...] = ()
    silent: bool = False
    after: Delay = timedelta(minutes=10)
    considered_again: Say | None = None
    asked_again: Say | None = None
    dispute: DisputePlay | None = None


class ElementByHand(Played):
    """An element that an agency without a worker gives by hand."""

    record: Id
    about: tuple[Id, ...] = Field(min_length=1)
    kind: Code
    text: str
    marking: Code
    risks: tuple[RiskFlag, ...] = ()


class AnswerByHand(Played):
    """The answer of an agency that works without a worker, ``after`` receipt of the referral."""

    agency: Code
    after: Delay
    state: Answer
    why: str | None = None
    element: tuple[ElementByHand, ...] = ()


class SignedOtherwise(Played):
    """The side that signs otherwise first, and signs anew ``settled_after`` that. [F07]"""

    side: Side
    why: str
    settled_after: Delay = timedelta(hours=1)


class LateForm(Played):
    """An AP1 that the referral came without, ``after`` receipt."""

    after: Delay
    document: str


class AdultPlay(Played):
    """What the two signatories of an adult's case decide; complex where ``complex_because`` says why."""

    met: bool = True
    why: str | None = None
    differs: SignedOtherwise | None = None
    complex_because: str | None = None
    involve_police: bool = False
    late_ap1: LateForm | None = None


class AssessmentPlay(Played):
    """The suggested course, and the facts that cannot wait."""

    course: Course = Course.STRATEGY_DISCUSSION
    urgent_facts: str | None = None


class SupervisionPlay(Played):
    """A call to a supervisor outside the hub, put on record ``after`` the direction. ``consulted`` are the
    partners that the caller spoke to before; ``tried`` is somebody who is not designated, and whose call
    the hub refuses. [J02, J05, J06]"""

    by: Code
    supervisor: Id
    tried: Id | None = None
    after: Delay
    ground: Literal["unable_to_decide", "need_for_escalation"]
    consulted: tuple[Code, ...] = Field(min_length=1)
    outcome: Literal["advice_given", "escalation_advised", "referred_above", "no_advice"]


class TaskBack(Played):
    """A field team asks for more, ``after`` the package came; ``also_ask`` is how the hub directs it."""

    team: Code
    after: Delay
    question: str
    why: str
    also_ask: tuple[Code, ...] = ()


class OutcomePlay(Played):
    """The course that a field team took, when it is not the one suggested."""

    team: Code
    course: Course


class CasePlay(Played):
    """What people do in one case."""

    threshold: ThresholdPlay = ThresholdPlay()
    rating: RatingPlay = RatingPlay()
    rated_again: tuple[RatedAgain, ...] = ()
    direction: DirectionPlay = DirectionPlay()
    element: tuple[ElementPlay, ...] = ()
    by_hand: tuple[AnswerByHand, ...] = ()
    adult: AdultPlay = AdultPlay()
    supervision: SupervisionPlay | None = None
    assessment: AssessmentPlay = AssessmentPlay()
    task_back: TaskBack | None = None
    outcome: OutcomePlay | None = None

    def of_record(self, document: str) -> ElementPlay | None:
        """What is written about the elements of a record."""
        return next((play for play in self.element if play.record == document), None)


class Script(CasePlay):
    """One scenario. ``received`` is when the source sends the form."""

    referral: Id
    story: str
    received: Moment


def read_script(file: Path) -> Script:
    """Read a script.

    Raises
    ------
    ScriptUnsound
        with file, key and kind of each problem.
    """
    return read_play(file, Script)


def read_play(file: Path, kind: type[Play]) -> Play:
    """Read one TOML file of a world.

    Raises
    ------
    ScriptUnsound
        with file, key and kind of each problem.
    """
    try:
        return kind.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError):
        problems = [f"{file.name}: cannot be read; it has to be a text file in UTF-8"]
    except tomllib.TOMLDecodeError as error:
        problems = [f"{file.name}: not TOML: {error}"]
    except ValidationError as error:
        problems = [f"{file.name}: {problem}" for problem in field_problems(error)]
    raise ScriptUnsound("\n".join(problems))


def read_scripts(folder: Path) -> dict[str, Script]:
    """All scripts of a folder by referral, in the order in which the referrals come.

    Raises
    ------
    ScriptUnsound
        with the problems of all of them, two for one referral included.
    """
    scripts: dict[str, Script] = {}
    problems: list[str] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            script = read_script(file)
        except ScriptUnsound as why:
            problems.append(str(why))
            continue
        if script.referral in scripts:
            problems.append(f"{file.name}: referral: there is another script for {script.referral}")
        scripts[script.referral] = script
    if not scripts and not problems:
        problems.append(f"{folder}: there are no scripts (*.toml)")
    if problems:
        raise ScriptUnsound("\n".join(problems))

    return dict(sorted(scripts.items(), key=lambda item: (item[1].received, item[0])))
