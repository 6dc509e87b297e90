"""Each agency records what is relevant in its own system, and says so. [L12, G3.7]"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from agents.coordinator import length, release_gate
from agents.coordinator.authority import require_speaks_for
from agents.coordinator.case import Case
from agents.coordinator.package_record import PackageRecord, RecordBack
from agents.coordinator.people import lane, whom_to_ask_about
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from messages.package import RecordAcknowledged, RecordedElement, RecordRequested
from messages.words import AnswerState

_RECORDS = frozenset({AnswerState.FOUND, AnswerState.NOTHING_FOUND, AnswerState.NOTHING_RELEVANT})
"""The answers after which an agency has something to record: that it was asked, at least."""


def ask(case: Case, package: PackageRecord, setting: Setting) -> tuple[Case, tuple[Sending, ...]]:
    """Ask every agency that answered to record its own elements and the released ones, never what
    others did not release, and nothing twice; who answers late is asked for all that has left. [L12]"""
    due_at = setting.now + timedelta(hours=setting.partnership.clocks.record_back_hours)
    records: list[RecordBack] = []
    sending: list[Sending] = []
    for check in case.round_checks:
        if check.state not in _RECORDS:
            continue
        wanted = _for_agency(case, check.agency)
        if not wanted and any(r.agency == check.agency for r in case.records):
            continue
        for n, part in enumerate(length.in_parts(wanted, partial(_bytes_of, case)), 1):
            record = RecordBack(
                record_id=f"{package.package_id}/record/{check.agency}/{n}",
                agency=check.agency,
                package_id=package.package_id,
                elements=tuple(e.element_id for e in part),
                due_at=due_at,
            )
            request = RecordRequested(
                record_id=record.record_id,
                package_id=package.package_id,
                elements=part,
                people=whom_to_ask_about(case),
                due_at=due_at,
            )
            records.append(record)
            sending.append(Sending(f"agency.{check.agency}", request, lane(case)))
    return case.model_copy(update={"records": (*case.records, *records)}), tuple(sending)


def acknowledge(case: Case, said: RecordAcknowledged, setting: Setting) -> Decided[Case]:
    """An agency has recorded it. Raises `Refused` for a record that this agency was not asked for."""
    require_speaks_for(setting, said.agency, "data.agency")
    asked = next((r for r in case.records if r.record_id == said.record_id), None)
    if asked is None or asked.agency != said.agency:
        raise Refused(
            "record_unknown", "Acknowledge a record_id that you were asked for.", fields=("data.record_id",)
        )
    done = asked.model_copy(update={"acknowledged_at": setting.now})
    records = tuple(done if r.record_id == done.record_id else r for r in case.records)
    fact = Fact(
        "record.acknowledged",
        detail={"record_id": said.record_id, "agency": said.agency, "entry": said.entry},
    )
    return Decided(case.model_copy(update={"records": records}), (), (fact,))


def _for_agency(case: Case, agency: str) -> tuple[RecordedElement, ...]:
    asked = {element_id for r in case.records if r.agency == agency for element_id in r.elements}
    left = {element_id for package in case.round_packages for element_id in package.elements}
    wanted = []
    for element in case.elements:
        if element.round != case.round.number or element.element_id in asked:
            continue
        if element.holder == agency:
            recorded = RecordedElement(
                element_id=element.element_id,
                agency=element.holder,
                owner=element.owner,
                own=True,
                text=element.text,
            )
        elif element.element_id in left and (released := release_gate.release(element)):
            recorded = RecordedElement(
                element_id=element.element_id,
                agency=element.holder,
                owner=element.owner,
                own=False,
                sanitised=released.sanitised,
                text=released.text,
                conditions=released.conditions,
            )
        else:
            continue
        wanted.append(recorded)
    return tuple(wanted)


def _bytes_of(case: Case, recorded: RecordedElement) -> int:
    element = case.element(recorded.element_id)
    if element is None:
        raise ValueError("a recorded element is one of the case")
    decision = element.decision
    if decision is None:
        return element.text_bytes
    return max(element.text_bytes, decision.sanitised_bytes) + decision.conditions_bytes
