"""What is said to the hub for as long as a program runs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from broker.port import Outbound
from messages.sealing import WireKeys
from ops.sending import Answer
from ops.speaking import SpeakerInside
from store.connect import connect
from store.port import StoreError
from tests.support.small_world import a_referral


class Listening:
    """A broker that takes what is published."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def publish(self, messages: list[Outbound]) -> None:
        self.heard += [one.message_id for one in messages]

    async def close(self) -> None:
        pass


async def test_what_was_handed_over_is_waiting_when_the_store_cannot_be_asked_what_became_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker, store = Listening(), connect(f"sqlite:///{tmp_path / 'store'}", agent="coordinator")

    async def fails(*what: object, **how: object) -> None:
        raise StoreError("down")

    async def connected(party: str) -> Any:
        return broker

    monkeypatch.setattr(store, "load", fails)
    speaker = SpeakerInside(connected, WireKeys(secret=b"k" * 32), store, timedelta(0))
    said = a_referral(message_id="m-1")
    try:
        assert await speaker.say(said) == Answer("waiting")
    finally:
        await store.close()
    assert broker.heard == ["m-1"]
