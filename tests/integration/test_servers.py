"""The servers that the other tests stand on."""

from __future__ import annotations

import aio_pika
import pymongo

from tests.support.servers import MongoServer, RabbitServer


async def test_rabbitmq_takes_a_connection_before_and_after_a_restart_and_a_crash(
    rabbitmq_server: RabbitServer,
) -> None:
    async def queue_is_there(*, declare: bool) -> None:
        async with await aio_pika.connect(rabbitmq_server.amqp_url) as connection:
            channel = await connection.channel()
            await channel.declare_queue("servers-test", durable=True, passive=not declare)

    await queue_is_there(declare=True)
    await rabbitmq_server.restart()
    await queue_is_there(declare=False)
    await rabbitmq_server.crash()
    await queue_is_there(declare=False)


async def test_mongodb_keeps_a_majority_write_over_a_restart_and_a_crash(mongo_server: MongoServer) -> None:
    client = pymongo.AsyncMongoClient[dict[str, object]](mongo_server.url)
    async with client:
        kept = client.get_database(
            "servers-test", write_concern=pymongo.WriteConcern(w="majority", j=True)
        ).get_collection("kept")
        await kept.delete_many({})
        await kept.insert_one({"_id": 1})
        await mongo_server.restart()
        await kept.insert_one({"_id": 2})
        await mongo_server.crash()
        assert [row["_id"] async for row in kept.find().sort("_id")] == [1, 2]
