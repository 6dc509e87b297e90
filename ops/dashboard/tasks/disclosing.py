"""The owner decides on its elements, one after another. [C10, C11, D03, D04, D06, D07, D15]

READ: an agency that is off the hub for the category of a case views nothing in it, and decides on what it has
revealed all the same: it has the text in its own records. [D02, D03]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from agents.coordinator.case import Case
from agents.coordinator.disclosure import SETTLES
from agents.coordinator.elements import Element, Standing, standing
from messages.disclosure import DisclosureDecided
from ops.dashboard import words
from ops.dashboard.forms import Field
from ops.dashboard.tasks import choosing, in_the_hub
from ops.dashboard.tasks.task import About, Situation, Task
from ops.dashboard.viewer import Viewer

DESK = "/desk/disclosure"


def of_agency(case: Case, agency: str) -> Iterator[Element]:
    """The elements of this round that an agency owns, and that were discussed. [D03, D06]"""
    if case.closed_at is None:
        for element in case.elements:
            discussed = element.discussion_id is not None
            if element.owner == agency and element.round == case.round.number and discussed:
                yield element


def waits(element: Element) -> bool:
    """Whether the owner has to decide it now: for the first time, after it was considered more fully, or
    again because more was found. [D03, D04, D09, M3.7]"""
    match standing(element):
        case Standing.AWAITING_OWNER | Standing.THIRD_PARTY_PENDING:
            return True
        case Standing.CONSIDER:
            return not to_be_discussed(element)
        case _:
            return element.asked_again_after is not None and element.dispute_id is None


def to_be_discussed(element: Element) -> bool:
    """Whether it could not be decided, and nobody has discussed it again since. [D04]"""
    decided = element.decision
    return (
        standing(element) is Standing.CONSIDER
        and decided is not None
        and decided.discussion_id == element.discussion_id
    )


def may_be_changed(element: Element) -> bool:
    """Whether the owner may decide anew what it has decided. [D03, K01]"""
    decided = element.decision
    if decided is None or element.dispute_id is not None or to_be_discussed(element):
        return False
    return decided.authority not in SETTLES


def task_for(element: Element) -> str:
    """By which task its owner decides: that of an owner who is asked for permission is another one. [D09]"""
    return "permit" if element.permission is not None else "disclose"


def open_for(task: str) -> Callable[[Situation], Sequence[About]]:
    """The elements of the viewer's agency that one of the two tasks can be about, those that wait first."""

    def found(at: Situation) -> Sequence[About]:
        mine = [one for one in of_agency(at.case, at.viewer.agency) if task_for(one) == task]
        waiting = [one for one in mine if waits(one)]
        called = at.called
        changeable = [one for one in mine if one not in waiting and may_be_changed(one)]
        return (
            *(About(one.element_id, called[one.element_id]) for one in waiting),
            *(
                About(one.element_id, f"{called[one.element_id]}, now {words.in_words(standing(one).value)}")
                for one in changeable
            ),
        )

    return found


def element_of(at: Situation) -> Element:
    """The element that the task is about. It is one of those that the task is open for."""
    element = at.case.element(at.about or "")
    if element is None:
        raise LookupError("a task is opened for what it can be about alone")
    return element


def next_one(at: Situation) -> str:
    """The next element of this owner in the case; after the last the desk, with what waits in other cases."""
    for element in of_agency(at.case, at.viewer.agency):
        if waits(element) and element.element_id != at.about:
            query = urlencode({"about": element.element_id})
            return f"/cases/{at.case.case_id}/tasks/{task_for(element)}?{query}"
    return DESK


def owns(case: Case, viewer: Viewer) -> bool:
    """Whether this person decides for the owner of something that was discussed in the case."""
    return "release" in viewer.rights and any(of_agency(case, viewer.agency))


def shown(at: Situation, where: str) -> Sequence[tuple[str, str]]:
    """What the element is and how it stands; ``where`` its text is for whoever does not read it here."""
    element = element_of(at)
    unread = () if at.content is not None else (("What it says", where),)
    return (*unread, *choosing.shown(at, element), *_how_it_stands(element))


def _shown(at: Situation) -> Sequence[tuple[str, str]]:
    return shown(at, "Your agency has the text in its own records.")


def _how_it_stands(element: Element) -> Iterator[tuple[str, str]]:
    if element.decision is not None:
        yield "Decided before", words.in_words(element.decision.choice.choice.value)
    if element.asked_again_after is not None:
        yield "Asked again", "another agency has found something since"


_CHOICE = "decisions.0.choice"


def _fields(at: Situation) -> Sequence[Field]:
    return choosing.fields(at, element_of(at), _CHOICE, may_leave_open=True)


def _data(at: Situation, said: Mapping[str, Any]) -> Mapping[str, Any]:
    element = element_of(at)
    choice = choosing.choice(at, element, _CHOICE, said)
    return {
        "discussion_id": element.discussion_id,
        "decisions": [{"element_id": element.element_id, "choice": choice}],
    }


TASKS = (
    Task(
        "disclose",
        "Decide on your agency’s element",
        "release",
        DisclosureDecided,
        _fields,
        "The element is decided.",
        open_for=open_for("disclose"),
        data=_data,
        takes_text=choosing.takes_text,
        shows=_shown,
        also_for=owns,
        may_read=in_the_hub.reads,
        then=next_one,
    ),
)
