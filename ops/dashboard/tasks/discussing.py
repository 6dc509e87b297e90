"""The discussion of what was revealed, which comes before any decision on it. [D06, D09, D22, J01, M3.2]"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agents.coordinator.discussion import OPEN_TO_DISCUSSION
from agents.coordinator.elements import Element, standing
from messages.disclosure import DiscussionRecorded
from messages.words import Choice
from ops.dashboard import words
from ops.dashboard.forms import Field, Kind, Option
from ops.dashboard.tasks import asking
from ops.dashboard.tasks.task import About, Situation, Task, once

_POSITIONS: Mapping[Choice, str] = {
    Choice.RELEASE: "It should be released",
    Choice.RELEASE_SANITISED: "It should be released in other words",
    Choice.WITHHOLD: "It should be withheld",
}


def _to_discuss(at: Situation) -> tuple[Element, ...]:
    return tuple(
        element
        for element in at.case.elements
        if element.round == at.case.round.number and standing(element) in OPEN_TO_DISCUSSION
    )


def _open(at: Situation) -> Sequence[About]:
    running = at.case.closed_at is None and at.case.round.direction is not None
    return once(at) if running and _to_discuss(at) else ()


def _fields(at: Situation) -> Sequence[Field]:
    elements = _to_discuss(at)
    agencies = {check.agency for check in at.case.checks} | {at.viewer.agency}
    called, today = at.called, at.partnership.clocks.day_of(at.now)
    people = asking.people(at.partnership, "view", of=agencies, on=today)
    return (
        Field(
            "elements",
            "What was discussed",
            Kind.CHECKBOXES,
            options=tuple(
                _option(at, n, element, called[element.element_id]) for n, element in enumerate(elements)
            ),
            needed="Choose what was discussed",
        ),
        Field(
            "participants",
            "Who took part",
            Kind.CHECKBOXES,
            hint="Two people at least, of the agencies that were asked.",
            options=people,
            needed="Choose who took part",
            filled=(f"{at.viewer.person}@{at.viewer.agency}",),
        ),
        asking.how_met(),
        Field(
            "summary",
            "What was said",
            hint="In short. It stays in the hub.",
            needed="Enter what was said",
            rows=6,
        ),
        Field(
            "positions",
            "View that differed",
            Kind.ENTRIES,
            hint="Views may differ. Each can be put on record.",
            fields=(
                Field("actor", "Whose view", Kind.SELECT, options=people, needed="Choose whose view it is"),
                Field(
                    "element_id",
                    "About what",
                    Kind.SELECT,
                    options=tuple(Option(e.element_id, called[e.element_id]) for e in elements),
                    needed="Choose what the view is about",
                ),
                Field(
                    "position",
                    "What they hold",
                    Kind.RADIOS,
                    options=tuple(Option(choice.value, text) for choice, text in _POSITIONS.items()),
                    needed="Choose what they hold",
                ),
                Field("view", "Why", needed="Enter why they hold it", rows=3),
            ),
        ),
    )


def _option(at: Situation, n: int, element: Element, called: str) -> Option:
    """An element to discuss. The owner of what another agency holds is told why it is needed. [D09, M3.4]"""
    owner = words.agency_in_words(element.owner, at.partnership)
    why = Field(
        f"needed.{n}",
        f"Why it is needed from {owner}",
        hint="Its owner is told this, and nothing else of the discussion.",
        needed=f"Enter why {called} is needed",
        rows=3,
    )
    return Option(
        element.element_id,
        called,
        hint=f"Owned by {owner}; {words.in_words(standing(element).value)}. Its id is {element.element_id}.",
        fields=(why,) if element.owner != element.holder else (),
    )


def _data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    answers = {name: answer for name, answer in said.items() if not name.startswith("needed.")}
    needed = [
        {"element_id": element.element_id, "why": said[f"needed.{n}"]}
        for n, element in enumerate(_to_discuss(at))
        if f"needed.{n}" in said
    ]
    return {**answers, "needed": needed, "discussion_id": asking.made_id(at, "discussion")}


TASKS = (
    Task(
        "discussion",
        "Record the discussion",
        "record_discussion",
        DiscussionRecorded,
        _fields,
        "The discussion is recorded, and the owners are asked to decide.",
        open_for=_open,
        data=_data,
    ),
)
