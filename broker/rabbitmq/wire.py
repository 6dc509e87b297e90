"""Messages as RabbitMQ carries them, and what may be believed of what it delivers."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from aiormq.abc import DeliveredMessage
from pamqp import commands
from pamqp.body import ContentBody
from pamqp.frame import marshal
from pamqp.header import ContentHeader

from broker import topics
from broker.port import Delivery, Outbound, kept_headers
from broker.rabbitmq import names
from messages.topology import DEAD_QUEUE, Topology

log = logging.getLogger(__name__)

_PERSISTENT = 2
_FRAME_OVERHEAD = 8


@dataclass(frozen=True, slots=True)
class Handle:
    """Which delivery of which consumer this is, and what the message has behind it.

    ``failures`` counts the delays that it went through, ``returns`` what the queue counts against its
    delivery limit.
    """

    generation: int
    tag: int
    failures: int
    returns: int


def publish_frames(channel: int, frame_max: int, exchange: str, user: str, message: Outbound) -> bytes:
    """Everything that goes over the wire for one message: persistent, mandatory, in the user's name."""
    properties = commands.Basic.Properties(
        delivery_mode=_PERSISTENT,
        message_id=message.message_id,
        message_type=message.type,
        user_id=user,
        headers=dict(message.headers),
    )
    publish = commands.Basic.Publish(exchange=exchange, routing_key=message.routing_key, mandatory=True)
    header = ContentHeader(body_size=len(message.body), properties=properties)
    room = frame_max - _FRAME_OVERHEAD
    return b"".join(
        [
            marshal(publish, channel),
            marshal(header, channel),
            *(
                marshal(ContentBody(message.body[start : start + room]), channel)
                for start in range(0, len(message.body), room)
            ),
        ]
    )


class Reader:
    """Turns what arrives at a queue into a :class:`broker.port.Delivery`."""

    def __init__(self, topology: Topology) -> None:
        self._delivery_limit = topology.delivery_limit
        self._users = {user.name: user for user in topology.users}
        self._patterns = {spec.name: spec.patterns for spec in topology.queues}
        self._readers: dict[str, Collection[str]] = {
            queue: {user.name for user in topology.users if queue in user.may_read}
            for queue in (DEAD_QUEUE, *(spec.name for spec in topology.queues))
        }

    def delivery(self, queue: str, message: DeliveredMessage, generation: int) -> Delivery:
        frame, properties = cast("commands.Basic.Deliver", message.delivery), message.header.properties
        headers: Mapping[str, Any] = properties.headers or {}
        exchange, key = frame.exchange or "", frame.routing_key or ""
        again = _number(headers, "x-delivery-count")
        failure = origin = None
        past: Mapping[str, Any] = {}
        user = properties.user_id
        if exchange == names.RETURN_EXCHANGE:
            past = headers
            failure, origin = _text(past, names.HEADER_FAILURE), _text(past, names.HEADER_ORIGIN)
            if names.HEADER_ATTEMPTS in past:
                user = _text(past, names.HEADER_USER)
        elif exchange == names.DELAY_EXCHANGE:
            failure, origin = _text(headers, names.HEADER_FAILURE), key.removeprefix(f"{names.DEAD_STEP}.")
            past, user = self._told(headers, properties.user_id, origin)
        elif exchange == names.DEAD_EXCHANGE:
            death = _last_death(headers)
            failure, origin = _text(death, "reason"), _text(death, "queue")
            over = self._delivery_limit + 1
            # It arrives with the count of the queue that it died in, and only later has one of its own.
            again = over if again == over else over + again
            # Nobody can write to the exchange of dead letters, but what was dead-lettered may have come
            # straight from anybody: its past counts only if a reader of that queue can have written it.
            if properties.user_id in self._readers.get(origin or "", ()):
                past, user = self._told(headers, properties.user_id, origin or "")
        return Delivery(
            queue=queue,
            message_id=properties.message_id or "",
            type=properties.message_type or "",
            routing_key=_text(past, names.HEADER_ROUTING_KEY) or key,
            body=message.body,
            headers=kept_headers(headers),
            user=user,
            attempt=1 + again + _number(past, names.HEADER_ATTEMPTS),
            handle=Handle(generation, frame.delivery_tag or 0, _number(past, names.HEADER_FAILURES), again),
            failure=failure,
            origin_queue=origin,
        )

    def _told(
        self, headers: Mapping[str, Any], publisher: str | None, origin: str
    ) -> tuple[Mapping[str, Any], str | None]:
        """What may be believed of a dead letter's past, as told by who gave it up, and who sent it first.

        The teller must be a reader of the queue that it names, and the user whom it names must be able to
        have sent there what it says. Anything else is from nobody, and has no past.
        """
        if names.HEADER_ATTEMPTS not in headers:
            return {}, publisher
        user, key = _text(headers, names.HEADER_USER), _text(headers, names.HEADER_ROUTING_KEY) or ""
        able = user is None or (user in self._users and _any_takes(self._users[user].may_send, key))
        leads = _any_takes(self._patterns.get(origin, ()), key)
        if able and leads and publisher in self._readers.get(origin, ()):
            return headers, user
        log.warning("queue %s: what user %s says of a dead message is not believed", origin, publisher)
        return {}, None


def _any_takes(patterns: Iterable[str], key: str) -> bool:
    return any(topics.matches(pattern, key) for pattern in patterns)


def _last_death(headers: Mapping[str, Any]) -> Mapping[str, Any]:
    deaths = headers.get("x-death")
    return deaths[0] if isinstance(deaths, list) and deaths and isinstance(deaths[0], dict) else {}


def _text(table: Mapping[str, Any], name: str) -> str | None:
    value = table.get(name)
    return value if isinstance(value, str) else None


def _number(table: Mapping[str, Any], name: str) -> int:
    value = table.get(name, 0)
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else 0
