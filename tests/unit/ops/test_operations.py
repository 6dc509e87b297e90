"""How the hub is, told from a file, a broker and a store."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from broker.port import BrokerError, Standing
from broker.rabbitmq.names import delay_queues
from messages.parties import HUB
from messages.topology import DEAD_QUEUE
from ops.operations import looking, servers, standing_file
from ops.operations.due_times import due_times
from ops.operations.engines import Redriven
from ops.operations.in_quarantine import in_quarantine, marked
from ops.operations.one_process import NOT_RUNNING, OneProcess
from ops.operations.servers import Servers
from ops.operations.unsent import ON_ITS_WAY, unsent
from ops.settings import Settings
from ops.up import up
from store.connect import connect
from store.port import Kept, OutboxEntry, Quarantined, Step, Store
from tests.support.whole_hub import PARTNERSHIP

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def settings(folder: Path, **more: Any) -> Settings:
    return Settings(data=folder / "data", broker_url=SecretStr("embedded:"), **more)


async def test_a_hub_in_one_process_tells_how_it_is_until_it_stops(tmp_path: Path) -> None:
    at, told, is_up = settings(tmp_path), asyncio.Event(), asyncio.Event()
    engines = looking.engines_of(at)
    assert isinstance(engines, OneProcess)
    before = await engines.look()
    assert (before.reached, before.queues, before.dead, before.delayed) == (False, (), None, None)
    assert before.not_told == (NOT_RUNNING,)
    hub = asyncio.create_task(up(at, told, lambda party: None, lambda agencies: is_up.set()))
    async with asyncio.timeout(30):
        await is_up.wait()
        while (seen := await engines.look()).not_told or seen.agents[0].state != "well":  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.01)
    assert seen.reached
    assert [agent.party for agent in seen.agents] == [HUB]
    consumers = {queue.name: queue.consumers for queue in seen.queues}
    assert (consumers["hub.urgent"], consumers["staff.routine"], consumers["agency.police.urgent"]) == (
        1,
        1,
        0,
    )
    assert seen.dead is not None and (seen.dead.waiting, seen.dead.consumers) == (0, 1)
    assert (at.data / standing_file.FILE).stat().st_mode & 0o077 == 0
    told.set()
    await hub
    assert not (at.data / standing_file.FILE).exists()
    assert (await engines.look()).not_told == (NOT_RUNNING,)


async def test_what_a_hub_told_long_ago_is_not_told_again(tmp_path: Path) -> None:
    file = tmp_path / standing_file.FILE
    file.write_text(json.dumps({"agents": [], "queues": {}}))
    assert standing_file.read(tmp_path) == ((), ())
    os.utime(file, (0, 0))
    assert standing_file.read(tmp_path) is None


@dataclass
class Rabbit:
    """A broker with these consumers and messages; a queue that is not named has one consumer and nothing."""

    standings: Mapping[str, Standing] = field(default_factory=dict)
    broken: bool = False
    closed: int = 0

    async def standing(self, queue: str) -> Standing:
        if self.broken:
            raise BrokerError("down")
        return self.standings.get(queue, Standing(0, 1))

    async def close(self) -> None:
        self.closed += 1


async def look(tmp_path: Path, rabbit: Rabbit, monkeypatch: pytest.MonkeyPatch) -> tuple[Servers, Any]:
    async def opened(*_: object) -> Rabbit:
        return rabbit

    monkeypatch.setattr(servers, "open_broker", opened)
    engines = Servers(Settings(data=tmp_path, broker_url=SecretStr("amqp://hub:x@broker.example/")))
    return engines, await engines.look()


async def test_on_rabbitmq_an_agent_runs_where_both_its_queues_are_consumed_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delay = next(iter(delay_queues(PARTNERSHIP.topology())))
    rabbit = Rabbit(
        {
            "agency.police.urgent": Standing(4, 0),
            "hub.urgent": Standing(0, 2),
            "hub.routine": Standing(0, 2),
            DEAD_QUEUE: Standing(1, 1),
            delay: Standing(3, 0),
        }
    )
    _, seen = await look(tmp_path, rabbit, monkeypatch)
    agents = {agent.party: (agent.state, agent.processes) for agent in seen.agents}
    assert (agents[HUB], agents["agency.police"], agents["agency.education"]) == (
        ("well", 2), ("not_running", 0), ("well", 1),
    )  # fmt: skip
    assert (seen.dead.waiting, seen.delayed) == (1, 3)
    assert delay not in {queue.name for queue in seen.queues}
    assert servers.NO_MANAGEMENT in seen.not_told


async def test_a_broker_that_does_not_answer_is_said_to_and_asked_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rabbit = Rabbit(broken=True)
    engines, seen = await look(tmp_path, rabbit, monkeypatch)
    assert (seen.reached, seen.agents, seen.not_told) == (False, (), (servers.NO_ANSWER,))
    assert rabbit.closed == 1
    rabbit.broken = False
    assert (await engines.look()).reached


@pytest.fixture
async def kept_in(tmp_path: Path) -> Any:
    store = connect(f"sqlite:///{tmp_path / 'store'}", agent="coordinator")
    await store.provision()
    yield store
    await store.close()


async def keep(store: Store, key: str, at: datetime, due: datetime | None, *said: datetime) -> None:
    outbox = tuple(
        OutboxEntry(f"{key}-{n}", json.dumps({"time": one.isoformat()})) for n, one in enumerate(said)
    )
    after = Kept(key, 1, "{}", outbox=outbox, due=due, facets={"kind": "round"})
    assert await store.commit([Step(Kept(key, 0, ""), after, f"token-{key}", at)]) == [True]


async def test_what_is_unsent_is_told_with_its_oldest_message_once_it_should_be_sent(kept_in: Store) -> None:
    old = NOON - timedelta(minutes=5)
    await keep(kept_in, "old", old, None, old, old + timedelta(minutes=1))
    await keep(kept_in, "new", NOON - ON_ITS_WAY / 2, None, NOON)
    await keep(kept_in, "sent", old, None)
    (one,) = await unsent(kept_in, NOON)
    assert (one.document, one.count, one.since, one.is_case) == ("old", 2, old, False)


async def test_due_times_are_told_the_earliest_first_and_late_ones_are_counted_e04(kept_in: Store) -> None:
    await keep(kept_in, "later", NOON, NOON + timedelta(hours=2))
    await keep(kept_in, "late", NOON, NOON - timedelta(hours=1))
    await keep(kept_in, "now", NOON, NOON)
    await keep(kept_in, "never", NOON, None)
    found = await due_times(kept_in, PARTNERSHIP.clocks, NOON, 2)
    assert [(one.document, one.late) for one in found.first] == [("late", True), ("now", False)]
    assert (found.late, found.more) == (1, False)


async def test_what_a_sender_wrote_for_an_id_or_a_type_is_not_shown_unless_it_looks_like_one(
    kept_in: Store,
) -> None:
    item = Quarantined(
        message_id="Tilly Thornquist, 3 May",
        queue="hub.routine",
        type="Tilly Thornquist",
        routing_key="hub.routine.x",
        reason="envelope_invalid",
        fields=("data.by", "Tilly Thornquist"),
        user="source.first_response",
        at=NOON,
        attempts=1,
        headers={},
        body=b"sealed",
    )
    await kept_in.quarantine([item])
    found = await in_quarantine(kept_in)
    assert "Tilly" not in repr(found)
    assert (found.first[0].fields, found.total) == (("data.by",), 1)
    assert await marked(kept_in, found.first[0].mark) == item.message_id
    assert await marked(kept_in, "another") is None


@pytest.mark.parametrize(
    ("outcome", "done"),
    [("accepted", True), ("duplicate", True), ("sent", True), ("refused", False), ("failed", False)],
)
def test_a_message_leaves_quarantine_only_when_it_was_handled(outcome: str, done: bool) -> None:
    assert Redriven(outcome).done is done
