"""No part of a message's body, and no password, shows in a log or an error."""

from __future__ import annotations

import logging

import pytest

from broker.port import NotPublished
from tests.support.broker_engines import HEALTH, POLICE_URGENT, Engine, RabbitEngine, message, take

TOKEN = "token-7f3a"


async def test_neither_bodies_nor_passwords_show_in_the_log_at_any_level(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = TOKEN.encode()
    coordinator, police = await engine.connect("coordinator"), await engine.connect("police")
    keys = ["agency.police.urgent.x", "nowhere.x", "agency.health.urgent.x"]
    with pytest.raises(NotPublished) as unroutable:
        await coordinator.publish([message(n, key, body=body) for n, key in enumerate(keys)])
    with pytest.raises(NotPublished) as refused:
        await police.publish([message(9, "agency.health.urgent.x", body=body)])
    subscription = await police.subscribe(POLICE_URGENT, prefetch=1)
    (got,) = await take(subscription, 1)
    await subscription.fail(got, "x")
    (again,) = await take(subscription, 1)
    assert again.body == body
    await engine.kill(police)
    await (await engine.connect("health")).subscribe(HEALTH, prefetch=1)
    shown = caplog.text + str(unroutable.value) + str(refused.value)
    assert TOKEN not in shown
    if isinstance(engine, RabbitEngine):
        assert engine.password("police") not in shown
        assert engine.password("coordinator") not in shown
