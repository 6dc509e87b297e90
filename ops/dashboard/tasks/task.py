"""What a person can do about a case, a DIAL, a missing person or a daily round: who may, when, what is asked,
and the message that comes of it.

The dashboard decides nothing: each task ends in the message that `mash decide` sends, and the coordinator
takes or refuses it. [decision rights]
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from agents.coordinator.case import Case
from agents.coordinator.daily_rounds import Round
from agents.coordinator.dial_record import Dial
from agents.coordinator.missing_record import MissingPerson
from agents.coordinator.retention import Term
from agents.partnership import Partnership
from messages.parties import STAFF
from messages.words import Said
from ops.dashboard import words
from ops.dashboard.forms import Field, Written
from ops.dashboard.meeting import Meeting
from ops.dashboard.tasks import managing
from ops.dashboard.viewer import Viewer

_Kind = TypeVar("_Kind", Case, Dial, MissingPerson, Round)

Document = Case | Dial | MissingPerson | Round
"""What a task can be about. Each message that comes of one names it as its subject."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Who is about to do what. ``about`` is the id of the element or the dispute, where a task has to do with
    one; ``content`` is what the person reads of the document, empty until they have said what for.
    ``meeting`` is the meeting of a daily round in which it is done, as it was opened. ``form_id`` is that of
    the form, the same however often it is sent. ``term`` is how long the document is kept, where champions
    of data protection look at that; what brought cases is kept as long as they are. [L09]"""

    document: Document
    viewer: Viewer
    partnership: Partnership
    now: datetime
    about: str | None = None
    content: Mapping[str, Any] | None = None
    meeting: Meeting | None = None
    form_id: str = ""
    term: Term | None = None

    @property
    def key(self) -> str:
        """The key of the document, which is the subject of what is said about it."""
        return key_of(self.document)

    def new_number(self, what: str = "") -> int:
        """For the id of what a form begins: the same however often it is sent, so that it is said once, and
        without a word in it. [D18]"""
        return int(hashlib.sha256(f"{self.form_id} {what}".encode()).hexdigest(), 16) % 10**9

    @property
    def case(self) -> Case:
        """For a task about cases."""
        return _only(Case, self.document)

    @property
    def called(self) -> Mapping[str, str]:
        """What people call each element of the case, by its id; nothing for what is no case."""
        return words.elements_in_words(self.case, self.partnership) if isinstance(self.document, Case) else {}

    @property
    def dial(self) -> Dial:
        """For a task about DIALs."""
        return _only(Dial, self.document)

    @property
    def missing(self) -> MissingPerson:
        """For a task about missing people."""
        return _only(MissingPerson, self.document)

    @property
    def round(self) -> Round:
        """For a task about daily rounds."""
        return _only(Round, self.document)


def key_of(document: Document) -> str:
    """The key under which a document is kept."""
    return document.case_id if isinstance(document, Case) else document.key


def _only(kind: type[_Kind], document: Document) -> _Kind:
    if not isinstance(document, kind):
        raise TypeError(f"a task of {kind.__name__} is about no {type(document).__name__}")
    return document


@dataclass(frozen=True, slots=True)
class About:
    """One of the things that a task can be about: its id, and how a list names it."""

    id: str
    title: str


def once(at: Situation) -> tuple[About, ...]:
    """For a task about the document as a whole."""
    return (About("", ""),)


def nothing_shown(at: Situation) -> Sequence[tuple[str, str]]:
    """For a task with nothing to be seen at the head of its form."""
    return ()


def nobody_else(case: Case, viewer: Viewer) -> bool:
    """For a task of those alone who see the case."""
    return False


def whoever_sees_it(at: Situation) -> bool:
    """For a task whose people all read the case."""
    return True


def any_role(at: Situation) -> str | None:
    """For a task that is done in any role which holds the right."""
    return None


def nothing_to_know(at: Situation) -> Sequence[str]:
    """For a task that says nothing above its questions."""
    return ()


def nothing_more(at: Situation, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """For a task whose message is what was answered."""
    return data


def without_text(written: Written) -> bool:
    """For a task whose message has nothing of the content that was shown."""
    return False


@dataclass(frozen=True, slots=True)
class Task:
    """``right`` is held by who may do it. ``open_for`` are the things it can be about now, none while there
    is nothing to do. ``fields`` are the questions; ``data`` makes of the answers what the message says
    besides who says it. ``done`` is what the person is told. ``reads`` says that the content of the document
    is shown; ``takes_text`` whether the message that comes of what was written has something of that content
    too, so that it is read once more when the form is sent. ``sender`` is the party in whose name it is said.
    ``of`` are the kinds of document it is for. ``right_at`` is for a right that the partnership chooses, as
    that of a daily round.

    ``managed`` says that it takes the relevant manager, of the service that the case concerns [B11, E01].
    ``know`` are sentences to read first: codes, ids and times, never content. ``final`` is said above the
    button of what cannot be undone.

    ``shows`` are names and values at the head of the form: what it is about. ``also_for`` says who may do it
    besides those who see the case; ``may_read`` whether this person reads the case's content, where not
    everybody does who may do it. ``role`` is the one that the message has to name, where more than the right
    decides that. ``then`` is the page that follows, and where "Back" leads to for whoever does not see the
    case; without it that is the document. ``over`` says of what it was about why there is nothing to do now;
    without it nothing more is said than that.
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
    takes_text: Callable[[Written], bool] = without_text
    sender: Callable[[Situation], str] = lambda at: STAFF
    of: tuple[type[Document], ...] = (Case,)
    right_at: Callable[[Situation], str] | None = None
    managed: bool = False
    know: Callable[[Situation], Sequence[str]] = nothing_to_know
    final: str = ""
    shows: Callable[[Situation], Sequence[tuple[str, str]]] = nothing_shown
    also_for: Callable[[Case, Viewer], bool] = nobody_else
    may_read: Callable[[Situation], bool] = whoever_sees_it
    role: Callable[[Situation], str | None] = any_role
    then: Callable[[Situation], str] | None = None
    over: Callable[[Situation], str | None] = lambda at: None

    def fits(self, document: Document) -> bool:
        """Whether it is for this kind of document."""
        return isinstance(document, self.of)

    def may(self, viewer: Viewer) -> bool:
        """Whether the register gives this person the right."""
        return self.right in viewer.rights

    def may_at(self, at: Situation) -> bool:
        """Whether it is for this kind of document, and the person may do it about this one. [B11, E01]"""
        return self.fits(at.document) and bool(self._roles(at))

    def actor(self, at: Situation) -> dict[str, str]:
        """The person as the message names them: in a role that holds the right. [A09, D15]"""
        role = self.role(at) or min(self._roles(at))
        return {"person": at.viewer.person, "role": role, "agency": at.viewer.agency}

    def _roles(self, at: Situation) -> frozenset[str]:
        right = self.right_at(at) if self.right_at is not None else self.right
        if self.managed:
            return managing.roles(right, at.case, at.partnership, at.now, at.viewer)
        return at.viewer.roles & frozenset(at.partnership.rights.get(right, ()))
