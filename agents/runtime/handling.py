"""From deliveries to outcomes: what is done with everything that a consumer took in one go.

One message that fails must not harm the others: the agent decides on each by itself, and when
something goes wrong for all of them at once, they are taken again one at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic

from agents.deciding import Agent, NoticesUnreadable, Refused, State
from agents.runtime.documents import Document, Documents
from agents.runtime.folding import Fold, Plan, was_handled
from agents.runtime.given import Given
from agents.runtime.log import fault, log
from agents.runtime.opening import Incoming, Rejection, open_delivery, rejection_of, sound
from agents.runtime.stepping import Steps
from agents.runtime.tracing import trace_id
from broker.port import Delivery
from store.port import StoreError

FAILED = "handler_failed"
_NOT_FROM_THE_SENDER = {"sender_unknown", "sender_mismatch", "wrong_recipient", "not_for_you"}


@dataclass(slots=True)
class Batch(Generic[State]):
    """Deliveries taken together, and what stands so far.

    ``done`` are the plans that were committed, ``unattached`` rejections that no document knows of, and
    ``failed`` deliveries with the reason for which the broker is to bring them again.
    """

    deliveries: Sequence[Delivery]
    done: list[Plan[State]] = field(default_factory=list)
    unattached: list[Rejection] = field(default_factory=list)
    failed: list[tuple[Delivery, str]] = field(default_factory=list)

    @property
    def rejections(self) -> list[Rejection]:
        return [*self.unattached, *(rejection for plan in self.done for rejection in plan.rejections)]

    @property
    def left(self) -> list[Delivery]:
        """Those that nothing was decided on: the store cannot be reached, they are to be handed back."""
        seen = {id(delivery) for delivery, _ in self.failed}
        seen |= {id(rejection.delivery) for rejection in self.unattached}
        seen |= {id(item.delivery) for plan in self.done for item, _ in plan.outcomes}
        return [delivery for delivery in self.deliveries if id(delivery) not in seen]


class Handler(Generic[State]):
    """Handles deliveries for one agent."""

    def __init__(
        self,
        agent: Agent[State],
        given: Given,
        documents: Documents[State],
        steps: Steps[State],
    ) -> None:
        self._agent = agent
        self._given = given
        self._documents = documents
        self._steps = steps
        self._notices_unreadable = isinstance(agent, NoticesUnreadable)

    async def handle(self, deliveries: Sequence[Delivery], *, redriven: bool = False) -> Batch[State]:
        """Decide on them and commit; what follows from it is still to be sent."""
        batch: Batch[State] = Batch(deliveries)
        try:
            await self._together(batch, deliveries, redriven)
        except Exception as error:
            log.warning("batch_failed", count=len(batch.left), **fault(error))
            await self._one_by_one(batch, redriven)
        return batch

    async def _one_by_one(self, batch: Batch[State], redriven: bool) -> None:
        for delivery in batch.left:
            try:
                await self._together(batch, [delivery], redriven)
            except StoreError as error:
                if not await self._given.store.healthy():
                    return
                _note_failed(batch, delivery, "store_failed", error)
            except Exception as error:
                _note_failed(batch, delivery, FAILED, error)

    async def _together(self, batch: Batch[State], deliveries: Sequence[Delivery], redriven: bool) -> None:
        incoming, rejections = self._open(batch, deliveries, redriven)
        works: dict[str, list[Incoming | Rejection]] = {}
        for one in incoming:
            works.setdefault(one.key, []).append(one)
        unattached = []
        for rejection in rejections:
            if self._may_be_news(rejection) and not redriven:
                works.setdefault(rejection.subject, []).append(rejection)
            else:
                unattached.append(rejection)
        await self._steps.put_aside(unattached)
        batch.unattached += unattached
        if works:
            beginning = [one for one in incoming if self._agent.begins(one.envelope)]
            self._documents.expect_new(one.key for one in beginning)
            if beginning and self._given.keeps_content:
                keys = {one.key for one in beginning}
                await asyncio.gather(
                    self._documents.get(works), self._prepare({}, incoming), self._given.vault.expect(keys)
                )
            elif all(self._documents.at_hand(key) for key in works):
                await self._prepare(await self._documents.get(works), incoming)
            else:
                await asyncio.gather(self._documents.get(works), self._prepare({}, incoming))
            await self._steps.carry_out(
                {key: partial(_fold, items) for key, items in works.items()}, batch.done
            )

    async def _prepare(self, documents: Mapping[str, Document[State]], incoming: Sequence[Incoming]) -> None:
        """Let the agent look up what it needs, for all but those known to be handled already."""
        fresh = [
            one
            for one in incoming
            if one.key not in documents
            or not was_handled(documents[one.key].kept.inbox, one.envelope.id, one.redriven)
        ]
        if fresh:
            found = await self._agent.prepare([one.envelope for one in fresh])
            for one in fresh:
                one.found = found.get(one.envelope.id)

    def _open(
        self, batch: Batch[State], deliveries: Sequence[Delivery], redriven: bool
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
                    _note_failed(batch, delivery, FAILED, error)
                    continue
            if isinstance(opened, Incoming):
                incoming.append(opened)
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


def _note_failed(batch: Batch[Any], delivery: Delivery, reason: str, error: Exception) -> None:
    log.error(
        "message_failed",
        message_id=sound(delivery.message_id),
        queue=delivery.queue,
        attempt=delivery.attempt,
        trace_id=trace_id(delivery.headers.get("traceparent")),
        **fault(error),
    )
    batch.failed.append((delivery, reason))
