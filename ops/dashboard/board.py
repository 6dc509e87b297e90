"""The board: open cases with the most urgent first, as codes, ids and times. [E03, E04, C10]"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from agents.coordinator.needs import NEEDS, About
from agents.partnership import Partnership
from messages.words import Category, Rag
from ops.dashboard import words
from ops.dashboard.forms import page_in
from ops.dashboard.viewer import Viewer
from ops.dashboard.watching import digest
from store.port import Facet, Kept, Store

FILTERS: Mapping[str, str] = {
    "category": "Category",
    "rating": "Rating",
    "authority": "Authority",
    "needs": "Needed now",
    "agency": "Waits for",
}
"""The filters by their names in an address, and how people read them. ``needs`` takes kinds of need;
``agency`` those whose answer or decision a package waits for, or beside a kind of need those whose it is."""

_FACETS: Mapping[str, str] = {
    "category": "category",
    "rating": "rag",
    "authority": "authority",
    "needs": "need_kinds",
    "agency": "waiting_for",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """One of the clocks of a case: what it is for, when it runs out, how long that is, and whether it has."""

    name: str
    due: datetime
    left: str
    late: bool

    @property
    def called(self) -> str:
        """Its name as people read it."""
        return _CLOCKS.get(self.name, words.in_words(self.name).capitalize())


_CLOCKS: Mapping[str, str] = {"due_if_red": "Due if RED"}
"""What the names of clocks are in words, where the code does not say it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A case on the board. ``unanswered`` are the agencies that have still to answer, ``undecided`` the
    owners who have still to decide: the package waits for both. ``leaves_at`` is when a package that was
    agreed with its gaps goes out, None where none is. ``needs`` is what has to be done now but for those
    answers. ``clocks`` are two for RED, none after the package, and before the rating that of RED. [E02, E04,
    E11]"""

    case: str
    category: str
    authority: str
    rag: str | None
    stage: str
    unanswered: tuple[str, ...]
    undecided: tuple[str, ...]
    leaves_at: datetime | None
    needs: tuple[str, ...]
    clocks: tuple[Clock, ...]

    @property
    def late(self) -> bool:
        return any(clock.late for clock in self.clocks)

    @property
    def announced(self) -> str:
        """What somebody is told who does not see the board, when it changes."""
        parts = (
            words.in_words(self.rag or "not rated"),
            words.in_words(self.stage),
            "late" if self.late else "",
            "package agreed" if self.leaves_at else "",
        )
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Board:
    """A page of the board ``at`` a moment: ``number`` from 1 of ``pages``, and how many cases fit in all."""

    rows: tuple[Row, ...]
    total: int
    number: int
    pages: int
    at: datetime

    def digest(self) -> str:
        """Another one whenever anything on the page is another, times left included."""
        return digest(self.rows, self.total, self.number, self.pages)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter and how people read it."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of the board: checked filters, and the number of a page."""

    filters: Mapping[str, str]
    number: int
    problems: Mapping[str, str]

    def where(self, viewer: Viewer) -> Mapping[str, Facet]:
        """What the facets of a case have to be."""
        chosen = {_FACETS[name]: value for name, value in self.filters.items()}
        kind, agency = self.filters.get("needs"), self.filters.get("agency")
        if kind and agency and NEEDS[kind] is About.AGENCY:
            del chosen["need_kinds"], chosen["waiting_for"]
            chosen["needs"] = f"{kind}:{agency}"
        return {"kind": "case", "open": True, **viewer.scope(), **chosen}


def choices(partnership: Partnership) -> Mapping[str, tuple[Choice, ...]]:
    """What each filter takes."""
    return {
        "category": tuple(Choice(one.value, words.in_words(one.value)) for one in Category),
        "rating": tuple(Choice(one.value, words.in_words(one.value)) for one in Rag),
        "authority": tuple(Choice(code, words.in_words(code)) for code in partnership.authorities),
        "needs": tuple(Choice(kind, words.need_in_words(kind, partnership)) for kind in NEEDS),
        "agency": tuple(
            Choice(code, words.agency_in_words(code, partnership)) for code in partnership.agencies
        ),
    }


def asked(said: Mapping[str, str], partnership: Partnership) -> Asked:
    """What an address asks for. A value that there is not is a problem, and does not narrow the list."""
    known = choices(partnership)
    filters, problems = {}, {}
    for name in FILTERS:
        value = said.get(name, "")
        if value in {choice.value for choice in known[name]}:
            filters[name] = value
        elif value:
            problems[name] = f"Choose a value for {FILTERS[name].lower()} from the list"
    return Asked(filters, page_in(said), problems)


async def board(store: Store, want: Asked, viewer: Viewer, now: datetime, rows: int) -> Board:
    """A page of the board, or the last one when there are not so many. Raises StoreError."""
    where, number = want.where(viewer), max(want.number, 1)
    while True:
        page = await store.find(where, sort=[("urgent_at", 1)], offset=(number - 1) * rows, limit=rows)
        pages = max(-(-page.total // rows), 1)
        if number <= pages:
            return Board(tuple(row_of(kept, now) for kept in page.rows), page.total, number, pages, now)
        number = pages


def watched(want: Asked, viewer: Viewer) -> Hashable:
    """The same for all who see the same page of the board."""
    return tuple(sorted(want.filters.items())), want.number, tuple(viewer.scope().items())


def row_of(kept: Kept, now: datetime) -> Row:
    """A case as the board and other lists show it."""
    facets, leaves_at = kept.facets, _text(kept.facets.get("leaves_at"))
    return Row(
        case=kept.key,
        category=str(facets["category"]),
        authority=str(facets["authority"]),
        rag=_text(facets.get("rag")),
        stage=str(facets["stage"]),
        unanswered=_texts(facets.get("unanswered")),
        undecided=_texts(facets.get("undecided")),
        leaves_at=datetime.fromisoformat(leaves_at) if leaves_at else None,
        needs=tuple(need for need in _texts(facets.get("needs")) if not need.startswith("answer:")),
        clocks=tuple(_clocks(facets, now)),
    )


def _clocks(facets: Mapping[str, Facet], now: datetime) -> Iterator[Clock]:
    """The clocks that run: the package's own, and for RED the outer promise to the field teams; before the
    rating that of RED, by which lists are in order too (`agents.coordinator.needs`); none once the hub owes
    nothing. [E02-E04, E11]"""
    times: Mapping[str, Facet] = {}
    match facets["owed"]:
        case "rating":
            times = {"due_if_red": facets["urgent_at"]}
        case "package":
            times = {"due": facets["due_at"], "promised": facets.get("promise_at")}
    for name, at in times.items():
        if isinstance(at, str):
            when = datetime.fromisoformat(at)
            yield Clock(name, when, words.time_left(when, now), when < now)


def _text(value: Facet) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Facet) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()
