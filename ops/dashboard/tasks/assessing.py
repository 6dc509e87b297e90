"""The hub's assessment with a suggested course, which binds nobody. [A02, A03, G02, G3.13]"""

from __future__ import annotations

from collections.abc import Sequence

from agents.coordinator import package, superseded
from messages.package import AssessmentMade
from messages.words import Course
from ops.dashboard import words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks import asking
from ops.dashboard.tasks.task import About, Situation, Task


def _open(at: Situation) -> Sequence[About]:
    """From the direction on, and not while the last package says all that there is to say."""
    case = at.case
    if case.closed_at is not None or case.round.direction is None:
        return ()
    if case.round_packages and not package.has_news(case):
        return ()
    made = case.assessment
    if made is None or made.round != case.round.number:
        return (About("", ""),)
    if case.shows_source(made.words):
        return (About("", "it would give a source away"),)
    if not package.assessment_leaves(case):
        return (About("", "it repeats what is not released any more"),)
    return (About("", "more has been found since" if _is_superseded(at) else "again"),)


def _is_superseded(at: Situation) -> bool:
    return "assessment" in superseded.superseded(at.case)


def _know(at: Situation) -> Sequence[str]:
    case, made = at.case, at.case.assessment
    if made is None or made.round != case.round.number:
        return ()
    said = [f"{made.by.person} suggested before: {words.in_words(made.course)}."]
    if case.shows_source(made.words):
        said.append("That assessment has words that have since been marked as a source’s.")
    elif not package.assessment_leaves(case):
        said.append("That assessment repeats what its owner does not let go any more.")
    if _is_superseded(at):
        said.append("An agency has found something since.")
    return said


def _fields(at: Situation) -> Sequence[Field]:
    return (
        Field(
            "suggested_course",
            "Suggested course",
            Kind.RADIOS,
            hint="It binds nobody: the course is the field teams’ to take.",
            options=tuple(Option(course.value, words.in_words(course).capitalize()) for course in Course),
            needed="Choose the suggested course",
        ),
        Field(
            "urgent_facts",
            "Urgent facts",
            hint="What the teams have to know first. It stands at the head of the package. Leave out what is "
            "not released.",
            rows=3,
        ),
        *asking.rationale(hint="What the suggestion rests on. It goes to the field teams."),
        Field(
            "rationale.early_risk",
            "Early risk",
            hint="How it lets the risk be seen early.",
            needed="Enter how the risk is seen early",
            rows=3,
        ),
        Field(
            "rationale.timeliness",
            "Timeliness",
            hint="Why now.",
            needed="Enter why it is timely",
            rows=3,
        ),
        Field(
            "rationale.coordination",
            "Co-ordination",
            hint="Who has to act together.",
            needed="Enter how agencies act together",
            rows=3,
        ),
    )


TASKS = (
    Task(
        "assessment",
        "Make the assessment",
        "assess",
        AssessmentMade,
        _fields,
        "The assessment is made.",
        open_for=_open,
        managed=True,
        know=_know,
    ),
)
