"""Hate crime: the level of response, set with adult social care after its checks. [A03, I02, I03, G3.20]"""

from __future__ import annotations

from collections.abc import Sequence

from agents.coordinator import hate_crime, superseded
from agents.coordinator.case import Check
from messages.hate_crime import HateResponseDecided
from ops.dashboard import words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks import asking
from ops.dashboard.tasks.task import About, Situation, Task


def _asked(at: Situation) -> tuple[Check, ...]:
    return tuple(check for check in at.case.round_checks if check.adult_social_care)


def _open(at: Situation) -> Sequence[About]:
    """Once adult social care has given the result of its checks, which is the risk assessment."""
    asked = _asked(at)
    if not asked or any(map(hate_crime.lacks_result, asked)) or at.case.closed_at is not None:
        return ()
    if "response" in superseded.superseded(at.case):
        return (About("", "more has been found since"),)
    return (About("", "again" if at.case.hate_responses else ""),)


def _know(at: Situation) -> Sequence[str]:
    crime = at.case.hate_crime
    said = (
        [f"Strands: {', '.join(words.in_words(strand.value) for strand in crime.strands)}."] if crime else []
    )
    if at.case.earlier_cases:
        said.append(f"Earlier cases about the same people: {', '.join(at.case.earlier_cases)}.")
    if at.case.hate_responses:
        last = at.case.hate_responses[-1]
        said.append(f"The level in force is {words.in_words(last.level)}, set by {last.by.person}.")
    return said


def _fields(at: Situation) -> Sequence[Field]:
    return (
        Field(
            "adult_social_care",
            "Who speaks for adult social care",
            Kind.RADIOS,
            options=asking.people(
                at.partnership,
                "hate_response_adult_social_care",
                of={check.agency for check in _asked(at)},
                on=at.partnership.clocks.day_of(at.now),
            ),
            needed="Choose who speaks for adult social care",
        ),
        Field(
            "level",
            "Level of response",
            Kind.RADIOS,
            options=tuple(
                Option(level, words.in_words(level).capitalize()) for level in at.partnership.response_levels
            ),
            needed="Choose the level of response",
        ),
        *asking.rationale(),
    )


TASKS = (
    Task(
        "response",
        "Set the level of response",
        "hate_response",
        HateResponseDecided,
        _fields,
        "The level of response is set.",
        open_for=_open,
        know=_know,
    ),
)
