"""A URL chooses the engine, and says so when it does not fit."""

from __future__ import annotations

import pytest

from broker.connect import connect
from broker.port import BrokerError, NotPublished
from tests.support.broker_engines import TOPOLOGY, EmbeddedEngine, Engine, RabbitEngine, message


def middle() -> float:
    return 0.5


async def test_a_url_leads_to_its_engine(engine: Engine) -> None:
    if isinstance(engine, RabbitEngine):
        broker = await connect(str(engine.url("police")), "police", TOPOLOGY, jitter=middle)
    else:
        assert isinstance(engine, EmbeddedEngine)
        broker = await connect("embedded:", "police", TOPOLOGY, jitter=middle, embedded=engine.server)
    assert broker.user == "police"
    await broker.verify(TOPOLOGY)
    assert await broker.healthy()
    await broker.close()


async def test_publishing_on_a_closed_connection_is_an_error_and_not_a_wait(engine: Engine) -> None:
    broker = await engine.connect("coordinator")
    await broker.close()
    with pytest.raises(NotPublished) as error:
        await broker.publish([message(1, "agency.police.urgent.x")])
    assert error.value.failed == {"message-1": "unconfirmed"}


@pytest.mark.parametrize(
    "url",
    [
        "amqp://police:a-secret-thing@127.0.0.1:9/nowhere",
        "amqp://other:a-secret-thing@127.0.0.1:9/nowhere",
        "mqtt://police:a-secret-thing@127.0.0.1:9/",
        "embedded:",
        "",
    ],
)
async def test_a_url_that_leads_nowhere_is_an_error_that_shows_no_password(url: str) -> None:
    with pytest.raises(BrokerError) as error:
        await connect(url, "police", TOPOLOGY, jitter=middle)
    assert "a-secret-thing" not in str(error.value)
