"""An agent knows what it sent by its mark, and takes nothing else for its own."""

from __future__ import annotations

import pytest

from agents.runtime.made_here import made_here, marked
from broker.port import Outbound

SECRET = b"a" * 32
SENT = marked(Outbound("m-1", "t", "agency.police.urgent.t", b"{}", {"traceparent": "00"}), SECRET)


def test_what_was_sent_is_known_again_with_its_other_headers_kept() -> None:
    assert made_here(SENT.routing_key, SENT.body, SENT.headers, SECRET)
    assert SENT.headers["traceparent"] == "00"


@pytest.mark.parametrize(
    ("key", "body", "headers", "secret"),
    [
        ("team.first.urgent.t", SENT.body, SENT.headers, SECRET),
        (SENT.routing_key, b"{} ", SENT.headers, SECRET),
        (SENT.routing_key, SENT.body, {}, SECRET),
        (SENT.routing_key, SENT.body, {"mash-made": "é\ud800"}, SECRET),
        (SENT.routing_key, SENT.body, SENT.headers, b"b" * 32),
    ],
)
def test_nothing_else_is(key: str, body: bytes, headers: dict[str, str], secret: bytes) -> None:
    assert not made_here(key, body, headers, secret)
