"""The answers of a consumer, frame by frame, also while the connection takes nothing more."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from aiormq.abc import DeliveredMessage
from aiormq.channel import Channel
from pamqp import commands, frame

from broker.rabbitmq.answers import Answers

NO_MESSAGE = cast(DeliveredMessage, None)


class Wire:
    """A channel whose connection has room for one more piece."""

    number = 1
    is_closed = False

    def __init__(self) -> None:
        self.write_queue: asyncio.Queue[Any] = asyncio.Queue(maxsize=1)
        self.said: list[str] = []

    def read(self) -> None:
        """The server reads what is there."""
        while not self.write_queue.empty():
            data = self.write_queue.get_nowait().payload
            while data:
                used, _, said = frame.unmarshal(data)
                data = data[used:]
                self.said.append(_text(said))


def _text(said: object) -> str:
    match said:
        case commands.Basic.Ack(delivery_tag=tag, multiple=multiple):
            return f"ack {'..' if multiple else ''}{tag}"
        case commands.Basic.Nack(delivery_tag=tag, multiple=multiple, requeue=True):
            return f"nack {'..' if multiple else ''}{tag}"
        case commands.Basic.Reject(delivery_tag=tag, requeue=True):
            return f"reject {tag}"
    raise AssertionError(said)


def answers(wire: Wire, came: int, most: int = 100) -> Answers:
    made = Answers(cast(Channel, wire), "a-queue", most)
    for tag in range(1, came + 1):
        made.delivered(tag, NO_MESSAGE)
    return made


async def passing() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_one_frame_covers_all_before_the_first_that_is_out() -> None:
    wire = Wire()
    made = answers(wire, 5)
    await made.acknowledge([1, 2, 4], at_once=True)
    wire.read()
    assert wire.said == ["ack ..2", "ack 4"]
    assert list(made.out) == [3, 5]


async def test_acknowledgements_wait_until_there_are_many() -> None:
    wire = Wire()
    made = answers(wire, 3, most=3)
    await made.acknowledge([1], at_once=False)
    await made.acknowledge([2], at_once=False)
    wire.read()
    assert wire.said == []
    await made.acknowledge([3], at_once=False)
    wire.read()
    assert wire.said == ["ack ..3"]
    await made.drop()


async def test_what_is_handed_back_or_rejected_is_never_covered_by_an_acknowledgement() -> None:
    wire = Wire()
    made = answers(wire, 5)
    await made.acknowledge([1, 3], at_once=False)
    await made.hand_back([2])
    wire.read()
    assert wire.said == ["ack ..1", "ack 3", "nack 2"]
    await made.acknowledge([5], at_once=False)
    await made.reject([4])
    wire.read()
    assert wire.said[3:] == ["ack 5", "reject 4"]
    await made.drop()


async def test_while_nothing_can_be_written_the_answers_keep_their_order() -> None:
    wire = Wire()
    made = answers(wire, 4)
    await made.acknowledge([1], at_once=True)
    handing_back = asyncio.create_task(made.hand_back([3]))
    await passing()
    acknowledging = asyncio.create_task(made.acknowledge([2, 4], at_once=True))
    await passing()
    while not (handing_back.done() and acknowledging.done()):
        wire.read()
        await passing()
    wire.read()
    assert wire.said == ["ack ..1", "nack 3", "ack ..4"]


async def test_closing_says_what_is_left_though_nothing_could_be_written_for_a_while() -> None:
    wire = Wire()
    made = answers(wire, 3)
    await made.acknowledge([1], at_once=True)
    writing = asyncio.create_task(made.acknowledge([2], at_once=True))
    await passing()
    await made.acknowledge([3], at_once=False)
    closing = asyncio.create_task(made.close())
    while not closing.done():
        wire.read()
        await passing()
    await writing
    wire.read()
    assert wire.said == ["ack ..1", "ack ..2", "ack ..3"]
    assert not made.out
