"""Agencies without a worker: their people answer by hand, late, or not at all. [C04, C06, L12]"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from agents.coordinator import checks
from messages.checks import CheckAnswered, ElementRevealed, SourceRecord
from messages.confidential import Confidential
from messages.package import RecordAcknowledged
from messages.parties import STAFF
from ops.demo.desk.acts import A_MOMENT, Act, Scene
from ops.demo.desk.script import AnswerByHand, ElementByHand

RECORDED_AFTER = 6 * A_MOMENT


def acts(scene: Scene) -> Iterator[Act]:
    """The answers that the script has for agencies that still owe one, and what they have recorded."""
    case = scene.case
    for check in case.round_checks:
        if check.state not in checks.UNANSWERED:
            continue
        for play in scene.script.by_hand:
            if play.agency == check.agency:
                at = max(case.received_at + play.after, check.asked_at + A_MOMENT)
                said = _answer(scene, check.request_id, play)
                yield Act(f"answer/{check.round}/{check.agency}", at, STAFF, said)
    for record in case.records:
        party = f"agency.{record.agency}"
        if record.acknowledged_at is None and (party, record.record_id) in scene.in_hand:
            issued = next(p.issued_at for p in case.packages if p.package_id == record.package_id)
            number = record.package_id.rpartition("/")[2]
            yield Act(
                f"recorded/{number}/{record.agency}",
                issued + RECORDED_AFTER,
                party,
                RecordAcknowledged(
                    record_id=record.record_id, agency=record.agency, entry=f"paper-file-{number}"
                ),
            )


def _answer(scene: Scene, request_id: str, play: AnswerByHand) -> CheckAnswered:
    return CheckAnswered(
        request_id=request_id,
        agency=play.agency,
        state=play.state,
        elements=tuple(_element(scene, play.agency, element) for element in play.element),
        by=scene.cast.with_right(play.agency, "answer_check"),
        reason=Confidential(play.why) if play.why else None,
    )


def _element(scene: Scene, agency: str, play: ElementByHand) -> ElementRevealed:
    digest = hashlib.sha256(play.text.encode()).hexdigest()
    return ElementRevealed(
        element_id=f"{scene.case.case_id}/{agency}/{play.record}",
        about=play.about,
        kind=play.kind,
        owner=agency,
        marking=play.marking,
        risks=play.risks,
        text=Confidential(play.text),
        record=SourceRecord(document=play.record, digest=digest, span=(0, len(play.text) - 1)),
    )
