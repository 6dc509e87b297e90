"""Cases as lists and pages show them: codes, ids, states and times, never content."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.coordinator import adults, gaps, needs, suggestions
from agents.coordinator.case import Case
from agents.coordinator.dial_record import Dial
from agents.coordinator.elements import standing
from agents.coordinator.missing_record import MissingPerson
from agents.partnership import Clocks
from messages.sealing import KeptContext
from ops.as_at import Act
from ops.problem import WrongInput
from store.port import Facet, Kept, Store

MOST_ROWS = 500
_MOST_SOURCES = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, and how many cases fit in all."""

    rows: tuple[dict[str, Any], ...]
    total: int


async def listed(
    store: Store, where: Mapping[str, Facet], limit: int, *, clocks: Clocks, now: datetime
) -> Listed:
    """The cases that fit: those that are late first, then by what is due, then those that owe nothing.

    Raises StoreError.
    """
    # Whatever is late has a due time before all that is not, so the order of the times is enough.
    page = await store.find({"kind": "case", **where}, sort=[("urgent_at", 1)], limit=limit)
    return Listed(tuple(_row(kept, clocks, now) for kept in page.rows), page.total)


def _row(kept: Kept, clocks: Clocks, now: datetime) -> dict[str, Any]:
    shown = ("category", "rag", "stage", "received_at", "packages", "waiting_for", "needs", "open", "owed")
    facets = {name: kept.facets.get(name) for name in shown}
    row = {"case": kept.key, **{n: list(v) if isinstance(v, tuple) else v for n, v in facets.items()}}
    due_at, received_at = (_moment(kept.facets.get(name)) for name in ("due_at", "received_at"))
    if due_at is None and received_at is not None and row["owed"] == "rating":
        due_at = received_at + clocks.red
    late = row["owed"] != "nothing" and due_at is not None and due_at < now
    return {**row, "due_at": due_at.isoformat() if due_at else None, "late": late}


def _moment(facet: Facet) -> datetime | None:
    return datetime.fromisoformat(facet) if isinstance(facet, str) else None


def timing(case: Case, clocks: Clocks, now: datetime) -> dict[str, Any]:
    """What the clocks say of a case: what is ``owed`` (a rating, a package, nothing), when that is or was
    ``due_at``, whether it is ``late``, and by when the field teams were ``promised`` a RED package.

    READ: until a case is rated the shortest clock counts, that of RED: two hours from receipt. [E02, E04]
    """
    rating, owed = case.rating, gaps.owed(case)
    due_at = rating.due_at if rating else case.received_at + clocks.red if owed == "rating" else None
    promised = rating.promise_at if rating else None
    return {
        "owed": owed,
        "due_at": due_at.isoformat() if due_at else None,
        "late": owed != "nothing" and due_at is not None and due_at < now,
        "promised_by": promised.isoformat() if promised else None,
        "promise_broken": owed == "package" and promised is not None and promised < now,
    }


def told(acts: Iterable[Act]) -> dict[str, Any]:
    """What the record of a case says of RED notices and of clocks that ran out. [E03, E04, E14]

    Parameters
    ----------
    acts
        The whole record in its order.
    """
    found: dict[str, Any] = {"red_notices": [], "breached": []}
    for act in acts:
        if act["act"] == "red.notified":
            teams = [to.removeprefix("team.") for to in act["detail"]["teams"]]
            found["red_notices"].append({"at": act["at"], "teams": teams})
        elif act["act"] == "deadline.breached":
            found["breached"].append({"at": act["at"], **act["detail"]})
    return found


async def look_up(store: Store, said: str) -> tuple[Case, Kept]:
    """The case that a person means: by its id or by its referral's, in capitals or small letters.

    Raises
    ------
    WrongInput
        when none fits, or several referrals have this id.
    StoreError
    """
    found = await fitting(store, said)
    if len(found) > 1:
        raise WrongInput(f"{said} fits more than one case; give the case id, which `mash cases` lists")
    if not found:
        raise WrongInput(f"{said} is no case's id and no referral's; `mash cases` lists the cases")
    (kept,) = found.values()
    return case_from(kept), kept


async def fitting(store: Store, said: str) -> dict[str, Kept]:
    """The cases that a person may mean, by their keys: that with this id, or those with this id in another
    letter case or as their referral's, which may be written in capitals or in small letters where no referral
    has it as it was said. Raises StoreError."""
    found = await store.load([said, said.upper()])
    by_id = {key: kept for key, kept in found.items() if kept.facets.get("kind") == "case"}
    if said in by_id:
        return {said: by_id[said]}
    referred = await _of_referral(store, said)
    if not referred:
        for other in {said.upper(), said.lower()} - {said}:
            referred |= await _of_referral(store, other)
    return by_id | referred


async def _of_referral(store: Store, referral_id: str) -> dict[str, Kept]:
    """The cases of the referrals with exactly this id, of whatever sources."""
    found = await store.find({"kind": "case", "referral_id": referral_id}, limit=_MOST_SOURCES)
    return {kept.key: kept for kept in found.rows}


async def look_up_any(store: Store, said: str) -> Case | Dial | MissingPerson:
    """The case, the DIAL or the missing person that is meant. Raises `WrongInput` or StoreError."""
    kept = (await store.load([said])).get(said)
    return (other_from(kept) if kept is not None else None) or (await look_up(store, said))[0]


def other_from(kept: Kept) -> Dial | MissingPerson | None:
    """The DIAL or the missing person in a document; None for whatever else."""
    for kind in (Dial, MissingPerson):
        if kept.facets.get("kind") == kind.__name__.lower():
            return kind.model_validate_json(kept.state, context=KeptContext())
    return None


def other_page(state: Dial | MissingPerson, kept: Kept) -> dict[str, Any]:
    """The state of a DIAL or a missing person: codes, ids and times, no content. [H01-H10, I08, I09]"""
    head = {"key": kept.key, "kind": kept.facets.get("kind"), "source": state.source}
    if isinstance(state, MissingPerson):
        reports = [_only(one, "report_id", "at") for one in state.reports]
        return {
            **head,
            "authority": state.authority,
            "child": state.is_child,
            "reports": reports,
            "cases": state.cases,
            "audit_entries": kept.audit_seq,
        }
    return {
        **head,
        **_only(state, "dial_id", "incident_at", "received_at", "authority", "children_of", "adult_at_risk"),
        "stage": kept.facets.get("stage"),
        "tier_1": _only(state.tier_1, "officer", "at", "imminent_threat", "action") if state.tier_1 else None,
        "history": _only(state.history, "by", "at", "known") if state.history else None,
        "checks": [_only(one, "by", "at", "known") for one in state.checks],
        "tier_2": _only(state.tier_2, "by", "at", "rag", "action") if state.tier_2 else None,
        "tier_3": _only(state.tier_3, *_SCREENED) if state.tier_3 else None,
        "audit_entries": kept.audit_seq,
    }


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
        "ratings": [_only(r, "rag", "by", "at", "due_at", "promise_at", "carried_to") for r in case.ratings],
        "checks": [_only(c, *_CHECK) for c in case.checks],
        "elements": [{**_only(e, *_ELEMENT), "standing": standing(e).value} for e in case.elements],
        "permissions": [
            {"element_id": e.element_id, "owner": e.owner, **_only(e.permission, *_PERMISSION)}
            for e in case.elements
            if e.permission is not None
        ],
        "task_backs": list(_task_backs(case)),
        "disputes": [_only(d, *_DISPUTE) for d in case.disputes],
        "adult": _adult(case),
        "agreement": _only(case.agreement, "by", "at", "if_incomplete") if case.agreement else None,
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


def _task_backs(case: Case) -> Iterator[dict[str, Any]]:
    """Which teams asked for more, when, and for which round; None for what waits for one. [D20]"""
    for one in case.rounds:
        if one.asked_by:
            yield {"round": one.number, "teams": list(one.asked_by), "at": one.started_at.isoformat()}
    for waiting in case.task_backs:
        yield {"round": None, "teams": [waiting.team], "at": waiting.at.isoformat()}


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


def route_of(case: Case) -> dict[str, Any] | None:
    """Where a case went, as its page has it."""
    return _only(case.route, *type(case.route).model_fields) if case.route else None


def route_in_words(route: Mapping[str, Any]) -> str:
    """Where a case went and why, from the ``route`` of its page. [A07, B06, B12]"""
    where = " ".join((_WENT[route["to"]], ", ".join(route["destinations"]))).strip()
    if route["to"] == "passed_to_teams":
        return f"{where}, with the package"
    return f"{where}: {route['reason_code']}"


_WENT = {
    "not_in_mash": "back to",
    "local_route": "by the local route to",
    "redirected": "redirected to",
    "passed_to_teams": "passed to",
    "reviewed": "reviewed only",
    "no_further_action": "no further action",
}
_CHECK = ("request_id", "agency", "round", "off_hub", "asked_at", "due_at", "state", "answered_at")
_ELEMENT = ("element_id", "discussion_id", "holder", "owner", "kind", "marking", "round")
_PERMISSION = ("permission_id", "asked_at", "decided_at")
_SCREENED = ("by", "at", "participants", "mode", "action", "refer")
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
