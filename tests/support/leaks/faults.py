"""Faults that repeat content in the text of an error, which nobody may ever see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from agents.agency.ports import Found
from agents.coordinator.case import Case
from agents.coordinator.coordinator import Coordinator
from agents.deciding import Decided
from messages.envelope import Envelope
from messages.referral import PersonConcerned
from messages.sealing import SealingContext

STUMBLES = "message-on-which-the-hub-stumbles"


class StumblingCoordinator(Coordinator):
    """Has a fault that shows in one message, and repeats its content in the error."""

    def decide(self, state: Case | None, envelope: Envelope, now: datetime, found: Any) -> Decided[Case]:
        if envelope.id == STUMBLES:
            texts = SealingContext()
            envelope.payload.model_dump_json(context=texts)
            raise RuntimeError(f"cannot take {texts.texts}")
        return super().decide(state, envelope, now, found)


class FailingRecords:
    """An agency's system that fails, and repeats whom it was asked about in the error."""

    async def find(self, person: PersonConcerned) -> Found:
        name = person.family_name.reveal() if person.family_name else ""
        raise LookupError(f"no table for {name}")

    async def recall(self, fingerprints: object) -> dict[str, Any]:
        return {}
