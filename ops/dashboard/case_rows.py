"""What the page of a case lists: elements, discussions, disputes, as codes, ids and times. [D01, D06, K]"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agents.coordinator.case import Case
from agents.coordinator.disputes import DisputeStage
from agents.coordinator.elements import Element, standing
from messages.words import Actor


@dataclass(frozen=True, slots=True)
class ElementRow:
    """An element. ``choice`` is what was decided on it, ``authority`` on whose authority, None while nothing
    was; ``by`` the person, None where a rule of the owner decided."""

    element_id: str
    owner: str
    holder: str
    marking: str
    kind: str
    standing: str
    choice: str | None
    authority: str | None
    by: Actor | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class DiscussionRow:
    """A discussion: who took part, when and how."""

    discussion_id: str
    elements: tuple[str, ...]
    participants: tuple[Actor, ...]
    mode: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute with what happened to it so far. ``due_at`` is None once it is settled."""

    dispute_id: str
    element_id: str
    ground: str
    stage: str
    by: Actor
    at: datetime
    due_at: datetime | None
    convened_at: datetime | None
    panel: tuple[Actor, ...]
    settled_by: str | None
    settled_at: datetime | None


def element_rows(case: Case) -> tuple[ElementRow, ...]:
    """Every element: what is open first, then in the order in which they came, as they are numbered."""
    order = {name: place for place, name in enumerate(_OPEN_FIRST)}
    rows = (_element(one) for one in case.elements)
    return tuple(sorted(rows, key=lambda row: order.get(row.standing, len(order))))


_OPEN_FIRST = ("disputed", "consider", "third_party_pending", "awaiting_owner", "revealed")


def _element(element: Element) -> ElementRow:
    decision = element.decision
    return ElementRow(
        element_id=element.element_id,
        owner=element.owner,
        holder=element.holder,
        marking=element.marking,
        kind=element.kind,
        standing=standing(element).value,
        choice=decision.choice.choice.value if decision else None,
        authority=decision.authority.value if decision else None,
        by=decision.by if decision else None,
        at=decision.at if decision else None,
    )


def discussion_rows(case: Case) -> Iterator[DiscussionRow]:
    """Every discussion, the latest first."""
    for one in reversed(case.discussions):
        yield DiscussionRow(one.discussion_id, one.elements, one.participants, one.mode.value, one.at)


def dispute_rows(case: Case) -> Iterator[DisputeRow]:
    """Every dispute, those that are open first."""
    for one in sorted(case.disputes, key=lambda one: one.stage is DisputeStage.SETTLED):
        settled = one.stage is DisputeStage.SETTLED
        yield DisputeRow(
            dispute_id=one.dispute_id,
            element_id=one.element_id,
            ground=one.ground,
            stage=one.stage.value,
            by=one.by,
            at=one.at,
            due_at=None if settled else one.due_at,
            convened_at=one.convened_at,
            panel=one.panel,
            settled_by=one.settled_by.value if one.settled_by else None,
            settled_at=one.settled_at,
        )
