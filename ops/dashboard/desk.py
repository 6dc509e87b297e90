"""What waits for a person's agency over all open cases, the most urgent first: codes, ids and times. [D03]

A list asks the store by the facets that every case carries, so that it costs what it shows and not what the
hub keeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

from agents.coordinator.case import Case
from agents.coordinator.elements import Element, Standing, standing
from agents.partnership import Partnership
from ops import case_views
from ops.dashboard import words
from ops.dashboard.board import Clock, row_of
from ops.dashboard.tasks import Situation, answering, disclosing, escalating, offered
from ops.dashboard.viewer import Viewer
from ops.dashboard.watching import digest
from store.port import Facet, Kept, Store

Desk = Literal["disclosure", "answers", "disputes"]
MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits: its id, what people call it, what it is, and what is to be done. ``href`` is
    where, None where somebody else has to do something first."""

    id: str
    called: str
    what: str
    todo: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A case with what waits in it."""

    case: str
    category: str
    rag: str | None
    clocks: tuple[Clock, ...]
    items: tuple[Item, ...]
    seen: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of a desk: ``number`` from 1, and whether there are more."""

    rows: tuple[Row, ...]
    number: int
    more: bool

    def digest(self) -> str:
        """Another one whenever anything on the page is another, times left included."""
        return digest(self.rows, self.number, self.more)


async def waiting(
    store: Store, desk: Desk, viewer: Viewer, partnership: Partnership, now: datetime, number: int, rows: int
) -> Waiting:
    """A page of what waits for this person. Raises StoreError.

    A case may fit several of the lists that are asked for, each in order of urgency: the first of all of them
    together are among the first of each.
    """
    number = min(max(number, 1), MOST_PAGES)
    found: dict[str, Kept] = {}
    wanted = number * rows + 1
    for where in _asked(desk, viewer):
        page = await store.find(
            {"kind": "case", "open": True, **where}, sort=[("urgent_at", 1)], limit=wanted
        )
        found.update({kept.key: kept for kept in page.rows})
    cases = sorted(found.values(), key=lambda kept: (str(kept.facets["urgent_at"]), kept.key))
    shown = cases[(number - 1) * rows : number * rows]
    made = (_row(kept, desk, viewer, partnership, now) for kept in shown)
    return Waiting(tuple(row for row in made if row.items), number, len(cases) > number * rows)


def _asked(desk: Desk, viewer: Viewer) -> Sequence[Mapping[str, Facet]]:
    agency = viewer.agency
    match desk:
        case "disclosure":
            return (
                *({"needs": f"{need}:{agency}"} for need in ("owner", "owner_again", "permission")),
                {"needs": "consideration", "owners": agency},
            )
        case "answers":
            return tuple({"needs": f"{need}:{agency}"} for need in ("answer", "look"))
        case "disputes":
            own = ({"sides": agency},) if escalating.speaks_for_a_side(viewer) else ()
            return ({"panel": f"{viewer.person}@{agency}"}, *own)


def _row(kept: Kept, desk: Desk, viewer: Viewer, partnership: Partnership, now: datetime) -> Row:
    case = case_views.case_from(kept)
    shown = row_of(kept, now)
    at = Situation(case, viewer, partnership, now)
    items = {"disclosure": _elements, "answers": _checks, "disputes": _disputes}[desk](at)
    return Row(
        shown.case,
        shown.category,
        shown.rag,
        shown.clocks,
        tuple(items),
        viewer.sees_cases and viewer.may_see(case),
    )


def _href(case: Case, task: str, about: str) -> str:
    return f"/cases/{case.case_id}/tasks/{task}?{urlencode({'about': about})}"


def _elements(at: Situation) -> Iterator[Item]:
    """What the agency has to decide, and what has to be discussed again before it can. [D03, D04, D09]"""
    names = at.called
    for element in disclosing.of_agency(at.case, at.viewer.agency):
        called, what = names[element.element_id], words.in_words(element.marking).upper()
        if element.risks:
            what = f"{what}, a risk is flagged"
        if disclosing.waits(element):
            href = _href(at.case, disclosing.task_for(element), element.element_id)
            yield Item(element.element_id, called, what, _todo(element), href)
        elif disclosing.to_be_discussed(element):
            yield Item(element.element_id, called, what, "To be discussed again first", None)


def _todo(element: Element) -> str:
    if element.permission is not None:
        return "Permission for what another agency holds"
    if element.asked_again_after is not None:
        return "Decide again: more was found"
    if standing(element) is Standing.CONSIDER:
        return "Decide, after it was considered"
    return "Decide"


def _checks(at: Situation) -> Iterator[Item]:
    for check in answering.may_be_answered(at.case, at.viewer.agency):
        if check.round == at.case.round.number:
            state = words.in_words(check.state.value)
            due = f"Answer, round {check.round}"
            href = _href(at.case, "answer", check.request_id)
            yield Item(check.request_id, f"Round {check.round}", state, due, href)


def _disputes(at: Situation) -> Iterator[Item]:
    """Those in which the person has a part, with what they can do about each now. [K01-K06]"""
    names = at.called
    for dispute, element in escalating.disputes(at.case):
        if escalating.has_part(at.viewer, dispute, element) and dispute.settled_at is None:
            own = [task.title for task, about in offered(at) if about.id == dispute.dispute_id]
            todo = "; ".join(own) or "Somebody else is next"
            page = escalating.address(at.case.case_id, dispute.dispute_id)
            called = names[element.element_id]
            yield Item(dispute.dispute_id, called, words.in_words(dispute.stage.value), todo, page)
