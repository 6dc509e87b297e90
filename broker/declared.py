"""What of a topology one user depends on: the part that its agent verifies before it starts.

A change that concerns other agencies only (a new agency, say) leaves it as it was.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

from messages.topology import Topology

_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(length: timedelta) -> int:
    return length // _MILLISECOND


def concerns(user: str, topology: Topology) -> dict[str, object] | None:
    """What the user may send and read, where its queues' messages come from, how failures are treated.

    None when the user is not declared.
    """
    spec = next((spec for spec in topology.users if spec.name == user), None)
    if spec is None:
        return None
    patterns = {queue.name: queue.patterns for queue in topology.queues}
    return {
        "what it may send": sorted(spec.may_send),
        "which queues it may read": sorted(spec.may_read),
        **{f"what leads to queue {q!r}": sorted(patterns.get(q, ())) for q in sorted(spec.may_read)},
        "the retry delays": [milliseconds(delay) for delay in topology.retry_delays],
        "the delivery limit": topology.delivery_limit,
    }


def differences(user: str, *, wanted: Topology, found: Topology) -> list[str]:
    """In words, what differs for the user between the topology that it wants and the one found."""
    ours, theirs = concerns(user, wanted), concerns(user, found)
    if ours is None or theirs is None:
        return [f"user {user!r} is not declared"]
    return [f"user {user!r}: {what} differs" for what in ours if ours[what] != theirs.get(what)]


def fingerprint(user: str, topology: Topology) -> str:
    """A short name for exactly this user's part of the topology."""
    text = json.dumps(concerns(user, topology), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
