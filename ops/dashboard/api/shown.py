"""What operations show of a case, as schemas. They are made of the records that it is shown from, so that
what is in a record is said once.

Nothing is checked by them at work: tests compare answers with them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, create_model

from agents.coordinator import pathway_records
from agents.coordinator.adult_record import AdultRoute, InvestigationPlan, Signature, StrategyDiscussion
from agents.coordinator.case import Case, Check, Discussion, Rating
from agents.coordinator.disputes import Dispute
from agents.coordinator.elements import Element, OwnersDecision, Permission, Standing
from agents.coordinator.package_record import (
    Agreement,
    Assessment,
    Ending,
    Outcome,
    PackageRecord,
    RecordBack,
)
from messages.confidential import Confidential
from messages.package import PackageIssued
from messages.referral import NativeForm, PersonConcerned
from messages.schema import Schema, definitions
from messages.words import Category, Code, Course, Id, Rag
from ops.case_reading import FOR_SEARCHES

PREFIX = "Shown"
"""Before the name of each: what is shown has other fields than what is sent, and all of them."""

_Text = Confidential
_Model = type[BaseModel]


def _model(name: str, purpose: str = "", /, **fields: Any) -> _Model:
    """A model of its own, whose fields are all there and no other."""
    required: dict[str, Any] = {field: (kind, ...) for field, kind in fields.items()}
    return create_model(name, __config__=ConfigDict(extra="forbid"), __doc__=purpose or None, **required)


def _of(name: str, record: _Model, /, *only: str, without: Collection[str] = (), **more: Any) -> _Model:
    """The fields of a record, these alone or all but some, with ``more`` besides by name and type."""
    kept = [field for field in only or record.model_fields if field not in without]
    fields: dict[str, Any] = {field: record.model_fields[field].annotation for field in kept}
    return _model(name, **fields, **more)


def _many(kind: Any) -> Any:
    return tuple.__class_getitem__((kind, ...))


def _maybe(kind: Any) -> Any:
    return kind | None


_CASE = _of(
    "Case",
    Case,
    *("case_id", "referral_id", "source", "category", "cohort", "authority", "routine", "received_at"),
    *("earlier_cases", "route", "closed_at", "hate_crime", "origin"),
    version=int,
    stage=str,
    needs=_many(str),
    trace_id=_maybe(str),
    ratings=_many(_of("RatingLine", Rating, "rag", "by", "at", "due_at", "promise_at", "carried_to")),
    checks=_many(
        _of(
            "CheckLine",
            Check,
            *("request_id", "agency", "round", "off_hub", "asked_at", "due_at", "state", "answered_at"),
        )
    ),
    elements=_many(
        _of(
            "ElementLine",
            Element,
            *("element_id", "discussion_id", "holder", "owner", "kind", "marking", "round"),
            standing=Standing,
        )
    ),
    permissions=_many(
        _of(
            "PermissionLine",
            Permission,
            *("permission_id", "asked_at", "decided_at"),
            element_id=Id,
            owner=Code,
        )
    ),
    disputes=_many(
        _of("DisputeLine", Dispute, "dispute_id", "element_id", "ground", "stage", "settled_by", "due_at")
    ),
    adult=_maybe(
        _model(
            "AdultPathway",
            standing=Literal["open", "held", "met", "not_met"],
            signatures=_many(_of("SignatureLine", Signature, "side", "by", "met", "at", "evidence")),
            strategy=_maybe(_of("StrategyLine", StrategyDiscussion, "by", "mode", "at")),
            plan=_maybe(_of("PlanLine", InvestigationPlan, "by", "mode", "at")),
            route=_maybe(
                _of(
                    "AdultRouteLine",
                    AdultRoute,
                    *("by", "at", "complex", "checklist", "criteria", "involve_police"),
                )
            ),
            form=_maybe(NativeForm.model_fields["form"].annotation),
        )
    ),
    task_backs=_many(
        _model(
            "TaskBackLine",
            "What field teams asked for in one round; the round is null for what waits for one.",
            round=_maybe(int),
            teams=_many(Code),
            at=datetime,
        )
    ),
    agreement=_maybe(_of("AgreementLine", Agreement, "by", "at", "if_incomplete")),
    packages=_many(
        _of(
            "PackageLine",
            PackageIssued,
            *("package_id", "version", "kind", "issued_at", "due_at", "on_time", "missed_at"),
            *("waiting_for", "withdrawn"),
            recipients=PackageRecord.model_fields["recipients"].annotation,
            acknowledged_by=PackageRecord.model_fields["acknowledged_by"].annotation,
        )
    ),
    records=_many(_of("RecordLine", RecordBack, "record_id", "agency", "due_at", "acknowledged_at")),
    hate_responses=_many(
        _of("HateResponseLine", pathway_records.HateResponse, "level", "by", "adult_social_care", "at")
    ),
    completion=_maybe(_of("CompletionLine", pathway_records.Completion, "by", "cosigned_by", "at")),
    advice=_many(_of("AdviceLine", pathway_records.Advice, "topic", "by", "advised", "at")),
    outcomes=_many(_of("OutcomeLine", Outcome, "team", "course", "at")),
    suggestions=_many(
        _model(
            "Compared",
            "What was suggested to a team and what it did.",
            team=Code,
            round=int,
            suggested=_maybe(Course),
            taken=_maybe(Course),
            as_suggested=_maybe(bool),
            at=_maybe(datetime),
        )
    ),
    endings=_many(_of("EndingLine", Ending, "by", "at", "silent")),
    audit_entries=int,
    owed=Literal["rating", "package", "nothing"],
    due_at=_maybe(datetime),
    late=bool,
    promised_by=_maybe(datetime),
    promise_broken=bool,
)

_DECISION = _of("Decision", OwnersDecision, without=FOR_SEARCHES)
_ELEMENT = _of(
    "Element",
    Element,
    without={"permission", *FOR_SEARCHES, "decision", "earlier_decisions"},
    standing=Standing,
    decision=_maybe(_DECISION),
    earlier_decisions=_many(_DECISION),
    why_needed=_maybe(_Text),
)
_HEAD: dict[str, Any] = {"case_id": Id, "category": Category, "authority": Code}
_WHOLE = _model(
    "WholeCase",
    "All that is known in a case, for staff of the hub who have to do with it.",
    **_HEAD,
    people=_many(PersonConcerned),
    somebody_unnamed=bool,
    concern=_Text,
    form=_maybe(NativeForm),
    section_47_belief=Case.model_fields["section_47_belief"].annotation,
    professional_judgement=Case.model_fields["professional_judgement"].annotation,
    questions=_many(
        _model("Question", round=_maybe(int), asked_by=_many(str), question=_Text),
    ),
    elements=_many(_ELEMENT),
    discussions=_many(Discussion),
    disputes=_many(Dispute),
    leaving=_model(
        "Leaving",
        "What a package would say, were it issued now.",
        concern=_maybe(_Text),
        assessment=_maybe(_of("Assessment", Assessment, without=FOR_SEARCHES)),
        elements=_many(_model("LeavingElement", element_id=Id, holder=Code, kind=Code, text=_Text)),
    ),
)
_DISPUTES = _model(
    "Disputes",
    "Disputes and the elements that they are about, for the members of their panels.",
    **_HEAD,
    elements=_many(_ELEMENT),
    disputes=_many(Dispute),
)
_NOTICE = _model(
    "RedNotice",
    "The notice of a RED case, for a field team that it was sent to.",
    case_id=Id,
    category=Category,
    rag=Rag,
    rag_now=_maybe(Rag),
    received_at=datetime,
    told_at=datetime,
    promised_by=_maybe(datetime),
    teams=_many(Code),
    people=_many(PersonConcerned),
    concern=_maybe(_Text),
)
_PACKAGE = _of(
    "Package",
    PackageIssued,
    without={"recipient"},
    recipients=_many(Code),
    as_sent=bool,
    versions=_many(
        _model(
            "PackageVersion",
            "Which packages of the case there are.",
            version=int,
            kind=PackageIssued.model_fields["kind"].annotation,
            issued_at=datetime,
            elements=_many(Id),
        )
    ),
)


def schemas(ref_template: str) -> dict[str, Schema]:
    """Every schema by its name: ``ShownCase``, ``ShownContent``, ``ShownPackage``, and what is in them."""
    within = ref_template.format(model=PREFIX + "{model}")
    found = definitions([_CASE, _WHOLE, _DISPUTES, _NOTICE, _PACKAGE], within, "serialization")
    found[Confidential.__name__] = {
        "type": "string",
        "description": "Confidential. The reading is on record.",
    }
    kinds = [{"$ref": within.format(model=kind.__name__)} for kind in (_WHOLE, _DISPUTES, _NOTICE)]
    found["Content"] = {"oneOf": kinds, "description": "What the caller may see of what is known in a case."}
    return {f"{PREFIX}{name}": schema for name, schema in found.items()}


def gives(name: str) -> dict[int | str, dict[str, Any]]:
    """What an operation answers when it comes off, as OpenAPI has it: a name of `schemas` without prefix."""
    schema = {"$ref": f"#/components/schemas/{PREFIX}{name}"}
    return {200: {"description": "As asked for.", "content": {"application/json": {"schema": schema}}}}
