"""A step in the making: what several messages, or a due time, do to one document.

No I/O here. A fold asks the agent to decide message by message, gathers what follows, and ends as one
`Plan`: one write for the store, texts for the vault, messages to send, and what became of each message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from agents.deciding import Agent, Decided, Fact, NoticesUnreadable, Refused, Sending, State, Unreadable
from agents.runtime.documents import Document
from agents.runtime.given import Given
from agents.runtime.log import fault, log
from agents.runtime.opening import Incoming, Rejection, rejection_of
from agents.runtime.origin import Origin, subject_of
from agents.runtime.outgoing import Ready, content_sent, rejected
from agents.runtime.refused import facets_of, refusals
from agents.runtime.tracing import OpenSpan, Tracing, trace_id
from messages.codec import plain_wire, received_ref, to_outbox
from messages.envelope import Envelope
from messages.parties import STAFF
from store import audit
from store.port import Kept, Step
from store.vault import text_ref

Content = tuple[str, str, list[str]]
"""Texts for the vault: the reference of the blob, the document whose data key seals it, the texts."""


MOST_REFUSALS = 200
"""How many refusals a document notes, lest a sender make it grow without end; those of staff always."""
_REFUSED = "!refused"


class StuckTimer(Exception):
    """A due time was fired and is due as before: firing it again would never end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message: ``accepted``, ``duplicate``, ``refused`` or ``failed``, and why."""

    kind: str
    reason: str | None = None


@dataclass(slots=True)
class Plan(Generic[State]):
    """What a fold came to. ``step`` is None when there is nothing to write.

    ``state`` is None when it may hold new texts: what stays in memory is decoded from its stored form.
    ``contents`` are texts for the vault: the step takes them with it, sealed.
    ``rejections`` go into quarantine; the senders of ``to_tell`` are not told by the step itself.
    """

    document: Document[State]
    step: Step | None
    state: State | None
    contents: list[Content]
    ready: list[Ready]
    outcomes: list[tuple[Incoming | Rejection, Outcome]]
    rejections: list[Rejection]
    to_tell: list[Rejection]
    span: OpenSpan | None = None

    def put_away(self) -> None:
        """The step stands: the state that stays in memory holds references, and no texts."""
        for item, _ in self.outcomes:
            if isinstance(item, Incoming):
                item.put_away()


def refused_mark(message_id: str) -> str:
    """How the inbox notes a message that was refused: dealt with, but it may be redriven."""
    return f"{message_id}{_REFUSED}"


def was_handled(inbox: Collection[str], message_id: str, redriven: bool) -> bool:
    """Whether a message is in the inbox of its document."""
    return message_id in inbox or (not redriven and refused_mark(message_id) in inbox)


def texts_of(plans: Iterable[Plan[Any]]) -> dict[str, str]:
    """All texts that these plans put into the vault, by reference."""
    return {
        text_ref(blob_ref, place): text
        for plan in plans
        for blob_ref, _, texts in plan.contents
        for place, text in enumerate(texts)
    }


class Fold(Generic[State]):
    """Takes in messages one after another; one that fails leaves no trace in it."""

    def __init__(
        self, agent: Agent[State], given: Given, tracing: Tracing, document: Document[State], now: datetime
    ) -> None:
        self._agent = agent
        self._given = given
        self._tracing = tracing
        self._document = document
        self._now = now
        self._state = document.state(agent)
        self._key = document.kept.key
        self._origin = Origin.kept(document.kept.facets)
        self._refused = refusals(document.kept.facets)
        self._changed = False
        self._inbox: list[str] = []
        self._facts: list[str] = []
        self._contents: list[Content] = []
        self._makes_texts = False
        self._ready: list[Ready] = []
        self._outcomes: list[tuple[Incoming | Rejection, Outcome]] = []
        self._rejections: list[Rejection] = []
        self._to_tell: list[Rejection] = []
        self._span: OpenSpan | None = None

    def take(self, incoming: Incoming) -> None:
        """Let the agent decide on a message."""
        envelope = incoming.envelope
        if self._tracing.on and incoming.span is None:
            incoming.span = self._tracing.message(
                envelope, self._key, incoming.delivery.attempt, self._origin.traceparent, self._now
            )
        self._outcomes.append((incoming, self._outcome_of(incoming, envelope)))

    def _outcome_of(self, incoming: Incoming, envelope: Envelope) -> Outcome:
        if self._was_handled(envelope.id, incoming.redriven):
            self._send_what_was_not_sent()
            return Outcome("duplicate")
        try:
            decided = self._agent.decide(self._state, envelope, self._now, incoming.found)
            self._apply(decided, envelope, incoming.span)
        except Refused as refusal:
            if not incoming.redriven:
                self._refuse(incoming, refusal)
            return Outcome("refused", refusal.reason)
        except Exception as error:
            log.error(
                "decision_failed",
                message_id=envelope.id,
                type=envelope.type,
                case=self._key,
                trace_id=trace_id(self._origin.traceparent or envelope.traceparent),
                **fault(error),
            )
            return Outcome("failed", "handler_failed")
        self._receive(incoming)
        self._inbox.append(envelope.id)
        return Outcome("accepted")

    def _send_what_was_not_sent(self) -> None:
        """A message that comes again may do so because a process died before it had sent what followed."""
        here = {ready.entry.message_id for ready in self._ready}
        self._ready += [
            Ready.kept(self._key, entry) for entry in self._document.unsent() if entry.message_id not in here
        ]

    def _receive(self, incoming: Incoming) -> None:
        """Keep the content of an accepted message."""
        if incoming.texts and self._given.keeps_content:
            blob_ref = received_ref(incoming.delivery.body)
            self._contents.append((blob_ref, self._key, [text.reveal() for text in incoming.texts]))

    def _was_handled(self, message_id: str, redriven: bool) -> bool:
        return was_handled(self._document.kept.inbox, message_id, redriven) or was_handled(
            self._inbox, message_id, redriven
        )

    def _refuse(self, incoming: Incoming, refusal: Refused) -> None:
        rejection = rejection_of(incoming.delivery, refusal.reason, refusal.remedy, refusal.fields)
        if self._state is None or not self._has_room_for(rejection):
            self._reject_without_record(rejection)
        else:
            self._note_refusal(rejection, refusal, incoming.span)

    def _has_room_for(self, rejection: Rejection) -> bool:
        inbox = (*self._document.kept.inbox, *self._inbox)
        noted = sum(mark.endswith(_REFUSED) for mark in inbox)
        return noted < MOST_REFUSALS or rejection.delivery.user == STAFF

    def _reject_without_record(self, rejection: Rejection) -> None:
        self._rejections.append(rejection)
        self._to_tell.append(rejection)

    def unreadable(self, rejection: Rejection) -> None:
        """Let the agent know of a message for this document that could not be read."""
        sender = rejection.delivery.user
        if self._was_handled(rejection.message_id, redriven=False):
            self._outcomes.append((rejection, Outcome("duplicate")))
            return
        self._outcomes.append((rejection, Outcome("rejected", rejection.reason)))
        decided = None
        attached = self._state is not None and self._has_room_for(rejection)
        if attached and sender is not None and isinstance(self._agent, NoticesUnreadable):
            message = Unreadable(rejection.message_id, sender, rejection.type, rejection.reason)
            try:
                decided = self._agent.unreadable(self._state, message, self._now)
                if decided is not None:
                    self._apply(decided, None, None)
            except Exception as error:
                log.error("decision_failed", message_id=rejection.message_id, **fault(error))
                decided = None
        if decided is None:
            self._reject_without_record(rejection)
        else:
            self._note_refusal(rejection, None, None)

    def _note_refusal(self, rejection: Rejection, refusal: Refused | None, span: OpenSpan | None) -> None:
        """Put a rejection on the record of the document and into its outbox."""
        self._rejections.append(rejection)
        answer = rejected(rejection, self._agent.party, self._now, span.traceparent if span else None)
        if answer is not None:
            self._ready.append(Ready.fresh(self._key, answer, to_outbox(answer)[0]))
        detail = {
            "type": rejection.type,
            "reason": rejection.reason,
            "fields": list(rejection.fields),
            "sender": rejection.delivery.user,
        }
        self._refused[rejection.reason] += 1
        fact = Fact("refused", refusal.by if refusal else None, detail)
        self._facts.append(self._record(fact, rejection.message_id))
        self._inbox.append(refused_mark(rejection.message_id))
        self._changed = True

    def fire(self) -> None:
        """Let the agent do what its due time asks for, unless that was done already.

        Raises
        ------
        StuckTimer
            when the due time has not moved on after it.
        """
        due, state = self._document.kept.due, self._state
        if state is None or due is None or due > self._now:
            return
        if self._tracing.on:
            self._span = self._tracing.fired(self._key, self._origin.traceparent, self._now)
        try:
            decided = self._agent.fire(state, self._now)
            next_due = self._agent.due(decided.state)
            if next_due is not None and next_due <= due:
                raise StuckTimer
            self._apply(decided, None, self._span)
        except Exception:
            if self._span is not None:
                self._span.end(self._now, "failed")
            raise

    def plan(self) -> Plan[State]:
        """Everything that was taken in, as one step."""
        step = self._step(self._state) if self._changed and self._state is not None else None
        return Plan(
            document=self._document,
            step=step,
            state=None if self._makes_texts else self._state,
            contents=self._contents,
            ready=self._ready,
            outcomes=self._outcomes,
            rejections=self._rejections,
            to_tell=self._to_tell,
            span=self._span,
        )

    def _apply(self, decided: Decided[State], cause: Envelope | None, span: OpenSpan | None) -> None:
        """Take over a decision, all of it or nothing."""
        traceparent = span.traceparent if span else None
        origin = self._origin.or_else(cause, traceparent) if cause else self._origin
        ready, contents = [], []
        if decided.sending:
            facets = self._document.kept.facets or self._agent.facets(decided.state)
            subject = subject_of(facets, self._key)
            for sending in decided.sending:
                envelope = self._envelope(sending, subject, origin, cause, traceparent)
                body, new_texts = self._written(envelope)
                ready.append(Ready.fresh(self._key, envelope, body))
                if new_texts:
                    contents.append((envelope.id, self._key, new_texts))
        recorded = [*decided.facts, *content_sent(ready)]
        facts = [self._record(fact, cause.id if cause else None) for fact in recorded]
        self._state = decided.state
        self._origin = origin
        self._ready += ready
        self._contents += contents
        self._makes_texts |= bool(contents)
        self._facts += facts
        self._changed = True

    def _written(self, envelope: Envelope) -> tuple[str, list[str]]:
        """The outbox form: references and texts for the vault, or, without a vault, as it travels."""
        if self._given.keeps_content:
            return to_outbox(envelope)
        return plain_wire(envelope, self._given.wire_keys).decode(), []

    def _envelope(
        self, sending: Sending, subject: str, origin: Origin, cause: Envelope | None, traceparent: str | None
    ) -> Envelope:
        return Envelope(
            id=self._given.new_id(),
            source=self._agent.party,
            recipient=sending.to,
            subject=subject,
            time=self._now,
            payload=sending.payload,
            lane=sending.lane,
            correlation_id=origin.correlation,
            causation_id=cause.id if cause else None,
            traceparent=traceparent or origin.traceparent,
        )

    def _record(self, fact: Fact, message_id: str | None) -> str:
        """The body of an audit entry."""
        return audit.canonical(
            {
                "act": fact.what,
                "at": self._now.isoformat(),
                "by": fact.by.model_dump(mode="json") if fact.by else None,
                "detail": dict(fact.detail),
                "message": message_id,
            }
        )

    def _step(self, state: State) -> Step:
        document, kept = self._document, self._document.kept
        entries = audit.link(
            kept.audit_seq, kept.audit_hash, self._key, self._facts, self._given.audit_secret
        )
        unsent = document.unsent()
        after = Kept(
            key=self._key,
            version=kept.version + 1,
            state=self._agent.dump(state),
            outbox=(*unsent, *(ready.entry for ready in self._ready if ready.entry not in unsent)),
            inbox=kept.inbox.union(self._inbox),
            audit_seq=entries[-1].seq if entries else kept.audit_seq,
            audit_hash=entries[-1].hash if entries else kept.audit_hash,
            audit_pending=(*document.uncopied(), *entries),
            sealed=document.unvaulted(),
            due=self._agent.due(state),
            facets={**self._agent.facets(state), **self._origin.facets(), **facets_of(self._refused)},
        )
        return Step(before=kept, after=after, token=self._given.new_id(), at=self._now)
