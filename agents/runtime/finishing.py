"""What follows a commit: send, tell the senders of what was rejected, report to the broker.

The commit stands whatever happens here: an unsent outbox is sent by the sweep, and a message that was
not acknowledged comes again and is found in the inbox.
"""

from __future__ import annotations

from typing import Any, Generic

from agents.deciding import State
from agents.runtime.folding import Outcome, texts_of
from agents.runtime.given import Given
from agents.runtime.handling import Batch
from agents.runtime.log import fault, log
from agents.runtime.opening import Incoming, Rejection
from agents.runtime.outgoing import direct, rejected
from agents.runtime.relay import UNCONFIRMED, Relay
from agents.runtime.tracing import trace_id
from broker.port import BrokerError, Delivery, Subscription

FAILED, REJECTED = "failed", "rejected"


class Finisher(Generic[State]):
    """Finishes the batches of the agent of ``party``."""

    def __init__(self, party: str, given: Given, relay: Relay[State]) -> None:
        self._party = party
        self._given = given
        self._relay = relay

    async def send(self, batch: Batch[State]) -> list[tuple[Delivery, Outcome]]:
        """Send what was committed, and return what became of each delivery that was decided on.

        ``failed`` ones are to be brought again by the broker.
        """
        to_tell = [*batch.unattached, *(one for plan in batch.done for one in plan.to_tell)]
        now = self._given.clock.now()
        answers = {one.message_id: rejected(one, self._party, now) for one in to_tell}
        unsent = await self._relay.send(
            [ready for plan in batch.done for ready in plan.ready],
            [direct(answer, self._given.wire_keys) for answer in answers.values() if answer is not None],
            texts_of(batch.done),
        )
        for rejection in batch.rejections:
            _log_rejection(rejection)
        outcomes = [(delivery, Outcome(FAILED, reason)) for delivery, reason in batch.failed]
        for item, outcome in _decided(batch):
            answer = answers.get(item.message_id)
            if answer is not None and unsent.get(answer.id) == UNCONFIRMED:
                outcome = Outcome(FAILED, "not_published")
            outcomes.append((item.delivery, outcome))
            if isinstance(item, Incoming) and item.span is not None:
                item.span.end(now, outcome.kind, outcome.reason)
        return outcomes

    async def finish(self, batch: Batch[State], subscription: Subscription) -> None:
        """Send what was committed, and tell the broker what became of each delivery."""
        outcomes = await self.send(batch)
        try:
            if done := [delivery for delivery, outcome in outcomes if outcome.kind != FAILED]:
                await subscription.acknowledge(done)
            for delivery, outcome in outcomes:
                if outcome.kind == FAILED:
                    await subscription.fail(delivery, outcome.reason or FAILED)
            if left := batch.left:
                await subscription.hand_back(left)
        except BrokerError as error:
            log.warning("report_failed", queue=subscription.queue, **fault(error))


def _decided(batch: Batch[Any]) -> list[tuple[Incoming | Rejection, Outcome]]:
    return [
        *((rejection, Outcome(REJECTED, rejection.reason)) for rejection in batch.unattached),
        *(one for plan in batch.done for one in plan.outcomes),
    ]


def _log_rejection(rejection: Rejection) -> None:
    log.info(
        "rejected",
        message_id=rejection.message_id,
        type=rejection.type,
        sender=rejection.delivery.user,
        reason=rejection.reason,
        trace_id=trace_id(rejection.traceparent),
    )
