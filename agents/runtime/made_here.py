"""A mark on what this agent sends, so that it knows its own when that comes back as a dead letter.

A dead letter names the user who sent the message in words of the user who gave it up. So who reads a
queue could say that the hub had sent there whatever it likes, and the hub would repeat it in its own
name. Only the holder of the secret can make the mark, and it holds for one body and one routing key.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from broker.port import Outbound

HEADER = "mash-made"


def marked(message: Outbound, secret: bytes) -> Outbound:
    """The message with the mark of this agent."""
    mark = _mark(message.routing_key, message.body, secret)
    return replace(message, headers={**message.headers, HEADER: mark})


def made_here(routing_key: str, body: bytes, headers: Mapping[str, str], secret: bytes) -> bool:
    """Whether this agent sent just this body with just this routing key."""
    return hmac.compare_digest(
        headers.get(HEADER, "").encode(errors="replace"), _mark(routing_key, body, secret).encode()
    )


def _mark(routing_key: str, body: bytes, secret: bytes) -> str:
    return hmac.new(_key(secret), routing_key.encode() + b"\n" + body, "sha256").hexdigest()


@lru_cache(maxsize=64)
def _key(secret: bytes) -> bytes:
    return hmac.digest(secret, b"mash made here", "sha256")
