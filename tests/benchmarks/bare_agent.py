"""The same exchange with bare aio-pika and PyMongo, one message at a time, and nothing else.

For each message: one write to MongoDB, then what follows from it published and confirmed one by one, then
the acknowledgement; the same durability as the hub's (quorum queues, persistent messages, confirms,
journaled majority writes). No checks, no sealing, no vault, no audit, no once-only effect, no retries.

``python -m tests.benchmarks.bare_agent PARTY PLACE SIZES``
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from pymongo import AsyncMongoClient, ReturnDocument, WriteConcern

from tests.benchmarks.course import AGENCIES, SOURCE, TEAMS
from tests.benchmarks.place import Place, read_place

EXCHANGE = "bare"
ANSWERS = {
    "check.requested": "check.answered",
    "review.requested": "disclosure.decided",
    "record.requested": "record.acknowledged",
}


def follow(party: str, kind: str) -> list[tuple[str, str]]:
    """What an agent sends on a message, as pairs of receiver and kind."""
    if party != "hub":
        return [("hub", ANSWERS[kind])]
    agencies = [f"agency.{a}" for a in AGENCIES]
    if kind == "enquiry.directed":
        return [(a, "check.requested") for a in agencies]
    if kind == "discussion.recorded":
        return [(a, "review.requested") for a in agencies]
    if kind == "package.agreed":
        return [
            *((f"team.{t}", "package.issued") for t in TEAMS),
            *((a, "record.requested") for a in agencies),
            (f"source.{SOURCE}", "outcome.notified"),
        ]
    return []


async def main(party: str, place: Place, sizes: dict[str, int]) -> None:
    mongo: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(place.mongo)
    database = mongo.get_database(
        f"bare-{party.replace('.', '-')}", write_concern=WriteConcern("majority", j=True)
    )
    cases = database["cases"]
    connection = await aio_pika.connect(place.admin_url)
    publishing = await aio_pika.connect(place.admin_url)
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=100)
    out = await publishing.channel(publisher_confirms=True, on_return_raises=True)
    exchange = await out.get_exchange(EXCHANGE)
    queue = await channel.get_queue(f"bare.{party}", ensure=False)

    async def handle(message: AbstractIncomingMessage) -> None:
        said = json.loads(message.body)
        kind, case = said["kind"], said["case"]
        await cases.find_one_and_update(
            {"_id": case},
            {"$push": {"log": said}, "$inc": {f"seen.{kind.replace('.', '_')}": 1}},
            projection={"seen": 1},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        for receiver, next_kind in follow(party, kind):
            body = {"kind": next_kind, "case": case, "from": party, "padding": "x" * sizes[next_kind]}
            await exchange.publish(
                aio_pika.Message(
                    json.dumps(body).encode(),
                    delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                    message_id=f"{case}/{party}/{next_kind}/{receiver}",
                ),
                f"{receiver}.{next_kind}",
                mandatory=True,
            )
        await message.ack()

    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)

    one_at_a_time = asyncio.Lock()

    async def consume(message: AbstractIncomingMessage) -> None:
        async with one_at_a_time:
            await handle(message)

    await queue.consume(consume)
    print("ready", flush=True)
    await stopping.wait()
    await connection.close()
    await publishing.close()
    await mongo.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], read_place(Path(sys.argv[2])), json.loads(Path(sys.argv[3]).read_text())))
