"""What operations staff are told of a hub on a real RabbitMQ, with and without its management API."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from yarl import URL

from messages.envelope import Lane
from messages.parties import HUB, queue_name
from ops.engines import open_broker
from ops.operations import looking
from ops.operations.engines import Seen
from ops.operations.servers import NO_ANSWER, NO_MANAGEMENT, Servers
from ops.provisioning import management_of, provision_all
from ops.settings import Settings
from tests.support.servers import RabbitServer


@pytest.fixture
def settings(rabbitmq_server: RabbitServer, tmp_path: Path) -> Iterator[Settings]:
    """A hub in a vhost of its own. The management API's URL has its administrator's password."""
    login = URL(rabbitmq_server.management_url).with_user(rabbitmq_server.user)
    made = Settings(
        data=tmp_path,
        broker_url=SecretStr(str(URL(rabbitmq_server.amqp_url).with_path(f"/ops-{secrets.token_hex(4)}"))),
        management_url=SecretStr(str(login.with_password(rabbitmq_server.password))),
    )
    yield made
    management_of(made).delete(
        "vhosts", URL(str(made.broker_url and made.broker_url.get_secret_value())).name
    )


async def looked(settings: Settings) -> Seen:
    engines = looking.engines_of(settings)
    assert isinstance(engines, Servers)
    try:
        return await engines.look()
    finally:
        await engines.close()


async def test_agents_run_where_they_consume_and_the_version_is_told_by_the_management_api(
    settings: Settings,
) -> None:
    await provision_all(settings)
    hub = await open_broker(settings, HUB)
    try:
        for lane in Lane:
            await hub.subscribe(queue_name(HUB, lane), prefetch=1)
        seen = await looked(settings)
    finally:
        await hub.close()
    agents = {agent.party: agent.state for agent in seen.agents}
    assert (seen.reached, agents[HUB], agents["agency.police"]) == (True, "well", "not_running")
    assert (seen.dead and seen.dead.waiting, seen.delayed) == (0, 0)
    assert dict(seen.versions)["RabbitMQ"]
    without = await looked(settings.model_copy(update={"management_url": None}))
    assert NO_MANAGEMENT in without.not_told
    assert "RabbitMQ" not in dict(without.versions)


async def test_a_hub_that_is_not_provisioned_is_told_as_not_reached(settings: Settings) -> None:
    await provision_all(settings)
    management_of(settings).delete("vhosts", URL(settings.broker_url.get_secret_value()).name)  # type: ignore[union-attr]
    seen = await looked(settings)
    assert (seen.reached, seen.queues, seen.not_told) == (False, (), (NO_ANSWER,))
