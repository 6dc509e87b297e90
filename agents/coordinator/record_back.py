"""Each agency records what is relevant in its own system, and says so. [L12, G3.7]"""

from __future__ import annotations

from datetime import timedelta

from agents.coordinator.authority import require_speaks_for
from agents.coordinator.case import Case, PackageRecord, RecordBack
from agents.coordinator.people import lane, whom_to_ask_about
from agents.coordinator.setting import Setting
from agents.deciding import Decided, Fact, Refused, Sending
from messages.package import RecordAcknowledged, RecordedElement, RecordRequested, ReleasedElement
from messages.words import AnswerState


def ask(
    case: Case, package: PackageRecord, released: tuple[ReleasedElement, ...], setting: Setting
) -> tuple[Case, tuple[Sending, ...]]:
    """Ask every agency that answered to record its own elements and the released ones, never what
    others did not release. [L12]"""
    due_at = setting.now + timedelta(hours=setting.partnership.clocks.record_back_hours)
    answered = [
        c.agency
        for c in case.round_checks
        if c.state in (AnswerState.FOUND, AnswerState.NOTHING_FOUND, AnswerState.NOTHING_RELEVANT)
    ]
    records = tuple(
        RecordBack(
            record_id=f"{package.package_id}/record/{agency}",
            agency=agency,
            package_id=package.package_id,
            due_at=due_at,
        )
        for agency in answered
    )
    sending = tuple(
        Sending(
            f"agency.{record.agency}",
            RecordRequested(
                record_id=record.record_id,
                package_id=package.package_id,
                elements=_for_agency(case, record.agency, released),
                people=whom_to_ask_about(case),
                due_at=due_at,
            ),
            lane(case),
        )
        for record in records
    )
    return case.model_copy(update={"records": (*case.records, *records)}), sending


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


def _for_agency(
    case: Case, agency: str, released: tuple[ReleasedElement, ...]
) -> tuple[RecordedElement, ...]:
    own = tuple(
        RecordedElement(element_id=e.element_id, agency=agency, own=True, text=e.text)
        for e in case.elements
        if e.holder == agency and e.round == case.round.number
    )
    others = tuple(
        RecordedElement(element_id=e.element_id, agency=e.agency, own=False, text=e.text)
        for e in released
        if e.agency != agency
    )
    return (*own, *others)
