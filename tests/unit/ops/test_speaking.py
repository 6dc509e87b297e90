"""Saying things to a hub in this process: how many connections there are, and that none is left open."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import store.connect
from broker.port import Broker, Outbound
from messages.envelope import Envelope
from messages.intake import RiskRated
from messages.sealing import WireKeys
from messages.words import Rag
from ops.speaking import SpeakerInside
from tests.support.procedure import MANAGER, why

NOON = datetime(2012, 3, 5, 12, tzinfo=UTC)


class Connection:
    """Notes what is published."""

    def __init__(self, party: str) -> None:
        self.party = party
        self.said: list[str] = []
        self.open = True

    async def publish(self, messages: Sequence[Outbound]) -> None:
        assert self.open
        self.said += [message.message_id for message in messages]

    async def close(self) -> None:
        self.open = False


async def test_two_who_decide_first_at_once_share_a_connection_that_is_closed_at_the_end(
    tmp_path: Path,
) -> None:
    opened: list[Connection] = []

    async def connect(party: str) -> Broker:
        await asyncio.sleep(0)
        opened.append(Connection(party))
        return cast("Broker", opened[-1])

    own = store.connect.connect(f"sqlite:///{tmp_path}", agent="coordinator")
    speaker = SpeakerInside(connect, WireKeys(secret=bytes(32)), own, timedelta(0))
    rating = RiskRated(by=MANAGER, rag=Rag.RED, rationale=why())
    said = [Envelope(name, "staff", "hub", "C-1", NOON, rating) for name in ("m-1", "m-2", "m-3")]

    answers = await asyncio.gather(*(speaker.say(one) for one in said))

    assert {answer.outcome for answer in answers} == {"waiting"}
    assert [(one.party, sorted(one.said), one.open) for one in opened] == [
        ("staff", ["m-1", "m-2", "m-3"], True)
    ]
    await speaker.close()
    assert not opened[0].open
    await own.close()
