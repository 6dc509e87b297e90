"""What somebody has before them: a case, a DIAL, a missing person, a daily round, or an item of its meeting.

Each stands under an address of its own, with the tasks that are about it. Whoever may not see it is refused,
on record. [C10, D02, H03, I08, L09]
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from starlette.requests import Request

from agents.coordinator.case import Case
from agents.coordinator.daily_rounds import Round, key_of
from agents.coordinator.dial_record import Dial
from agents.coordinator.ending import brought_by
from agents.coordinator.missing_record import MissingPerson
from agents.coordinator.retention import Keeping, Term, term_of
from agents.partnership import Partnership
from messages.words import Category
from ops import case_views, retention, who_reads
from ops.dashboard.admitting import Door, NoSuchCase, session_in, viewer_in
from ops.dashboard.given import Given
from ops.dashboard.meeting import Meeting
from ops.dashboard.tasks import Document
from ops.dashboard.viewer import Viewer
from ops.who_reads import Asking, Denied
from store.port import Kept

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Matter:
    """``path`` is the address under which its pages stand, ``title`` what it is called, ``home`` where one
    gets back to. ``purpose`` is what the person reads it for, None until they have said so. ``meeting`` is
    the meeting of a round in which it is dealt with, ``following`` where that goes on afterwards. ``term`` is
    how long it is kept, for champions alone."""

    document: Document
    kept: Kept
    path: str
    title: str
    home: str
    purpose: str | None = None
    meeting: Meeting | None = None
    following: str = ""
    term: Term | None = None

    @property
    def kind(self) -> str:
        """What kind of document it is, as the templates tell them apart."""
        return type(self.document).__name__.lower()


Also = Callable[[Case, Viewer], bool]
"""Whether somebody has a part in a case whether they see it or not."""


class Find(Protocol):
    """Finds what a request is about, also for those whose part in a case ``also`` tells.

    Raises `NoSuchCase`, or `NotAllowed` after it is on record.
    """

    def __call__(self, request: Request, also: Also | None = None) -> Awaitable[Matter]: ...


class Matters:
    """Finds them for one dashboard. Every method but the last raises `NoSuchCase`, and `NotAllowed` after it
    is on record; StoreError."""

    def __init__(self, given: Given, door: Door) -> None:
        self._given = given
        self._door = door

    async def case(self, request: Request, also: Also | None = None) -> Matter:
        """A case within the person's scope, or in which they have a part. [C10, K03]"""
        case, kept = await self._door.case(request, request.path_params["case_id"], also=also)
        return self._matter(request, case, kept, f"/cases/{case.case_id}")

    async def teams_case(self, request: Request, also: Also | None = None) -> Matter:
        """A case in which a team of this person was sent something. [D19, E03]"""
        case, kept = await self._door.teams_case(request, request.path_params["case_id"])
        return self._matter(request, case, kept, f"/team/cases/{case.case_id}")

    async def dial(self, request: Request, also: Also | None = None) -> Matter:
        """A DIAL, for those who research, check or judge it, or have a seat in its meeting. [H03-H07]"""
        dial, kept = await self._dial(request, request.path_params["dial"])
        return self._matter(request, dial, kept, f"/dials/{dial.key}")

    async def missing(self, request: Request, also: Also | None = None) -> Matter:
        """Somebody reported missing, for those who review missing children. [I08, I09]"""
        person, kept = await self._missing(request, request.path_params["missing"])
        return self._matter(request, person, kept, f"/missing/{person.key}")

    async def round(self, request: Request, also: Also | None = None) -> Matter:
        """A daily round, for those who hold it or act on what is before it."""
        code = request.path_params["code"]
        if code not in self._given.partnership.rounds:
            raise NoSuchCase
        await self._require(
            request,
            key_of(code),
            lambda who: who_reads.reader_of_round(code, who, self._given.partnership, self._given.today),
        )
        kept = await self._load(key_of(code))
        found = Round.model_validate_json(kept.state)
        title = self._given.partnership.rounds[code].title
        meeting = session_in(request).meetings.get(code)
        return Matter(found, kept, f"/rounds/{code}", title, f"/rounds/{code}", meeting=meeting)

    async def item(self, request: Request, also: Also | None = None) -> Matter:
        """Something that is or was before a round, in the meeting. Its purpose is that of the meeting."""
        round_ = await self.round(request)
        held = round_.document
        if not isinstance(held, Round):
            raise TypeError("a round is found by its address")
        key, listed = request.path_params["item"], [one.item for one in held.items]
        if key not in listed and all(key not in one.considered for one in held.held):
            raise NoSuchCase
        match self._given.partnership.rounds[held.code].of:
            case "dials":
                found: tuple[Document, Kept] = await self._dial(request, key)
            case "missing_children":
                found = await self._missing(request, key)
            case "hate_crimes":
                kept = await self._load(key, "case")
                found = case_views.case_from(kept), kept
        document, kept = found
        meeting, path = round_.meeting, f"{round_.path}/items/{key}"
        after = listed[listed.index(key) + 1 :] if key in listed else []
        return Matter(
            document,
            kept,
            path,
            _called(document),
            path,
            purpose=meeting.purpose if meeting else None,
            meeting=meeting,
            following=f"{round_.path}/items/{after[0]}" if after else round_.path,
        )

    async def retained(self, request: Request, also: Also | None = None) -> Matter:
        """A document that is done with, for champions: its rule and its times, never content. [L09]"""
        key = request.path_params["document"]
        kept = await self._load(key)
        if kept.facets.get("kind") not in retention.KINDS:
            raise NoSuchCase
        document = retention.document_in(kept)
        brought = () if isinstance(document, Case) else await brought_by(self._given.store, key)
        term = term_of(document, brought, self._given.partnership, self._given.today)
        return Matter(document, kept, f"/retention/{key}", _called(document), "/retention", term=term)

    def may_enter(self, request: Request, code: str) -> bool:
        """Whether the person has a part in a round. Nothing goes on record."""
        try:
            who_reads.reader_of_round(code, self._asking(request), self._given.partnership, self._given.today)
        except Denied:
            return False
        return True

    async def _dial(self, request: Request, key: str) -> tuple[Dial, Kept]:
        kept = await self._load(key, "dial")
        dial = case_views.other_from(kept)
        if not isinstance(dial, Dial):
            raise NoSuchCase
        await self._require(
            request,
            key,
            lambda who: who_reads.reader_of_dial(dial, who, self._given.partnership, self._given.today),
        )
        return dial, kept

    async def _missing(self, request: Request, key: str) -> tuple[MissingPerson, Kept]:
        kept = await self._load(key, "missingperson")
        person = case_views.other_from(kept)
        if not isinstance(person, MissingPerson):
            raise NoSuchCase
        await self._require(
            request,
            key,
            lambda who: who_reads.reader_of_missing(person, who, self._given.partnership, self._given.today),
        )
        return person, kept

    async def _load(self, key: str, kind: str | None = None) -> Kept:
        kept = (await self._given.store.load([key])).get(key)
        if kept is None or (kind is not None and kept.facets.get("kind") != kind):
            raise NoSuchCase
        return kept

    async def _require(self, request: Request, key: str, rule: Callable[[Asking], _Found]) -> None:
        try:
            rule(self._asking(request))
        except Denied as denied:
            await self._door.refuse(request, denied.reason, key)

    def _asking(self, request: Request) -> Asking:
        """Who wants to see, before they have said what for."""
        viewer = viewer_in(request)
        return Asking(viewer.person, viewer.agency, "", viewer.roles)

    def _matter(self, request: Request, document: Document, kept: Kept, path: str) -> Matter:
        said = session_in(request).purposes.get(kept.key)
        may = purposes_of(document, self._given.partnership, self._given.today)
        # What it was read for before it was held may be no purpose of it any more: then they are asked again.
        purpose = said if said in may else None
        return Matter(document, kept, path, _called(document), path, purpose=purpose)


def _called(document: Document) -> str:
    match document:
        case Case():
            return f"Case {document.case_id}"
        case Dial():
            return f"DIAL {document.key}"
        case MissingPerson():
            return f"Missing person {document.key}"
        case Round():
            return document.code


def purposes_of(
    document: Document, partnership: Partnership, today: date, part: str | None = None
) -> tuple[str, ...]:
    """What a document may be read for: the purposes of its category [D16]; of a case that is held, only what
    the agencies were asked for, and of it what was made for one purpose, ``part``, for that alone. [L09]"""
    match document:
        case Case():
            offered = partnership.purposes_for(document.category)
            own = frozenset({part}) if part else _own_purposes(document)
            held = term_of(document, (), partnership, today).keeping is Keeping.HELD
            if not (held and own):
                return offered
            # What the category has since ceased to offer is still what this was made for.
            return tuple(code for code in offered if code in own) or tuple(sorted(own))
        case Dial():
            return partnership.purposes_for(Category.DOMESTIC_VIOLENCE)
        case MissingPerson():
            return partnership.purposes_for(Category.MISSING_PERSONS)
        case Round():
            of = partnership.rounds[document.code].of
            return partnership.purposes_for(_CATEGORY_OF[of])


def _own_purposes(case: Case) -> frozenset[str]:
    """What its agencies were asked for, and its packages were made for."""
    asked = {case.last_direction.purpose} if case.last_direction else set()
    return frozenset(asked | {package.issued.purpose for package in case.packages})


_CATEGORY_OF = {
    "dials": Category.DOMESTIC_VIOLENCE,
    "hate_crimes": Category.HATE_CRIME,
    "missing_children": Category.MISSING_PERSONS,
}
