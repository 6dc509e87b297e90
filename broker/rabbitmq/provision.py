"""Brings a RabbitMQ server to a topology, and says what that changes. Safe to run again and again.

Nothing that may hold messages is ever deleted. What is there and cannot be changed in place stops the
run before anything is touched, with what to do about it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from broker.port import BrokerError
from broker.rabbitmq import names
from broker.rabbitmq.definitions import Definitions, definitions, is_password
from broker.rabbitmq.management import Management
from messages.topology import EXCHANGE, Topology

_OURS = (EXCHANGE, names.DELAY_EXCHANGE, names.RETURN_EXCHANGE, names.DEAD_EXCHANGE)

_KEYS = {
    "vhosts": ("name",),
    "users": ("name",),
    "permissions": ("user",),
    "topic_permissions": ("user", "exchange"),
    "exchanges": ("name",),
    "queues": ("name",),
    "bindings": ("source", "destination", "routing_key"),
    "policies": ("name",),
}
"""What tells two things of one kind apart, within a vhost."""

_SINGULAR = {kind: kind.removesuffix("s").replace("_", " ") for kind in _KEYS} | {"policies": "policy"}

_FIXED = {"queues": ("durable", "auto_delete", "arguments"), "exchanges": ("type", "durable", "internal")}
"""What cannot be changed once it is there."""


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What was missing, different or too much, and what is left over for a person to decide on."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    left_over: tuple[str, ...]


async def provision(
    management: Management,
    topology: Topology,
    *,
    vhost: str,
    passwords: Mapping[str, str],
    salt: Callable[[], bytes],
    dry_run: bool = False,
) -> Provisioned:
    """Make the vhost what the topology asks for; with ``dry_run`` only say what that would change.

    ``passwords`` are by user name; a user that is there already needs none, and keeps its own.

    Raises
    ------
    BrokerError
        when the server cannot be asked, something there is in the way, or a new user has no password.
    """
    wanted = definitions(topology, vhost, passwords, salt)
    return await asyncio.to_thread(_provision, management, topology, vhost, wanted, dict(passwords), dry_run)


def _provision(
    management: Management,
    topology: Topology,
    vhost: str,
    wanted: Definitions,
    passwords: dict[str, str],
    dry_run: bool,
) -> Provisioned:
    found = _found(management, vhost)
    _keep_passwords(wanted, found, passwords)
    _stop_if_in_the_way(topology, wanted, found)
    added, changed = [], []
    for kind, things in wanted.items():
        there = {_key(kind, thing): thing for thing in found[kind]}
        for thing in things:
            existing = there.get(_key(kind, thing))
            if existing is None:
                added.append(_named(kind, thing))
            elif any(thing[part] != existing.get(part) for part in thing if part != "vhost"):
                changed.append(_named(kind, thing))
    stale = _stale(wanted, found)
    if not dry_run:
        if added or changed:
            management.post("definitions", body=dict(wanted))
        for kind, thing in stale:
            _remove(management, vhost, kind, thing)
    return Provisioned(
        added=tuple(added),
        changed=tuple(changed),
        removed=tuple(_named(kind, thing) for kind, thing in stale),
        left_over=tuple(_left_over(management.user, wanted, found)),
    )


def _found(management: Management, vhost: str) -> Definitions:
    """What the server has of each kind, as far as it belongs to this vhost."""
    found: Definitions = {kind: [] for kind in _KEYS}
    found["users"] = management.get("users")
    if (existing := management.get("vhosts", vhost)) is None:
        return found
    found["vhosts"] = [existing]
    found["permissions"] = management.get("vhosts", vhost, "permissions")
    found["topic_permissions"] = management.get("vhosts", vhost, "topic-permissions")
    there = management.get("definitions", vhost)
    for kind in ("exchanges", "queues", "bindings", "policies"):
        found[kind] = there[kind]
    return found


def _keep_passwords(wanted: Definitions, found: Definitions, passwords: Mapping[str, str]) -> None:
    """A password that is the present one already is no change, though its new hash would differ."""
    hashes = {user["name"]: user["password_hash"] for user in found["users"]}
    for user in wanted["users"]:
        present = hashes.get(user["name"])
        if present and is_password(passwords[user["name"]], present):
            user["password_hash"] = present


def _stop_if_in_the_way(topology: Topology, wanted: Definitions, found: Definitions) -> None:
    known = {user["name"] for user in (*wanted["users"], *found["users"])}
    problems = [f"user {u.name!r} is new and needs a password" for u in topology.users if u.name not in known]
    for kind, parts in _FIXED.items():
        there = {thing["name"]: thing for thing in found[kind]}
        for thing in wanted[kind]:
            existing = there.get(thing["name"], thing)
            if different := [part for part in parts if thing[part] != existing[part]]:
                problems.append(
                    f"{_named(kind, thing)} is there with other {' and '.join(different)}, which cannot be "
                    "changed: stop its consumers once it is empty, delete it, and provision again"
                )
    if problems:
        raise BrokerError("; ".join(problems))


def _stale(wanted: Definitions, found: Definitions) -> list[tuple[str, dict[str, Any]]]:
    """Bindings that lead messages where they should no longer go, and markers of earlier topologies."""
    queues = {queue["name"] for queue in wanted["queues"]}
    links = {_key("bindings", link) for link in wanted["bindings"]}
    markers = {exchange["name"] for exchange in wanted["exchanges"]}
    bindings = [
        link
        for link in found["bindings"]
        if link["source"] in _OURS and link["destination"] in queues and _key("bindings", link) not in links
    ]
    exchanges = [
        exchange
        for exchange in found["exchanges"]
        if exchange["name"].startswith(names.MARKERS) and exchange["name"] not in markers
    ]
    return [*(("bindings", link) for link in bindings), *(("exchanges", each) for each in exchanges)]


def _remove(management: Management, vhost: str, kind: str, thing: dict[str, Any]) -> None:
    if kind == "exchanges":
        management.delete("exchanges", vhost, thing["name"])
        return
    ends = ("bindings", vhost, "e", thing["source"], "q", thing["destination"])
    for link in management.get(*ends) or []:
        if link["routing_key"] == thing["routing_key"]:
            management.delete(*ends, link["properties_key"])


def _left_over(administrator: str, wanted: Definitions, found: Definitions) -> list[str]:
    """What the topology does not know and nobody but a person should touch."""
    users = {permission["user"] for permission in wanted["permissions"]} | {administrator}
    queues = {queue["name"] for queue in wanted["queues"]}
    policies = {policy["name"] for policy in wanted["policies"]}
    return [
        *(f"queue {q['name']!r} is not declared" for q in found["queues"] if q["name"] not in queues),
        *(f"user {p['user']!r} has access" for p in found["permissions"] if p["user"] not in users),
        *(f"policy {p['name']!r} may apply" for p in found["policies"] if p["name"] not in policies),
        *(
            f"queue {link['destination']!r} gets messages from exchange {link['source']!r}"
            for link in found["bindings"]
            if link["source"] in _OURS and link["destination"] not in queues
        ),
    ]


def _key(kind: str, thing: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(thing[part] for part in _KEYS[kind])


def _named(kind: str, thing: dict[str, Any]) -> str:
    return " ".join([_SINGULAR[kind], *(repr(part) for part in _key(kind, thing))])
