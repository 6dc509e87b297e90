"""Sending what a person says, and learning what became of it.

On a server engine the message goes to the broker as the party that says it. A hub that is one process
has its broker to itself, so there the message is left in its inbox folder (`ops.mailroom`).
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from agents.runtime.folding import refused_mark
from agents.runtime.outgoing import direct
from messages.codec import plain_wire
from messages.envelope import Envelope, Lane
from messages.sealing import WireKeys
from ops import mailroom
from ops.engines import is_embedded, open_broker
from ops.settings import Settings
from store.port import Store

_FIRST_LOOK_S, _LONGEST_LOOK_S = 0.05, 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a message: ``accepted``, ``refused``, or ``waiting`` when nothing is known yet.
    ``remedy`` is what the hub says to do about a refusal."""

    outcome: str
    reason: str | None = None
    fields: tuple[str, ...] = ()
    remedy: str | None = None


async def send(envelope: Envelope, settings: Settings, keys: WireKeys) -> None:
    """Seal it and hand it over, durably.

    Raises
    ------
    BrokerError
        when it could not be published.
    """
    if is_embedded(settings, envelope.source):
        mailroom.post(settings.data, envelope.id, plain_wire(envelope, keys))
        return
    broker = await open_broker(settings, envelope.source)
    try:
        await broker.publish([direct(envelope, keys)])
    finally:
        await broker.close()


async def answer_to(envelope: Envelope, case: str, store: Store, limit: float) -> Answer:
    """Wait, at most ``limit`` seconds of real time, for the hub to accept or refuse a message.

    Raises
    ------
    StoreError
        when the hub's store cannot be asked.
    """
    end = time.monotonic() + limit
    pause = _FIRST_LOOK_S
    while True:
        kept = (await store.load([case])).get(case)
        if kept is not None and envelope.id in kept.inbox:
            return Answer("accepted")
        aside = await store.quarantined(1, message_id=envelope.id, bodies=False)
        if aside or (kept is not None and refused_mark(envelope.id) in kept.inbox):
            if not aside:
                return Answer("refused")
            return Answer("refused", aside[0].reason, aside[0].fields, aside[0].remedy)
        if time.monotonic() >= end:
            return Answer("waiting")
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_LOOK_S)


def lane_for(red: bool) -> Lane:
    """RED work goes by the urgent lane."""
    return Lane.URGENT if red else Lane.ROUTINE
