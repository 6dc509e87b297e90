"""A delivery that has to come again, as a new message with its past in its headers.

The functions here only make the message. It is published to the delay exchange, with a key that the
server lets a user send only about queues that it may read; then the delivery is acknowledged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from broker.port import Delivery, Outbound
from broker.rabbitmq import names
from broker.rabbitmq.wire import Handle
from messages.topology import DEAD_QUEUE


def after_failure(delivery: Delivery, reason: str, delays: Sequence[timedelta]) -> Outbound:
    """What comes again after the next delay, or after the last one goes to the dead queue.

    What fails in the dead queue has nowhere further to go, so it keeps coming at the last delay.
    """
    done, queue = _failures(delivery), delivery.queue
    failure, origin = delivery.failure, delivery.origin_queue
    if done < len(delays) or (queue == DEAD_QUEUE and delays):
        key = names.delay_key(delays[min(done, len(delays) - 1)], queue)
        return _copy(delivery, key, delivery.attempt, done + 1, failure, origin)
    if queue != DEAD_QUEUE:
        failure, origin = reason, queue
    return _copy(delivery, names.dead_key(queue), delivery.attempt, 0, failure, origin)


def uncounted(delivery: Delivery, delays: Sequence[timedelta]) -> Outbound:
    """What comes again after the first delay as if it had not been delivered this time."""
    key = names.delay_key(delays[0], delivery.queue)
    past = delivery.failure, delivery.origin_queue
    return _copy(delivery, key, delivery.attempt - 1, _failures(delivery), *past)


def _failures(delivery: Delivery) -> int:
    return delivery.handle.failures if isinstance(delivery.handle, Handle) else 0


def _copy(
    delivery: Delivery, key: str, attempts: int, failures: int, failure: str | None, origin: str | None
) -> Outbound:
    past = {
        names.HEADER_USER: delivery.user,
        names.HEADER_ROUTING_KEY: delivery.routing_key,
        names.HEADER_ATTEMPTS: str(attempts),
        names.HEADER_FAILURES: str(failures),
        names.HEADER_FAILURE: failure,
        names.HEADER_ORIGIN: origin,
    }
    headers = {**delivery.headers, **{name: value for name, value in past.items() if value is not None}}
    return Outbound(delivery.message_id, delivery.type, key, delivery.body, headers)
