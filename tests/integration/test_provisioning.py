"""`mash provision` brings a RabbitMQ server to the topology and says what it did."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from broker.port import BrokerError, NotPublished
from broker.rabbitmq.definitions import definitions
from broker.rabbitmq.management import Management
from broker.rabbitmq.provision import Provisioned, provision
from messages.topology import DEAD_QUEUE, QueueSpec, UserSpec
from tests.support.broker_engines import (
    HEALTH,
    POLICE_URGENT,
    TOPOLOGY,
    RabbitEngine,
    message,
    until,
)
from tests.support.servers import RabbitServer

NOTHING: tuple[str, ...] = ()


@pytest.fixture
async def engine(rabbitmq_server: RabbitServer) -> AsyncIterator[RabbitEngine]:
    engine = RabbitEngine(rabbitmq_server)
    yield engine
    await engine.end()


def queue_names(engine: RabbitEngine) -> set[str]:
    return {queue["name"] for queue in engine.management.get("queues", engine.vhost)}


async def test_the_first_time_makes_everything_and_the_second_changes_nothing(engine: RabbitEngine) -> None:
    first = await engine.provision(TOPOLOGY)
    assert f"queue {POLICE_URGENT!r}" in first.added
    assert (first.removed, first.left_over) == (NOTHING, NOTHING)
    assert await engine.provision(TOPOLOGY) == Provisioned(NOTHING, NOTHING, NOTHING, NOTHING)


async def test_queues_are_quorum_queues_limited_and_dead_lettered_by_policy(engine: RabbitEngine) -> None:
    await engine.provision(TOPOLOGY)

    async def policies_apply() -> bool:
        return all("policy" in queue for queue in engine.management.get("queues", engine.vhost))

    await until(policies_apply)
    for queue in engine.management.get("queues", engine.vhost):
        assert (queue["type"], queue["durable"]) == ("quorum", True)
        policy = engine.management.get("policies", engine.vhost, queue["policy"])["definition"]
        if queue["name"] == DEAD_QUEUE:
            assert policy == {"delivery-limit": -1}
            continue
        assert policy["dead-letter-strategy"] == "at-least-once"
        assert policy["overflow"] == "reject-publish"
        if queue["name"].startswith("mash.delay."):
            assert policy["dead-letter-exchange"] == "mash.return"
        else:
            assert policy["dead-letter-exchange"] == "mash.dead"
            assert policy["delivery-limit"] == TOPOLOGY.delivery_limit


async def test_a_dry_run_says_what_is_missing_and_changes_nothing(engine: RabbitEngine) -> None:
    planned = await engine.provision(TOPOLOGY, dry_run=True)
    assert f"queue {POLICE_URGENT!r}" in planned.added
    assert engine.management.get("vhosts", engine.vhost) is None
    assert (await engine.provision(TOPOLOGY)).added == planned.added


async def test_a_pattern_that_was_taken_away_leads_nowhere_any_more(engine: RabbitEngine) -> None:
    await engine.start(TOPOLOGY)
    narrower = replace(
        TOPOLOGY,
        queues=tuple(replace(q, patterns=q.patterns[:1]) if q.name == HEALTH else q for q in TOPOLOGY.queues),
    )
    done = await engine.provision(narrower)
    assert f"binding 'mash' {HEALTH!r} 'agency.all.urgent.*'" in done.removed
    coordinator = await engine.connect("coordinator")
    await coordinator.publish([message(1, "agency.all.urgent.x")])
    assert await coordinator.depth(HEALTH) == 0


async def test_a_right_that_was_taken_away_is_refused_from_then_on(engine: RabbitEngine) -> None:
    await engine.start(TOPOLOGY)
    users = tuple(
        replace(user, may_send=("coordinator.routine.answer",)) if user.name == "police" else user
        for user in TOPOLOGY.users
    )
    await engine.provision(replace(TOPOLOGY, users=users))
    police = await engine.connect("police")
    with pytest.raises(NotPublished) as error:
        await police.publish([message(1, "coordinator.routine.x")])
    assert error.value.failed == {"message-1": "refused"}
    await police.publish([message(2, "coordinator.routine.answer")])


async def test_a_new_delay_gets_a_queue_of_its_own_and_the_old_one_is_left_to_run_empty(
    engine: RabbitEngine,
) -> None:
    await engine.provision(TOPOLOGY)
    done = await engine.provision(replace(TOPOLOGY, retry_delays=(timedelta(milliseconds=150),)))
    assert "queue 'mash.delay.150'" in done.added
    assert "queue 'mash.delay.100' is not declared" in done.left_over
    assert {"mash.delay.100", "mash.delay.150"} <= queue_names(engine)


async def test_another_agency_is_added_without_touching_the_others(engine: RabbitEngine) -> None:
    await engine.start(TOPOLOGY)
    await engine.provision(
        replace(
            TOPOLOGY,
            queues=(*TOPOLOGY.queues, QueueSpec("agency.new.urgent", ("agency.new.urgent.#",))),
            users=(*TOPOLOGY.users, UserSpec("new", ("coordinator.#",), ("agency.new.urgent",))),
        )
    )
    await (await engine.connect("police")).verify(TOPOLOGY)


async def test_what_stands_in_the_way_is_named_with_its_remedy_and_nothing_is_touched(
    engine: RabbitEngine,
) -> None:
    engine.management.put("vhosts", engine.vhost, body={})
    engine.management.put(
        "permissions",
        engine.vhost,
        engine.management.user,
        body={"configure": ".*", "write": ".*", "read": ".*"},
    )
    engine.management.put(
        "queues",
        engine.vhost,
        POLICE_URGENT,
        body={"durable": True, "arguments": {"x-queue-type": "classic"}},
    )
    with pytest.raises(BrokerError, match=rf"{POLICE_URGENT}.*delete it"):
        await engine.provision(TOPOLOGY)
    assert queue_names(engine) == {POLICE_URGENT}


async def test_a_new_user_needs_a_password_and_a_known_one_keeps_its_own(engine: RabbitEngine) -> None:
    stranger = UserSpec(f"stranger-{secrets.token_hex(4)}", ("coordinator.#",), ())
    with pytest.raises(BrokerError, match=f"{stranger.name}.*password"):
        await engine.provision(replace(TOPOLOGY, users=(stranger,)), passwords=False)
    await engine.start(TOPOLOGY)
    await engine.provision(TOPOLOGY, passwords=False)
    assert await (await engine.connect("police")).healthy()


async def test_a_wrong_administrator_is_told_without_the_password(engine: RabbitEngine) -> None:
    management = Management(engine.server.management_url, "nobody", "a-secret-thing")
    with pytest.raises(BrokerError, match="401") as error:
        await provision(management, TOPOLOGY, vhost=engine.vhost, passwords={}, salt=bytes)
    assert "a-secret-thing" not in str(error.value) + repr(management)


def test_definitions_hold_no_password() -> None:
    passwords = {user.name: f"secret-of-{user.name}" for user in TOPOLOGY.users}
    made = definitions(TOPOLOGY, "mash", passwords, lambda: b"salt")
    assert "secret-of" not in str(made)
    assert {user["hashing_algorithm"] for user in made["users"]} == {"rabbit_password_hashing_sha256"}
