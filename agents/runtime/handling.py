"""From deliveries to outcomes: what is done with everything that a consumer took in one go.

One message that fails must not harm the others: the agent decides on each by itself, and when
something goes wrong for all of them at once, they are taken again one at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic

from agents.deciding import Agent, NoticesUnreadable, Refused, State
from agents.runtime.documents import Document, Documents
from agents.runtime.folding import Fold, Outcome, Plan, texts_of, was_handled
from agents.runtime.given import Given
from agents.runtime.log import fault, log
from agents.runtime.opening import Incoming, Rejection, open_delivery, rejection_of, sound
from agents.runtime.outgoing import direct, rejected
from agents.runtime.relay import UNCONFIRMED, Relay
from agents.runtime.stepping import Steps
from agents.runtime.tracing import trace_id
from broker.port import Delivery
from store.port import StoreError

FAILED, REJECTED = "failed", "rejected"
_NOT_FROM_THE_SENDER = {"sender_unknown", "sender_mismatch", "wrong_recipient", "not_for_you"}


@dataclass(slots=True)
class Batch:
    """Deliveries taken together. ``outcomes`` grows; ``left`` are those without one."""

    deliveries: Sequence[Delivery]
    outcomes: list[tuple[Delivery, Outcome]] = field(default_factory=list)

    @property
    def left(self) -> list[Delivery]:
        settled = {id(delivery) for delivery, _ in self.outcomes}
        return [delivery for delivery in self.deliveries if id(delivery) not in settled]


class Handler(Generic[State]):
    """Handles deliveries for one agent."""

    def __init__(
        self,
        agent: Agent[State],
        given: Given,
        documents: Documents[State],
        steps: Steps[State],
        relay: Relay[State],
    ) -> None:
        self._agent = agent
        self._given = given
        self._documents = documents
        self._steps = steps
        self._relay = relay
        self._notices_unreadable = isinstance(agent, NoticesUnreadable)

    async def handle(self, deliveries: Sequence[Delivery], *, redriven: bool = False) -> Batch:
        """Give every delivery its outcome: ``failed`` ones are to be tried again by the broker.

        Those left without one met a store that cannot be reached: they are to be handed back.
        """
        batch = Batch(deliveries)
        try:
            await self._together(batch, deliveries, redriven)
        except Exception as error:
            log.warning("batch_failed", count=len(batch.left), **fault(error))
            await self._one_by_one(batch, redriven)
        return batch

    async def _one_by_one(self, batch: Batch, redriven: bool) -> None:
        for delivery in batch.left:
            try:
                await self._together(batch, [delivery], redriven)
            except StoreError as error:
                if not await self._given.store.healthy():
                    return
                self._failed(batch, delivery, "store_failed", error)
            except Exception as error:
                self._failed(batch, delivery, "handler_failed", error)

    def _failed(self, batch: Batch, delivery: Delivery, reason: str, error: Exception) -> None:
        log.error(
            "message_failed",
            message_id=sound(delivery.message_id),
            queue=delivery.queue,
            attempt=delivery.attempt,
            trace_id=trace_id(delivery.headers.get("traceparent")),
            **fault(error),
        )
        batch.outcomes.append((delivery, Outcome(FAILED, reason)))

    async def _together(self, batch: Batch, deliveries: Sequence[Delivery], redriven: bool) -> None:
        incoming, rejections = self._open(batch, deliveries, redriven)
        works: dict[str, list[Incoming | Rejection]] = {}
        for one in incoming:
            works.setdefault(one.key, []).append(one)
        unattached = []
        for rejection in rejections:
            if self._may_be_news(rejection):
                works.setdefault(rejection.subject, []).append(rejection)
            else:
                unattached.append(rejection)
        await self._steps.put_aside(unattached)
        done: list[Plan[State]] = []
        try:
            if works:
                await self._prepare(incoming, await self._documents.get(works))
                await self._steps.carry_out(
                    {key: partial(_fold, items) for key, items in works.items()}, done
                )
        except Exception:
            await self._finish(batch, done, unattached)
            raise
        await self._finish(batch, done, unattached)

    async def _prepare(self, incoming: Sequence[Incoming], documents: Mapping[str, Document[State]]) -> None:
        """Let the agent look up what it needs for those that were not handled before."""
        fresh = [
            one
            for one in incoming
            if not was_handled(documents[one.key].kept.inbox, one.envelope.id, one.redriven)
        ]
        if fresh:
            found = await self._agent.prepare([one.envelope for one in fresh])
            for one in fresh:
                one.found = found.get(one.envelope.id)

    async def _finish(
        self, batch: Batch, done: Sequence[Plan[State]], unattached: Sequence[Rejection]
    ) -> None:
        """Send what was committed, tell the senders of what was rejected, note the outcomes."""
        to_tell = [*unattached, *(rejection for plan in done for rejection in plan.to_tell)]
        now = self._given.clock.now()
        answers = {rejection.message_id: rejected(rejection, self._agent.party, now) for rejection in to_tell}
        unsent = await self._relay.send(
            [ready for plan in done for ready in plan.ready],
            [direct(answer, self._given.wire_keys) for answer in answers.values() if answer is not None],
            texts_of(done),
        )
        untold = {
            message_id
            for message_id, answer in answers.items()
            if answer is not None and unsent.get(answer.id) == UNCONFIRMED
        }
        outcomes: list[tuple[Incoming | Rejection, Outcome]] = [
            *((rejection, Outcome(REJECTED, rejection.reason)) for rejection in unattached),
            *(outcome for plan in done for outcome in plan.outcomes),
        ]
        for rejection in [*unattached, *(rejection for plan in done for rejection in plan.rejections)]:
            log.info(
                "rejected",
                message_id=rejection.message_id,
                type=rejection.type,
                sender=rejection.delivery.user,
                reason=rejection.reason,
                trace_id=trace_id(rejection.traceparent),
            )
        for item, outcome in outcomes:
            if item.message_id in untold:
                outcome = Outcome(FAILED, "not_published")
            batch.outcomes.append((item.delivery, outcome))
            if isinstance(item, Incoming) and item.span is not None:
                item.span.end(now, outcome.kind, outcome.reason)

    def _open(
        self, batch: Batch, deliveries: Sequence[Delivery], redriven: bool
    ) -> tuple[list[Incoming], list[Rejection]]:
        incoming: list[Incoming] = []
        rejections: list[Rejection] = []
        for delivery in deliveries:
            opened = open_delivery(delivery, self._agent.party, self._given.wire_keys)
            if isinstance(opened, Incoming):
                opened.redriven = redriven
                try:
                    opened.key = self._agent.key(opened.envelope)
                except Refused as why:
                    opened = rejection_of(delivery, why.reason, why.remedy, why.fields)
                except Exception as error:
                    self._failed(batch, delivery, "handler_failed", error)
                    continue
            if isinstance(opened, Incoming):
                incoming.append(opened)
            elif redriven:
                batch.outcomes.append((delivery, Outcome(REJECTED, opened.reason)))
            else:
                rejections.append(opened)
        return incoming, rejections

    def _may_be_news(self, rejection: Rejection) -> bool:
        """Whether the agent may want to know of a message that cannot be read."""
        return (
            self._notices_unreadable
            and rejection.reason not in _NOT_FROM_THE_SENDER
            and rejection.subject != rejection.message_id
        )


def _fold(items: Sequence[Incoming | Rejection], fold: Fold[Any]) -> None:
    for item in items:
        if isinstance(item, Incoming):
            fold.take(item)
        else:
            fold.unreadable(item)
