"""What a person can do about a case: who may, when, what is asked, and the message that comes of it.

The dashboard decides nothing: each task ends in the message that `mash decide` sends, and the coordinator
takes or refuses it. [decision rights]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.coordinator.case import Case
from agents.partnership import Partnership
from messages.parties import STAFF
from messages.words import Said
from ops.dashboard.forms import Field
from ops.dashboard.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Situation:
    """Who is about to do what. ``about`` is the id of the element or the dispute, where a task has to do with
    one; ``content`` is what the person reads of the case, empty until they have said what for. ``form_id`` is
    that of the form which was sent, the same however often it is."""

    case: Case
    viewer: Viewer
    partnership: Partnership
    now: datetime
    about: str | None = None
    content: Mapping[str, Any] | None = None
    form_id: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """One of the things that a task can be about: its id, and how a list names it."""

    id: str
    title: str


def once(at: Situation) -> tuple[About, ...]:
    """For a task about the case as a whole."""
    return (About("", ""),)


def nothing_more(at: Situation, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """For a task whose message is what was answered."""
    return data


@dataclass(frozen=True, slots=True)
class Task:
    """``right`` is held by who may do it. ``open_for`` are the things it can be about now, none while there
    is nothing to do. ``fields`` are the questions; ``data`` makes of the answers what the message says
    besides who says it. ``done`` is what the person is told. ``reads`` says that the content of the case is
    shown. ``sender`` is the party in whose name it is said.
    """

    name: str
    title: str
    right: str
    payload: type[Said]
    fields: Callable[[Situation], Sequence[Field]]
    done: str
    open_for: Callable[[Situation], Sequence[About]] = once
    data: Callable[[Situation, Mapping[str, Any]], Mapping[str, Any]] = nothing_more
    reads: bool = True
    sender: Callable[[Situation], str] = lambda at: STAFF

    def may(self, viewer: Viewer) -> bool:
        """Whether the register gives this person the right."""
        return self.right in viewer.rights

    def actor(self, at: Situation) -> dict[str, str]:
        """The person as the message names them: in a role that holds the right. [A09, D15]"""
        roles = at.viewer.roles & set(at.partnership.rights[self.right])
        return {"person": at.viewer.person, "role": min(roles), "agency": at.viewer.agency}
