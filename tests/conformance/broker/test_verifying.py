"""An agent finds out before it starts that the broker is not what its declarations ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from broker.port import TopologyMismatch
from messages.topology import QueueSpec, Topology, UserSpec
from tests.support.broker_engines import POLICE_URGENT, TOPOLOGY, Engine

COORDINATOR_USER, POLICE_USER, HEALTH_USER = TOPOLOGY.users


async def test_the_topology_that_is_there_is_found_good_by_every_user(engine: Engine) -> None:
    for user in TOPOLOGY.users:
        await (await engine.connect(user.name)).verify(TOPOLOGY)


async def test_what_changed_for_others_only_is_no_mismatch(engine: Engine) -> None:
    others = replace(
        TOPOLOGY,
        queues=(*TOPOLOGY.queues, QueueSpec("agency.new.urgent", ("agency.new.urgent.#",))),
        users=(COORDINATOR_USER, POLICE_USER, UserSpec("new", (), ("agency.new.urgent",))),
    )
    await (await engine.connect("police")).verify(others)


DIFFERENT = {
    "another queue": replace(
        TOPOLOGY,
        queues=(*TOPOLOGY.queues, QueueSpec("agency.police.more", ("agency.police.more.#",))),
        users=(replace(POLICE_USER, may_read=(*POLICE_USER.may_read, "agency.police.more")),),
    ),
    "another pattern to its queue": replace(
        TOPOLOGY, queues=(QueueSpec(POLICE_URGENT, ("agency.police.#",)), *TOPOLOGY.queues[1:])
    ),
    "another right to send": replace(TOPOLOGY, users=(replace(POLICE_USER, may_send=("coordinator.x",)),)),
    "another delay": replace(TOPOLOGY, retry_delays=(timedelta(seconds=7),)),
    "another limit": replace(TOPOLOGY, delivery_limit=9),
    "no such user": replace(TOPOLOGY, users=(COORDINATOR_USER,)),
}


@pytest.mark.parametrize("topology", DIFFERENT.values(), ids=DIFFERENT.keys())
async def test_what_differs_for_the_user_is_a_mismatch_that_says_what_to_run(
    engine: Engine, topology: Topology
) -> None:
    police = await engine.connect("police")
    with pytest.raises(TopologyMismatch, match="mash provision") as error:
        await police.verify(topology)
    assert error.value.problems
    # Asking has changed nothing and the connection is still good.
    await police.verify(TOPOLOGY)
    await police.subscribe(POLICE_URGENT, prefetch=1)
