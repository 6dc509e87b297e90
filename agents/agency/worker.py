"""The worker of one agency: an `agents.deciding.Agent` with one document for each case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from agents.agency import answering, reviewing
from agents.agency.ports import DisclosurePolicy, RecordSink, RecordSource
from agents.agency.state import AgencyCase, WrittenBack
from agents.deciding import Decided, Fact, Refused, Sending
from messages.checks import CheckRequested
from messages.disclosure import PermissionRequested, ReviewRequested
from messages.envelope import Envelope
from messages.governance import BreachReferred
from messages.notices import DeadlineWarned, MessageRejected
from messages.package import RecordAcknowledged, RecordRequested
from messages.parties import HUB
from messages.words import Said
from store.port import Facet

REJECTIONS_KEPT = 20

log: Any = structlog.get_logger("mash.agency")


class AgencyWorker:
    """Answers checks from the agency's records, decides by the owner's rules, records what comes back."""

    unhurried: frozenset[type[Said]] = frozenset()

    def __init__(
        self, agency: str, records: RecordSource, policy: DisclosurePolicy, sink: RecordSink
    ) -> None:
        self.agency = agency
        self._records = records
        self._policy = policy
        self._sink = sink

    @property
    def party(self) -> str:
        """``agency.<code>``"""
        return f"agency.{self.agency}"

    def key(self, envelope: Envelope) -> str:
        """The case."""
        return envelope.subject

    def begins(self, envelope: Envelope) -> bool:
        """The first round's check opens a case here."""
        return isinstance(envelope.payload, CheckRequested) and envelope.payload.round == 1

    def load(self, key: str, text: str) -> AgencyCase:
        """A case from its stored form."""
        return AgencyCase.model_validate_json(text)

    def dump(self, state: AgencyCase) -> str:
        """The stored form of a case. There is no content in it."""
        return state.model_dump_json(exclude_defaults=True)

    def facets(self, state: AgencyCase) -> Mapping[str, Facet]:
        """What a list of an agency's cases shows: above all what waits for a person, and until when."""
        answer = state.checks[-1] if state.checks else None
        waiting = state.waiting
        return {
            "case_id": state.case_id,
            "round": answer.round if answer else 0,
            "answer": str(answer.state) if answer else None,
            "several_fit": answer.several_fit if answer else 0,
            "revealed": len(state.elements),
            "decided_by_rule": len(state.decided),
            "waiting_for_person": len(waiting),
            "waiting_elements": tuple(w.element_id for w in waiting),
            "waiting_until": min(w.due_at for w in waiting).isoformat() if waiting else None,
            "recorded": len(state.written),
            "rejected": len(state.rejected),
        }

    def due(self, state: AgencyCase) -> datetime | None:
        """Never: the hub keeps the clocks."""
        return None

    async def prepare(self, envelopes: Sequence[Envelope]) -> Mapping[str, Any]:
        """Look people up, fetch what a rule has to see, write what is to be recorded, log what somebody of
        the agency has to see to."""
        for envelope in envelopes:
            if isinstance(envelope.payload, MessageRejected):
                self._warn(envelope.subject, envelope.payload)
            if isinstance(envelope.payload, BreachReferred):
                log.warning("breach_referred", party=self.party, case=envelope.subject)
        return {e.id: await self._look_up(e.payload) for e in envelopes}

    def _warn(self, case: str, refused: MessageRejected) -> None:
        """What the hub refuses is not decided or known there, and somebody of the agency has to see to it."""
        log.warning(
            "hub_refused",
            party=self.party,
            case=case,
            message_id=refused.rejected_id,
            type=refused.rejected_type,
            reason=refused.reason,
            fields=list(refused.fields),
        )

    async def _look_up(self, payload: object) -> object:
        match payload:
            case CheckRequested():
                return {p.person_id: await self._records.find(p) for p in payload.people}
            case ReviewRequested():
                ids = {e.element_id.rpartition("/")[2]: e.element_id for e in payload.elements}
                held = await self._records.recall(ids.keys())
                return {ids[fingerprint]: element for fingerprint, element in held.items()}
            case RecordRequested():
                return await self._sink.write(payload)
        return None

    def decide(
        self, state: AgencyCase | None, envelope: Envelope, now: datetime, found: Any
    ) -> Decided[AgencyCase]:
        """What follows from a message of the hub. Raises `Refused` for a message that a worker has no use
        for."""
        case = state or AgencyCase(case_id=envelope.subject)
        decided = self._decide(case, envelope, now, found)
        sending = tuple(replace(s, lane=envelope.lane) for s in decided.sending)
        return replace(decided, sending=sending)

    def _decide(self, case: AgencyCase, envelope: Envelope, now: datetime, found: Any) -> Decided[AgencyCase]:
        match envelope.payload:
            case CheckRequested() as asked:
                return self._answer(case, asked, found)
            case ReviewRequested() as asked:
                return reviewing.review(case, self.agency, asked, found, self._policy, now)
            case PermissionRequested() as asked:
                return reviewing.permit(case, self.agency, asked, self._policy, now)
            case RecordRequested() as asked:
                return self._recorded(case, asked, found)
            case MessageRejected() as refused:
                return _rejected(case, refused)
            case DeadlineWarned() as warned:
                detail = {"timer": warned.timer, "percent": warned.percent}
                return Decided(case, facts=(Fact("deadline_warned", detail=detail),))
            case BreachReferred() as breach:
                return Decided(case, facts=(_breach(breach),))
        raise Refused("unexpected_message", "Send an agency only what the contract says it receives.")

    def fire(self, state: AgencyCase, now: datetime) -> Decided[AgencyCase]:
        """Nothing: no time of this worker's own ever comes."""
        return Decided(state)

    def _answer(self, case: AgencyCase, asked: CheckRequested, found: Any) -> Decided[AgencyCase]:
        said, after = answering.answer(case, self.agency, asked, found)
        detail = {
            "request_id": asked.request_id,
            "round": asked.round,
            "state": said.state,
            "elements": [e.element_id for e in said.elements],
            "matches": {m.person_id: m.outcome for m in said.matches},
        }
        return Decided(after, (Sending(HUB, said),), (Fact("check_answered", detail=detail),))

    def _recorded(self, case: AgencyCase, asked: RecordRequested, entry: str) -> Decided[AgencyCase]:
        said = RecordAcknowledged(record_id=asked.record_id, agency=self.agency, entry=entry)
        before = tuple(w for w in case.written if w.record_id != asked.record_id)
        written = (*before, WrittenBack(record_id=asked.record_id, entry=entry))
        detail = {"record_id": asked.record_id, "entry": entry, "elements": len(asked.elements)}
        return Decided(
            case.model_copy(update={"written": written}),
            (Sending(HUB, said),),
            (Fact("written_back", detail=detail),),
        )


def _breach(referred: BreachReferred) -> Fact:
    """The agency's disciplinary process is its own; here it is on record that it was told. [L10]"""
    return Fact(
        "breach_referred",
        detail={"report_id": referred.report_id, "person": referred.person, "kind": referred.kind},
    )


def _rejected(case: AgencyCase, refused: MessageRejected) -> Decided[AgencyCase]:
    """The hub did not take something this worker sent. Answering that would go round for ever."""
    rejected = (*case.rejected, refused.rejected_id)[-REJECTIONS_KEPT:]
    detail = {"rejected_id": refused.rejected_id, "reason": refused.reason}
    return Decided(
        case.model_copy(update={"rejected": rejected}), facts=(Fact("message_rejected", detail=detail),)
    )
