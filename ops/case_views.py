"""Cases as lists and pages show them: codes, ids, states and times, never content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.coordinator import adults, needs, suggestions
from agents.coordinator.case import Case
from agents.coordinator.elements import standing
from messages.sealing import KeptContext
from ops.problem import WrongInput
from store.port import Facet, Kept, Store

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, and how many cases fit in all."""

    rows: tuple[dict[str, Any], ...]
    total: int


async def listed(store: Store, where: Mapping[str, Facet], limit: int) -> Listed:
    """The cases that fit, those due first at the top. Raises StoreError."""
    page = await store.find({"kind": "case", **where}, sort=[("due_at", 1), ("received_at", 1)], limit=limit)
    return Listed(tuple(_row(kept) for kept in page.rows), page.total)


def _row(kept: Kept) -> dict[str, Any]:
    shown = ("category", "rag", "stage", "received_at", "due_at", "packages", "waiting_for", "needs", "open")
    facets = {name: kept.facets.get(name) for name in shown}
    return {"case": kept.key, **{n: list(v) if isinstance(v, tuple) else v for n, v in facets.items()}}


async def look_up(store: Store, said: str) -> tuple[Case, Kept]:
    """The case that a person means: by its id, in whatever letter case, or by its referral's id.

    Raises
    ------
    WrongInput
        when none fits, or several referrals have this id.
    StoreError
    """
    found = await store.load([said, said.upper()])
    by_id = {key: kept for key, kept in found.items() if kept.facets.get("kind") == "case"}
    if said in by_id:
        return case_from(by_id[said]), by_id[said]
    referred = await store.find({"kind": "case", "referral_id": said}, limit=2)
    fitting = {kept.key: kept for kept in (*by_id.values(), *referred.rows)}
    if len(fitting) > 1:
        raise WrongInput(f"{said} fits more than one case; give the case id, which `mash cases` lists")
    if not fitting:
        raise WrongInput(f"{said} is no case's id and no referral's; `mash cases` lists the cases")
    (kept,) = fitting.values()
    return case_from(kept), kept


async def other_document(store: Store, said: str) -> str | None:
    """The key, if it is that of a DIAL, a missing person or a daily round; None for whatever else.

    Raises StoreError.
    """
    found = (await store.load([said])).get(said)
    return said if found is not None and found.facets.get("kind") != "case" else None


def case_from(kept: Kept) -> Case:
    """The case in a document, with references in place of content."""
    return Case.model_validate_json(kept.state, context=KeptContext())


def page(case: Case, kept: Kept) -> dict[str, Any]:
    """Everything about a case that is no content."""
    hidden = json.loads(case.model_dump_json(include=_SHOWN))
    trace = kept.facets.get("traceparent")
    return {
        **hidden,
        "version": kept.version,
        "stage": needs.stage(case),
        "needs": list(needs.needs(case)),
        "trace_id": trace.split("-")[1] if isinstance(trace, str) and trace.count("-") == 3 else None,
        "ratings": [_only(r, "rag", "by", "at", "due_at", "promise_at") for r in case.ratings],
        "checks": [_only(c, *_CHECK) for c in case.checks],
        "elements": [{**_only(e, *_ELEMENT), "standing": standing(e).value} for e in case.elements],
        "disputes": [_only(d, *_DISPUTE) for d in case.disputes],
        "adult": _adult(case),
        "packages": [
            {**_only(p.issued, *_ISSUED), **_only(p, "recipients", "acknowledged_by")} for p in case.packages
        ],
        "records": [_only(r, "record_id", "agency", "due_at", "acknowledged_at") for r in case.records],
        "hate_responses": [_only(r, "level", "by", "adult_social_care", "at") for r in case.hate_responses],
        "completion": _only(case.completion, *_SIGNED) if case.completion else None,
        "advice": [_only(a, "topic", "by", "advised", "at") for a in case.advice],
        "outcomes": [_only(o, "team", "course", "at") for o in case.outcomes],
        "suggestions": [_compared(row) for row in suggestions.compared(case)],
        "endings": [_only(e, "by", "at", "silent") for e in case.endings],
        "audit_entries": kept.audit_seq,
    }


def _adult(case: Case) -> dict[str, Any] | None:
    """The joint decision about an adult, for cases that need one: who signed what, and what followed. [F]"""
    if not adults.concerned(case):
        return None
    record = adults.record_of(case)
    steps = record.decision
    return {
        "standing": record.standing,
        "signatures": [_only(s, "side", "by", "met", "at", "evidence") for s in record.signatures],
        "strategy": _only(steps.strategy, "by", "mode", "at") if steps and steps.strategy else None,
        "plan": _only(steps.plan, "by", "mode", "at") if steps and steps.plan else None,
        "route": _only(steps.route, *_ADULT_ROUTE) if steps and steps.route else None,
        "form": case.form.form if case.form else None,
    }


def route_in_words(route: Mapping[str, Any]) -> str:
    """Where a case went and why, from the ``route`` of its page. [A07, B06, B12]"""
    where = " ".join((_WENT[route["to"]], ", ".join(route["destinations"]))).strip()
    return f"{where}: {route['reason_code']}"


_WENT = {
    "not_in_mash": "back to",
    "local_route": "by the local route to",
    "redirected": "redirected to",
    "passed_to_teams": "passed to",
    "reviewed": "reviewed only",
    "no_further_action": "no further action",
}
_CHECK = ("agency", "round", "off_hub", "asked_at", "due_at", "state", "answered_at")
_ELEMENT = ("element_id", "holder", "owner", "kind", "marking", "round")
_SIGNED = ("by", "cosigned_by", "at")
_DISPUTE = ("dispute_id", "element_id", "ground", "stage", "settled_by", "due_at")
_ISSUED = (
    "package_id",
    "version",
    "kind",
    "issued_at",
    "due_at",
    "on_time",
    "missed_at",
    "waiting_for",
    "withdrawn",
)
_ADULT_ROUTE = ("by", "at", "complex", "checklist", "criteria", "involve_police")
_SHOWN = {
    "case_id", "referral_id", "source", "category", "cohort", "authority", "routine", "received_at",
    "earlier_cases", "route", "closed_at", "hate_crime", "origin",
}  # fmt: skip


def _compared(row: suggestions.Compared) -> dict[str, Any]:
    """What was suggested to a team and what it did. [G04]"""
    return {
        "team": row.team,
        "round": row.round,
        "suggested": row.suggested,
        "taken": row.taken,
        "as_suggested": row.as_suggested,
        "at": row.at.isoformat() if row.at else None,
    }


def _only(part: Any, *names: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(part.model_dump_json(include=set(names)))
    return found
