"""A package as it was issued, put together again from the case and read from the vault, on record.

The fingerprint that the case keeps tells whether what is shown is what was sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.coordinator import release_gate
from agents.coordinator.case import Case, Element, PackageRecord
from agents.coordinator.package import fingerprint
from agents.coordinator.people import who_may_be_named
from agents.partnership import Partnership
from messages.confidential import Confidential
from messages.package import PackageIssued, ReleasedElement, Suggestion
from messages.sealing import KeepingContext, kept_refs
from ops.problem import Problem, WrongInput
from store.vault import Reader, Vault


@dataclass(frozen=True, slots=True)
class Shown:
    """A package with its texts. ``as_sent`` is whether its fingerprint is that of the one that went out."""

    package: dict[str, Any]
    recipients: tuple[str, ...]
    as_sent: bool


def reader_of(partnership: Partnership, as_whom: str, purpose: str) -> Reader:
    """The person who reads, as the register knows them. Raises `WrongInput`."""
    person, at, agency = as_whom.rpartition("@")
    roles = partnership.roles_of(person, agency)
    if not at or not roles:
        raise WrongInput("--as takes PERSON@AGENCY of somebody on the register of staff (staff.toml)")
    if purpose not in partnership.purposes:
        raise WrongInput(f"--purpose takes one of {', '.join(partnership.purposes)}")
    return Reader(person, min(roles), agency)


async def read_package(
    case: Case, version: int | None, vault: Vault, *, reader: Reader, purpose: str
) -> Shown:
    """One version of the package, the latest by default. The reading is on record before anything is shown.

    Raises
    ------
    Problem
        when there is no such version.
    VaultError, StoreError
    """
    record = _record(case, version)
    issued = _as_issued(case, record)
    refs = kept_refs(issued.model_dump_json(context=KeepingContext(issued.package_id)))
    texts = await vault.read(case.case_id, refs, reader=reader, purpose=purpose)
    package = json.loads(issued.model_dump_json(context=_WithTexts(texts), exclude={"recipient"}))
    return Shown(package, record.recipients, issued.sha256 == record.sha256)


def _record(case: Case, version: int | None) -> PackageRecord:
    if not case.packages:
        raise Problem(
            f"no package of {case.case_id} has been issued; `mash case {case.case_id}` says what it waits for"
        )
    found = next((p for p in case.packages if p.version == version), None) if version else case.packages[-1]
    if found is None:
        raise Problem(f"there is no version {version}; there are 1 to {len(case.packages)}")
    return found


def _as_issued(case: Case, record: PackageRecord) -> PackageIssued:
    direction = next(r for r in case.rounds if r.number == record.round).direction
    ratings = [rating for rating in case.ratings if rating.at <= record.issued_at]
    if direction is None or not ratings:
        raise Problem("the case does not say on what direction and rating this package rests")
    made = case.assessment
    suggestion = None
    if made is not None and made.at <= record.issued_at:
        suggestion = Suggestion(
            course=made.course, by=made.by, urgent_facts=made.urgent_facts, rationale=made.rationale
        )
    package = PackageIssued(
        package_id=record.package_id,
        version=record.version,
        kind=record.kind,
        round=record.round,
        recipient="draft",
        category=case.category,
        rag=ratings[-1].rag,
        received_at=case.received_at,
        due_at=record.due_at,
        issued_at=record.issued_at,
        on_time=record.on_time,
        marking=record.marking,
        purpose=direction.purpose,
        people=who_may_be_named(case),
        concern=case.concern,
        suggestion=suggestion,
        agencies=record.agencies,
        elements=tuple(_released(case, element_id, record.issued_at) for element_id in record.elements),
        waiting_for=record.waiting_for,
        agreed_by=record.agreed_by,
        sha256="0" * 64,
    )
    return package.model_copy(update={"sha256": fingerprint(package)})


def _released(case: Case, element_id: str, at: datetime) -> ReleasedElement:
    """An element by the decision that was in force then, through the same gate."""
    element = case.element(element_id)
    released = release_gate.release(_as_at(element, at)) if element else None
    if released is None:
        raise Problem(f"the case does not say on what decision {element_id} was released")
    return released


def _as_at(element: Element, at: datetime) -> Element:
    decisions = [*element.earlier_decisions, *((element.decision,) if element.decision else ())]
    in_force = [decision for decision in decisions if decision.at <= at]
    return element.model_copy(update={"decision": in_force[-1] if in_force else None, "dispute_id": None})


class _WithTexts:
    """Serialisation of a package for the person who may read it."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def write(self, value: Confidential) -> Any:
        return self._texts[value.ref or ""]
