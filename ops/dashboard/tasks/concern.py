"""The concern in words that show no source, which leave in its place. [D11, D13, M2.7]"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from messages.concern import ConcernSanitised
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks import asking
from ops.dashboard.tasks.task import About, Situation, Task

_TRANSFORMS = (
    Option("source_removed", "Words that show the source left out"),
    Option("generalised", "Said in more general words"),
    Option("summarised", "Summarised"),
    Option("shortened", "Shortened"),
)
"""What can be done to a text to make it safe. [D11]"""


def _open(at: Situation) -> Sequence[About]:
    taken = at.case.threshold is not None and at.case.threshold.met
    if not taken or at.case.closed_at is not None:
        return ()
    return (About("", _why(at) if at.case.leaving_concern is None else ""),)


def _why(at: Situation) -> str:
    """Why the concern does not leave as it stands."""
    if at.case.concern_repeats_unreleased:
        return "it repeats what is not released any more"
    return "it would give a source away"


def _know(at: Situation) -> Sequence[str]:
    said = []
    if at.case.leaving_concern is None:
        said.append(f"No package leaves before this is done: {_why(at)}.")
    if at.case.sanitised_concerns:
        last = at.case.sanitised_concerns[-1]
        said.append(f"{last.by.person} put it in other words before; a new text takes the place of that one.")
    return said


def _fields(at: Situation) -> Sequence[Field]:
    agencies = {check.agency for check in at.case.checks} | {at.viewer.agency}
    today = at.partnership.clocks.day_of(at.now)
    people = asking.people(at.partnership, "view", of=agencies, on=today)
    return (
        Field(
            "sanitised.text",
            "The concern as it may leave",
            hint="Without words by which anybody could tell who said it.",
            needed="Enter the concern in other words",
            beside=str((at.content or {}).get("concern") or ""),
            rows=10,
        ),
        Field(
            "sanitised.transforms",
            "What was changed",
            Kind.CHECKBOXES,
            options=_TRANSFORMS,
            needed="Choose what was changed",
        ),
        Field(
            "author",
            "Who wrote it",
            Kind.SELECT,
            options=people,
            needed="Choose who wrote it",
            filled=(f"{at.viewer.person}@{at.viewer.agency}",),
        ),
        *asking.rationale(),
    )


def _data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    answers = {name: answer for name, answer in said.items() if name != "author"}
    return {**answers, "sanitised.author": said["author"]["person"]}


TASKS = (
    Task(
        "concern",
        "Put the concern in other words",
        "sanitise_concern",
        ConcernSanitised,
        _fields,
        "The concern leaves in these words.",
        open_for=_open,
        data=_data,
        know=_know,
    ),
)
