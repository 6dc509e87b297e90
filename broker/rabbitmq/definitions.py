"""A topology as RabbitMQ definitions: what ``rabbitmqctl import_definitions`` and the management API take.

Every user has the least that does its work: it declares nothing, publishes by the exchanges for
messages and for failures with the routing keys that are its own, and reads its own queues.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any

from broker import topics
from broker.declared import milliseconds
from broker.rabbitmq import names
from messages.topology import DEAD_QUEUE, EXCHANGE, Topology, UserSpec

Definitions = dict[str, list[dict[str, Any]]]

HASHING = "rabbit_password_hashing_sha256"

_UNLIMITED = -1
_QUORUM = {"x-queue-type": "quorum"}
# At least once: what is dead-lettered stays in its queue until the next queue has it on disk. The server
# asks for reject-publish with it, because dropping the oldest would lose what is on its way.
_KEPT = {"dead-letter-strategy": "at-least-once", "overflow": "reject-publish"}


def definitions(
    topology: Topology, vhost: str, passwords: Mapping[str, str], salt: Callable[[], bytes]
) -> Definitions:
    """Everything that the topology needs in a vhost.

    ``passwords`` are by user name; only hashes go into the result, each with 4 random bytes from ``salt``.
    A user without a password is left out, and so has to be there already.
    """
    return {
        "vhosts": [{"name": vhost}],
        "users": [
            {
                "name": user.name,
                "password_hash": password_hash(passwords[user.name], salt()),
                "hashing_algorithm": HASHING,
                "tags": [],
            }
            for user in topology.users
            if user.name in passwords
        ],
        "permissions": [_permission(user, vhost) for user in topology.users],
        "topic_permissions": [
            permission for user in topology.users for permission in _topic_permissions(user, vhost)
        ],
        "exchanges": _exchanges(topology, vhost),
        "queues": _queues(topology, vhost),
        "bindings": _bindings(topology, vhost),
        "policies": _policies(topology, vhost),
    }


def password_hash(password: str, salt: bytes) -> str:
    digest = hashlib.sha256(salt + password.encode()).digest()
    return base64.b64encode(salt + digest).decode()


def is_password(password: str, hashed: str) -> bool:
    """Whether this is the password behind a hash that the server keeps."""
    salt = base64.b64decode(hashed)[:4]
    return hmac.compare_digest(password_hash(password, salt), hashed)


def _permission(user: UserSpec, vhost: str) -> dict[str, Any]:
    writes = [EXCHANGE] * bool(user.may_send) + [names.DELAY_EXCHANGE] * bool(user.may_read)
    return {
        "user": user.name,
        "vhost": vhost,
        "configure": topics.names([]),
        "write": topics.names(writes),
        "read": topics.names(user.may_read),
    }


def _topic_permissions(user: UserSpec, vhost: str) -> list[dict[str, Any]]:
    """Without one, everything is allowed: so every user has one for each exchange that it may write to."""
    steps = rf"(?:[0-9]+|{names.DEAD_STEP})\."
    allowed = {
        EXCHANGE: topics.regex(user.may_send),
        names.DELAY_EXCHANGE: topics.names(user.may_read, after=steps),
    }
    return [
        {"user": user.name, "vhost": vhost, "exchange": exchange, "write": write, "read": topics.names([])}
        for exchange, write in allowed.items()
    ]


def _exchanges(topology: Topology, vhost: str) -> list[dict[str, Any]]:
    markers = [names.marker(user.name, topology) for user in topology.users]
    kinds = [
        (EXCHANGE, "topic", False),
        (names.DELAY_EXCHANGE, "topic", False),
        (names.RETURN_EXCHANGE, "topic", True),
        (names.DEAD_EXCHANGE, "fanout", True),
        *((marker, "fanout", True) for marker in markers),
    ]
    return [
        {
            "name": name,
            "vhost": vhost,
            "type": kind,
            "durable": True,
            "auto_delete": False,
            "internal": internal,
            "arguments": {},
        }
        for name, kind, internal in kinds
    ]


def _queues(topology: Topology, vhost: str) -> list[dict[str, Any]]:
    arguments: dict[str, dict[str, Any]] = {spec.name: _QUORUM for spec in topology.queues}
    arguments[DEAD_QUEUE] = _QUORUM
    for name, delay in names.delay_queues(topology).items():
        # The length is what the queue is, and is in its name; so it is an argument and not a policy.
        arguments[name] = {**_QUORUM, "x-message-ttl": milliseconds(delay)}
    return [
        {"name": name, "vhost": vhost, "durable": True, "auto_delete": False, "arguments": with_these}
        for name, with_these in arguments.items()
    ]


def _bindings(topology: Topology, vhost: str) -> list[dict[str, Any]]:
    links = [
        *((EXCHANGE, pattern, spec.name) for spec in topology.queues for pattern in spec.patterns),
        *((names.RETURN_EXCHANGE, f"*.{spec.name}", spec.name) for spec in topology.queues),
        (names.RETURN_EXCHANGE, f"*.{DEAD_QUEUE}", DEAD_QUEUE),
        *(
            (names.DELAY_EXCHANGE, f"{names.step(delay)}.#", name)
            for name, delay in names.delay_queues(topology).items()
        ),
        (names.DELAY_EXCHANGE, f"{names.DEAD_STEP}.#", DEAD_QUEUE),
        (names.DEAD_EXCHANGE, "", DEAD_QUEUE),
    ]
    return [
        {
            "source": source,
            "vhost": vhost,
            "destination": destination,
            "destination_type": "queue",
            "routing_key": key,
            "arguments": {},
        }
        for source, key, destination in dict.fromkeys(links)
    ]


def _policies(topology: Topology, vhost: str) -> list[dict[str, Any]]:
    queues = topics.names(spec.name for spec in topology.queues)
    delays = rf"^{re.escape(names.DELAY_EXCHANGE)}\.[0-9]+{topics.END}"
    rules: list[tuple[str, str, dict[str, Any]]] = [
        (
            "mash-queues",
            queues,
            {
                "dead-letter-exchange": names.DEAD_EXCHANGE,
                "delivery-limit": topology.delivery_limit,
                **_KEPT,
            },
        ),
        (
            "mash-delays",
            delays,
            {"dead-letter-exchange": names.RETURN_EXCHANGE, "delivery-limit": _UNLIMITED, **_KEPT},
        ),
        # What is in the dead queue has nowhere further to go, so nothing may make the server drop it.
        ("mash-dead", topics.names([DEAD_QUEUE]), {"delivery-limit": _UNLIMITED}),
    ]
    return [
        {
            "vhost": vhost,
            "name": name,
            "pattern": pattern,
            "apply-to": "queues",
            "definition": definition,
            "priority": 10,
        }
        for name, pattern, definition in rules
    ]
