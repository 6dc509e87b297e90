"""Out of quarantine: an operator lets a message be taken again, after what was wrong was put right.

What this agent received is handled here and now, as delivered by the sender whom the broker vouched
for; nobody publishes in another's name. What this agent sent and its receiver could not cope with is
published again, if its mark shows that it was sent just so. Either way the message leaves quarantine
only once that is done, so a crash in between leaves it there, and doing it twice does it once.
"""

from __future__ import annotations

from typing import Generic

from agents.deciding import State
from agents.runtime.finishing import Finisher
from agents.runtime.folding import Outcome
from agents.runtime.given import Given
from agents.runtime.handling import Handler
from agents.runtime.log import log
from agents.runtime.made_here import made_here
from broker.port import Delivery, Outbound
from store.port import Quarantined, StoreError

NOT_MADE_HERE = "not_made_here"


class Redriving(Generic[State]):
    """Redrives messages of one agent's quarantine."""

    def __init__(self, given: Given, handler: Handler[State], finisher: Finisher[State]) -> None:
        self._given = given
        self._handler = handler
        self._finisher = finisher

    async def redrive(self, message_id: str) -> Outcome:
        """Take a message again: ``accepted``, ``duplicate``, ``sent``, or still ``refused``, ``rejected``
        or ``failed`` for a reason; then it stays where it is.

        Raises
        ------
        NotInQuarantine
        QuarantineUnreadable
        NotPublished
        StoreError
        """
        item = await self._given.quarantine.opened(message_id)
        outcome = await (self._send(item) if item.user == self._given.broker.user else self._handle(item))
        log.info("redriven", message_id=message_id, outcome=outcome.kind, reason=outcome.reason)
        if outcome.kind in ("accepted", "duplicate", "sent"):
            await self._given.quarantine.release(message_id)
        return outcome

    async def _send(self, item: Quarantined) -> Outcome:
        if not made_here(item.routing_key, item.body, item.headers, self._given.audit_secret):
            return Outcome("rejected", NOT_MADE_HERE)
        again = Outbound(item.message_id, item.type, item.routing_key, item.body, item.headers)
        await self._given.broker.publish([again])
        return Outcome("sent")

    async def _handle(self, item: Quarantined) -> Outcome:
        delivery = Delivery(
            queue=item.queue,
            message_id=item.message_id,
            type=item.type,
            routing_key=item.routing_key,
            body=item.body,
            headers=item.headers,
            user=item.user,
            attempt=item.attempts + 1,
            handle=None,
        )
        batch = await self._handler.handle([delivery], redriven=True)
        if batch.left:
            raise StoreError("the store cannot be reached")
        return (await self._finisher.send(batch))[0][1]
