"""The dead queue: messages that the broker gave up on go into quarantine, and their senders are told.

The hub does this for all agents. Who published a message is told that it could not be handled, which
for a message to an agency is the hub itself: so a case learns that an agency's worker cannot cope.
The hub takes that for its own only if it bears its mark: see `made_here`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from agents.runtime.given import Given
from agents.runtime.log import fault, log
from agents.runtime.made_here import made_here, marked
from agents.runtime.opening import Rejection, quarantined, rejection_of, sound
from agents.runtime.outgoing import direct, rejected
from agents.runtime.pausing import Pause
from agents.runtime.relay import UNCONFIRMED
from broker.port import BrokerError, Delivery, NotPublished, Subscription
from messages.refusal import REMEDIES
from store.port import StoreError

REASON = "handler_failed"


class DeadLetters:
    """Empties the dead queue for the agent of ``party``."""

    def __init__(self, party: str, given: Given, batch: int, stopping: asyncio.Event) -> None:
        self._party = party
        self._given = given
        self._batch = batch
        self._stopping = stopping

    async def run(self, subscription: Subscription) -> None:
        """Until the subscription is stopped."""
        pause = Pause(self._stopping)
        while not self._stopping.is_set():
            try:
                deliveries = await subscription.take(self._batch)
                if not deliveries:
                    return
                await self._bury(subscription, deliveries)
                pause.over()
            except (BrokerError, StoreError) as error:
                log.warning("dead_letters_failed", **fault(error))
                await pause.rest()

    async def _bury(self, subscription: Subscription, deliveries: Sequence[Delivery]) -> None:
        rejections = [rejection_of(self._believed(one), REASON, REMEDIES[REASON]) for one in deliveries]
        try:
            await self._given.quarantine.put([quarantined(r, self._given.clock.now()) for r in rejections])
            await self._tell(rejections)
        except (BrokerError, StoreError):
            await subscription.hand_back(deliveries)
            raise
        for one in rejections:
            log.error(
                "quarantined",
                message_id=one.message_id,
                type=one.type,
                queue=one.delivery.origin_queue,
                reason=sound(one.delivery.failure),
            )
        await subscription.acknowledge(deliveries)

    def _believed(self, delivery: Delivery) -> Delivery:
        """What is said to come from this very agent and does not bear its mark is from nobody."""
        mine = delivery.user == self._given.broker.user
        if not mine or made_here(
            delivery.routing_key, delivery.body, delivery.headers, self._given.audit_secret
        ):
            return delivery
        log.warning("not_made_here", message_id=sound(delivery.message_id), queue=delivery.origin_queue)
        return replace(delivery, user=None)

    async def _tell(self, rejections: Sequence[Rejection]) -> None:
        now, keys = self._given.clock.now(), self._given.wire_keys
        answers = [rejected(rejection, self._party, now) for rejection in rejections]
        known = [answer for answer in answers if answer is not None]
        try:
            if known:
                await self._given.broker.publish(
                    [marked(direct(one, keys), self._given.audit_secret) for one in known]
                )
        except NotPublished as error:
            if UNCONFIRMED in error.failed.values():
                raise
            # Nobody may listen to such a notice; the quarantine has it all the same.
            log.warning("not_published", count=len(error.failed))
