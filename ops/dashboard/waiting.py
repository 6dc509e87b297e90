"""What waits for a person: the needs of open cases that their rights and their agency let them meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from agents.coordinator.needs import NEEDS, About
from agents.partnership import Partnership
from messages.words import Category
from ops import case_views
from ops.dashboard.board import Row, row_of
from ops.dashboard.next_steps import Step, first_step
from ops.dashboard.tasks import Situation
from ops.dashboard.viewer import Viewer
from ops.dashboard.watching import digest
from store.port import Facet, Kept, Store

MOST_ROWS = 20

RIGHTS: Mapping[str, frozenset[str]] = {
    "threshold": frozenset({"threshold"}),
    "belief": frozenset({"section_47_belief"}),
    "rating": frozenset({"rate"}),
    "direction": frozenset({"direct"}),
    "answer": frozenset({"answer_check"}),
    "look": frozenset({"answer_check"}),
    "discussion": frozenset({"record_discussion"}),
    "owner": frozenset({"release"}),
    "consideration": frozenset({"release"}),
    "permission": frozenset({"release"}),
    "owner_again": frozenset({"release"}),
    "management": frozenset({"management"}),
    "confirmation": frozenset({"management", "panel"}),
    "panel": frozenset({"convene"}),
    "panel_decision": frozenset({"panel"}),
    "controller": frozenset({"final_decision"}),
    "adult_threshold": frozenset({"adult_threshold_social_care", "adult_threshold_police"}),
    "adult_strategy": frozenset({"adult_threshold_social_care", "adult_threshold_police"}),
    "adult_plan": frozenset({"adult_threshold_social_care", "adult_threshold_police"}),
    "adult_route": frozenset({"adult_threshold_social_care", "adult_threshold_police"}),
    "adult_ap1": frozenset({"supply_form"}),
    "response": frozenset({"hate_response", "hate_response_adult_social_care"}),
    "completion": frozenset({"complete_cse_referral", "cosign_cse_referral"}),
    "concern": frozenset({"sanitise_concern"}),
    "assessment": frozenset({"assess"}),
    "superseded": frozenset(
        {"assess", "adult_threshold_social_care", "adult_threshold_police", "hate_response"}
    ),
    "agreement": frozenset({"agree_package", "agree_partial"}),
    "acknowledge": frozenset({"field_team"}),
    "record": frozenset(),
    "handover": frozenset({"confirm_handover"}),
}
"""The rights by which each need is met; none where an agency's own system meets it."""


_READ_NOTHING = frozenset(
    {
        *("answer", "look", "owner", "permission", "owner_again"),
        *("management", "confirmation", "panel_decision", "controller"),
        *("acknowledge", "record", "handover"),
    }
)
"""Needs that people meet who read nothing of the case in the hub: agencies off the hub, panels and teams."""


@dataclass(frozen=True, slots=True)
class OneCase:
    """An open case with a need. ``step`` is the form by which this person meets it, None where that is done
    elsewhere."""

    row: Row
    step: Step | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A need and the open cases that have it, most urgent first: the first of ``total``."""

    need: str
    rows: tuple[OneCase, ...]
    total: int


def digest_of(waiting: tuple[Waiting, ...]) -> str:
    """Another one whenever anything of it is another, times left included."""
    return digest(
        *((one.need, one.total, *((case.row, _form(case)) for case in one.rows)) for one in waiting)
    )


def _form(case: OneCase) -> str:
    return case.step.href(case.row.case) if case.step else ""


async def waiting_for(
    store: Store, viewer: Viewer, partnership: Partnership, now: datetime
) -> tuple[Waiting, ...]:
    """Everything that waits for this person, in the order of the procedure. Raises StoreError."""
    found = []
    for need, where in _wanted(viewer, partnership):
        pages = [
            await store.find(
                {"kind": "case", "open": True, **viewer.scope(), **where, **narrower},
                sort=[("urgent_at", 1)],
                limit=MOST_ROWS,
            )
            for narrower in _in_the_hub(need, viewer, partnership)
        ]
        if total := sum(page.total for page in pages):
            rows = sorted(
                (kept for page in pages for kept in page.rows), key=lambda kept: str(kept.facets["urgent_at"])
            )
            cases = (_case(kept, need, viewer, partnership, now) for kept in rows[:MOST_ROWS])
            found.append(Waiting(need, tuple(cases), total))
    return tuple(found)


def _in_the_hub(need: str, viewer: Viewer, partnership: Partnership) -> list[dict[str, Facet]]:
    """What the facets of a case have to be besides, one or another of these: that the agency works in the hub
    in its category, where meeting the need takes reading it. [B10]"""
    within = partnership.agencies[viewer.agency].in_hub_for
    if need.partition(":")[0] in _READ_NOTHING or set(within) == set(Category):
        return [{}]
    return [{"category": category.value} for category in within]


def _case(kept: Kept, need: str, viewer: Viewer, partnership: Partnership, now: datetime) -> OneCase:
    at = Situation(case_views.case_from(kept), viewer, partnership, now)
    return OneCase(row_of(kept, now), first_step(at, need.partition(":")[0]))


def _wanted(viewer: Viewer, partnership: Partnership) -> Iterator[tuple[str, Mapping[str, Facet]]]:
    """Each need that this person may meet, and what the facets of a case that has it are."""
    for kind, about in NEEDS.items():
        if not RIGHTS[kind] & viewer.rights:
            continue
        match about:
            case About.AGENCY:
                code = f"{kind}:{viewer.agency}"
                yield code, {"needs": code}
            case About.TEAM:
                for team, its in partnership.teams.items():
                    if viewer.agency in its.agencies:
                        yield f"{kind}:{team}", {"needs": f"{kind}:{team}"}
            case _:
                yield kind, {"need_kinds": kind}
